import type { Node, Pod } from "@kube-ts/api/core/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { timeMs } from "@kube-ts/api/rfc3339";
import { hasEnded } from "../framework/pod-ranking.ts";
import { outOfServiceTaint } from "@kube-ts/api/well-known-labels";

/** The pods that have ended and are past the threshold: evicted ones first, then the oldest. */
export function surplusPods(pods: readonly Pod[], threshold: number): Pod[] {
  if (threshold <= 0) return [];
  const ended = pods.filter(hasEnded);
  const surplus = Math.max(0, ended.length - threshold);
  return ended.toSorted(evictedThenOldest).slice(0, surplus);
}

function evictedThenOldest(a: Pod, b: Pod): number {
  const isEvicted = ({ status }: Pod) => status?.phase === "Failed" && status.reason === "Evicted";
  if (isEvicted(a) !== isEvicted(b)) return isEvicted(a) ? -1 : 1;
  const difference = timeMs(a.metadata.creationTimestamp) - timeMs(b.metadata.creationTimestamp);
  return difference || ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1);
}

/** Pods that are to go and that no kubelet will ever end, because they have no node. */
export function unscheduledTerminatingPods(pods: readonly Pod[]): Pod[] {
  return pods.filter(({ metadata, spec }) => metadata.deletionTimestamp !== undefined && !spec.nodeName);
}

/** Pods that are to go from nodes that an administrator has declared dead. */
export function outOfServicePods(pods: readonly Pod[], nodeOf: (name: string) => Node | undefined): Pod[] {
  return pods.filter(({ metadata, spec }) => {
    const node = metadata.deletionTimestamp !== undefined && spec.nodeName ? nodeOf(spec.nodeName) : undefined;
    if (!node || isConditionTrue(node.status?.conditions, "Ready")) return false;
    return (node.spec.taints ?? []).some(({ key }) => key === outOfServiceTaint);
  });
}

/** When each node was first missed; milliseconds of the monotonic clock. */
export type MissingNodes = ReadonlyMap<string, number>;

/** The nodes that pods are bound to and that do not exist, with those that were missed before keeping their time. */
export function missingNodes(
  pods: readonly Pod[],
  exists: (name: string) => boolean,
  before: MissingNodes,
  nowMs: number,
): MissingNodes {
  const missing = new Map<string, number>();
  for (const { spec } of pods) {
    if (spec.nodeName && !exists(spec.nodeName)) missing.set(spec.nodeName, before.get(spec.nodeName) ?? nowMs);
  }
  return missing;
}
