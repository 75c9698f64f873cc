import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError } from "@kube-ts/api/status-error";
import { parseYaml } from "@kube-ts/std/yaml";
import { jsonEqual } from "@kube-ts/api/json-value";
import { createMergePatch } from "@kube-ts/api/patch/merge-patch";
import { createTwoWayMergePatch } from "@kube-ts/api/patch/strategic-merge-diff";
import { typeOf } from "@kube-ts/api/schema-registry";
import { isRecord } from "@kube-ts/std/config-schema";
import { type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { pathOf, qualifiedPlural } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { withLastApplied } from "../builder/last-applied.ts";
import { CommandError, ExitStatus, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { editText } from "./edit-text.ts";
import { fieldManagerFlag, fileFlags, validateFlag } from "../command-line/shared-flags.ts";
import { formatJson } from "../printers/json.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter, type ResultPrinter } from "../printers/result-printer.ts";
import { safeText } from "../printers/terminal-text.ts";
import { formatYaml } from "../printers/yaml.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-edit"),
  "output-patch": booleanFlag("Output the patch if the resource is edited."),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
  "windows-line-endings": booleanFlag("Defaults to the line ending native to your platform."),
  subresource: stringFlag("If specified, edit will operate on the subresource of the requested object."),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "(RESOURCE/NAME | -f FILENAME)",
  description: "Edit a resource from the default editor.",
  examples: "  # Edit the service named 'registry'\n  kubectl edit svc/registry",
  flags,
  run: async (session, { flags: values, positional }) => {
    const asJson = values.output === "json";
    const print = await createResultPrinter({
      ...values,
      output: ["json", "yaml"].includes(values.output) ? "" : values.output,
    });
    const failures: unknown[] = [];
    const found = await findObjects(session, positional, values, failures);
    if (failures.length > 0) throwFailures(failures);
    if (found.length === 0) throw new CommandError("edit cancelled, no objects found");
    for (const item of found) await editObject(session, item, values, print, asJson);
  },
});

export const introduction = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** How often an object may be refused before the edit is given up. */
const maxRounds = 100;

async function editObject(
  session: Session,
  item: LocatedObject,
  values: Values,
  print: ResultPrinter,
  asJson: boolean,
): Promise<void> {
  const { managedFields: _managedFields, ...metadata } = metadataOf(item.object);
  const original = { ...item.object, metadata };
  const encode = (object: JsonObject) => (asJson ? formatJson(object) : formatYaml(object));
  const directory = await mkdtemp(join(tmpdir(), "kubectl-edit-"));
  const path = join(directory, `edit.${asJson ? "json" : "yaml"}`);
  let text = encode(original);
  let problems = "";
  try {
    for (let round = 0; round < maxRounds; round += 1) {
      const edited = await editText(session, path, introduction + problems + text);
      if (edited.trim() === "") return session.terminal.error("Edit cancelled, saved file was empty.\n");
      if (edited === text && problems !== "")
        throw await keep(session, edited, "Edit cancelled, no valid changes were saved.");
      const outcome = await submit(session, item, original, edited, values, print);
      if (outcome === undefined) return;
      if ("fatal" in outcome) throw await keep(session, edited, outcome.fatal);
      text = edited;
      problems = `# ${outcome.retry.trimEnd().replaceAll("\n", "\n# ")}\n#\n`;
    }
    throw await keep(session, text, "Edit cancelled: too many attempts.");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type Refusal = { readonly retry: string } | { readonly fatal: string };

/** Sends the change; undefined when it was made or nothing was changed. */
async function submit(
  session: Session,
  item: LocatedObject,
  original: JsonObject,
  edited: string,
  values: Values,
  print: ResultPrinter,
): Promise<Refusal | undefined> {
  let next: unknown;
  try {
    next = parseYaml(edited);
  } catch (error) {
    return { retry: `The edited file had a syntax error: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isRecord(next)) return { retry: "The edited file had a syntax error: it is not an object" };
  if (jsonEqual(next, original)) {
    session.terminal.error("Edit cancelled, no changes made.\n");
    return undefined;
  }
  const moved = ["name", "namespace"].find((key) => metadataOf(next)[key] !== metadataOf(original)[key]);
  if (moved !== undefined || next["kind"] !== original["kind"] || next["apiVersion"] !== original["apiVersion"]) {
    return { retry: "At least one of apiVersion, kind and name was changed" };
  }
  const changed = values["save-config"] ? withLastApplied(next) : next;
  const { resource, namespace, name } = item;
  const type = typeOf(resource.group, resource.version, resource.kind);
  try {
    const patch = type ? createTwoWayMergePatch(type, original, changed) : createMergePatch(original, changed);
    if (values["output-patch"]) await session.terminal.write(`Patch: ${JSON.stringify(patch)}\n`);
    const result = await (
      await session.api()
    ).json({
      method: "PATCH",
      path: pathOf(resource, namespace, name, values.subresource),
      query: { fieldManager: values["field-manager"], fieldValidation: parseValidation(values.validate) },
      body: patch,
      contentType: type ? "application/strategic-merge-patch+json" : "application/merge-patch+json",
    });
    await session.terminal.write(print(result, "edited"));
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const subject = `${qualifiedPlural(resource)} ${JSON.stringify(name)}`;
    if (error.reason === "Invalid") {
      const causes = (error.status.details?.causes ?? []).map(
        ({ field = "", message = "" }) => `* ${field}: ${message}\n`,
      );
      session.terminal.error(safeText(`error: ${subject} is invalid\n`));
      return { retry: `${subject} was not valid:\n${causes.join("")}` };
    }
    if (error.reason === "NotFound") return { fatal: `${subject} could not be found on the server` };
    return { fatal: `${subject} could not be patched: ${error.message}` };
  }
}

/** Keeps what the user wrote, so that nothing is lost, says where, and answers how to end. */
async function keep(session: Session, text: string, message: string): Promise<ExitStatus> {
  const path = join(await mkdtemp(join(tmpdir(), "kubectl-edit-")), "edit.yaml");
  await writeFile(path, text, { mode: 0o600 });
  session.terminal.error(
    safeText(
      `error: ${message}\nA copy of your changes has been stored to ${JSON.stringify(path)}\nYou can run \`kubectl replace -f ${path}\` to try this update again.\n`,
    ),
  );
  return new ExitStatus(1);
}
