import {
  changeCauseAnnotation,
  desiredReplicasAnnotation,
  lastAppliedAnnotation,
  maxReplicasAnnotation,
  podTemplateHashLabel,
  restartedAtAnnotation,
  revisionAnnotation,
  revisionHistoryAnnotation,
  rollbackAnnotation,
} from "@kube-ts/api/well-known-labels";
import { isRecord } from "@kube-ts/std/config-schema";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { formatTime } from "@kube-ts/api/rfc3339";
import { podSelectorOf } from "../builder/find-pods.ts";
import { annotationsOf, displayName, type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { type Command, defineCommand, type Invocation } from "../command-line/command.ts";
import { type DryRun, parseDryRun } from "../command-line/dry-run.ts";
import { groupCommand } from "../command-line/group-command.ts";
import { integerFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { describePodTemplate } from "../describe/pod-template.ts";
import { createPrinter, outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import { alignTabs, tableLayout } from "../printers/tab-writer.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { recordAt } from "../builder/pod-template.ts";

export const command: Command = groupCommand(
  ["rollout"],
  {
    usage: "SUBCOMMAND",
    description:
      "Manage the rollout of one or many resources.\n\nValid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets",
  },
  "failure-on-stdout",
);

const baseFlags = { ...outputFlags, ...fileFlags, ...labelSelectorFlag } as const;
const changeFlags = { ...baseFlags, ...fieldManagerFlag("kubectl-rollout") } as const;

type ChangeInvocation = Invocation<typeof changeFlags>;

/** One change of an object: the patch to send and the word for it; a text instead says why it is refused. */
type Change = { readonly patch: JsonObject; readonly operation: string } | { readonly refusal: string };

function changeCommand(
  usage: string,
  description: string,
  plan: (item: LocatedObject, session: Session) => Change,
): Command {
  return defineCommand({
    usage,
    description,
    flags: changeFlags,
    run: (session, invocation) => runChange(session, invocation, plan),
  });
}

async function runChange(
  session: Session,
  { flags, positional }: ChangeInvocation,
  plan: (item: LocatedObject, session: Session) => Change,
): Promise<void> {
  const print = await createResultPrinter(flags);
  const { found, failures } = await findAll(session, positional, flags);
  if (found.length === 0 && failures.length === 0) await sayNothingFound(session);
  const api = await session.api();
  for (const item of found) {
    try {
      const change = plan(item, session);
      if ("refusal" in change) throw new CommandError(change.refusal);
      const result = await api.json({
        method: "PATCH",
        path: pathOf(item.resource, item.namespace, item.name),
        query: { fieldManager: flags["field-manager"] },
        body: change.patch,
        contentType: "application/strategic-merge-patch+json",
      });
      await session.terminal.write(print(result, change.operation));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

async function sayNothingFound(session: Session): Promise<void> {
  session.terminal.error(`No resources found in ${(await session.namespace()).name} namespace.\n`);
}

async function findAll(session: Session, positional: readonly string[], flags: Invocation<typeof baseFlags>["flags"]) {
  if (positional.length === 0 && flags.filename.length === 0 && flags.kustomize === "")
    throw new CommandError("required resource not specified");
  const failures: unknown[] = [];
  const found = await findObjects(session, positional, flags, failures, { allByDefault: true });
  return { found, failures };
}

export const restart = changeCommand("RESOURCE", "Restart a resource.", (item, session) => {
  if (recordAt(item.object, ["spec"])["paused"] === true) {
    return {
      refusal: `deployments.apps ${JSON.stringify(item.name)} can't restart paused deployment (run rollout resume first)`,
    };
  }
  if (!["Deployment", "DaemonSet", "StatefulSet"].includes(item.resource.kind)) {
    return { refusal: `${groupResourceOf(item)} ${JSON.stringify(item.name)} restarting is not supported` };
  }
  const now = formatTime(session.clock.now());
  if (annotationsOf(recordAt(item.object, ["spec", "template"]))[restartedAtAnnotation] === now) {
    const reason =
      "if restart has already been triggered within the past second, please wait before attempting to trigger another";
    return { refusal: `failed to create patch for ${item.name}: ${reason}` };
  }
  const annotations = { [restartedAtAnnotation]: now };
  return { patch: { spec: { template: { metadata: { annotations } } } }, operation: "restarted" };
});

export const pause = changeCommand("RESOURCE", "Mark the provided resource as paused.", (item) =>
  togglePause(item, true),
);
export const resume = changeCommand("RESOURCE", "Resume a paused resource.", (item) => togglePause(item, false));

function togglePause(item: LocatedObject, paused: boolean): Change {
  const word = paused ? "pausing" : "resuming";
  if (item.resource.kind !== "Deployment")
    return { refusal: `${groupResourceOf(item)} ${JSON.stringify(item.name)} ${word} is not supported` };
  if ((recordAt(item.object, ["spec"])["paused"] === true) === paused) {
    return { refusal: `deployments.apps ${JSON.stringify(item.name)} is ${paused ? "already" : "not"} paused` };
  }
  return { patch: { spec: { paused: paused ? true : null } }, operation: paused ? "paused" : "resumed" };
}

function groupResourceOf({ resource }: LocatedObject): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

interface RevisionEntry {
  readonly revision: number;
  readonly cause: string;
  readonly template: JsonObject;
  /** The strategic merge patch that a controller revision keeps; replica sets have none. */
  readonly patch: JsonObject | undefined;
  /** What `-o` shows: the replica set, or the object as it was then. */
  readonly shown: JsonObject;
}

const kindsWithTemplates: ReadonlySet<string> = new Set([
  "CronJob",
  "Job",
  "Pod",
  "ReplicaSet",
  "ReplicationController",
]);

/** The revisions of a deployment, from its replica sets; of the other kinds, from their controller revisions. */
async function revisionsOf(session: Session, item: LocatedObject): Promise<RevisionEntry[]> {
  const { kind } = item.resource;
  if (!["Deployment", "DaemonSet", "StatefulSet"].includes(kind)) {
    const { group } = item.resource;
    const name = JSON.stringify(group === "" ? kind : `${kind}.${group}`);
    throw new CommandError(
      kindsWithTemplates.has(kind)
        ? `no history viewer has been implemented for ${name}`
        : `error retrieving history for ${name}, no visitor method exists for {${group} ${kind}}`,
    );
  }
  const collection = kind === "Deployment" ? "replicasets" : "controllerrevisions";
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(item.namespace)}/${collection}`;
  const list = await (await session.api()).json({ path, query: { labelSelector: podSelectorOf(item.object) } });
  const items = Array.isArray(list["items"]) ? (list["items"] as JsonObject[]) : [];
  const uid = metadataOf(item.object)["uid"];
  const owned = items.filter((each) => {
    const owners = metadataOf(each)["ownerReferences"];
    return (
      Array.isArray(owners) &&
      (owners as JsonObject[]).some((owner) => owner["uid"] === uid && owner["controller"] === true)
    );
  });
  const entries = owned.map((each) => (kind === "Deployment" ? ofReplicaSet(each) : ofRevision(item, each)));
  return entries.toSorted((a, b) => a.revision - b.revision);
}

function ofReplicaSet(set: JsonObject): RevisionEntry {
  return {
    revision: Number(annotationsOf(set)[revisionAnnotation] ?? 0),
    cause: annotationsOf(set)[changeCauseAnnotation] ?? "<none>",
    template: recordAt(set, ["spec", "template"]),
    patch: undefined,
    shown: { kind: "ReplicaSet", apiVersion: "apps/v1", ...set },
  };
}

function ofRevision({ object }: LocatedObject, revision: JsonObject): RevisionEntry {
  const template = keptTemplate(recordAt(revision, ["data"]));
  return {
    revision: Number(revision["revision"] ?? 0),
    cause: annotationsOf(revision)[changeCauseAnnotation] ?? "<none>",
    template,
    patch: recordAt(revision, ["data"]),
    shown: { ...object, spec: { ...withPlainClaims(recordAt(object, ["spec"])), template } },
  };
}

/** The spec without the kinds of the claims in it, which upstream does not show here. */
function withPlainClaims(spec: JsonObject): JsonObject {
  const { volumeClaimTemplates: claims } = spec;
  if (!Array.isArray(claims)) return spec;
  const plain = claims.filter(isRecord).map(({ kind: _kind, apiVersion: _version, ...claim }) => claim);
  return { ...spec, volumeClaimTemplates: plain };
}

function keptTemplate(patch: JsonObject): JsonObject {
  const { $patch: _directive, ...template } = recordAt(patch, ["spec", "template"]);
  return template;
}

export const history = defineCommand({
  usage: "(TYPE NAME | TYPE/NAME) [flags]",
  description: "View previous rollout revisions and configurations.",
  flags: { ...baseFlags, revision: integerFlag("See the details, including podTemplate of the revision specified") },
  run: async (session, { flags, positional }) => {
    if (flags.revision < 0) throw new CommandError(`revision must be a positive integer: ${flags.revision}`);
    const printer = await createPrinter(flags);
    const { found, failures } = await findAll(session, positional, flags);
    for (const item of found) {
      try {
        const entries = await revisionsOf(session, item);
        const text = printer
          ? shownRevisions(entries, flags.revision).map((each) => printer.format(each.shown))
          : [`${displayName(item)} ${historyText(entries, flags.revision)}`];
        for (const part of text) await session.terminal.write(part);
      } catch (error) {
        failures.push(error);
      }
    }
    throwFailures(failures);
  },
});

/** The wanted revision; all of them for 0. */
function shownRevisions(entries: readonly RevisionEntry[], wanted: number): readonly RevisionEntry[] {
  if (wanted === 0) return entries;
  const entry = entries.find(({ revision }) => revision === wanted);
  if (!entry) throw new CommandError(`unable to find the specified revision`);
  return [entry];
}

function historyText(entries: readonly RevisionEntry[], revision: number): string {
  if (entries.length === 0) {
    return `${revision > 0 ? `with revision #${revision}` : ""}\nNo rollout history found.\n`;
  }
  const [entry] = shownRevisions(entries, revision);
  if (revision > 0 && entry) {
    const isShown = entry.patch === undefined && entry.cause !== "<none>";
    const template = isShown ? withCause(entry.template, entry.cause) : entry.template;
    return `with revision #${revision}\n${describePodTemplate(template)}\n`;
  }
  const rows = entries.map(({ revision: number, cause }) => `${number}\t${safeText(cause)}\n`).join("");
  return `\n${alignTabs(`REVISION\tCHANGE-CAUSE\n${rows}`, { ...tableLayout, minWidth: 0, padding: 2 })}\n`;
}

function withCause(template: JsonObject, cause: string): JsonObject {
  const metadata = metadataOf(template);
  return {
    ...template,
    metadata: { ...metadata, annotations: { ...annotationsOf(template), [changeCauseAnnotation]: cause } },
  };
}

export const undo = defineCommand({
  usage: "(TYPE NAME | TYPE/NAME) [flags]",
  description: "Roll back to a previous rollout.",
  flags: {
    ...baseFlags,
    ...dryRunFlag,
    "to-revision": integerFlag("The revision to rollback to. Default to 0 (last revision)."),
  },
  run: async (session, { flags, positional }) => {
    const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
    const print = await createResultPrinter(flags, dryRun);
    const { found, failures } = await findAll(session, positional, flags);
    const api = await session.api();
    for (const item of found) {
      try {
        const { operation, patch } = planUndo(item, await revisionsOf(session, item), flags["to-revision"], dryRun);
        const result = patch
          ? await api.json({
              method: "PATCH",
              path: pathOf(item.resource, item.namespace, item.name),
              query: { dryRun: dryRun === "server" ? "All" : undefined },
              ...patch,
            })
          : item.object;
        await session.terminal.write(print(result, operation));
      } catch (error) {
        failures.push(error);
      }
    }
    throwFailures(failures);
  },
});

interface Undo {
  readonly operation: string;
  /** Undefined when nothing is to be changed. */
  readonly patch: { readonly body: unknown; readonly contentType: string } | undefined;
}

/** What brings the wanted revision back; 0 is the one before the last. */
function planUndo(item: LocatedObject, entries: readonly RevisionEntry[], wanted: number, dryRun: DryRun): Undo {
  const entry = chooseRevision(item, entries, wanted);
  if (dryRun === "client") {
    const text = describePodTemplate(entry.template);
    return { operation: entry.patch ? `will roll back to ${text}` : text, patch: undefined };
  }
  if (recordAt(item.object, ["spec"])["paused"] === true) {
    throw new CommandError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  }
  if (sameTemplate(entry.template, recordAt(item.object, ["spec", "template"]))) {
    return { operation: `skipped rollback (current template already matches revision ${wanted})`, patch: undefined };
  }
  const patch = entry.patch
    ? { body: entry.patch, contentType: "application/strategic-merge-patch+json" }
    : { body: rollbackPatch(item, entry), contentType: "application/json-patch+json" };
  return { operation: "rolled back", patch };
}

function chooseRevision(item: LocatedObject, entries: readonly RevisionEntry[], wanted: number): RevisionEntry {
  if (wanted !== 0) {
    const entry = entries.find(({ revision }) => revision === wanted);
    if (!entry) throw new CommandError(`unable to find specified revision ${wanted} in history`);
    return entry;
  }
  const previous = entries.at(-2);
  if (!previous && item.resource.kind !== "Deployment") throw new CommandError("no last revision to roll back to");
  if (!previous)
    throw new CommandError(
      `no rollout history found for ${item.resource.kind.toLowerCase()} ${JSON.stringify(item.name)}`,
    );
  return previous;
}

function withoutHash(template: JsonObject): JsonObject {
  const metadata = metadataOf(template);
  const { [podTemplateHashLabel]: _hash, ...labels } = (metadata["labels"] ?? {}) as Record<string, string>;
  return { ...template, metadata: { ...metadata, labels } };
}

function sameTemplate(a: JsonObject, b: JsonObject): boolean {
  return semanticEqual(withoutHash(a), withoutHash(b));
}

/** Annotations of a deployment that its replica sets do not have. */
const ownAnnotations: ReadonlySet<string> = new Set([
  lastAppliedAnnotation,
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  rollbackAnnotation,
]);

/** Replaces the template as a whole; the annotations of the replica set come back with it. */
function rollbackPatch(item: LocatedObject, { template, shown }: RevisionEntry): unknown[] {
  const own = Object.entries(annotationsOf(item.object)).filter(([key]) => ownAnnotations.has(key));
  const others = Object.entries(annotationsOf(shown)).filter(([key]) => !ownAnnotations.has(key));
  return [
    { op: "replace", path: "/spec/template", value: withoutHash(template) },
    { op: "add", path: "/metadata/annotations", value: Object.fromEntries([...own, ...others]) },
  ];
}
