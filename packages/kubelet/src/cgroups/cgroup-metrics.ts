import type { Clock } from "@kube-ts/std/clock";
import { Gauge, Histogram, type Registry } from "@kube-ts/std/metrics";
import type { CgroupStore } from "./cgroup-driver.ts";

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is counted of cgroups; the names are upstream's. */
export class CgroupMetrics {
  readonly #durations: Histogram<"operation_type">;

  constructor(registry: Registry, version: 1 | 2) {
    this.#durations = new Histogram({
      name: "kubelet_cgroup_manager_duration_seconds",
      help: "How long it takes to make, limit and remove cgroups.",
      labelNames: ["operation_type"],
      buckets,
      registers: [registry],
    });
    const help = "Version of the machine's cgroups.";
    new Gauge({ name: "kubelet_cgroup_version", help, registers: [registry] }).set(version);
  }

  /** The same store, whose work is timed. */
  timed(store: CgroupStore, clock: Clock): CgroupStore {
    const time = async (operation: string, work: () => Promise<void>) => {
      const startMs = clock.monotonicMs();
      try {
        await work();
      } finally {
        this.#durations.observe({ operation_type: operation }, (clock.monotonicMs() - startMs) / 1000);
      }
    };
    return {
      path: (name) => store.path(name),
      podUids: (parent) => store.podUids(parent),
      apply: (name, values, signal) => time("update", () => store.apply(name, values, signal)),
      remove: (name, signal) => time("destroy", () => store.remove(name, signal)),
    };
  }
}
