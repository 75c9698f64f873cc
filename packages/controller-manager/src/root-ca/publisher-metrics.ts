import { Counter, Histogram, type Registry, exponentialBuckets } from "@kube-ts/std/metrics";

/** Upstream's metrics of the publisher. */
export class PublisherMetrics {
  readonly #total: Counter<"code">;
  readonly #duration: Histogram<"code">;

  constructor(registry: Registry) {
    const shared = { labelNames: ["code"] as const, registers: [registry] };
    this.#total = new Counter({
      ...shared,
      name: "root_ca_cert_publisher_sync_total",
      help: "How often the authority was published to a namespace, by the answer's code.",
    });
    this.#duration = new Histogram({
      ...shared,
      name: "root_ca_cert_publisher_sync_duration_seconds",
      help: "How long it took to publish the authority to a namespace, by the answer's code.",
      buckets: exponentialBuckets(0.001, 2, 15),
    });
  }

  synced(code: number, seconds: number): void {
    this.#total.inc({ code });
    this.#duration.observe({ code }, seconds);
  }
}
