import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { nameOf } from "@kube-ts/api/object";
import { Counter, Gauge, type Registry } from "@kube-ts/std/metrics";
import { type Verdict, isAvailable } from "./availability.ts";

/** Tells which APIServices are not available, under upstream's names. */
export class AvailabilityMetrics {
  readonly #unavailable = new Map<string, boolean>();
  readonly #losses: Counter<"name" | "reason">;

  constructor(registry: Registry) {
    const unavailable = this.#unavailable;
    void new Gauge({
      name: "aggregator_unavailable_apiservice",
      help: "APIServices that are not available (1) or are (0), by name.",
      labelNames: ["name"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [name, isUnavailable] of unavailable) this.set({ name }, isUnavailable ? 1 : 0);
      },
    });
    this.#losses = new Counter({
      name: "aggregator_unavailable_apiservice_total",
      help: "How often APIServices ceased to be available, by name and reason.",
      labelNames: ["name", "reason"],
      registers: [registry],
    });
  }

  /** `service` is as it was before the verdict. */
  judged(service: APIService, { status, reason }: Verdict): void {
    const name = nameOf(service);
    const isUnavailable = status !== "True";
    this.#unavailable.set(name, isUnavailable);
    if (isUnavailable && isAvailable(service)) this.#losses.inc({ name, reason });
  }

  deleted(name: string): void {
    this.#unavailable.delete(name);
  }
}
