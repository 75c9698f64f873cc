import { Counter, Gauge, Histogram, type Registry } from "@kube-ts/std/metrics";
import type { ContainerKind } from "./pod-containers.ts";
import type { PodSummary } from "./relist.ts";

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const startBuckets = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
];

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
