import { jsonEqual } from "@kube-ts/api/json-value";
import { createMergePatch } from "@kube-ts/api/patch/merge-patch";
import { createTwoWayMergePatch } from "@kube-ts/api/patch/strategic-merge-diff";
import { typeOf } from "@kube-ts/api/schema-registry";
import { causeOf, recordFlag, withAnnotations } from "../../builder/change-cause.ts";
import { localObjects } from "../../builder/local-objects.ts";
import type { LocatedObject } from "../../builder/object-reference.ts";
import { podSpecPath, recordAt } from "../../builder/pod-template.ts";
import { pathOf } from "../../builder/resource-mapper.ts";
import { findObjects } from "../../builder/resource-query.ts";
import { CommandError, throwFailures } from "../../command-line/command-error.ts";
import type { Invocation } from "../../command-line/command.ts";
import { parseDryRun } from "../../command-line/dry-run.ts";
import { booleanFlag } from "../../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, labelSelectorFlag } from "../../command-line/shared-flags.ts";
import { outputFlags } from "../../printers/object-printer.ts";
import { createResultPrinter } from "../../printers/result-printer.ts";
import type { JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";

/** The flags of the `set` commands. */
export const changeFlags = {
  ...outputFlags,
  ...fileFlags,
  ...labelSelectorFlag,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-set"),
  all: booleanFlag("Select all resources in the namespace of the specified resource types"),
  local: booleanFlag("If true, set will NOT contact api-server but run locally."),
} as const;

/** The flags of those that can keep their command line with the object. */
export const recordedChangeFlags = { ...changeFlags, ...recordFlag } as const;

export type ChangeValues = Invocation<typeof changeFlags>["flags"] & { readonly record?: boolean };

export interface ChangePlan {
  readonly resources: readonly string[];
  readonly flags: ChangeValues;
  /** What has been updated, in the result's line. */
  readonly word: string;
  /** How a refusal of the server begins; absent: with the server's words. */
  readonly refusal?: string;
  /** The object as it is to be; undefined, or an equal one, for no change. Throws a CommandError. */
  readonly change: (item: LocatedObject) => JsonObject | undefined | Promise<JsonObject | undefined>;
  /** Patch and print even when nothing changes. */
  readonly always?: boolean;
}

/** The objects that a `set` command works on; failures are collected. */
export async function objectsToChange(
  session: Session,
  resources: readonly string[],
  flags: ChangeValues,
  failures: unknown[],
): Promise<LocatedObject[]> {
  if (flags.all && flags.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
  if (flags.local) {
    if (parseDryRun(session.terminal, flags["dry-run"]) === "server") {
      throw new CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    }
    return localObjects(session, flags, failures);
  }
  return findObjects(session, resources, flags, failures);
}

/** Changes the objects that the arguments select, each by a patch of what differs, and prints the results. */
export async function changeObjects(session: Session, plan: ChangePlan): Promise<void> {
  const { flags } = plan;
  const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
  const print = await createResultPrinter(flags, dryRun);
  const cause = causeOf({ record: flags.record === true }, session.commandLine);
  const failures: unknown[] = [];
  for (const item of await objectsToChange(session, plan.resources, flags, failures)) {
    try {
      const changed = await plan.change(item);
      if (changed === undefined || (!plan.always && jsonEqual(changed, item.object))) continue;
      const result =
        flags.local || dryRun === "client"
          ? changed
          : await told(
              sendPatch(session, item, withAnnotations(changed, cause), flags["field-manager"], dryRun === "server"),
              plan.refusal,
            );
      await session.terminal.write(print(result, `${plan.word} updated`));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

async function told(sent: Promise<JsonObject>, refusal: string | undefined): Promise<JsonObject> {
  if (refusal === undefined) return sent;
  return sent.catch((cause: unknown) => {
    throw new CommandError(`${refusal} ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
}

async function sendPatch(
  session: Session,
  { resource, namespace, name, object }: LocatedObject,
  changed: JsonObject,
  fieldManager: string,
  dryRun: boolean,
): Promise<JsonObject> {
  const type = typeOf(resource.group, resource.version, resource.kind);
  return (await session.api()).json({
    method: "PATCH",
    path: pathOf(resource, namespace, name),
    query: { fieldManager, dryRun: dryRun ? "All" : undefined },
    body: type ? createTwoWayMergePatch(type, object, changed) : createMergePatch(object, changed),
    contentType: type ? "application/strategic-merge-patch+json" : "application/merge-patch+json",
  });
}

/** The object with another pod spec inside. Throws a CommandError for a kind without one. */
export function withPodSpec(item: LocatedObject, change: (spec: JsonObject) => JsonObject): JsonObject {
  const { resource, name, object } = item;
  const path = podSpecPath(resource.kind);
  if (!path) throw new CommandError(`${resource.plural}/${name} does not have a pod template`);
  return replaced(object, path, change(recordAt(object, path)));
}

function replaced(object: JsonObject, [first, ...rest]: readonly string[], value: JsonObject): JsonObject {
  if (first === undefined) return value;
  return { ...object, [first]: replaced(recordAt(object, [first]), rest, value) };
}

const containerFields = ["containers", "initContainers"] as const;

/** A pod spec whose containers, init containers included, went through `change`. */
export function mapContainers(spec: JsonObject, change: (container: JsonObject) => JsonObject): JsonObject {
  const changed: JsonObject = { ...spec };
  for (const field of containerFields) {
    const list = spec[field];
    if (Array.isArray(list)) changed[field] = (list as JsonObject[]).map(change);
  }
  return changed;
}

/** Whether a container's name fits `-c`, which may hold `*`. */
export function nameMatcher(pattern: string): (container: JsonObject) => boolean {
  const expression = new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll("*", ".*")}$`);
  return (container) => expression.test(String(container["name"]));
}
