import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "@kube-ts/api/apps/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { timeMs } from "@kube-ts/api/rfc3339";
import { availableIn, desiredReplicas, rolloutLimits, totalSize } from "./rollout-limits.ts";

/** What status is computed from. */
export interface StatusView {
  readonly deployment: Deployment;
  readonly newSet: ReplicaSet | undefined;
  readonly allSets: readonly ReplicaSet[];
  /** What the rollout did in this round, to be told in the Progressing condition. */
  readonly progress: Progress | undefined;
  readonly collisionCount: number | undefined;
  readonly nowMs: number;
  readonly now: string;
}

export type Progress =
  | { readonly kind: "created"; readonly setName: string }
  | { readonly kind: "found"; readonly setName: string }
  | { readonly kind: "failed"; readonly message: string };

/** No deadline at all. */
const noDeadlineSeconds = 2_147_483_647;

export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadlineSeconds;
}

/** The status that the replica sets amount to. */
export function planDeploymentStatus(view: StatusView): DeploymentStatus {
  const { deployment, newSet, allSets } = view;
  const replicas = allSets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
  const ready = allSets.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0);
  const updated = newSet?.status?.replicas ?? 0;
  const available = availableIn(allSets);
  const unavailable = Math.max(0, totalSize(allSets) - available);
  const counts = {
    ...(replicas > 0 && { replicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(unavailable > 0 && { unavailableReplicas: unavailable }),
  };
  const terminating = terminatingIn(allSets);
  const conditions = [
    availableCondition(view, available),
    ...progressConditions(view, counts),
    ...failureConditions(view),
  ];
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...counts,
    ...(terminating !== undefined && { terminatingReplicas: terminating }),
    ...(view.collisionCount !== undefined && { collisionCount: view.collisionCount }),
    conditions: orderLike(deployment.status?.conditions ?? [], conditions),
  };
}

/** Undefined while a replica set does not tell. */
function terminatingIn(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of sets) {
    if (status?.terminatingReplicas === undefined) return undefined;
    sum += status.terminatingReplicas;
  }
  return sum;
}

type Counts = Pick<
  DeploymentStatus,
  "replicas" | "updatedReplicas" | "readyReplicas" | "availableReplicas" | "unavailableReplicas"
>;

