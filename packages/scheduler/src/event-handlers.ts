import type { Node, Pod } from "@kube-ts/api/core/v1";
import { type KubeObject, nameOf, uidOf } from "@kube-ts/api/object";
import type { InformerHandler } from "@kube-ts/client/informer";
import type { SchedulerCache } from "./cache/scheduler-cache.ts";
import { nodeChanges, podChanges } from "./cluster-events.ts";
import type { ClusterEvent, EventAction } from "./framework/cluster-event.ts";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import type { PodStatusWriter } from "./pod-status-writer.ts";
import type { NominatedPods } from "./queue/nominated-pods.ts";
import type { SchedulingQueue } from "./queue/scheduling-queue.ts";

export interface HandlerTargets {
  readonly cache: SchedulerCache;
  readonly queue: SchedulingQueue;
  readonly nominated: NominatedPods;
  readonly statuses: PodStatusWriter;
  /** Whether a profile answers to the name. */
  isOurs(schedulerName: string): boolean;
}

/** Feeds pods to the cache once they have a node, and to the queue before that. */
export function podHandler(targets: HandlerTargets): InformerHandler<Pod> {
  const { queue } = targets;
  return {
    added: (pod) => {
      if (isEnded(pod)) return;
      if (!pod.spec.nodeName) {
        pending(targets, undefined, pod);
        return;
      }
      assigned(targets, pod);
      queue.onEvent({ resource: "AssignedPod", actions: ["Add"], old: undefined, current: pod });
    },
    updated: (old, pod) => {
      if (isEnded(pod)) {
        gone(targets, old);
        return;
      }
      if (!pod.spec.nodeName) {
        pending(targets, old, pod);
        return;
      }
      assigned(targets, pod);
      const actions = old.spec.nodeName ? podChanges(old, pod) : (["Add"] as const);
      if (actions.length > 0) queue.onEvent({ resource: "AssignedPod", actions, old, current: pod });
    },
    deleted: (pod) => gone(targets, pod),
  };
}

function pending({ cache, queue, nominated, isOurs }: HandlerTargets, old: Pod | undefined, pod: Pod): void {
  if (!isOurs(pod.spec.schedulerName ?? "")) return;
  const info = podInfoOf(pod);
  const nomination = pod.status?.nominatedNodeName ?? "";
  if (!old || nomination !== (old.status?.nominatedNodeName ?? "")) nominated.set(info, nomination);
  if (cache.isAssumed(info.uid)) return;
  if (!old) {
    queue.add(info);
    return;
  }
  const actions = podChanges(old, pod);
  queue.update(actions.length === 0 ? undefined : { resource: "UnscheduledPod", actions, old, current: pod }, info);
}

function assigned({ cache, queue, nominated, statuses }: HandlerTargets, pod: Pod): void {
  const uid = uidOf(pod);
  cache.setPod(pod);
  queue.delete(uid);
  nominated.delete(uid);
  statuses.forget(uid);
}

/** The pod was deleted or has ended. */
function gone({ cache, queue, nominated, statuses }: HandlerTargets, pod: Pod): void {
  const uid = uidOf(pod);
  const tookRoom = Boolean(pod.spec.nodeName) || cache.isAssumed(uid);
  cache.removePod(uid);
  queue.delete(uid);
  const wasNominated = nominated.nodeOf(uid) !== "";
  nominated.delete(uid);
  statuses.forget(uid);
  if (tookRoom || wasNominated) {
    queue.onEvent({ resource: "AssignedPod", actions: ["Delete"], old: pod, current: undefined });
  }
}

/** Feeds nodes to the cache, and tells the queue what has changed of them. */
export function nodeHandler({ cache, queue }: HandlerTargets): InformerHandler<Node> {
  return {
    added: (node) => {
      cache.setNode(node);
      queue.onEvent({ resource: "Node", actions: ["Add"], old: undefined, current: node });
    },
    updated: (old, node) => {
      const actions = nodeChanges(old, node);
      cache.setNode(node);
      if (actions.length > 0) queue.onEvent({ resource: "Node", actions, old, current: node });
    },
    deleted: (node) => {
      cache.removeNode(nameOf(node));
      queue.onEvent({ resource: "Node", actions: ["Delete"], old: node, current: undefined });
    },
  };
}

/** Tells the queue of objects that only plugins look at. */
export function objectHandler<T extends KubeObject>(
  resource: "PersistentVolume" | "PersistentVolumeClaim" | "Namespace",
  { queue }: Pick<HandlerTargets, "queue">,
): InformerHandler<T> {
  // The resource says which type the objects have, which the compiler cannot follow through a generic.
  const tell = (action: EventAction, old: T | undefined, current: T | undefined) =>
    queue.onEvent({ resource, actions: [action], old, current } as unknown as ClusterEvent);
  return {
    added: (object) => tell("Add", undefined, object),
    updated: (old, current) => tell("Update", old, current),
    deleted: (object) => tell("Delete", object, undefined),
  };
}

/** An ended pod takes no room, though it still has its node. */
function isEnded({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
