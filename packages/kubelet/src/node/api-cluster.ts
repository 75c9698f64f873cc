import type { Node, NodeStatus, Pod, PodStatus, Service } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import {
  leases,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  runtimeClasses,
  services,
} from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { ApiEventRecorder } from "@kube-ts/client/event-recorder";
import type { Informer } from "@kube-ts/client/informer";
import { withoutManagedFields } from "@kube-ts/client/without-managed-fields";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { aborted } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { KubeletConfig } from "../config/kubelet-config.ts";
import { isMirrorPod } from "../pods/config-annotations.ts";
import { MirrorPods } from "../pods/mirror-pods.ts";
import { shows } from "../pods/plan-mirrors.ts";
import type { PodMetrics } from "../pods/pod-metrics.ts";
import type { PodWorkers } from "../pods/pod-workers.ts";
import { RecordedEvents } from "../pods/recorded-events.ts";
import { isTerminalPhase } from "../status/pod-phase.ts";
import { StatusWriter } from "../status/status-writer.ts";
import type { ClaimSource } from "../volumes/claims.ts";
import { TokenRequester } from "../volumes/token-source.ts";
import { WatchedObjects } from "../volumes/watched-objects.ts";
import type { Cluster } from "./cluster.ts";
import { NodeLease } from "./node-lease.ts";
import { type NodeIdentity, newNode } from "./node-object.ts";
import { NodeReporter } from "./node-reporter.ts";

export interface ApiClusterOptions {
  readonly client: Client;
  readonly config: KubeletConfig;
  readonly identity: NodeIdentity;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly registry: Registry;
  readonly metrics: Pick<PodMetrics, "statusStored">;
  /** The node's status now, given the one before. */
  nodeStatus(last: NodeStatus, signal: AbortSignal): Promise<NodeStatus>;
  /** Takes the node's pod address ranges whenever they are known. */
  onPodCidrs(podCidrs: readonly string[], signal: AbortSignal): Promise<void>;
  /** Resolves when the node's status can be told: a restart must not call a healthy node unready. */
  whenHealthKnown(signal: AbortSignal): Promise<void>;
  /** Resolves when pods can be judged: before that none is taken. */
  whenReady(signal: AbortSignal): Promise<void>;
}

const mirrorPeriodMs = 30_000;

/** The cluster as an API server shows it. */
export class ApiCluster implements Cluster {
  readonly objects: WatchedObjects;
  readonly tokens: TokenRequester;
  readonly claims: ClaimSource;
  readonly events: RecordedEvents;
  readonly #options: ApiClusterOptions;
  readonly #informers: InformerFactory;
  readonly #pods: Informer<Pod>;
  readonly #services: Informer<Service>;
  readonly #nodes: Informer<Node>;
  readonly #recorder: ApiEventRecorder;
  readonly #writer: StatusWriter;
  readonly #mirrors: MirrorPods;
  readonly #reporter: NodeReporter;
  readonly #lease: NodeLease;
  #statics: readonly Pod[] | undefined;
  #workers: PodWorkers | undefined;
  #feeding = false;

