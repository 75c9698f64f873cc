import type { Pod } from "@kube-ts/api/core/v1";
import { findCondition, isConditionTrue } from "@kube-ts/api/conditions";
import { timeMs } from "@kube-ts/api/rfc3339";
import { podDeletionCostAnnotation } from "@kube-ts/api/well-known-labels";

/** Whether the pod counts towards what its controller wants: it has not ended and nobody deletes it. */
export function isPodActive(pod: Pod): boolean {
  return !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Whether all that the pod had to do is over, well or not. */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

export function isPodReady({ status }: Pod): boolean {
  return isConditionTrue(status?.conditions, "Ready");
}

/** Whether the pod has been ready for so long without a break. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const remainingMs = untilAvailableMs(pod, minReadySeconds, nowMs);
  return remainingMs !== undefined && remainingMs <= 0;
}

/** Milliseconds until a ready pod counts as available; undefined while it is not ready. */
export function untilAvailableMs(pod: Pod, minReadySeconds: number, nowMs: number): number | undefined {
  const ready = findCondition(pod.status?.conditions, "Ready");
  if (ready?.status !== "True") return undefined;
  if (minReadySeconds === 0) return 0;
  return timeMs(ready.lastTransitionTime) + minReadySeconds * 1_000 - nowMs;
}

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Orders pods so that those whose loss costs least come first: unscheduled before scheduled, pending before
 * running, not ready before ready, cheaper before dearer, crowded nodes before others, younger before older.
 * `podsOnNode` tells how many related pods share a pod's node.
 */
export function compareForDeletion(podsOnNode: (pod: Pod) => number): (a: Pod, b: Pod) => number {
  const restarts = (pod: Pod) =>
    Math.max(0, ...(pod.status?.containerStatuses ?? []).map((container) => container.restartCount));
  const readySince = (pod: Pod) => timeMs(findCondition(pod.status?.conditions, "Ready")?.lastTransitionTime);
  const keys: ((pod: Pod) => number)[] = [
    (pod) => (pod.spec.nodeName ? 1 : 0),
    (pod) => phaseRank[pod.status?.phase ?? ""] ?? 0,
    (pod) => (isPodReady(pod) ? 1 : 0),
    (pod) => deletionCost(pod),
    (pod) => -podsOnNode(pod),
    (pod) => (isPodReady(pod) ? -readySince(pod) : 0),
    (pod) => -restarts(pod),
    (pod) => -timeMs(pod.metadata.creationTimestamp),
  ];
  return (a, b) => {
    for (const key of keys) {
      const difference = key(a) - key(b);
      if (difference !== 0) return difference;
    }
    return (a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1;
  };
}

function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[podDeletionCostAnnotation] ?? "0";
  return /^[+-]?\d{1,10}$/.test(text) ? Number(text) : 0;
}
