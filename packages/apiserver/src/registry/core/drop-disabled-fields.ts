import type { PodSpec } from "@kube-ts/api/core/v1";

/**
 * Clears what belongs to features that are off in this version, as upstream does with fields behind a closed
 * feature gate. What an object had before stays.
 */
export function dropDisabledPodFields(spec: PodSpec, old: PodSpec | undefined): void {
  if (old?.schedulingGroup === undefined) delete spec.schedulingGroup;
}
