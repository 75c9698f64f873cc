import { Counter, Histogram } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";

/** Buckets of upstream's histogram, in seconds. */
const buckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

const labelNames = ["operation", "group", "resource"] as const;

/** Counts and times the requests to etcd, by the resource that a key belongs to. */
export class EtcdMetrics {
  readonly #seconds: Histogram<(typeof labelNames)[number]>;
  readonly #requests: Counter<(typeof labelNames)[number]>;
  readonly #errors: Counter<(typeof labelNames)[number]>;
  readonly #prefix: string;

  /** `prefix` is what all keys start with, such as `/registry`. */
  constructor(registry: Registry, prefix: string) {
    const shared = { labelNames, registers: [registry] };
    this.#prefix = prefix.endsWith("/") ? prefix : `${prefix}/`;
    this.#seconds = new Histogram({
      ...shared,
      name: "etcd_request_duration_seconds",
      help: "Etcd request latency in seconds for each operation and object type.",
      buckets,
    });
    this.#requests = new Counter({
      ...shared,
      name: "etcd_requests_total",
      help: "Etcd request counts for each operation and object type.",
    });
    this.#errors = new Counter({
      ...shared,
      name: "etcd_request_errors_total",
      help: "Etcd failed request counts for each operation and object type.",
    });
  }

  async measure<T>(operation: string, key: string, call: () => Promise<T>): Promise<T> {
    const labels = { operation, ...this.#resourceOf(key) };
    const startMs = performance.now();
    this.#requests.inc(labels);
    try {
      return await call();
    } catch (error) {
      this.#errors.inc(labels);
      throw error;
    } finally {
      this.#seconds.observe(labels, (performance.now() - startMs) / 1000);
    }
  }

  /** Keys are `<prefix><resource>/…`, or `<prefix><group>/<resource>/…` where the group is a domain name. */
  #resourceOf(key: string): { group: string; resource: string } {
    const [first = "", second = ""] = key.slice(this.#prefix.length).split("/", 2);
    return first.includes(".") ? { group: first, resource: second } : { group: "", resource: first };
  }
}
