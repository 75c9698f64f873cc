import { HotHistogram } from "@kube-ts/std/hot-metrics";
import { Counter, Gauge, Histogram, type Registry } from "@kube-ts/std/metrics";
import type { ContainerKind } from "./pod-containers.ts";
import type { PodSummary } from "./relist.ts";

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const statusBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 30, 45, 60];
const startBuckets = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
];

/** What a pod worker works at without a pause: the pod's beginning, a change of it, its upkeep, or its end. */
export type SyncOperation = "create" | "update" | "sync" | "kill";

/** What the kubelet counts of pods; the names are upstream's. */
export class PodMetrics {
  readonly #relistDuration: Histogram;
  readonly #relistInterval: Histogram;
  readonly #lastSeen: Gauge;
  readonly #runningPods: Gauge;
  readonly #runningContainers: Gauge<"container_state">;
  readonly #startDuration: Histogram;
  readonly #startedPods: Counter;
  readonly #startedPodErrors: Counter;
  readonly #startedContainers: Counter<"container_type">;
  readonly #startedContainerErrors: Counter<"container_type" | "code">;
  readonly #evictions: Counter<"eviction_signal">;
  readonly #preemptions: Counter<"preemption_signal">;
  readonly #syncs: HotHistogram;
  readonly #workerStart: Histogram;
  readonly #startSli: Histogram;
  readonly #startTotal: Histogram;
  readonly #firstNetworked: Gauge;
  readonly #statusSync: Histogram;
  readonly #containersPerPod: Histogram;
  readonly #orphans: Counter;
  readonly #orphanVolumes: Gauge;
  readonly #restarted: Counter<"static">;
  #networked = false;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#relistDuration = new Histogram({
      name: "kubelet_pleg_relist_duration_seconds",
      help: "How long listing all pods of the runtime takes.",
      buckets: secondsBuckets,
      registers,
    });
    this.#relistInterval = new Histogram({
      name: "kubelet_pleg_relist_interval_seconds",
      help: "Time between two lists of all pods of the runtime.",
      buckets: secondsBuckets,
      registers,
    });
    this.#lastSeen = new Gauge({
      name: "kubelet_pleg_last_seen_seconds",
      help: "When all pods of the runtime were last listed, as a Unix time.",
      registers,
    });
    this.#runningPods = new Gauge({
      name: "kubelet_running_pods",
      help: "Pods with a sandbox that is ready.",
      registers,
    });
    this.#runningContainers = new Gauge({
      name: "kubelet_running_containers",
      help: "Containers by their state.",
      labelNames: ["container_state"],
      registers,
    });
    this.#startDuration = new Histogram({
      name: "kubelet_pod_start_duration_seconds",
      help: "Time from when the kubelet first sees a pod to when it runs.",
      buckets: startBuckets,
      registers,
    });
    this.#startedPods = new Counter({ name: "kubelet_started_pods_total", help: "Sandboxes started.", registers });
    this.#startedPodErrors = new Counter({
      name: "kubelet_started_pods_errors_total",
      help: "Sandboxes that could not be started.",
      registers,
    });
    this.#startedContainers = new Counter({
      name: "kubelet_started_containers_total",
      help: "Starts of containers, by kind.",
      labelNames: ["container_type"],
      registers,
    });
    this.#startedContainerErrors = new Counter({
      name: "kubelet_started_containers_errors_total",
      help: "Starts of containers that failed, by kind and reason.",
      labelNames: ["container_type", "code"],
      registers,
    });
    this.#evictions = new Counter({
      name: "kubelet_evictions",
      help: "Pods that the node has evicted, by the signal that called for it.",
      labelNames: ["eviction_signal"],
      registers,
    });
    this.#preemptions = new Counter({
      name: "kubelet_preemptions",
      help: "Pods that made room for a critical one, by the resource that was missing.",
      labelNames: ["preemption_signal"],
      registers,
    });
    this.#syncs = new HotHistogram({
      name: "kubelet_pod_worker_duration_seconds",
      help: "How long a pod's worker works without a pause, by what it works at.",
      labelNames: ["operation_type"],
      buckets: secondsBuckets,
      registry,
    });
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name, help, buckets, registers });
    this.#workerStart = histogram(
      "kubelet_pod_worker_start_duration_seconds",
      "Time from when the kubelet first sees a pod to when its worker begins.",
      secondsBuckets,
    );
    this.#startSli = histogram(
      "kubelet_pod_start_sli_duration_seconds",
      "Time from a pod's creation to when all can see that it started, without pulls and init containers.",
      startBuckets,
    );
    this.#startTotal = histogram(
      "kubelet_pod_start_total_duration_seconds",
      "Time from a pod's creation to when all can see that it started.",
      startBuckets,
    );
    this.#firstNetworked = new Gauge({
      name: "kubelet_first_network_pod_start_sli_duration_seconds",
      help: "The same time of the first pod with a network of its own.",
      registers,
    });
    this.#statusSync = histogram(
      "kubelet_pod_status_sync_duration_seconds",
      "Time from when a pod's status changes to when the API server has it.",
      statusBuckets,
    );
    this.#containersPerPod = histogram("kubelet_containers_per_pod_count", "Containers of a pod.", [1, 2, 4, 8, 16]);
    this.#orphans = new Counter({
      name: "kubelet_orphaned_runtime_pods_total",
      help: "Pods that the runtime had and nobody asked for.",
      registers,
    });
    this.#orphanVolumes = new Gauge({
      name: "kubelet_orphan_pod_cleaned_volumes",
      help: "Pods that nobody asked for whose directories the last sweep found and took down.",
      registers,
    });
    this.#restarted = new Counter({
      name: "kubelet_restarted_pods_total",
      help: "Pods that came again with the same uid.",
      labelNames: ["static"],
      registers,
    });
  }

  synced(operation: SyncOperation, seconds: number): void {
    this.#syncs.with(operation).observe(seconds);
  }

  /** A pod's worker begins, so long after the pod was first seen. */
  workerStarted(containers: number, seconds: number): void {
    this.#workerStart.observe(seconds);
    this.#containersPerPod.observe(containers);
  }

  /** Everybody can see that the pod has started. `ownSeconds` is without pulls and init containers. */
  podObserved(totalSeconds: number, ownSeconds: number, networked: boolean): void {
    this.#startTotal.observe(totalSeconds);
    this.#startSli.observe(ownSeconds);
    if (!networked || this.#networked) return;
    this.#networked = true;
    this.#firstNetworked.set(ownSeconds);
  }

  statusStored(seconds: number): void {
    this.#statusSync.observe(seconds);
  }

  orphanFound(): void {
    this.#orphans.inc();
  }

  orphansOnDisk(pods: number): void {
    this.#orphanVolumes.set(pods);
  }

  restarted(isStatic: boolean): void {
    this.#restarted.inc({ static: String(isStatic) });
  }

  relisted(durationSeconds: number, intervalSeconds: number, atSeconds: number): void {
    this.#relistDuration.observe(durationSeconds);
    this.#relistInterval.observe(intervalSeconds);
    this.#lastSeen.set(atSeconds);
  }

  counted(pods: Iterable<PodSummary>): void {
    const states = { created: 0, running: 0, exited: 0, unknown: 0 };
    let running = 0;
    for (const { sandboxes, containers } of pods) {
      if (sandboxes.some((sandbox) => sandbox.state === "ready")) running += 1;
      for (const { state } of containers) states[state] += 1;
    }
    this.#runningPods.set(running);
    for (const [state, count] of Object.entries(states)) this.#runningContainers.set({ container_state: state }, count);
  }

  podStarted(durationSeconds: number): void {
    this.#startDuration.observe(durationSeconds);
  }

  sandboxStarted(failed: boolean): void {
    this.#startedPods.inc();
    if (failed) this.#startedPodErrors.inc();
  }

  containerStarted(kind: ContainerKind, errorCode: string | undefined): void {
    const containerType = containerTypes[kind];
    this.#startedContainers.inc({ container_type: containerType });
    if (errorCode !== undefined) this.#startedContainerErrors.inc({ container_type: containerType, code: errorCode });
  }

  preempted(resource: string): void {
    this.#preemptions.inc({ preemption_signal: resource });
  }

  evicted(signal: string): void {
    this.#evictions.inc({ eviction_signal: signal });
  }
}

const containerTypes = {
  init: "init_container",
  sidecar: "init_container",
  app: "container",
  ephemeral: "ephemeral_container",
} as const;
