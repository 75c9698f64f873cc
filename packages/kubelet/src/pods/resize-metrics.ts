import { HotCounter } from "@kube-ts/std/hot-metrics";
import { Histogram, type Registry, exponentialBuckets } from "@kube-ts/std/metrics";
import type { RequestedResize } from "./resize-report.ts";

const durationBuckets = exponentialBuckets(10, 2, 18);

/** What is counted of resizes in place; the names are upstream's. */
export class ResizeMetrics {
  readonly #requested: HotCounter;
  readonly #durations: Histogram<"success">;
  readonly #infeasible: HotCounter;
  readonly #accepted: HotCounter;

  constructor(registry: Registry) {
    this.#requested = new HotCounter({
      name: "kubelet_container_requested_resizes_total",
      help: "Amounts of containers that somebody asked to be changed.",
      labelNames: ["resource", "requirement", "operation"],
      registry,
    });
    this.#durations = new Histogram({
      name: "kubelet_pod_resize_duration_milliseconds",
      help: "How long resizes take from when they are accepted.",
      labelNames: ["success"],
      buckets: durationBuckets,
      registers: [registry],
    });
    this.#infeasible = new HotCounter({
      name: "kubelet_pod_infeasible_resizes_total",
      help: "Resizes that this node can never make.",
      labelNames: ["reason_detail"],
      registry,
    });
    this.#accepted = new HotCounter({
      name: "kubelet_pod_deferred_accepted_resizes_total",
      help: "Resizes that were accepted after they had been deferred.",
      labelNames: ["retry_trigger"],
      registry,
    });
  }

  requested({ resource, requirement, operation }: RequestedResize): void {
    this.#requested.with(resource, requirement, operation).inc();
  }

  ended(milliseconds: number, success: boolean): void {
    this.#durations.observe({ success: String(success) }, milliseconds);
  }

  infeasible(): void {
    this.#infeasible.with("insufficient_node_allocatable").inc();
  }

  /** Deferred resizes are judged again with every plan of their pod. */
  acceptedLate(): void {
    this.#accepted.with("periodic_retry").inc();
  }
}
