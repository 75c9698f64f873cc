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
import { type LocatedObject, metadataOf, nameOf, namespaceOf } from "../builder/object-reference.ts";
import { pathOf, qualifiedPlural } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { causeOf, recordFlag, withAnnotations } from "../builder/change-cause.ts";
import { withLastApplied } from "../builder/last-applied.ts";
import { CommandError, ExitStatus, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { editText } from "./edit-text.ts";
import { fieldManagerFlag, fileFlags, validateFlag, windowsLineEndingsFlag } from "../command-line/shared-flags.ts";
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
  ...recordFlag,
  "output-patch": booleanFlag("Output the patch if the resource is edited."),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
  ...windowsLineEndingsFlag,
  subresource: stringFlag("If specified, edit will operate on the subresource of the requested object."),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "(RESOURCE/NAME | -f FILENAME)",
  description: "Edit a resource from the default editor.",
  examples: "  # Edit the service named 'registry'\n  kubectl edit svc/registry",
  flags,
  run: async (session, { flags: values, positional }) => {
    const print = await createResultPrinter({
      ...values,
      output: ["json", "yaml"].includes(values.output) ? "" : values.output,
    });
    const failures: unknown[] = [];
    const found = await findObjects(session, positional, values, failures, { allByDefault: true });
    if (failures.length > 0) throwFailures(failures);
    if (found.length === 0) throw new CommandError("edit cancelled, no objects found");
    const isNamed = positional.length > 1 || positional.some((each) => each.includes("/"));
    const isList = found.length > 1 || (!isNamed && values.filename.length === 0 && values.kustomize === "");
    await editObjects(session, found, { values, print, isList, asJson: values.output === "json" });
  },
});

export const introduction = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** How often an object may be refused before the edit is given up. */
const maxRounds = 100;

/** What one command does to its objects. */
interface Edit {
  readonly values: Values;
  readonly print: ResultPrinter;
  /** Whether the text is a list, whatever the number of its items. */
  readonly isList: boolean;
  readonly asJson: boolean;
}

/** An object and what the server has against it. */
interface Refused {
  readonly item: LocatedObject;
  readonly edited: JsonObject;
  readonly problem: string;
}

/** One editor for all objects; those that the server refuses come back into it, with the reasons. */
async function editObjects(session: Session, items: readonly LocatedObject[], edit: Edit): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "kubectl-edit-"));
  const path = join(directory, `edit.${edit.asJson ? "json" : "yaml"}`);
  let pending = items;
  let text = textOf(
    items.map((item) => editable(item, edit)),
    edit,
  );
  let problems = "";
  try {
    for (let round = 0; round < maxRounds; round += 1) {
      const shown = (edit.asJson ? "" : introduction + problems) + text;
      const edited = await editText(session, path, shown, edit.values["windows-line-endings"]);
      if (edited.trim() === "") return session.terminal.error("Edit cancelled, saved file was empty.\n");
      if (edited === text && problems !== "")
        throw await keep(session, edited, "Edit cancelled, no valid changes were saved.");
      const objects = parseEdited(edited, edit);
      if (typeof objects === "string") {
        text = edited;
        problems = commented(`The edited file had a syntax error: ${objects}`);
        continue;
      }
      const refused = await submitAll(session, pending, objects, edited, edit);
      if (refused.length === 0) return;
      pending = refused.map(({ item }) => item);
      text =
        refused.length === objects.length
          ? edited
          : textOf(
              refused.map((each) => each.edited),
              edit,
            );
      problems = commented(refused.map(({ problem }) => problem).join(""));
    }
    throw await keep(session, text, "Edit cancelled: too many attempts.");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const commented = (text: string): string => `# ${text.trimEnd().replaceAll("\n", "\n# ")}\n#\n`;

function editable({ object }: LocatedObject, { values }: Edit): JsonObject {
  if (values["show-managed-fields"]) return object;
  const { managedFields: _managedFields, ...metadata } = metadataOf(object);
  return { ...object, metadata };
}

function textOf(objects: readonly JsonObject[], { isList, asJson }: Edit): string {
  const shown = isList ? { apiVersion: "v1", items: objects, kind: "List", metadata: {} } : (objects[0] ?? {});
  return asJson ? formatJson(shown) : formatYaml(shown);
}

/** The objects of an edited text, or what is wrong with it. */
function parseEdited(text: string, { isList }: Edit): JsonObject[] | string {
  let parsed: unknown;
  try {
    parsed = parseYaml(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const objects: unknown = isList && isRecord(parsed) ? parsed["items"] : [parsed];
  if (!Array.isArray(objects) || !objects.every(isRecord)) return isList ? "it is not a list" : "it is not an object";
  return objects;
}

/** Sends the changes; answers what was refused and may be edited again. Rejects when there is no sense in that. */
async function submitAll(
  session: Session,
  items: readonly LocatedObject[],
  objects: readonly JsonObject[],
  text: string,
  edit: Edit,
): Promise<Refused[]> {
  const pairs = items.flatMap((item) => {
    const next = objects.find((object) => nameOf(object) === item.name && namespaceOf(object) === item.namespace);
    return next ? [{ item, next, original: editable(item, edit) }] : [];
  });
  const isSame = ({ next, original }: (typeof pairs)[number]) => jsonEqual(next, original);
  if (pairs.length === items.length && objects.length === items.length && pairs.every(isSame)) {
    session.terminal.error("Edit cancelled, no changes made.\n");
    return [];
  }
  const moved = pairs.some(
    ({ next, original }) => next["kind"] !== original["kind"] || next["apiVersion"] !== original["apiVersion"],
  );
  if (moved || pairs.length < objects.length) {
    throw await keep(session, text, "At least one of apiVersion, kind and name was changed");
  }
  const refused: Refused[] = [];
  const fatal: string[] = [];
  for (const { item, next, original } of pairs) {
    const problem = await submit(session, item, original, next, edit);
    if (problem && "retry" in problem) refused.push({ item, edited: next, problem: problem.retry });
    else if (problem) fatal.push(problem.fatal);
  }
  if (fatal.length > 0) throw await keepForReplace(session, text, fatal);
  return refused;
}

type Refusal = { readonly retry: string } | { readonly fatal: string };

/** Sends one object's change; undefined when it was made, or nothing of it was changed. */
async function submit(
  session: Session,
  { resource, namespace, name }: LocatedObject,
  original: JsonObject,
  next: JsonObject,
  { values, print }: Edit,
): Promise<Refusal | undefined> {
  if (jsonEqual(next, original)) {
    await session.terminal.write(print(original, "skipped"));
    return undefined;
  }
  const recorded = withAnnotations(next, causeOf(values, session.commandLine));
  const changed = values["save-config"] ? withLastApplied(recorded) : recorded;
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
async function keep(session: Session, text: string, message: string): Promise<CommandError> {
  await save(session, text);
  return new CommandError(message);
}

async function keepForReplace(session: Session, text: string, messages: readonly string[]): Promise<ExitStatus> {
  for (const message of messages) session.terminal.error(safeText(`error: ${message}\n`));
  const path = await save(session, text);
  session.terminal.error(safeText(`You can run \`kubectl replace -f ${path}\` to try this update again.\n`));
  return new ExitStatus(1);
}

async function save(session: Session, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "kubectl-edit-")), "edit.yaml");
  await writeFile(path, text, { mode: 0o600 });
  session.terminal.error(safeText(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`));
  return path;
}
