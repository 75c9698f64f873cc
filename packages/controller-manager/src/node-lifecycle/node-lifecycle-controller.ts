import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node, ObjectReference, Taint } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { leases, nodes, pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { nodeLeaseNamespace } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { isPodReady } from "../framework/pod-ranking.ts";
import { PodsByNode } from "../framework/pods-by-node.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { EvictionQueues } from "./eviction-queues.ts";
import { observeHealth, planConditions } from "./node-health.ts";
import type { Moment, NodeHealth } from "./node-health.ts";
import { NodeMetrics } from "./node-metrics.ts";
import { evictionOf, hasEvictionTaint, planNoExecuteTaints, planNoScheduleTaints } from "./node-taints.ts";
import type { Eviction } from "./node-taints.ts";
import { evictionRate, isEverythingDisrupted, zoneOf, zonesOf } from "./zone-health.ts";

const evictionPeriodMs = 100;
const taintWorkers = 8;
const podWorkers = 4;
const maxTaintTries = 3;

/** Watches over the nodes: those that fall silent become Unknown, and taints tell of what is wrong with a node. */
export class NodeLifecycleController implements Controller {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #leases: Informer<Lease>;
  readonly #pods: PodsByNode;
  /** Nodes whose NoSchedule taints may be out of line with their conditions. */
  readonly #taintQueue: WorkQueue<ObjectKey>;
  /** Pods that may claim to be ready on a node that is not. */
  readonly #podQueue: WorkQueue<ObjectKey>;
  readonly #evictions: EvictionQueues;
  readonly #metrics: NodeMetrics;
  readonly #health = new Map<string, NodeHealth>();
  #known = new Map<string, Node>();
  #everythingDisrupted = false;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#nodes = context.informers.informer(nodes);
    this.#leases = context.informers.informer(leases, { selection: { namespace: nodeLeaseNamespace } });
    this.#pods = new PodsByNode(context.informers);
    this.#taintQueue = controllerQueue("node_lifecycle_controller", context);
    this.#podQueue = controllerQueue("node_lifecycle_controller_pods", context);
    this.#evictions = new EvictionQueues(context.clock);
    this.#metrics = new NodeMetrics(context.metrics);
    this.#subscribe();
  }

  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    const { nodeMonitorPeriodMs } = this.#context.config;
    tasks.start((inner) => this.#taintQueue.run(inner, taintWorkers, (key, s) => this.#taintByConditions(key, s)));
    tasks.start((inner) => this.#podQueue.run(inner, podWorkers, (key, s) => this.#markPodNotReady(key, s)));
    tasks.start((inner) => this.#repeat(nodeMonitorPeriodMs, (s) => this.monitor(s), inner));
    tasks.start((inner) => this.#repeat(evictionPeriodMs, (s) => this.#evictDue(s), inner));
    await tasks.settled();
  }

  #subscribe(): void {
    this.#nodes.subscribe({
      added: (node) => this.#taintQueue.add(keyOf(node)),
      updated: (old, node) => {
        this.#taintQueue.add(keyOf(node));
        if (readyStatus(node) === "Unknown" && readyStatus(old) !== "Unknown") {
          for (const pod of this.#pods.on(nameOf(node))) this.#podQueue.add(keyOf(pod));
        }
      },
    });
    this.#pods.informer.subscribe({
      added: (pod) => this.#podQueue.add(keyOf(pod)),
      updated: (old, pod) => {
        if (old.spec.nodeName !== pod.spec.nodeName) this.#podQueue.add(keyOf(pod));
      },
    });
  }

  async #repeat(periodMs: number, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    while (!signal.aborted) {
      await work(signal).catch((error: unknown) => {
        if (!isAbort(error, signal)) log.warn("node check failed", { error: errorFields(error) });
      });
      await clock.sleep(periodMs, signal);
    }
  }

  /** One look at all nodes. Public so that a test can take it without waiting for its time. */
  async monitor(signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const startMs = clock.monotonicMs();
    this.#noteNodes();
    const seen: Node[] = [];
    for (const node of this.#nodes.list()) {
      const nodeStartMs = clock.monotonicMs();
      seen.push(await this.#checkNode(node, signal));
      this.#metrics.nodeChecked((clock.monotonicMs() - nodeStartMs) / 1_000);
    }
    await this.#considerZones(seen, signal);
    for (const node of seen) await this.#considerEviction(node, signal);
    this.#metrics.allNodesChecked((clock.monotonicMs() - startMs) / 1_000);
  }

  /** Tells of nodes that came and went, and forgets the latter. */
  #noteNodes(): void {
    const current = new Map(this.#nodes.list().map((node) => [nameOf(node), node]));
    for (const [name, node] of current) {
      if (!this.#known.has(name)) this.#nodeEvent(node, "RegisteredNode", `Registered Node ${name} in Controller`);
    }
    for (const [name, node] of this.#known) {
      if (current.has(name)) continue;
      this.#nodeEvent(node, "RemovingNode", `Removing Node ${name} from Controller`);
      this.#health.delete(name);
      this.#evictions.remove(name);
    }
    this.#known = current;
  }

  #nodeEvent(node: Node, reason: string, message: string): void {
    const text = `Node ${nameOf(node)} event: ${message}`;
    this.#context.events.event(referenceOf(node), "Normal", reason, text);
  }

  /** Answers the node as it is after its conditions were brought in line with its silence. */
  async #checkNode(node: Node, signal: AbortSignal): Promise<Node> {
    const { config, client, events } = this.#context;
    const name = nameOf(node);
    const now = this.#now();
    const lease = this.#leases.get(objectKey(nodeLeaseNamespace, name));
    const health = observeHealth(this.#health.get(name), node, lease, now);
    this.#health.set(name, health);
    const limits = { graceMs: config.nodeMonitorGracePeriodMs, startupGraceMs: config.nodeLifecycle.startupGraceMs };
    const conditions = planConditions(node, health, limits, now, formatTime(now.wallMs));
    if (!conditions) return node;
    const changed: Node = { ...node, status: { ...node.status, conditions } };
    try {
      const written = await client.resource(nodes).updateStatus(changed, { signal });
      if (readyStatus(node) === "True") {
        events.event(referenceOf(node), "Normal", "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      }
      return written;
    } catch (error) {
      // It has just reported, or is gone: the next look decides.
      if (isConflict(error) || isNotFound(error)) return node;
      throw error;
    }
  }

  /** Sets how fast pods may be evicted, and stops evictions when everything seems to have failed. */
  async #considerZones(seen: readonly Node[], signal: AbortSignal): Promise<void> {
    const { evictionLimits } = this.#context.config.nodeLifecycle;
    const zones = zonesOf(seen, evictionLimits.unhealthyZoneThreshold);
    this.#metrics.zonesSeen(zones);
    const everything = isEverythingDisrupted(zones);
    if (everything !== this.#everythingDisrupted) {
      const { log } = this.#context;
      log.info(everything ? "all zones are disrupted: evictions stop" : "disruption is over: evictions go on");
      // Nodes have the whole grace period again: it may have been us who could not hear them.
      const { monotonicMs } = this.#now();
      if (!everything)
        for (const [name, health] of this.#health) this.#health.set(name, { ...health, aliveMs: monotonicMs });
    }
    this.#everythingDisrupted = everything;
    for (const [zone, health] of zones) {
      this.#evictions.setRate(zone, everything ? 0 : evictionRate(health, evictionLimits));
    }
    if (!everything) return;
    this.#evictions.clear();
    for (const node of seen) if (hasEvictionTaint(node)) await this.#setEviction(node, "none", signal);
  }

  async #considerEviction(node: Node, signal: AbortSignal): Promise<void> {
    if (this.#everythingDisrupted || readyStatus(node) === undefined) return;
    const eviction = evictionOf(node);
    const name = nameOf(node);
    if (eviction === "none") this.#evictions.remove(name);
    // Pods that leave already go on leaving, whatever the reason is now; only the first taint is rate limited.
    if (eviction === "none" || hasEvictionTaint(node)) await this.#setEviction(node, eviction, signal);
    else this.#evictions.add(zoneOf(node), name);
  }

  async #evictDue(signal: AbortSignal): Promise<void> {
    for (const name of this.#evictions.take()) {
      const node = this.#nodes.get(objectKey("", name));
      if (!node) continue;
      try {
        if (await this.#setEviction(node, evictionOf(node), signal)) this.#metrics.evicted(zoneOf(node));
      } catch (error) {
        this.#evictions.add(zoneOf(node), name);
        throw error;
      }
    }
  }

  /** Answers whether that changed something. */
  #setEviction(node: Node, eviction: Eviction, signal: AbortSignal): Promise<boolean> {
    return this.#changeTaints(node, (current, now) => planNoExecuteTaints(current, eviction, now), signal);
  }

  async #taintByConditions(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const node = this.#nodes.get(key);
    if (node) await this.#changeTaints(node, planNoScheduleTaints, signal);
  }

  /**
   * Taints are one list: the version keeps us from undoing what somebody else has just changed in it. Answers whether it
   * wrote.
   */
  async #changeTaints(
    cached: Node,
    plan: (node: Node, now: string) => Taint[] | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const resource = this.#context.client.resource(nodes);
    const name = nameOf(cached);
    let node = cached;
    for (let tries = 1; ; tries += 1) {
      const taints = plan(node, formatTime(this.#now().wallMs));
      if (!taints) return false;
      const { resourceVersion, uid } = node.metadata;
      try {
        await resource.patch(
          { name },
          "strategic",
          { metadata: { resourceVersion, uid }, spec: { taints } },
          { signal },
        );
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        if (!isConflict(error) || tries >= maxTaintTries) throw error;
        node = await resource.get({ name }, { signal });
        if (uidOf(node) !== uidOf(cached)) return false;
      }
    }
  }

  /** Nobody else takes a pod out of service whose kubelet cannot be heard. */
  async #markPodNotReady(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { client, events } = this.#context;
    const pod = this.#pods.informer.get(key);
    if (!pod?.spec.nodeName || !isPodReady(pod)) return;
    const node = this.#nodes.get(objectKey("", pod.spec.nodeName));
    if (!node || (readyStatus(node) ?? "True") === "True") return;
    const ready = { type: "Ready", status: "False", lastTransitionTime: formatTime(this.#now().wallMs) };
    const patch = { metadata: { uid: uidOf(pod) }, status: { conditions: [ready] } };
    const target = { namespace: namespaceOf(pod), name: nameOf(pod) };
    events.event(pod, "Warning", "NodeNotReady", "Node is not ready");
    try {
      await client.resource(pods).patch(target, "strategic", patch, { subresource: "status", signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  #now(): Moment {
    const { clock } = this.#context;
    return { wallMs: clock.now(), monotonicMs: clock.monotonicMs() };
  }
}

function readyStatus({ status }: Node): string | undefined {
  return findCondition(status?.conditions, "Ready")?.status;
}

function referenceOf(node: Node): ObjectReference {
  return { kind: "Node", apiVersion: "v1", name: nameOf(node), uid: uidOf(node) };
}

export const nodeLifecycleController: ControllerDefinition = {
  name: "node-lifecycle-controller",
  serviceAccount: "node-controller",
  create: (context) => new NodeLifecycleController(context),
};
