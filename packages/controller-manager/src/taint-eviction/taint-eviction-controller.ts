import type { Node, Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { nodes, pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { PodsByNode } from "../framework/pods-by-node.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { EvictionMetrics } from "./eviction-metrics.ts";
import { maxStayMs } from "./plan.ts";

const workers = 8;

/** Since when a pod is on a node that it may not stay on. */
interface Stay {
  readonly uid: string;
  readonly sinceMs: number;
}

/** Deletes pods from nodes with NoExecute taints that they do not tolerate, or no longer. */
export class TaintEvictionController implements Controller {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #pods: PodsByNode;
  readonly #queue: WorkQueue<ObjectKey>;
  /** Bounded by the number of pods. */
  readonly #stays = new Map<ObjectKey, Stay>();
  readonly #metrics: EvictionMetrics;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#nodes = context.informers.informer(nodes);
    this.#pods = new PodsByNode(context.informers);
    this.#queue = controllerQueue("taint_eviction_controller", context);
    this.#metrics = new EvictionMetrics(context.metrics);
    this.#nodes.subscribe({
      added: (node) => this.#enqueuePodsOf(node),
      updated: (old, node) => {
        if (!semanticEqual(old.spec.taints, node.spec.taints)) this.#enqueuePodsOf(node);
      },
      deleted: (node) => this.#enqueuePodsOf(node),
    });
    this.#pods.informer.subscribe({
      added: (pod) => this.#queue.add(keyOf(pod)),
      updated: (old, pod) => {
        const moved = old.spec.nodeName !== pod.spec.nodeName;
        if (moved || !semanticEqual(old.spec.tolerations, pod.spec.tolerations)) this.#queue.add(keyOf(pod));
      },
      deleted: (pod) => void this.#stays.delete(keyOf(pod)),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  #enqueuePodsOf(node: Node): void {
    for (const pod of this.#pods.on(nameOf(node))) this.#queue.add(keyOf(pod));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const pod = this.#pods.informer.get(key);
    if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp) {
      this.#stays.delete(key);
      return;
    }
    const taints = this.#nodes.get(objectKey("", pod.spec.nodeName))?.spec.taints ?? [];
    const stayMs = maxStayMs(taints, pod.spec.tolerations ?? []);
    if (stayMs === undefined) {
      this.#cancel(key, pod);
      return;
    }
    const nowMs = this.#context.clock.monotonicMs();
    const known = this.#stays.get(key);
    const stay = known?.uid === uidOf(pod) ? known : { uid: uidOf(pod), sinceMs: nowMs };
    this.#stays.set(key, stay);
    const dueMs = stay.sinceMs + stayMs;
    if (dueMs > nowMs) this.#queue.addAfter(key, dueMs - nowMs);
    else await this.#evict(key, pod, dueMs, signal);
  }

  #cancel(key: ObjectKey, pod: Pod): void {
    if (!this.#stays.delete(key)) return;
    this.#context.events.event(pod, "Normal", "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
  }

  /** `dueMs` is the moment from which on the pod may not stay, on the monotonic clock. */
  async #evict(key: ObjectKey, pod: Pod, dueMs: number, signal: AbortSignal): Promise<void> {
    const { client, events, clock } = this.#context;
    events.event(pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${key}`);
    const target = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const disrupted = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
      lastTransitionTime: formatTime(clock.now()),
    };
    const patch = { metadata: { uid: uidOf(pod) }, status: { conditions: [disrupted] } };
    try {
      await client.resource(pods).patch(target, "strategic", patch, { subresource: "status", signal });
      await client.resource(pods).delete(target, { preconditions: { uid: uidOf(pod) }, signal });
      this.#metrics.deleted((clock.monotonicMs() - dueMs) / 1_000);
    } catch (error) {
      // It is gone, or another pod has its name.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
    this.#stays.delete(key);
  }
}

export const taintEvictionController: ControllerDefinition = {
  name: "taint-eviction-controller",
  serviceAccount: "node-controller",
  create: (context) => new TaintEvictionController(context),
};
