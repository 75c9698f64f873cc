import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { SchedulerCache } from "./cache/scheduler-cache.ts";
import type { SchedulerMetrics } from "./framework/metrics.ts";
import type { SchedulingQueue } from "./queue/scheduling-queue.ts";

export interface UpkeepOptions {
  readonly queue: SchedulingQueue;
  readonly cache: SchedulerCache;
  readonly metrics: SchedulerMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

const tickMs = 100;
const ticksPerGauge = 10;
const ticksPerFlush = 300;

/** Moves what has waited long enough: back-off every 100 ms, forgotten pods every 30 s. */
export async function runUpkeep(
  { queue, cache, metrics, clock, log }: UpkeepOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let tick = 0; ; tick += 1) {
    queue.flushBackoff();
    if (tick % ticksPerFlush === 0) {
      queue.flushUnschedulable();
      for (const pod of cache.expireAssumed()) log.warn("assumed pod was never seen", { pod: pod.key });
    }
    if (tick % ticksPerGauge === 0) report(queue, cache, metrics);
    await clock.sleep(tickMs, signal);
  }
}

function report(queue: SchedulingQueue, cache: SchedulerCache, { pendingPods, cacheSize }: SchedulerMetrics): void {
  const { active, backoff, unschedulable, gated } = queue.counts();
  pendingPods.set({ queue: "active" }, active);
  pendingPods.set({ queue: "backoff" }, backoff);
  pendingPods.set({ queue: "unschedulable" }, unschedulable);
  pendingPods.set({ queue: "gated" }, gated);
  cacheSize.set({ type: "nodes" }, cache.nodeCount);
  cacheSize.set({ type: "pods" }, cache.podCount);
  cacheSize.set({ type: "assumed_pods" }, cache.assumedCount);
}
