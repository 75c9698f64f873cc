import { Counter, Histogram } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";

/** Upstream's metrics of evictions by taints. */
export class EvictionMetrics {
  readonly #deletions: Counter;
  readonly #delay: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#deletions = new Counter({
      name: "taint_eviction_controller_pod_deletions_total",
      help: "How many pods were deleted for taints that they do not tolerate.",
      registers,
    });
    this.#delay = new Histogram({
      name: "taint_eviction_controller_pod_deletion_duration_seconds",
      help: "How long after its time on the node was over a pod was deleted.",
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 30, 60, 120, 180, 240],
      registers,
    });
  }

  /** A pod was deleted, so many seconds after it was due. */
  deleted(delaySeconds: number): void {
    this.#deletions.inc();
    this.#delay.observe(delaySeconds);
  }
}
