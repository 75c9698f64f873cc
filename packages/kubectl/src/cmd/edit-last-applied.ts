import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sortedJson } from "@kube-ts/api/go-json";
import { jsonEqual } from "@kube-ts/api/json-value";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { parseYaml } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { annotationsOf, type LocatedObject } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseValidation } from "../command-line/dry-run.ts";
import { fieldManagerFlag, fileFlags, validateFlag, windowsLineEndingsFlag } from "../command-line/shared-flags.ts";
import { formatJson } from "../printers/json.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter, type ResultPrinter } from "../printers/result-printer.ts";
import { formatYaml } from "../printers/yaml.ts";
import type { Session } from "../session/session.ts";
import { editText } from "./edit-text.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-client-side-apply"),
  ...windowsLineEndingsFlag,
} as const;

const introduction = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

export const command = defineCommand({
  usage: "(RESOURCE/NAME | -f FILENAME)",
  description: "Edit what was applied last of objects in the default editor.",
  examples:
    "  # Edit the last-applied-configuration annotations by type/name in YAML\n  kubectl apply edit-last-applied deployment/nginx",
  flags,
  run: async (session, { flags: values, positional }) => {
    const asFile = ["json", "yaml"].includes(values.output);
    const print = await createResultPrinter({ ...values, output: asFile ? "" : values.output });
    const failures: unknown[] = [];
    const found = await findObjects(session, positional, values, failures);
    throwFailures(failures);
    if (found.length === 0) throw new CommandError("edit cancelled, no objects found");
    for (const item of found) await editRecord(session, item, values, print);
  },
});

async function editRecord(
  session: Session,
  item: LocatedObject,
  values: Invocation<typeof flags>["flags"],
  print: ResultPrinter,
): Promise<void> {
  const record = annotationsOf(item.object)[lastAppliedAnnotation];
  if (record === undefined) {
    throw new CommandError(`no last-applied-configuration annotation found on resource: ${item.name}`);
  }
  const known: unknown = JSON.parse(record);
  const text = values.output === "json" ? formatJson(known) : formatYaml(known);
  const directory = await mkdtemp(join(tmpdir(), "kubectl-edit-"));
  try {
    const path = join(directory, `edit.${values.output === "json" ? "json" : "yaml"}`);
    const edited = await editText(session, path, introduction + text, values["windows-line-endings"]);
    if (edited.trim() === "") return session.terminal.error("Edit cancelled, saved file was empty.\n");
    const next = parseYaml(edited);
    if (jsonEqual(next, known)) return session.terminal.error("Edit cancelled, no changes made.\n");
    if (!isRecord(next)) throw new CommandError("The edited file had a syntax error: it is not an object");
    const changed = await (
      await session.api()
    ).json({
      method: "PATCH",
      path: pathOf(item.resource, item.namespace, item.name),
      query: { fieldManager: values["field-manager"], fieldValidation: parseValidation(values.validate) },
      body: { metadata: { annotations: { [lastAppliedAnnotation]: `${sortedJson(next)}\n` } } },
      contentType: "application/merge-patch+json",
    });
    await session.terminal.write(print(changed, "edited"));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
