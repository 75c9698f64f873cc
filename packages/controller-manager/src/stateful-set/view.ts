import type { StatefulSet } from "@kube-ts/api/apps/v1";
import type { Pod, PodTemplateSpec } from "@kube-ts/api/core/v1";
import { nameOf, uidOf } from "@kube-ts/api/object";
import { isPodAvailable, isPodReady } from "../framework/pod-ranking.ts";
import type { ClaimHolder, ClaimsByName } from "./claims.ts";
import { firstOrdinal, isWanted, ordinalOf, podNameOf } from "./identity.ts";

/** A revision of the set's pod template. */
export interface TemplateRevision {
  readonly name: string;
  readonly template: PodTemplateSpec;
}

/** What the controller knows of a set when it decides. */
export interface SetView {
  readonly set: StatefulSet;
  /** The revision that a rolling update comes from, and the one it goes to; the same when there is none. */
  readonly current: TemplateRevision;
  readonly update: TemplateRevision;
  /** The pods that belong to the set; all of them have names that the set gives. */
  readonly pods: readonly Pod[];
  readonly claims: ClaimsByName;
  /** Whether `maxUnavailable` counts, which is a feature that is off by default. */
  readonly honoursMaxUnavailable: boolean;
  readonly nowMs: number;
}

/** One place in the set, and the pod that has it. */
export interface Place {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
}

/** A place that has a pod. */
export interface TakenPlace extends Place {
  readonly pod: Pod;
}

export interface Places {
  /** Every place that the set wants, lowest ordinal first. */
  readonly wanted: readonly Place[];
  /** The pods that the set does not want any more, highest ordinal first. */
  readonly condemned: readonly TakenPlace[];
}

export function placesOf({ set, pods }: SetView): Places {
  const taken: TakenPlace[] = [];
  for (const pod of pods) {
    const ordinal = ordinalOf(nameOf(set), nameOf(pod));
    if (ordinal !== undefined) taken.push({ ordinal, pod });
  }
  const byOrdinal = new Map(taken.map((place) => [place.ordinal, place]));
  const first = firstOrdinal(set);
  const wanted = Array.from({ length: set.spec.replicas ?? 1 }, (_none, index): Place => {
    const ordinal = first + index;
    return byOrdinal.get(ordinal) ?? { ordinal, pod: undefined };
  });
  const condemned = taken.filter(({ ordinal }) => !isWanted(set, ordinal));
  return { wanted, condemned: condemned.toSorted((a, b) => b.ordinal - a.ordinal) };
}

export function holderOf(set: StatefulSet, { ordinal, pod }: Place): ClaimHolder {
  return { ordinal, podName: podNameOf(set, ordinal), podUid: pod && uidOf(pod) };
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === "Running" && isPodReady(pod);
}

export function isTerminating({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Whether the pod runs, has been ready for long enough, and nobody deletes it. */
export function isServing({ set, nowMs }: SetView, pod: Pod | undefined): pod is Pod {
  return pod !== undefined && !isTerminating(pod) && isRunningAndAvailable(pod, set, nowMs);
}

export function isRunningAndAvailable(pod: Pod, { spec }: StatefulSet, nowMs: number): boolean {
  return isRunningAndReady(pod) && isPodAvailable(pod, spec.minReadySeconds ?? 0, nowMs);
}