  constructor(options: ApiClusterOptions) {
    const { client, config, identity, clock, random, log, registry, nodeStatus } = options;
    const environment = { clock, random, log };
    const { nodeName } = config;
    this.#options = options;
    this.#informers = new InformerFactory(client, environment);
    const ofNode = { fieldSelector: `spec.nodeName=${nodeName}` };
    this.#pods = this.#informers.informer(pods, { selection: ofNode, transform: withoutManagedFields });
    this.#services = this.#informers.informer(services, { transform: withoutManagedFields });
    const named = { fieldSelector: `metadata.name=${nodeName}` };
    this.#nodes = this.#informers.informer(nodes, { selection: named });
    this.#recorder = new ApiEventRecorder({
      client,
      component: "kubelet",
      host: nodeName,
      clock,
      random,
      log,
      registry,
      ...(config.events.qps > 0 && { rate: config.events }),
    });
    this.events = new RecordedEvents(this.#recorder, nodeName);
    this.objects = new WatchedObjects(client, environment, (uid) => this.#workers?.get(uid)?.refresh());
    this.claims = {
      claim: (namespace, name, signal) =>
        present(client.resource(persistentVolumeClaims).get({ namespace, name }, { signal })),
      volume: (name, signal) => present(client.resource(persistentVolumes).get({ name }, { signal })),
    };
    this.tokens = new TokenRequester(client, clock, random, log);
    this.#writer = new StatusWriter({
      pods: client.resource(pods),
      lister: this.#pods,
      clock,
      random,
      log,
      onStored: (seconds) => options.metrics.statusStored(seconds),
    });
    this.#reporter = new NodeReporter({
      nodes: client.resource(nodes),
      informer: this.#nodes,
      identity,
      config: config.node,
      clock,
      log,
      status: nodeStatus,
      onStateChange: (state) =>
        this.events.node("Normal", state, `Node ${this.#options.config.nodeName} status is now: ${state}`),
    });
    const node = () => this.#reporter.node();
    this.#lease = new NodeLease({
      leases: client.resource(leases),
      nodeName,
      durationSeconds: config.node.leaseDurationSeconds,
      clock,
      log,
      node,
    });
    this.#mirrors = new MirrorPods({
      pods: client.resource(pods),
      clock,
      log,
      periodMs: mirrorPeriodMs,
      statics: () => this.#statics,
      stored: () => (this.#pods.synced ? this.#pods.list() : undefined),
      node,
    });
  }

  node(): Node {
    const { identity, config } = this.#options;
    return this.#reporter.node() ?? newNode(identity, config.node);
  }

  services(): readonly Service[] {
    return this.#services.list();
  }

  async runtimeHandler(className: string, signal: AbortSignal): Promise<string> {
    try {
      return (await this.#options.client.resource(runtimeClasses).get({ name: className }, { signal })).handler;
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw isNotFound(cause) ? cause : new Error(`failed to lookup RuntimeClass ${className}: ${why}`, { cause });
    }
  }

  podsKnown(): boolean {
    return this.#feeding && this.#pods.synced;
  }

  publish(pod: Pod, status: PodStatus, isStatic: boolean): void {
    const shown = isStatic ? this.#mirrorOf(pod) : pod;
    if (shown) this.#writer.set(shown, status);
  }

  async deletePod(pod: Pod, signal: AbortSignal): Promise<void> {
    const { namespace = "", name = "", uid = "" } = pod.metadata;
    await this.#writer.stored(uid, signal);
    const request = { gracePeriodSeconds: 0, preconditions: { uid }, signal };
    await this.#options.client
      .resource(pods)
      .delete({ namespace, name }, request)
      .catch((error: unknown) => {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      });
  }

  forget(podUid: string): void {
    this.#writer.forget(podUid);
    this.objects.release(podUid);
  }

  showStatics(statics: readonly Pod[]): void {
    this.#statics = statics;
    this.#mirrors.changed();
  }

  nodeChanged(): void {
    this.#reporter.changed();
  }

  async run(workers: PodWorkers, signal: AbortSignal): Promise<void> {
    this.#workers = workers;
    const tasks = new TaskGroup(signal);
    tasks.start((taskSignal) => this.#informers.run(taskSignal));
    tasks.start((taskSignal) => this.#recorder.run(taskSignal));
    tasks.start((taskSignal) => this.#writer.run(taskSignal));
    tasks.start((taskSignal) => this.#report(taskSignal));
    tasks.start((taskSignal) => this.#lease.run(taskSignal));
    tasks.start((taskSignal) => this.#mirrors.run(taskSignal));
    tasks.start((taskSignal) => this.#followNode(taskSignal));
    tasks.start((taskSignal) => this.#feed(workers, taskSignal));
    try {
      await tasks.settled();
    } finally {
      await this.objects.stop();
    }
  }

  async #report(signal: AbortSignal): Promise<void> {
    await this.#options.whenHealthKnown(signal);
    await this.#reporter.run(signal);
  }

  /** Hands pods to the workers once everything is known by which they are judged and configured. */
  async #feed(workers: PodWorkers, signal: AbortSignal): Promise<void> {
    await this.#options.whenReady(signal);
    await Promise.all([this.#nodes.waitForSync(signal), this.#services.waitForSync(signal)]);
    await this.#pods.waitForSync(signal);
    const take = (pod: Pod) => {
      if (isMirrorPod(pod)) {
        this.#mirrors.changed();
        workers.planAll();
        return;
      }
      // A pod that has ended reads nothing any more.
      if (isTerminalPhase(pod.status?.phase)) this.objects.release(pod.metadata.uid ?? "");
      else this.objects.use(pod);
      workers.update(pod, false);
      this.#writer.recheck(pod.metadata.uid ?? "");
    };
    using _subscription = this.#pods.subscribe({
      added: take,
      updated: (_old, pod) => take(pod),
      deleted: (pod) => {
        if (isMirrorPod(pod)) this.#mirrors.changed();
        else workers.remove(pod.metadata.uid ?? "");
      },
    });
    this.#feeding = true;
    workers.relistSoon();
    await aborted(signal);
  }

  /** Follows the node's object: its address ranges, and that it is there at all. */
  async #followNode(signal: AbortSignal): Promise<void> {
    const { onPodCidrs, log } = this.#options;
    let known = "";
    const look = (node: Node) => {
      const ranges = node.spec?.podCIDRs ?? (node.spec?.podCIDR ? [node.spec.podCIDR] : []);
      if (ranges.length === 0 || ranges.join() === known) return;
      known = ranges.join();
      onPodCidrs(ranges, signal).catch((error: unknown) => {
        known = "";
        log.error("pod address ranges could not be used", { ranges, error: String(error) });
      });
    };
    using _subscription = this.#nodes.subscribe({
      added: look,
      updated: (_old, node) => look(node),
      deleted: () => this.#reporter.changed(),
    });
    await aborted(signal);
  }

  #mirrorOf(pod: Pod): Pod | undefined {
    const { namespace, name = "" } = pod.metadata;
    const stored = this.#pods.get(objectKey(namespace, name));
    return stored && isMirrorPod(stored) && shows(stored, pod) ? stored : undefined;
  }
}

/** Undefined for what does not exist. */
async function present<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
