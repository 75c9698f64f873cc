import type { Deployment, ReplicaSet } from "@kube-ts/api/apps/v1";
import { maxReplicasAnnotation } from "@kube-ts/api/well-known-labels";
import { byAge } from "./revision.ts";
import { availableIn, desiredReplicas, rolloutLimits, sizeOf, totalSize } from "./rollout-limits.ts";

/** A replica set with the size it is to have. */
export interface Resize {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

/** The size of the new replica set when a rolling update starts or goes on. */
export function newReplicaSetSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const desired = desiredReplicas(deployment);
  if (deployment.spec.strategy?.type === "Recreate") return desired;
  const limit = desired + rolloutLimits(deployment).maxSurge;
  const room = limit - totalSize(all);
  if (room <= 0) return current;
  return current + Math.min(room, desired - current);
}

/** One step of a rolling update: the new set grows as far as it may, then the old ones shrink as far as they may. */
export function planRollingUpdate(
  deployment: Deployment,
  newSet: ReplicaSet,
  oldSets: readonly ReplicaSet[],
): Resize[] {
  const desired = desiredReplicas(deployment);
  const all = [...oldSets, newSet];
  const size = sizeOf(newSet);
  if (size > desired) return [{ set: newSet, replicas: desired }];
  const grown = size < desired ? newReplicaSetSize(deployment, all, size) : size;
  if (grown !== size) return [{ set: newSet, replicas: grown }];
  return planShrink(deployment, newSet, oldSets);
}

function planShrink(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): Resize[] {
  const active = oldSets.filter((set) => sizeOf(set) > 0);
  const oldSize = totalSize(active);
  if (oldSize === 0) return [];
  const minAvailable = desiredReplicas(deployment) - rolloutLimits(deployment).maxUnavailable;
  const newUnavailable = sizeOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const removable = totalSize([...active, newSet]) - minAvailable - newUnavailable;
  if (removable <= 0) return [];
  const sizes = new Map(active.map((set) => [set, sizeOf(set)]));
  const byAgeSets = active.toSorted(byAge);
  removeUnhealthy(byAgeSets, sizes, removable);
  removeAvailable(byAgeSets, sizes, availableIn([...active, newSet]) - minAvailable);
  return byAgeSets.flatMap((set) => {
    const replicas = sizes.get(set) ?? 0;
    return replicas === sizeOf(set) ? [] : [{ set, replicas }];
  });
}

/** Pods that are not available go first: their loss harms nobody. */
function removeUnhealthy(sets: readonly ReplicaSet[], sizes: Map<ReplicaSet, number>, removable: number): void {
  let left = removable;
  for (const set of sets) {
    if (left <= 0) return;
    const size = sizes.get(set) ?? 0;
    const unhealthy = size - (set.status?.availableReplicas ?? 0);
    const count = Math.min(left, Math.max(0, unhealthy));
    sizes.set(set, size - count);
    left -= count;
  }
}

function removeAvailable(sets: readonly ReplicaSet[], sizes: Map<ReplicaSet, number>, spare: number): void {
  let left = spare;
  for (const set of sets) {
    if (left <= 0) return;
    const size = sizes.get(set) ?? 0;
    const count = Math.min(left, size);
    sizes.set(set, size - count);
    left -= count;
  }
}

/**
 * The sizes after the deployment itself was resized: a single active set takes it all; in the middle of a rollout
 * every set gets its share, largest first.
 */
export function planResize(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
): Resize[] {
  const all = newSet ? [...oldSets, newSet] : [...oldSets];
  const active = all.filter((set) => sizeOf(set) > 0);
  const desired = desiredReplicas(deployment);
  const [only] = active.length > 0 ? active : newSet ? [newSet] : oldSets.toSorted(byAge).slice(-1);
  // Also when its size is right: what it notes of the deployment's size may be out of date.
  if (active.length <= 1) return only ? [{ set: only, replicas: desired }] : [];
  if (newSet && isSaturated(deployment, newSet)) {
    return oldSets.filter((set) => sizeOf(set) > 0).map((set) => ({ set, replicas: 0 }));
  }
  if (deployment.spec.strategy?.type === "Recreate") return [];
  return shareOut(deployment, active);
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const desired = desiredReplicas(deployment);
  return sizeOf(set) === desired && (set.status?.availableReplicas ?? 0) === desired;
}

function shareOut(deployment: Deployment, active: readonly ReplicaSet[]): Resize[] {
  const desired = desiredReplicas(deployment);
  const allowed = desired > 0 ? desired + rolloutLimits(deployment).maxSurge : 0;
  const toAdd = allowed - totalSize(active);
  // Growing favours young sets, shrinking old ones, when sizes are equal.
  const ordered = active.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of ordered) {
    const share = toAdd === 0 ? 0 : boundedShare(set, allowed, toAdd, added);
    sizes.set(set, sizeOf(set) + share);
    added += share;
  }
  const [largest] = ordered;
  if (largest) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + toAdd - added));
  return ordered.map((set) => ({ set, replicas: sizes.get(set) ?? sizeOf(set) }));
}

function boundedShare(set: ReplicaSet, allowed: number, toAdd: number, added: number): number {
  const size = sizeOf(set);
  const noted = Number(set.metadata.annotations?.[maxReplicasAnnotation] ?? 0);
  const before = noted > 0 ? noted : allowed;
  const fraction = Math.round((size * allowed) / before) - size;
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}
