import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { requestDurationBuckets } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { RequestInfo } from "../endpoints/request-info.ts";

/** Counts and times requests, under upstream's metric names. */
export class RequestMetrics {
  readonly #total: HotCounter;
  readonly #duration: HotHistogram;
  readonly #isServed: (info: RequestInfo) => boolean;

  constructor(registry: Registry, isServed: (info: RequestInfo) => boolean) {
    this.#isServed = isServed;
    this.#total = new HotCounter({
      name: "apiserver_request_total",
      help: "Requests answered, by what was asked and the status code.",
      labelNames: ["verb", "group", "version", "resource", "subresource", "code"],
      registry,
    });
    this.#duration = new HotHistogram({
      name: "apiserver_request_duration_seconds",
      help: "Time from the arrival of a request to the end of its answer; long-running requests left out.",
      labelNames: ["verb", "group", "version", "resource", "subresource"],
      buckets: requestDurationBuckets,
      registry,
    });
  }

  /** Records an answered request; what the client made up never becomes a label. */
  observe(info: RequestInfo | undefined, code: number, durationMs: number): void {
    if (info?.kind !== "resource" || !this.#isServed(info)) {
      this.#total.with("other", "", "", "", "", String(code)).inc();
      return;
    }
    const { group, version, resource, subresource } = info;
    const verb = info.verb.toUpperCase();
    this.#total.with(verb, group, version, resource, subresource, String(code)).inc();
    if (verb !== "WATCH") this.#duration.with(verb, group, version, resource, subresource).observe(durationMs / 1000);
  }
}
