import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { PodMetrics } from "../pods/pod-metrics.ts";
import type { PodWorkers } from "../pods/pod-workers.ts";
import type { PodWorker } from "../pods/pod-worker.ts";
import type { ContainerStats, NodeStats, PodStats, Summary } from "../stats/summary-api.ts";
import type { EvictionConfig, EvictionSignal } from "./eviction-config.ts";
import { storageExcess } from "./local-storage.ts";
import {
  type EvictionOrder,
  type EvictionState,
  type Observation,
  type PodUsage,
  type PressureCondition,
  calm,
  planEviction,
} from "./plan-eviction.ts";

export interface EvictionMonitorOptions {
  readonly config: EvictionConfig;
  readonly workers: Pick<PodWorkers, "list" | "get">;
  readonly metrics: PodMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  summary(signal: AbortSignal): Promise<Summary>;
  /** Frees disk space without ending pods. */
  reclaimDisk(signal: AbortSignal): Promise<void>;
  /** The conditions have changed. */
  onChange(): void;
}

const periodMs = 10_000;
/** The next pod goes only when the last one has ended, or after this long. */
const settleMs = 30_000;

/** Watches what the node runs out of and ends pods before the kernel does. */
export class EvictionMonitor {
  readonly #options: EvictionMonitorOptions;
  #state: EvictionState = calm;
  #conditions: ReadonlySet<PressureCondition> = new Set();
  #evicting: { readonly podUid: string; readonly sinceMs: number } | undefined;

  constructor(options: EvictionMonitorOptions) {
    this.#options = options;
  }

  get conditions(): ReadonlySet<PressureCondition> {
    return this.#conditions;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    for (;;) {
      try {
        await this.check(signal);
      } catch (error) {
        if (signal.aborted) throw error;
        log.warn("node pressure could not be checked", { error: errorFields(error) });
      }
      await clock.sleep(periodMs, signal);
    }
  }

  /** One round. */
  async check(signal: AbortSignal): Promise<void> {
    const { summary, clock, reclaimDisk } = this.#options;
    const seen = await summary(signal);
    this.#enforceLimits(seen);
    const plan = this.#plan(seen, clock.now());
    if (!plan.evict || this.#isSettling()) return;
    if (plan.reclaim) {
      await reclaimDisk(signal);
      const again = this.#plan(await summary(signal), clock.now());
      if (!again.evict) return;
    }
    this.#evict(plan.evict);
  }

  #plan(seen: Summary, nowMs: number) {
    const { config, workers, onChange } = this.#options;
    const usages = workers.list().flatMap((worker) => usageOf(worker, seen.pods));
    const plan = planEviction(this.#state, observe(seen.node), usages, config, nowMs);
    this.#state = plan.state;
    const changed = [...plan.conditions].join() !== [...this.#conditions].join();
    this.#conditions = plan.conditions;
    if (changed) onChange();
    return plan;
  }

  /** The last pod to be evicted still holds what the node is short of. */
  #isSettling(): boolean {
    const evicting = this.#evicting;
    if (!evicting) return false;
    const { workers, clock } = this.#options;
    const worker = workers.get(evicting.podUid);
    const ended = !worker || worker.observed.containers.every(({ state }) => state === "exited");
    if (ended || clock.monotonicMs() - evicting.sinceMs > settleMs) this.#evicting = undefined;
    return this.#evicting !== undefined;
  }

  #evict({ podUid, signal: evictionSignal, message, graceSeconds }: EvictionOrder): void {
    const { workers, metrics, clock, log } = this.#options;
    log.warn("evicting a pod", { podUid, signal: evictionSignal });
    metrics.evicted(evictionSignal);
    workers.get(podUid)?.evict({ reason: "Evicted", message, disruption: "TerminationByKubelet" }, graceSeconds);
    this.#evicting = { podUid, sinceMs: clock.monotonicMs() };
  }

  /** Pods that wrote more than they may go whatever the node has left. */
  #enforceLimits({ pods }: Summary): void {
    for (const worker of this.#options.workers.list()) {
      const stats = pods.find(({ podRef }) => podRef.uid === worker.pod.metadata.uid);
      if (!stats || worker.isEnding || worker.isStatic) continue;
      const excess = storageExcess({
        pod: worker.pod,
        containers: new Map(stats.containers.map((one) => [one.name, diskBytes(one)])),
        emptyDirs: new Map((stats.volume ?? []).map(({ name, usedBytes }) => [name, usedBytes ?? 0])),
      });
      if (excess === undefined) continue;
      this.#options.metrics.evicted("ephemeral-storage");
      worker.evict({ reason: "Evicted", message: excess, disruption: "TerminationByKubelet" }, 1);
    }
  }
}

function observe({ memory, fs, runtime, rlimit }: NodeStats): ReadonlyMap<EvictionSignal, Observation> {
  const observations = new Map<EvictionSignal, Observation>();
  const note = (signal: EvictionSignal, available: number | undefined, capacity: number | undefined) => {
    if (available !== undefined && capacity !== undefined) observations.set(signal, { available, capacity });
  };
  const capacityBytes = (memory?.availableBytes ?? 0) + (memory?.workingSetBytes ?? 0);
  note("memory.available", memory?.availableBytes, memory ? capacityBytes : undefined);
  note("nodefs.available", fs?.availableBytes, fs?.capacityBytes);
  note("nodefs.inodesFree", fs?.inodesFree, inodesOf(fs?.inodes));
  note("imagefs.available", runtime?.imageFs?.availableBytes, runtime?.imageFs?.capacityBytes);
  note("imagefs.inodesFree", runtime?.imageFs?.inodesFree, inodesOf(runtime?.imageFs?.inodes));
  if (rlimit) note("pid.available", rlimit.maxpid - rlimit.curproc, rlimit.maxpid);
  return observations;
}

/** Some filesystems have no fixed number of inodes and say zero. */
function inodesOf(inodes: number | undefined): number | undefined {
  return inodes === 0 ? undefined : inodes;
}

function usageOf(worker: PodWorker, pods: readonly PodStats[]): PodUsage[] {
  const stats = pods.find(({ podRef }) => podRef.uid === worker.pod.metadata.uid);
  if (!stats || worker.isEnding) return [];
  return [
    {
      pod: worker.pod,
      isStatic: worker.isStatic,
      memoryBytes: stats.memory?.workingSetBytes ?? 0,
      diskBytes: stats["ephemeral-storage"]?.usedBytes ?? 0,
      inodes: (stats.volume ?? []).reduce((sum, { inodesUsed }) => sum + (inodesUsed ?? 0), 0),
      processes: stats.process_stats?.process_count ?? 0,
      containers: stats.containers.map((one) => ({
        name: one.name,
        memoryBytes: one.memory?.workingSetBytes ?? 0,
        diskBytes: diskBytes(one),
      })),
    },
  ];
}

function diskBytes({ rootfs, logs }: ContainerStats): number {
  return (rootfs?.usedBytes ?? 0) + (logs?.usedBytes ?? 0);
}
