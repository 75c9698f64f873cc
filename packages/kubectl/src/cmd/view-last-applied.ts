import { lastApplied } from "../builder/last-applied.ts";
import { fetchAll, resolveTargets } from "../builder/resource-query.ts";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { goJson, sortKeys } from "@kube-ts/api/go-json";
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
    if (flags.output !== "yaml" && flags.output !== "json") {
      throw new UsageError(`Unexpected -o output mode: ${flags.output}, the flag 'output' must be one of yaml|json`);
    }
    const failures: unknown[] = [];
    const found = await fetchAll(session, await resolveTargets(session, positional, flags), {}, failures);
    throwFailures(failures);
    if (found.length === 0) throw new CommandError("no objects found");
    for (const { name, object } of found) {
      const applied = lastApplied(object);
      if (!applied) throw new CommandError(`no last-applied-configuration annotation found on resource: ${name}`);
      await session.terminal.write(flags.output === "json" ? `${goJson(sortKeys(applied), 2)}\n` : formatYaml(applied));
    }
  },
});
