import type { Pod } from "@kube-ts/api/core/v1";
import { withCondition, withoutCondition } from "@kube-ts/api/conditions";
import {
  compareForDeletion,
  hasEnded,
  isPodActive,
  isPodAvailable,
  isPodReady,
  untilAvailableMs,
} from "../framework/pod-ranking.ts";

/** At most this many pods are created or deleted at once. */
export const burstReplicas = 500;

/** What a controller of identical pods needs to know of one of its objects. */
export interface ReplicaView {
  readonly desired: number;
  readonly minReadySeconds: number;
  readonly templateLabels: Readonly<Record<string, string>>;
  readonly generation: number;
  /** Pods that belong to the object. */
  readonly pods: readonly Pod[];
  /** Pods of all objects with the same owner, for choosing crowded nodes first. */
  readonly relatedPods: readonly Pod[];
  readonly status: ReplicaStatus;
  /** Whether the status of this kind tells how many pods are on their way out. */
  readonly tellsTerminating: boolean;
}

export interface ReplicaStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly ReplicaCondition[];
}

export interface ReplicaCondition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
}

export type ReplicaAction =
  | { readonly kind: "none" }
  | { readonly kind: "create"; readonly count: number }
  | { readonly kind: "delete"; readonly pods: readonly Pod[] };

/** What to do so that as many pods run as are wanted. */
export function planReplicas(view: ReplicaView): ReplicaAction {
  const active = view.pods.filter(isPodActive);
  const difference = active.length - view.desired;
  if (difference < 0) return { kind: "create", count: Math.min(-difference, burstReplicas) };
  if (difference > 0) {
    const count = Math.min(difference, burstReplicas);
    return { kind: "delete", pods: podsToDelete(active, view.relatedPods, count) };
  }
  return { kind: "none" };
}

function podsToDelete(active: readonly Pod[], related: readonly Pod[], count: number): Pod[] {
  if (count >= active.length) return [...active];
  const onNode = new Map<string, number>();
  for (const pod of related.filter(isPodActive)) {
    const node = pod.spec.nodeName ?? "";
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  return active.toSorted(compareForDeletion((pod) => onNode.get(pod.spec.nodeName ?? "") ?? 0)).slice(0, count);
}

/** What an attempt to reach the wanted number led to. */
export interface Failure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly message: string;
}

/** The status that the pods amount to. Counts of zero are left out where upstream leaves them out. */
export function planStatus(view: ReplicaView, failure: Failure | undefined, nowMs: number, now: string): ReplicaStatus {
  const active = view.pods.filter(isPodActive);
  const labels = Object.entries(view.templateLabels);
  const count = (accept: (pod: Pod) => boolean) => active.filter(accept).length;
  const fullyLabeled = count(({ metadata }) => labels.every(([key, value]) => metadata.labels?.[key] === value));
  const ready = count(isPodReady);
  const available = count((pod) => isPodAvailable(pod, view.minReadySeconds, nowMs));
  const terminating = view.pods.filter((pod) => !hasEnded(pod) && pod.metadata.deletionTimestamp !== undefined).length;
  const conditions = planConditions(view.status.conditions, failure, now);
  return {
    replicas: active.length,
    ...(fullyLabeled > 0 && { fullyLabeledReplicas: fullyLabeled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(view.tellsTerminating && { terminatingReplicas: terminating }),
    observedGeneration: view.generation,
    ...(conditions.length > 0 && { conditions }),
  };
}

function planConditions(
  current: readonly ReplicaCondition[] | undefined,
  failure: Failure | undefined,
  now: string,
): readonly ReplicaCondition[] {
  if (!failure) return withoutCondition(current, "ReplicaFailure");
  return withCondition(current, { type: "ReplicaFailure", status: "True", ...failure, lastTransitionTime: now });
}

/** When a pod that is ready now becomes available, in milliseconds from now; undefined when none is waiting. */
export function nextAvailabilityMs(view: ReplicaView, nowMs: number): number | undefined {
  let next: number | undefined;
  for (const pod of view.pods.filter(isPodActive)) {
    const remaining = untilAvailableMs(pod, view.minReadySeconds, nowMs);
    if (remaining !== undefined && remaining > 0) next = Math.min(next ?? remaining, remaining);
  }
  return next;
}
