import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node, ObjectReference, Pod } from "@kube-ts/api/core/v1";
import { keyOf, nameOf, objectKey, type ObjectKey, uidOf } from "@kube-ts/api/object";
import { leases, nodes } from "@kube-ts/api/resource-types";
import { formatTime, timeMs } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { nodeLeaseNamespace } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { aborted, isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { Counter } from "@kube-ts/std/metrics";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { hasEnded } from "../framework/pod-ranking.ts";
import { PodsByNode } from "../framework/pods-by-node.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { type Fence, fenceProgram } from "./fence-program.ts";
import { fenced, fencedAnnotation, nodeState, type NodeState, planFencing, unfenced } from "./plan.ts";
import type { FencingLimits } from "./plan.ts";

const workers = 4;
/** At most so long between two attempts on a machine that could not be turned off. */
const maxRetryMs = 30_000;

interface Observation {
  readonly uid: string;
  readonly state: NodeState;
  /** On our monotonic clock. */
  readonly sinceMs: number;
}

/**
 * Turns off the machines of nodes that are silent for too long, and only then declares them out of service, so that
 * their pods are replaced: two pods with one identity never run at a time. A node that is back is taken into service.
 */
export class FencingController implements Controller {
  readonly #context: ControllerContext;
  readonly #fence: Fence;
  readonly #limits: FencingLimits;
  readonly #nodes: Informer<Node>;
  readonly #leases: Informer<Lease>;
  readonly #pods: PodsByNode;
  readonly #queue: WorkQueue<ObjectKey>;
  /** Bounded by the number of nodes. */
  readonly #observed = new Map<ObjectKey, Observation>();
  readonly #attempts: Counter<"result">;
  readonly #retryMs: number;

  constructor(context: ControllerContext, fence: Fence, limits: FencingLimits) {
    this.#context = context;
    this.#fence = fence;
    this.#limits = limits;
    this.#retryMs = Math.min(maxRetryMs, limits.unreachableMs);
    this.#nodes = context.informers.informer(nodes);
    this.#leases = context.informers.informer(leases, { selection: { namespace: nodeLeaseNamespace } });
    this.#pods = new PodsByNode(context.informers);
    this.#queue = controllerQueue("node_fencing_controller", context);
    this.#attempts = new Counter({
      name: "node_fencing_attempts_total",
      help: "Attempts to turn off the machine of a silent node, by result: succeeded, failed, refuted.",
      labelNames: ["result"],
      registers: [context.metrics],
    });
    this.#nodes.subscribe({
      added: (node) => this.#note(node),
      updated: (_old, node) => this.#note(node),
      deleted: (node) => void this.#observed.delete(keyOf(node)),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  /** Remembers since when the node is in its state; heartbeats that change nothing wake nobody. */
  #note(node: Node): void {
    const key = keyOf(node);
    const known = this.#observed.get(key);
    const state = nodeState(node);
    if (known?.uid === uidOf(node) && known.state === state) return;
    this.#observed.set(key, { uid: uidOf(node), state, sinceMs: this.#context.clock.monotonicMs() });
    this.#queue.add(key);
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const node = this.#nodes.get(key);
    const observed = this.#observed.get(key);
    if (!node || !observed) return;
    const inStateMs = this.#context.clock.monotonicMs() - observed.sinceMs;
    const isEnding = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined && !hasEnded(pod);
    const ending = this.#pods.on(nameOf(node)).filter(isEnding);
    const step = planFencing(node, inStateMs, ending.length, this.#limits);
    if (step.kind === "wait") this.#queue.addAfter(key, step.ms);
    else if (step.kind === "fence") await this.#turnOff(key, node, signal);
    else if (step.kind === "unfence") await this.#takeBack(key, node, signal);
  }

  async #turnOff(key: ObjectKey, cached: Node, signal: AbortSignal): Promise<void> {
    const { clock, log, events } = this.#context;
    const name = nameOf(cached);
    const current = await this.#read(cached, signal);
    // The cache may be old, and a machine is not turned off on hearsay.
    if (!current || nodeState(current) !== nodeState(cached)) return;
    const renewed = this.#renewedMs(name);
    log.info("turning a machine off", { node: name, providerID: current.spec.providerID });
    events.event(referenceOf(current), "Warning", "FencingNode", `Turning off the machine of silent node ${name}`);
    try {
      await this.#fence(current, signal);
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      this.#attempts.inc({ result: "failed" });
      log.error("a silent machine could not be turned off: its pods are not replaced", {
        node: name,
        error: errorFields(error),
      });
      const message = `The machine could not be turned off: ${(error as Error).message}`;
      events.event(referenceOf(current), "Warning", "FencingFailed", message);
      this.#queue.addAfter(key, this.#retryMs);
      return;
    }
    if (!(await this.#declareDead(current, renewed, formatTime(clock.now()), signal))) {
      this.#attempts.inc({ result: "refuted" });
      this.#queue.addAfter(key, this.#retryMs);
      return;
    }
    this.#attempts.inc({ result: "succeeded" });
    log.info("machine is off", { node: name });
    events.event(referenceOf(current), "Normal", "NodeFenced", "The machine is off: the node is out of service");
  }

  /** Taints the node unless it has given a sign of life after its machine was said to be off. */
  async #declareDead(node: Node, renewedMs: number, now: string, signal: AbortSignal): Promise<boolean> {
    const { client, events, log } = this.#context;
    const current = await this.#read(node, signal);
    if (!current) return true;
    const spoke = nodeState(current) === "ready" || this.#renewedMs(nameOf(node)) > renewedMs;
    if (spoke) {
      log.error("a machine that was said to be off lives", { node: nameOf(node) });
      events.event(referenceOf(node), "Warning", "FencingRefuted", "The machine was said to be off and is not");
      return false;
    }
    await this.#unlessGone(client.resource(nodes).update(fenced(current, now), { signal }));
    return true;
  }

  async #takeBack(key: ObjectKey, cached: Node, signal: AbortSignal): Promise<void> {
    const { client, events, log } = this.#context;
    const current = await this.#read(cached, signal);
    if (!current || nodeState(current) !== "ready" || !current.metadata.annotations?.[fencedAnnotation]) return;
    try {
      await this.#unlessGone(client.resource(nodes).update(unfenced(current), { signal }));
    } catch (error) {
      if (!isConflict(error)) throw error;
      this.#queue.addRateLimited(key);
      return;
    }
    log.info("node is back in service", { node: nameOf(current) });
    events.event(referenceOf(current), "Normal", "NodeUnfenced", "The node is back: it is in service again");
  }

  /** The node as the server has it; undefined when it, or this one of its name, is gone. */
  async #read(node: Node, signal: AbortSignal): Promise<Node | undefined> {
    const found = await this.#unlessGone(this.#context.client.resource(nodes).get({ name: nameOf(node) }, { signal }));
    return found && uidOf(found) === uidOf(node) ? found : undefined;
  }

  async #unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
    return work.catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  }

  #renewedMs(name: string): number {
    return timeMs(this.#leases.get(objectKey(nodeLeaseNamespace, name))?.spec.renewTime);
  }
}

function referenceOf(node: Node): ObjectReference {
  return { kind: "Node", apiVersion: "v1", name: nameOf(node), uid: uidOf(node) };
}

/** Without a program nobody can tell whether a machine is off: then no node is ever declared out of service. */
export const fencingController: ControllerDefinition = {
  name: "node-fencing-controller",
  serviceAccount: "node-controller",
  create: (context) => {
    const { fencing } = context.config;
    if (!fencing) return { run: aborted };
    return new FencingController(context, fenceProgram(fencing.program, fencing.timeoutMs), fencing);
  },
};
