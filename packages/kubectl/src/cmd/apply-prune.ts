import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { deleteObject, endlessWaitMs } from "../builder/delete-object.ts";
import type { ApiResource } from "../builder/discovery.ts";
import { annotationsOf, type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { itemsOf, listPages } from "../builder/resource-query.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { CommandError } from "../command-line/command-error.ts";
import type { DryRun } from "../command-line/dry-run.ts";
import type { ResultPrinter } from "../printers/result-printer.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

/** The kinds that are pruned when no list of them is given. */
const defaultKinds: readonly (readonly [apiVersion: string, kind: string])[] = [
  ["v1", "ConfigMap"],
  ["v1", "Endpoints"],
  ["v1", "PersistentVolumeClaim"],
  ["v1", "Pod"],
  ["v1", "ReplicationController"],
  ["v1", "Secret"],
  ["v1", "Service"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
  ["networking.k8s.io/v1", "Ingress"],
  ["apps/v1", "DaemonSet"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "ReplicaSet"],
  ["apps/v1", "StatefulSet"],
  ["v1", "Namespace"],
  ["v1", "PersistentVolume"],
];

export interface PruneOptions {
  readonly selector: string;
  /** `group/version/kind` each; empty for the usual kinds. */
  readonly allowlist: readonly string[];
  readonly cascade: string;
  readonly graceSeconds: number;
  readonly dryRun: DryRun;
  /** Zero for no bound. */
  readonly timeoutMs: number;
  readonly wait: boolean;
}

/**
 * Deletes what an earlier apply made in the namespaces of `applied` and this one did not. Throws before anything is
 * deleted where the list of kinds is wrong.
 */
export async function prune(
  session: Session,
  applied: readonly LocatedObject[],
  options: PruneOptions,
  print: ResultPrinter,
): Promise<JsonObject[]> {
  const pruned: JsonObject[] = [];
  for await (const item of unwanted(session, applied, options)) {
    await pruneOne(session, item, options);
    await session.terminal.write(print(item.object, "pruned"));
    pruned.push(item.object);
  }
  return pruned;
}

/** What an earlier apply made in the namespaces of `applied` and is not among them. */
export async function* unwanted(
  session: Session,
  applied: readonly LocatedObject[],
  options: Pick<PruneOptions, "selector" | "allowlist">,
): AsyncGenerator<LocatedObject> {
  const resources = await prunedResources(session, options.allowlist);
  const keyOf = ({ resource, namespace, name }: LocatedObject) =>
    `${resource.group}/${resource.kind}/${namespace}/${name}`;
  const kept = new Set(applied.map(keyOf));
  const namespaces = [...new Set(applied.filter(({ namespace }) => namespace !== "").map((each) => each.namespace))];
  const api = await session.api();
  for (const resource of resources) {
    for (const namespace of resource.namespaced ? namespaces : [""]) {
      for await (const page of listPages(api, { kind: "list", resource, namespace }, { selector: options.selector })) {
        for (const item of itemsOf(page, resource)) {
          const recorded = annotationsOf(item.object)[lastAppliedAnnotation] !== undefined;
          if (recorded && !kept.has(keyOf(item))) yield item;
        }
      }
    }
  }
}

async function pruneOne(session: Session, item: LocatedObject, options: PruneOptions): Promise<void> {
  const { cascade, graceSeconds, dryRun, timeoutMs } = options;
  if (dryRun === "client") return;
  await deleteObject(session, item, { cascade, graceSeconds, dryRun: dryRun === "server" });
  if (dryRun === "server" || !options.wait) return;
  const uid = String(metadataOf(item.object)["uid"] ?? "");
  if (await waitForDeletion(session, item, uid, timeoutMs || endlessWaitMs)) return;
  throw new CommandError(`timed out waiting for the condition on ${item.resource.plural}/${item.name}`);
}

async function prunedResources(session: Session, allowlist: readonly string[]): Promise<ApiResource[]> {
  const mapper = await session.mapper();
  const resources: ApiResource[] = [];
  for (const text of allowlist) {
    const [apiVersion, kind] = parseKind(text);
    const resource = await mapper.forKind(apiVersion, kind);
    if (!resource) {
      throw new CommandError(
        `error retrieving RESTMappings to prune: invalid resource ${apiVersion}, Kind=${kind}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
      );
    }
    resources.push(resource);
  }
  if (allowlist.length > 0) return resources;
  const { discovery } = mapper;
  return defaultKinds.flatMap(([apiVersion, kind]) =>
    discovery.resources.filter(
      (each) =>
        each.kind === kind && (each.group === "" ? each.version : `${each.group}/${each.version}`) === apiVersion,
    ),
  );
}

/** `core/v1/ConfigMap` → `v1`, `ConfigMap`. Throws a CommandError. */
export function parseKind(text: string): [apiVersion: string, kind: string] {
  const parts = text.split("/");
  const [group = "", version = "", kind = ""] = parts;
  if (parts.length !== 3) {
    throw new CommandError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
  }
  return [group === "core" || group === "" ? version : `${group}/${version}`, kind];
}
