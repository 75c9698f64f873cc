import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import type { Logger } from "@kube-ts/std/log";
import { type Status, unresolvable, unschedulable } from "../framework/status.ts";
import { type Extender, extenderName } from "./extender.ts";

/** What extenders say of the nodes that the plugins let pass. */
export interface ExtenderVerdict {
  readonly nodeNames: ReadonlySet<string>;
  /** Why the other nodes were turned down, by their names. */
  readonly statuses: ReadonlyMap<string, Status>;
  /** Weighted scores of the nodes that are left, on the scale of plugins. */
  readonly scores: ReadonlyMap<string, number>;
}

/** Extenders score from 0 to 10, plugins to 100. */
const scale = 10;

/** Asks one extender after the other which nodes they leave, then all of them how they like those. */
export async function askExtenders(
  extenders: readonly Extender[],
  pod: Pod,
  nodes: readonly Node[],
  log: Logger,
  signal: AbortSignal,
): Promise<ExtenderVerdict> {
  const statuses = new Map<string, Status>();
  let left = nodes;
  for (const extender of extenders) {
    if (!extender.filters || left.length === 0) continue;
    try {
      left = apply(await extender.filter(pod, left, signal), left, statuses);
    } catch (error) {
      signal.throwIfAborted();
      if (!extender.ignorable) throw error;
      log.warn("an extender failed and is left out", { extender: extender.name, pod: pod.metadata.name, error });
    }
  }
  const scores = left.length > 1 ? await askScores(extenders, pod, left, log, signal) : new Map<string, number>();
  return { nodeNames: new Set(left.map(nameOf)), statuses, scores };
}

function apply(
  { nodeNames, failed, unresolvable: hopeless }: Awaited<ReturnType<Extender["filter"]>>,
  nodes: readonly Node[],
  statuses: Map<string, Status>,
): Node[] {
  for (const [node, reason] of Object.entries(hopeless)) statuses.set(node, unresolvable(extenderName, reason));
  for (const [node, reason] of Object.entries(failed)) {
    if (!Object.hasOwn(hopeless, node)) statuses.set(node, unschedulable(extenderName, reason));
  }
  return nodes.filter((node) => nodeNames.has(nameOf(node)));
}

/** An extender that fails to score has no opinion. */
async function askScores(
  extenders: readonly Extender[],
  pod: Pod,
  nodes: readonly Node[],
  log: Logger,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  await Promise.all(
    extenders.map(async (extender) => {
      if (!extender.prioritizes) return;
      try {
        for (const [node, score] of await extender.prioritize(pod, nodes, signal)) {
          totals.set(node, (totals.get(node) ?? 0) + score * extender.weight * scale);
        }
      } catch (error) {
        signal.throwIfAborted();
        log.warn("an extender gives no scores", { extender: extender.name, pod: pod.metadata.name, error });
      }
    }),
  );
  return totals;
}

/** Lets the extender that binds such pods bind this one. Answers false when there is none, and throws when it fails. */
export async function bindByExtender(
  extenders: readonly Extender[],
  pod: Pod,
  nodeName: string,
  log: Logger,
  signal: AbortSignal,
): Promise<boolean> {
  for (const extender of extenders) {
    if (!extender.binds || !extender.isInterested(pod)) continue;
    try {
      await extender.bind(pod, nodeName, signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!extender.ignorable) throw error;
      log.warn("an extender failed to bind and is left out", { extender: extender.name, node: nodeName, error });
    }
  }
  return false;
}
