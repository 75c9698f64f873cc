import type { Deployment, ReplicaSet } from "@kube-ts/api/apps/v1";
import { scaledValue } from "@kube-ts/api/int-or-string";
import { desiredReplicasAnnotation, maxReplicasAnnotation } from "@kube-ts/api/well-known-labels";

/** How far a rolling update may go above and below the wanted number of pods. */
export interface RolloutLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

export function desiredReplicas({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}

/** Percentages become counts: surge rounds up, unavailability rounds down, and both cannot be zero. */
export function rolloutLimits(deployment: Deployment): RolloutLimits {
  const { strategy } = deployment.spec;
  if (strategy?.type === "Recreate") return { maxSurge: 0, maxUnavailable: 0 };
  const total = desiredReplicas(deployment);
  const { maxSurge = "25%", maxUnavailable = "25%" } = strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, total, "up");
  const unavailable = scaledValue(maxUnavailable, total, "down");
  if (surge === 0 && unavailable === 0) return { maxSurge: 0, maxUnavailable: 1 };
  return { maxSurge: surge, maxUnavailable: Math.min(unavailable, total) };
}

/** Annotations that tell what the sizes of a replica set were based on. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const desired = desiredReplicas(deployment);
  return {
    [desiredReplicasAnnotation]: String(desired),
    [maxReplicasAnnotation]: String(desired + rolloutLimits(deployment).maxSurge),
  };
}

/** Whether the deployment was resized since the replica sets were. */
export function isScaling(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    if (sizeOf(set) === 0) return false;
    const noted = set.metadata.annotations?.[desiredReplicasAnnotation];
    return noted !== undefined && Number(noted) !== desiredReplicas(deployment);
  });
}

export function sizeOf({ spec }: ReplicaSet): number {
  return spec.replicas ?? 1;
}

export function totalSize(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + sizeOf(set), 0);
}

export function availableIn(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
}
