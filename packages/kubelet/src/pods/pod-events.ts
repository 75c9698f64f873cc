import type { Pod } from "@kube-ts/api/core/v1";

export type EventLevel = "Normal" | "Warning";

/** Tells users what happens to a pod. Never fails and never waits. */
export interface PodEvents {
  pod(pod: Pod, level: EventLevel, reason: string, message: string): void;
  /** `fieldPath` names the container, as `spec.containers{web}`. */
  container(pod: Pod, fieldPath: string, level: EventLevel, reason: string, message: string): void;
}
