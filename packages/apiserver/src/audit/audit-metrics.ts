import { type CounterSeries, HotCounter } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { AuditLevel } from "./audit-event.ts";

/** What is counted of the audit, under upstream's names. */
export class AuditMetrics {
  readonly #events: CounterSeries;
  readonly #rejected: CounterSeries;
  readonly #levels: HotCounter;
  readonly #errors: HotCounter;

  constructor(registry: Registry) {
    const counter = (name: string, help: string, ...labelNames: string[]) =>
      new HotCounter({ name: `apiserver_audit_${name}`, help, labelNames, registry });
    this.#events = counter("event_total", "Audit events that were made and sent to the back ends.").with();
    this.#rejected = counter(
      "requests_rejected_total",
      "Requests that were refused because their audit event could not be kept.",
    ).with();
    this.#levels = counter("level_total", "Levels at which requests are recorded, one for each request.", "level");
    this.#errors = counter("error_total", "Audit events that a back end has lost.", "plugin");
  }

  event(): void {
    this.#events.inc();
  }

  rejected(): void {
    this.#rejected.inc();
  }

  level(level: AuditLevel): void {
    this.#levels.with(level).inc();
  }

  lost(plugin: string, events: number): void {
    this.#errors.with(plugin).inc(events);
  }
}
