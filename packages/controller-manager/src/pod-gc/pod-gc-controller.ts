import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { nodes, pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { hasEnded } from "../framework/pod-ranking.ts";
import { PodsByNode } from "../framework/pods-by-node.ts";
import { missingNodes, outOfServicePods, surplusPods, unscheduledTerminatingPods } from "./plan.ts";
import type { MissingNodes } from "./plan.ts";

const periodMs = 20_000;
/** A node may be away so long, as when it registers anew, before its pods count as lost. */
const quarantineMs = 40_000;

/** Removes pods that nobody else will: those of nodes that are gone, those never scheduled, and too many ended ones. */
export class PodGarbageCollector implements Controller {
  readonly #context: ControllerContext;
  readonly #pods: PodsByNode;
  readonly #nodes: Informer<Node>;
  #missing: MissingNodes = new Map();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#pods = new PodsByNode(context.informers);
    this.#nodes = context.informers.informer(nodes);
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
    for (const pod of surplusPods(all, config.terminatedPodThreshold)) await this.#remove(pod, undefined, signal);
    for (const pod of outOfServicePods(all, nodeOf)) await this.#remove(pod, undefined, signal);
    await this.#removeOrphans(all, (name) => nodeOf(name) !== undefined, signal);
    for (const pod of unscheduledTerminatingPods(all)) await this.#remove(pod, undefined, signal);
  }

  async #removeOrphans(all: readonly Pod[], exists: (name: string) => boolean, signal: AbortSignal): Promise<void> {
    const nowMs = this.#context.clock.monotonicMs();
    this.#missing = missingNodes(all, exists, this.#missing, nowMs);
    for (const [name, sinceMs] of this.#missing) {
      if (nowMs - sinceMs < quarantineMs || (await this.#nodeExists(name, signal))) continue;
      for (const pod of this.#pods.on(name)) await this.#remove(pod, "PodGC: node no longer exists", signal);
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
  async #remove(pod: Pod, disruption: string | undefined, signal: AbortSignal): Promise<void> {
    const { client, log } = this.#context;
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const uid = uidOf(pod);
    try {
      if (!hasEnded(pod)) {
        const patch = { metadata: { uid }, status: this.#failedStatus(disruption) };
        await client.resource(pods).patch(key, "strategic", patch, { subresource: "status", signal });
      }
      await client.resource(pods).delete(key, { gracePeriodSeconds: 0, preconditions: { uid }, signal });
      log.info("pod removed", { ...key, uid });
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      if (isNotFound(error) || isConflict(error)) return;
      log.warn("pod could not be removed", { ...key, error: errorFields(error) });
    }
  }

  #failedStatus(message: string | undefined): object {
    if (message === undefined) return { phase: "Failed" };
    const lastTransitionTime = formatTime(this.#context.clock.now());
    const type = "DisruptionTarget";
    return {
      phase: "Failed",
      conditions: [{ type, status: "True", reason: "DeletionByPodGC", message, lastTransitionTime }],
    };
  }
}

export const podGarbageCollector: ControllerDefinition = {
  name: "pod-garbage-collector-controller",
  serviceAccount: "pod-garbage-collector",
  create: (context) => new PodGarbageCollector(context),
};
