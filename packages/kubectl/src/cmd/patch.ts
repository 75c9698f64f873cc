import { readFile } from "node:fs/promises";
import { parseYaml } from "@kube-ts/std/yaml";
import { jsonEqual } from "@kube-ts/api/json-value";
import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { applyMergePatch } from "@kube-ts/api/patch/merge-patch";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { typeOf } from "@kube-ts/api/schema-registry";
import { causeOf, recordFlag } from "../builder/change-cause.ts";
import { localObjects } from "../builder/local-objects.ts";
import type { LocatedObject } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-patch"),
  ...recordFlag,
  local: booleanFlag("If true, patch will operate on the content of the file, not the server-side resource."),
  patch: stringFlag("The patch to be applied to the resource JSON file.", { short: "p" }),
  "patch-file": stringFlag("A file containing a patch to be applied to the resource."),
  subresource: stringFlag("If specified, patch will operate on the subresource of the requested object."),
  type: stringFlag("The type of patch being provided; one of [json merge strategic]", { default: "strategic" }),
} as const;

const contentTypes: Readonly<Record<string, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
  description: "Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.",
  examples: `  # Partially update a node using a strategic merge patch, specifying the patch as JSON
  kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'`,
  flags,
  run,
});

async function run(session: Session, { flags: values, positional }: Invocation<typeof flags>): Promise<void> {
  const contentType = contentTypes[values.type.toLowerCase()];
  if (contentType === undefined) {
    throw new CommandError(`--type must be one of [json merge strategic], not ${JSON.stringify(values.type)}`);
  }
  if (values.patch !== "" && values["patch-file"] !== "")
    throw new CommandError("cannot specify --patch and --patch-file together");
  if (values.patch === "" && values["patch-file"] === "") {
    throw new CommandError("must specify --patch or --patch-file containing the contents of the patch");
  }
  const patch = parsePatch(values["patch-file"] === "" ? values.patch : await readPatchFile(values["patch-file"]));
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  await createResultPrinter(values, dryRun);
  const failures: unknown[] = [];
  if (values.local && positional.length > 0) throw new CommandError("cannot specify --local and server resources");
  const found = values.local
    ? await localObjects(session, values, failures)
    : await findObjects(session, positional, values, failures);
  const api = await session.api();
  for (const item of found) {
    try {
      const local = values.local || dryRun === "client";
      const result = local
        ? applyLocally(item, values.type.toLowerCase(), patch.value())
        : await api.json({
            method: "PATCH",
            path: pathOf(item.resource, item.namespace, item.name, values.subresource),
            query: { fieldManager: values["field-manager"], dryRun: dryRun === "server" ? "All" : undefined },
            body: patch.text,
            contentType,
          });
      if (values.record && !local && dryRun === "none") {
        await api.json({
          method: "PATCH",
          path: pathOf(item.resource, item.namespace, item.name, values.subresource),
          query: { fieldManager: values["field-manager"] },
          body: { metadata: { annotations: causeOf(values, session.commandLine) } },
          contentType: contentTypes["merge"] ?? "",
        });
      }
      const same = jsonEqual(result, item.object);
      // Each object is printed by itself, without anything between them, and without a word about dry runs.
      const print = await createResultPrinter(values);
      await session.terminal.write(print(result, same ? "patched (no change)" : "patched"));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

async function readPatchFile(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? `open ${path}: no such file or directory` : String(cause);
    throw new CommandError(`unable to read patch file: ${reason}`, { cause });
  });
}

interface Patch {
  /** As it is sent: JSON as it was given, YAML as JSON. */
  readonly text: string;
  value(): unknown;
}

function parsePatch(text: string): Patch {
  const value = () => parseText(text);
  return { text: /^\s*\{/.test(text) ? text : JSON.stringify(value()), value };
}

function parseText(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      `unable to parse ${JSON.stringify(text)}: ${message.replace(/^error converting YAML to JSON: /, "")}`,
      { cause },
    );
  }
}

function applyLocally({ resource, object }: LocatedObject, type: string, patch: unknown): JsonObject {
  if (type === "json") return applyJsonPatch(object, patch);
  if (type === "merge") return applyMergePatch(object, patch);
  const known = typeOf(resource.group, resource.version, resource.kind);
  if (!known) throw new CommandError(`strategic merge patch is not supported for ${resource.kind}: use --type=merge`);
  return applyStrategicMergePatch(known, object, patch);
}
