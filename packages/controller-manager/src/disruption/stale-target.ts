import { findCondition } from "@kube-ts/api/conditions";
import type { Pod } from "@kube-ts/api/core/v1";
import { timeMs } from "@kube-ts/api/rfc3339";
import { hasEnded } from "../framework/pod-ranking.ts";

const type = "DisruptionTarget";
/** So long after somebody said that a pod is about to be disrupted that is believed. */
const staleAfterMs = 120_000;

/**
 * Milliseconds until the pod's DisruptionTarget condition is out of date; undefined when it never will be. A pod that
 * a kubelet ends may take as long as it likes.
 */
export function untilStaleMs(pod: Pod, nowMs: number): number | undefined {
  if (pod.metadata.deletionTimestamp || hasEnded(pod)) return undefined;
  const condition = findCondition(pod.status?.conditions, type);
  if (condition?.status !== "True" || condition.reason === "TerminationByKubelet") return undefined;
  return Math.max(0, timeMs(condition.lastTransitionTime) + staleAfterMs - nowMs);
}

/** The patch of a pod's status that takes the condition back. */
export function withdrawal(pod: Pod, now: string): object {
  const { uid, resourceVersion } = pod.metadata;
  const condition = { type, status: "False", reason: null, message: null, lastTransitionTime: now };
  return { metadata: { uid, resourceVersion }, status: { conditions: [condition] } };
}
