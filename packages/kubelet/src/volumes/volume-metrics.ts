import { HotHistogram } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";

const buckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600];

export type VolumeOperation = "volume_mount" | "volume_unmount";

/** What is counted of volumes; the name is upstream's. */
export class VolumeMetrics {
  readonly #durations: HotHistogram;

  constructor(registry: Registry) {
    this.#durations = new HotHistogram({
      name: "storage_operation_duration_seconds",
      help: "How long volumes take to be set up and taken down.",
      labelNames: ["volume_plugin", "operation_name", "status", "migrated"],
      buckets,
      registry,
    });
  }

  done(plugin: string, operation: VolumeOperation, failed: boolean, seconds: number): void {
    this.#durations.with(plugin, operation, failed ? "fail-unknown" : "success", "false").observe(seconds);
  }
}
