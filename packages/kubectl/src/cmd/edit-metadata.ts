import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { labelValueErrors } from "@kube-ts/api/names";
import { causeOf, recordFlag } from "../builder/change-cause.ts";
import { annotationsOf, labelsOf, type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { localObjects } from "../builder/local-objects.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { type Command, defineCommand, type Invocation } from "../command-line/command.ts";
import { type DryRun, parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, selectorFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const baseFlags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlags,
  ...dryRunFlag,
  ...recordFlag,
  all: booleanFlag("Select all resources, in the namespace of the specified resource types"),
  "all-namespaces": booleanFlag("If true, check the specified action in all namespaces.", { short: "A" }),
  list: booleanFlag("If true, display the values for a given resource."),
  local: booleanFlag("If true, the command will NOT contact the API server but run locally."),
  overwrite: booleanFlag(
    "If true, allow values to be overwritten, otherwise reject updates that overwrite existing ones.",
  ),
  "resource-version": stringFlag(
    "If non-empty, the update will only succeed if this is the current resource-version for the object.",
  ),
} as const;

type EditFlags = typeof baseFlags & ReturnType<typeof fieldManagerFlag>;
type Values = Invocation<EditFlags>["flags"];

export interface MetadataChange {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

interface MetadataKind {
  readonly field: "labels" | "annotations";
  readonly singular: "label" | "annotation";
  readonly description: string;
  readonly manager: string;
}

/** The command that changes one of the two maps of an object's metadata. */
export function metadataCommand(kind: MetadataKind): Command {
  const flags = { ...baseFlags, ...fieldManagerFlag(kind.manager) };
  return defineCommand({
    usage: `[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]`,
    description: kind.description,
    flags,
    run: (session, invocation) => run(session, invocation, kind),
  });
}

async function run(
  session: Session,
  { flags: values, positional }: Invocation<EditFlags>,
  kind: MetadataKind,
): Promise<void> {
  const { resources, pairs } = splitArguments(positional, kind.singular);
  if (resources.length === 0 && values.filename.length === 0 && values.kustomize === "" && !values.local) {
    throw new CommandError("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
  const change = parsePairs(pairs, kind);
  if (pairs.length === 0 && !values.list) throw new CommandError(`at least one ${kind.singular} update is required`);
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  checkLocal(values, dryRun, resources);
  await createResultPrinter(values, dryRun);
  const failures: unknown[] = [];
  const found = values.local
    ? await localObjects(session, values, failures)
    : await findObjects(session, resources, values, failures);
  const edit: Edit = { session, values, kind, change, dryRun };
  for (const item of found) {
    try {
      await (values.list ? listOne(edit, item, found.length > 1 || values.all) : editOne(edit, item));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

function checkLocal({ local }: Values, dryRun: DryRun, resources: readonly string[]): void {
  if (!local) return;
  if (dryRun === "server") {
    throw new CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
  }
  if (resources.length > 0) {
    throw new CommandError("can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set");
  }
}

/** What one command does to each of its objects. */
interface Edit {
  readonly session: Session;
  readonly values: Values;
  readonly kind: MetadataKind;
  readonly change: MetadataChange;
  readonly dryRun: DryRun;
}

function valuesOf(object: JsonObject, { field }: MetadataKind): Readonly<Record<string, string>> {
  return field === "labels" ? labelsOf(object) : annotationsOf(object);
}

/** Prints the values as they are after the change, which is not written. */
async function listOne({ session, kind, change }: Edit, item: LocatedObject, isOfSeveral: boolean): Promise<void> {
  const { object, name } = item;
  const { kind: type, group } = item.resource;
  const shown = changedObject(object, kind.field, valuesOf(object, kind), change);
  await listValues(session, `${type}.${group}/${name}`, valuesOf(shown, kind), isOfSeveral);
}

async function editOne(edit: Edit, item: LocatedObject): Promise<void> {
  const { session, values, kind, change, dryRun } = edit;
  const { object } = item;
  const current = valuesOf(object, kind);
  checkOverwrite(current, change, values, kind);
  const changed = changedObject(object, kind.field, current, change);
  const operation = await describeChange(session, current, change, kind);
  const isWritten = !values.local && dryRun !== "client" && JSON.stringify(changed) !== JSON.stringify(object);
  const result = isWritten ? await write(edit, item, patchOf(current, change)) : changed;
  // Each object is printed by itself, without anything between them.
  const print = await createResultPrinter(values, dryRun);
  await session.terminal.write(print(result, operation));
}

async function write(
  { session, values, kind, dryRun }: Edit,
  { resource, namespace, name }: LocatedObject,
  changes: Readonly<Record<string, string | null>>,
): Promise<JsonObject> {
  const version = values["resource-version"];
  const api = await session.api();
  return api.json({
    method: "PATCH",
    path: pathOf(resource, namespace, name),
    query: { fieldManager: values["field-manager"], dryRun: dryRun === "server" ? "All" : undefined },
    body: {
      metadata: {
        ...(version !== "" && { resourceVersion: version }),
        ...(values.record && { annotations: causeOf(values, session.commandLine) }),
        [kind.field]: kind.field === "annotations" ? { ...causeOf(values, session.commandLine), ...changes } : changes,
      },
    },
    contentType: "application/merge-patch+json",
  });
}

/** Resources come first; the first argument that sets or removes a key begins the changes. */
export function splitArguments(
  args: readonly string[],
  singular: MetadataKind["singular"],
): { resources: readonly string[]; pairs: readonly string[] } {
  const isPair = (arg: string) => (arg.includes("=") && !arg.startsWith("=")) || (arg.endsWith("-") && arg.length > 1);
  const first = args.findIndex(isPair);
  if (first < 0) return { resources: args, pairs: [] };
  const stray = args.slice(first).find((arg) => !isPair(arg));
  if (stray !== undefined) {
    throw new CommandError(`all resources must be specified before ${singular} changes: ${stray}`);
  }
  return { resources: args.slice(0, first), pairs: args.slice(first) };
}

export function parsePairs(pairs: readonly string[], kind: Pick<MetadataKind, "field" | "singular">): MetadataChange {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 0) {
      remove.push(pair.slice(0, -1));
      continue;
    }
    const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (kind.field === "labels" && value.includes("=")) throw new CommandError(`invalid label spec: ${pair}`);
    const [badValue] = kind.field === "labels" ? labelValueErrors(value) : [];
    if (badValue !== undefined) throw new CommandError(`invalid label value: ${JSON.stringify(pair)}: ${badValue}`);
    set.set(key, value);
  }
  const both = remove.find((key) => set.has(key));
  if (both !== undefined) {
    throw new CommandError(
      `can not both modify and remove ${kind.field === "labels" ? "a label" : "annotation(s)"} in the same command`,
    );
  }
  return { set, remove };
}

function checkOverwrite(
  current: Readonly<Record<string, string>>,
  change: MetadataChange,
  values: Values,
  kind: MetadataKind,
): void {
  if (values.overwrite) return;
  const taken = [...change.set].filter(([key, value]) => current[key] !== undefined && current[key] !== value);
  const [first] = taken;
  if (!first) return;
  const texts = taken.map(([key]) => `'${key}' already has a value (${current[key] ?? ""})`);
  throw new CommandError(
    kind.field === "labels"
      ? texts.map((text) => `${text}, and --overwrite is false`).join("; ")
      : `--overwrite is false but found the following declared annotation(s): ${texts.join("; ")}`,
  );
}

function patchOf(
  current: Readonly<Record<string, string>>,
  { set, remove }: MetadataChange,
): Record<string, string | null> {
  const changed = [...set].filter(([key, value]) => current[key] !== value);
  const gone = remove.filter((key) => current[key] !== undefined).map((key) => [key, null] as const);
  return Object.fromEntries([...changed, ...gone]);
}

function changedObject(
  object: JsonObject,
  field: string,
  current: Readonly<Record<string, string>>,
  { set, remove }: MetadataChange,
): JsonObject {
  const next: Record<string, string> = { ...current, ...Object.fromEntries(set) };
  for (const key of remove) delete next[key];
  return { ...object, metadata: { ...metadataOf(object), [field]: next } };
}

async function describeChange(
  session: Session,
  current: Readonly<Record<string, string>>,
  { set, remove }: MetadataChange,
  kind: MetadataKind,
): Promise<string> {
  if (kind.field === "annotations") return "annotated";
  const missing = remove.filter((key) => current[key] === undefined);
  for (const key of missing) await session.terminal.write(`label ${JSON.stringify(safeText(key))} not found.\n`);
  const sets = [...set].some(([key, value]) => current[key] !== value);
  if (sets) return "labeled";
  return missing.length < remove.length ? "unlabeled" : "not labeled";
}

async function listValues(
  session: Session,
  name: string,
  current: Readonly<Record<string, string>>,
  several: boolean,
): Promise<void> {
  const lines = Object.keys(current)
    .filter((key) => key !== lastAppliedAnnotation)
    .toSorted()
    .map((key) => `${several ? " " : ""}${safeText(`${key}=${current[key] ?? ""}`)}\n`);
  await session.terminal.write((several ? `Listing labels for ${safeText(name)}:\n` : "") + lines.join(""));
}
