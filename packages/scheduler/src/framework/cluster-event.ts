import type { KubeObject } from "@kube-ts/api/object";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";

/** What kinds of objects can make a pending pod schedulable when they change. */
interface WatchedObjects {
  /** A pod that has a node. */
  AssignedPod: Pod;
  /** The pending pod itself. */
  UnscheduledPod: Pod;
  Node: Node;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  Namespace: KubeObject;
  Service: KubeObject;
}

export type EventResource = keyof WatchedObjects;

export type EventAction =
  | "Add"
  | "Delete"
  | "Update"
  | "UpdateNodeAllocatable"
  | "UpdateNodeLabel"
  | "UpdateNodeTaint"
  | "UpdateNodeCondition"
  | "UpdateNodeDeclaredFeature"
  | "UpdatePodLabel"
  | "UpdatePodScaleDown"
  | "UpdatePodToleration"
  | "UpdatePodSchedulingGatesEliminated";

interface ClusterEventOf<R extends EventResource> {
  readonly resource: R;
  /** More than one when one update changed several things. */
  readonly actions: readonly EventAction[];
  /** Undefined for an addition. */
  readonly old: WatchedObjects[R] | undefined;
  /** Undefined for a deletion. */
  readonly current: WatchedObjects[R] | undefined;
}

/** Something happened in the cluster that may make pending pods schedulable. */
export type ClusterEvent = { readonly [R in EventResource]: ClusterEventOf<R> }[EventResource];

/** Whether an event is worth another attempt for a pod that the plugin turned down. */
export type QueueingHint = "Queue" | "Skip";

/** One kind of event that can turn a plugin's no into a yes. Without a `hint` every such event means another attempt. */
export interface EventInterest {
  readonly resource: EventResource;
  readonly actions: readonly EventAction[];
  hint?(pod: PodInfo, event: ClusterEvent): QueueingHint;
}

/** Builds an interest whose hint sees events of its own resource only. */
export function interest<R extends EventResource>(
  resource: R,
  actions: readonly EventAction[],
  hint?: (pod: PodInfo, event: ClusterEventOf<R>) => QueueingHint,
): EventInterest {
  if (!hint) return { resource, actions };
  return { resource, actions, hint: (pod, event) => hint(pod, event as unknown as ClusterEventOf<R>) };
}

/** The label of an event in metrics and logs, such as `AssignedPodDelete`. */
export function eventLabel(event: ClusterEvent): string {
  const [action = "Update"] = event.actions;
  if (action === "Add" || action === "Delete" || action === "Update") return `${event.resource}${action}`;
  return action.slice("Update".length);
}
