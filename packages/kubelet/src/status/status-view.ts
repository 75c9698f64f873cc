import type { ContainerStatus, Pod, PodStatus } from "@kube-ts/api/core/v1";
import type { ObservedPod } from "../pods/observed-pod.ts";
import type { ResizeRefusal } from "../pods/resize.ts";
import type { ProbeResults } from "../probes/probe-results.ts";

/** Why a container waits, as users see it. */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

/** Why a pod ended other than by its containers' own exits. */
export interface PodOutcome {
  readonly reason: string;
  readonly message: string;
  /** Reason of the `DisruptionTarget` condition, for pods that the node ended. */
  readonly disruption?: string;
  /** Message of that condition, when it is another one. */
  readonly disruptionMessage?: string;
}

/** Everything that a pod's status is computed from. */
export interface StatusView {
  readonly pod: Pod;
  /** The status before: the last one computed here, or else the stored one. */
  readonly last: PodStatus;
  readonly observed: ObservedPod;
  /** Containers that are held back, by name. */
  readonly waiting: ReadonlyMap<string, WaitingReason>;
  /** Restart counts of the containers whose start is under way, by name. */
  readonly starting: ReadonlyMap<string, number>;
  readonly probes: ProbeResults;
  /** Addresses of the node, the primary first. */
  readonly hostIps: readonly string[];
  /** Scheme of container ids, such as `docker`. */
  readonly runtimeName: string;
  readonly outcome: PodOutcome | undefined;
  /** Why the pod keeps its resources although it asks for others. */
  readonly resizeRefusal: ResizeRefusal | undefined;
  /** Containers that are to get other resources and do not have them yet, by name. */
  readonly resizing: ReadonlySet<string>;
  /** Why the last try to give them failed. */
  readonly resizeFailure: string | undefined;
  /** All containers are being stopped and removed, so that they start anew. */
  readonly restartingAll: boolean;
  /** The pod is to end and nothing of it runs any more. */
  readonly ended: boolean;
  readonly nowMs: number;
}

/** The status of one container in the status before. */
export function lastContainerStatus(status: PodStatus, name: string): ContainerStatus | undefined {
  const byName = (container: ContainerStatus) => container.name === name;
  return (
    status.containerStatuses?.find(byName) ??
    status.initContainerStatuses?.find(byName) ??
    status.ephemeralContainerStatuses?.find(byName)
  );
}

/** The waiting state of a container that was removed in order to start all of the pod's anew. */
export const restartOfAll: WaitingReason = {
  reason: "RestartingAllContainers",
  message: "The container is removed because RestartAllContainers in place",
};

/** Whether the container was removed so that it begins anew, and did not yet. */
export function awaitsRestartOfAll(status: ContainerStatus | undefined): boolean {
  return status?.state?.waiting?.reason === restartOfAll.reason;
}

/** Whether the status before knows a newer instance than this one: that instance is gone from the runtime. */
export function knowsNewer(last: ContainerStatus | undefined, instance: { readonly attempt: number }): boolean {
  return last?.containerID !== undefined && last.restartCount > instance.attempt;
}
