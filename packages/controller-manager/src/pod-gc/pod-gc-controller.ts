import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { nodes, pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { Counter } from "@kube-ts/std/metrics";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { hasEnded } from "../framework/pod-ranking.ts";
import { PodsByNode } from "../framework/pods-by-node.ts";
import { missingNodes, outOfServicePods, surplusPods, unscheduledTerminatingPods } from "./plan.ts";
import type { MissingNodes } from "./plan.ts";

const periodMs = 20_000;
/** A node may be away so long, as when it registers anew, before its pods count as lost. */
const quarantineMs = 40_000;

/** Upstream's words in metrics. */
type RemovalReason = "terminated" | "orphaned" | "out-of-service" | "unscheduled";

/** Removes pods that nobody else will: those of nodes that are gone, those never scheduled, and too many ended ones. */
export class PodGarbageCollector implements Controller {
  readonly #context: ControllerContext;
  readonly #pods: PodsByNode;
  readonly #nodes: Informer<Node>;
  #missing: MissingNodes = new Map();
  readonly #removed: Counter<"namespace" | "reason">;
  readonly #failed: Counter<"namespace" | "reason">;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#pods = new PodsByNode(context.informers);
    this.#nodes = context.informers.informer(nodes);
    const labelNames = ["namespace", "reason"] as const;
    const registers = [context.metrics];
    const prefix = "pod_gc_collector_force_delete";
    this.#removed = new Counter({
      name: `${prefix}_pods_total`,
      help: "Pods that were removed.",
      labelNames,
      registers,
    });
    this.#failed = new Counter({
      name: `${prefix}_pod_errors_total`,
      help: "Pods that could not be removed.",
      labelNames,
      registers,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.collect(signal);
      await this.#context.clock.sleep(periodMs, signal);
    }
  }

  /** One round. Public so that a test can take it without waiting for its time. */
  async collect(signal: AbortSignal): Promise<void> {
    const { config } = this.#context;
    const all = this.#pods.informer.list();
    const nodeOf = (name: string) => this.#nodes.get(objectKey("", name));
    for (const pod of surplusPods(all, config.terminatedPodThreshold)) await this.#remove(pod, "terminated", signal);
    for (const pod of outOfServicePods(all, nodeOf)) await this.#remove(pod, "out-of-service", signal);
    await this.#removeOrphans(all, (name) => nodeOf(name) !== undefined, signal);
    for (const pod of unscheduledTerminatingPods(all)) await this.#remove(pod, "unscheduled", signal);
  }

  async #removeOrphans(all: readonly Pod[], exists: (name: string) => boolean, signal: AbortSignal): Promise<void> {
    const nowMs = this.#context.clock.monotonicMs();
    this.#missing = missingNodes(all, exists, this.#missing, nowMs);
    for (const [name, sinceMs] of this.#missing) {
      if (nowMs - sinceMs < quarantineMs || (await this.#nodeExists(name, signal))) continue;
      for (const pod of this.#pods.on(name)) await this.#remove(pod, "orphaned", signal);
    }
  }

  async #nodeExists(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#context.client.resource(nodes).get({ name }, { signal });
      return true;
    } catch (error) {
      // Whoever cannot be asked about may well exist.
      return !isNotFound(error);
    }
  }

  /** Marks a pod that has not ended as failed, and deletes it without waiting for a kubelet. */
  async #remove(pod: Pod, reason: RemovalReason, signal: AbortSignal): Promise<void> {
    const { client, log } = this.#context;
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const uid = uidOf(pod);
    const labels = { namespace: key.namespace, reason };
    try {
      if (!hasEnded(pod)) {
        const patch = { metadata: { uid }, status: this.#failedStatus(reason) };
        await client.resource(pods).patch(key, "strategic", patch, { subresource: "status", signal });
      }
      await client.resource(pods).delete(key, { gracePeriodSeconds: 0, preconditions: { uid }, signal });
      this.#removed.inc(labels);
      log.info("pod removed", { ...key, uid, reason });
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      if (isNotFound(error) || isConflict(error)) return;
      this.#failed.inc(labels);
      log.warn("pod could not be removed", { ...key, reason, error: errorFields(error) });
    }
  }

  #failedStatus(reason: RemovalReason): object {
    if (reason !== "orphaned") return { phase: "Failed" };
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByPodGC",
      message: "PodGC: node no longer exists",
      lastTransitionTime: formatTime(this.#context.clock.now()),
    };
    return { phase: "Failed", conditions: [condition] };
  }
}

export const podGarbageCollector: ControllerDefinition = {
  name: "pod-garbage-collector-controller",
  serviceAccount: "pod-garbage-collector",
  create: (context) => new PodGarbageCollector(context),
};
