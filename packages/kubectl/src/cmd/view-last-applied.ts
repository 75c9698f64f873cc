import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { parseYaml } from "@kube-ts/std/yaml";
import { annotationsOf } from "../builder/object-reference.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { indentJson } from "../printers/indent-json.ts";
import { formatYaml } from "../printers/yaml.ts";

export const command = defineCommand({
  usage: "(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
  description:
    "View the latest last-applied-configuration annotations by type/name or file. The default output will be printed to stdout in YAML format.",
  flags: {
    ...fileFlags,
    ...labelSelectorFlag,
    all: booleanFlag("Select all resources in the namespace of the specified resource types"),
    output: stringFlag("Output format. Must be one of (yaml, json)", { short: "o", default: "yaml" }),
  },
  run: async (session, { flags, positional }) => {
    const failures: unknown[] = [];
    const found = await findObjects(session, positional, flags, failures);
    throwFailures(failures);
    const records: string[] = [];
    for (const { name, object, source } of found) {
      const record = annotationsOf(object)[lastAppliedAnnotation];
      if (record !== undefined) records.push(record);
      // Only of a file is it said that its object has no record; the odd text is upstream's.
      else if (source !== undefined) {
        const problem = `no last-applied-configuration annotation found on resource: ${name}\n`;
        throw new CommandError(`error when ${problem} ${JSON.stringify(source)}: <nil>`);
      }
    }
    for (const record of records) await session.terminal.write(formatRecord(record, flags.output));
  },
});

function formatRecord(record: string, output: string): string {
  switch (output) {
    case "json":
      return indentJson(record);
    case "yaml":
      return formatYaml(parseYaml(record));
    default:
      throw new UsageError(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`);
  }
}