/** Whether every pod has the new template and is available, and no old one is left. */
export function isComplete(deployment: Deployment, counts: Counts, generation: number | undefined): boolean {
  const desired = desiredReplicas(deployment);
  return (
    (counts.updatedReplicas ?? 0) === desired &&
    (counts.replicas ?? 0) === desired &&
    (counts.availableReplicas ?? 0) === desired &&
    (generation ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function availableCondition({ deployment, now }: StatusView, available: number): DeploymentCondition {
  const enough = available >= desiredReplicas(deployment) - rolloutLimits(deployment).maxUnavailable;
  return condition(deployment, now, {
    type: "Available",
    status: enough ? "True" : "False",
    reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
  });
}

function progressConditions(view: StatusView, counts: Counts): DeploymentCondition[] {
  const { deployment, now } = view;
  const current = findCondition(deployment.status?.conditions, "Progressing");
  if (!hasDeadline(deployment)) return [];
  if (deployment.spec.paused) return [pausedCondition(view)];
  const complete = isComplete(deployment, counts, deployment.metadata.generation);
  const resumed = current?.reason === "DeploymentPaused";
  const setName = view.newSet?.metadata.name ?? "";
  const subject = setName === "" ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${setName}"`;
  const progressing = (reason: string, message: string): DeploymentCondition[] => [
    condition(deployment, now, { type: "Progressing", status: "True", reason, message }, true),
  ];
  if (resumed) return [resumedCondition(view)];
  if (view.progress?.kind === "failed") {
    const failed = {
      type: "Progressing",
      status: "False",
      reason: "ReplicaSetCreateError",
      message: view.progress.message,
    };
    return [condition(deployment, now, failed)];
  }
  if (complete) {
    if (current?.reason === "NewReplicaSetAvailable" && current.status === "True") return [current];
    return progressing("NewReplicaSetAvailable", `${subject} has successfully progressed.`);
  }
  if (view.progress?.kind === "created")
    return progressing("NewReplicaSetCreated", `Created new replica set "${setName}"`);
  // Once complete, a rollout stays so while the deployment is only scaled.
  const isRollout = (counts.replicas ?? 0) !== (counts.updatedReplicas ?? 0);
  if (current?.reason === "NewReplicaSetAvailable" && !isRollout) return [current];
  if (hasProgressed(deployment, counts)) return progressing("ReplicaSetUpdated", `${subject} is progressing.`);
  if (!current) return progressing("FoundNewReplicaSet", `Found new replica set "${setName}"`);
  if (isTimedOut(deployment, counts, view.nowMs)) {
    const message = `${subject} has timed out progressing.`;
    const failed = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message };
    return [condition(deployment, now, failed)];
  }
  return [current];
}

function pausedCondition({ deployment, now }: StatusView): DeploymentCondition {
  const current = findCondition(deployment.status?.conditions, "Progressing");
  if (current?.reason === "DeploymentPaused" || current?.reason === "ProgressDeadlineExceeded") return current;
  const paused = {
    type: "Progressing",
    status: "Unknown",
    reason: "DeploymentPaused",
    message: "Deployment is paused",
  };
  return condition(deployment, now, paused);
}

function resumedCondition({ deployment, now }: StatusView): DeploymentCondition {
  const resumed = {
    type: "Progressing",
    status: "Unknown",
    reason: "DeploymentResumed",
    message: "Deployment is resumed",
  };
  return condition(deployment, now, resumed);
}

/** Whether more pods are updated, ready or available, or fewer old ones are left, than at the last look. */
function hasProgressed({ status = {} }: Deployment, counts: Counts): boolean {
  const old = (each: Counts) => (each.replicas ?? 0) - (each.updatedReplicas ?? 0);
  return (
    (counts.updatedReplicas ?? 0) > (status.updatedReplicas ?? 0) ||
    old(counts) < old(status) ||
    (counts.readyReplicas ?? 0) > (status.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (status.availableReplicas ?? 0)
  );
}

/** Whether the rollout has made no progress for longer than it may. */
function isTimedOut(deployment: Deployment, counts: Counts, nowMs: number): boolean {
  const current = findCondition(deployment.status?.conditions, "Progressing");
  if (!current || current.reason === "NewReplicaSetAvailable") return false;
  if (current.reason === "ProgressDeadlineExceeded") return true;
  if (isComplete(deployment, counts, deployment.metadata.generation)) return false;
  return progressDeadlineMs(deployment) <= nowMs;
}

/** When the rollout fails unless it makes progress before, in milliseconds since the epoch. */
export function progressDeadlineMs(deployment: Deployment): number {
  const current = findCondition(deployment.status?.conditions, "Progressing");
  const since = timeMs(current?.lastUpdateTime ?? current?.lastTransitionTime);
  return since + (deployment.spec.progressDeadlineSeconds ?? noDeadlineSeconds) * 1_000;
}

/** A replica set that cannot create pods says so in its own status. */
function failureConditions({ deployment, newSet, allSets, now }: StatusView): DeploymentCondition[] {
  for (const set of newSet ? [newSet, ...allSets] : allSets) {
    const failure = findCondition(set.status?.conditions, "ReplicaFailure");
    if (failure?.status !== "True") continue;
    const { reason = "", message = "" } = failure;
    return [condition(deployment, now, { type: "ReplicaFailure", status: "True", reason, message })];
  }
  return [];
}

/** The condition with its times: those of the current one as far as nothing changed. */
function condition(
  { status }: Deployment,
  now: string,
  next: { type: string; status: string; reason: string; message: string },
  refresh = false,
): DeploymentCondition {
  const current = findCondition(status?.conditions, next.type);
  const same = current?.status === next.status && current.reason === next.reason;
  if (current && same && !refresh && current.message === next.message) return current;
  return {
    ...next,
    status: next.status as DeploymentCondition["status"],
    lastUpdateTime: now,
    lastTransitionTime: current?.status === next.status ? (current.lastTransitionTime ?? now) : now,
  };
}

/** Keeps the order that conditions have had, so that a status that did not change stays equal. */
function orderLike(
  before: readonly DeploymentCondition[],
  conditions: readonly DeploymentCondition[],
): DeploymentCondition[] {
  const rank = (type: string | undefined) => {
    const at = before.findIndex((entry) => entry.type === type);
    return at < 0 ? before.length : at;
  };
  return conditions.toSorted((a, b) => rank(a.type) - rank(b.type));
}
