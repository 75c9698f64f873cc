import { Counter, Histogram, requestDurationBuckets } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { RequestInfo } from "../endpoints/request-info.ts";

/** Counts and times requests, under upstream's metric names. */
export class RequestMetrics {
  readonly #total: Counter<"verb" | "group" | "version" | "resource" | "subresource" | "code">;
  readonly #duration: Histogram<"verb" | "group" | "version" | "resource" | "subresource">;
  readonly #isServed: (info: RequestInfo) => boolean;

  constructor(registry: Registry, isServed: (info: RequestInfo) => boolean) {
    this.#isServed = isServed;
    this.#total = new Counter({
      name: "apiserver_request_total",
      help: "Requests answered, by what was asked and the status code.",
      labelNames: ["verb", "group", "version", "resource", "subresource", "code"],
      registers: [registry],
    });
    this.#duration = new Histogram({
      name: "apiserver_request_duration_seconds",
      help: "Time from the arrival of a request to the end of its answer; long-running requests left out.",
      labelNames: ["verb", "group", "version", "resource", "subresource"],
      buckets: [...requestDurationBuckets],
      registers: [registry],
    });
  }

  /** Records an answered request; what the client made up never becomes a label. */
  observe(info: RequestInfo | undefined, code: number, durationMs: number): void {
    if (info?.kind !== "resource" || !this.#isServed(info)) {
      this.#total.inc({ verb: "other", group: "", version: "", resource: "", subresource: "", code: String(code) });
      return;
    }
    const { group, version, resource, subresource } = info;
    const labels = { verb: info.verb.toUpperCase(), group, version, resource, subresource };
    this.#total.inc({ ...labels, code: String(code) });
    if (info.verb !== "watch") this.#duration.observe(labels, durationMs / 1000);
  }
}
