import type { StatefulSetStatus } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { untilAvailableMs } from "../framework/pod-ranking.ts";
import { revisionOf } from "./identity.ts";
import type { PodAction } from "./plan.ts";
import type { SetView } from "./view.ts";
import { isRunningAndAvailable, isRunningAndReady, isTerminating } from "./view.ts";

/** The status that the pods amount to after what was done just now: who is deleted is of no revision any more. */
export function planStatus(view: SetView, done: readonly PodAction[], collisionCount: number): StatefulSetStatus {
  const { set, pods, current, update, nowMs } = view;
  const count = (accept: (pod: Pod) => boolean) => pods.filter(accept).length;
  const leaving = new Set(done.map((action) => (action.kind === "delete" ? action.pod : undefined)));
  const staying = pods.filter((pod) => !isTerminating(pod) && !leaving.has(pod));
  const ofRevision = (name: string) => staying.filter((pod) => revisionOf(pod) === name).length;
  const counts = {
    replicas: pods.length,
    ready: count(isRunningAndReady),
    available: count((pod) => isRunningAndAvailable(pod, set, nowMs)),
    current: ofRevision(current.name),
    updated: ofRevision(update.name),
  };
  const isUpdated =
    set.spec.updateStrategy?.type === "RollingUpdate" &&
    [counts.updated, counts.ready, counts.replicas].every((number) => number === (set.spec.replicas ?? 1));
  const currentReplicas = isUpdated ? counts.updated : counts.current;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: counts.replicas,
    ...(counts.ready > 0 && { readyReplicas: counts.ready }),
    availableReplicas: counts.available,
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(counts.updated > 0 && { updatedReplicas: counts.updated }),
    currentRevision: isUpdated ? update.name : current.name,
    updateRevision: update.name,
    collisionCount,
    ...(set.status?.conditions && { conditions: set.status.conditions }),
  };
}

/** When a pod that is ready now becomes available, in milliseconds from now; undefined when none is waiting. */
export function nextAvailabilityMs({ set, pods, nowMs }: SetView): number | undefined {
  const waits = pods
    .filter((pod) => isRunningAndReady(pod) && !isTerminating(pod))
    .map((pod) => untilAvailableMs(pod, set.spec.minReadySeconds ?? 0, nowMs) ?? 0)
    .filter((waitMs) => waitMs > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}
