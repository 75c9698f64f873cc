import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";

/** Buckets of upstream's histogram, in seconds. */
const buckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

const labelNames = ["operation", "group", "resource"];

/** Counts and times the requests to etcd, by the resource that a key belongs to. */
export class EtcdMetrics {
  readonly #seconds: HotHistogram;
  readonly #requests: HotCounter;
  readonly #errors: HotCounter;
  readonly #prefix: string;

  /** `prefix` is what all keys start with, such as `/registry`. */
  constructor(registry: Registry, prefix: string) {
    const shared = { labelNames, registry };
    this.#prefix = prefix.endsWith("/") ? prefix : `${prefix}/`;
    this.#seconds = new HotHistogram({
      ...shared,
      name: "etcd_request_duration_seconds",
      help: "Etcd request latency in seconds for each operation and object type.",
      buckets,
    });
    this.#requests = new HotCounter({
      ...shared,
      name: "etcd_requests_total",
      help: "Etcd request counts for each operation and object type.",
    });
    this.#errors = new HotCounter({
      ...shared,
      name: "etcd_request_errors_total",
      help: "Etcd failed request counts for each operation and object type.",
    });
  }

  async measure<T>(operation: string, key: string, call: () => Promise<T>): Promise<T> {
    const { group, resource } = this.#resourceOf(key);
    const startMs = performance.now();
    this.#requests.with(operation, group, resource).inc();
    try {
      return await call();
    } catch (error) {
      this.#errors.with(operation, group, resource).inc();
      throw error;
    } finally {
      this.#seconds.with(operation, group, resource).observe((performance.now() - startMs) / 1000);
    }
  }

  /** Keys are `<prefix><resource>/…`, or `<prefix><group>/<resource>/…` where the group is a domain name. */
  #resourceOf(key: string): { group: string; resource: string } {
    const start = this.#prefix.length;
    const first = segment(key, start);
    return first.includes(".")
      ? { group: first, resource: segment(key, start + first.length + 1) }
      : { group: "", resource: first };
  }
}

/** The text from a position to the next slash or the end. */
function segment(key: string, start: number): string {
  const end = key.indexOf("/", start);
  return end < 0 ? key.slice(start) : key.slice(start, end);
}
