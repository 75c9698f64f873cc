import type { Logger } from "@kube-ts/std/log";
import type { AuditEvent } from "./audit-event.ts";
import type { AuditMetrics } from "./audit-metrics.ts";

/** Takes events. Disposing of it waits until what it holds is written, for a bounded time. */
export interface AuditBackend extends AsyncDisposable {
  /** False when the event is lost and the request must not go on without it; never rejects. */
  process(event: AuditEvent): boolean | Promise<boolean>;
}

/** Where events end up. */
export interface EventWriter extends AsyncDisposable {
  /** `log` or `webhook`, as metrics name it. */
  readonly name: string;
  /** Whether it is all the same to it how large batches are. */
  readonly takesAnyBatch: boolean;
  /** Throws or rejects when the events could not be written. */
  write(events: readonly AuditEvent[], signal: AbortSignal): void | Promise<void>;
}

/** Tells of events that are lost. */
export class LossReport {
  readonly #metrics: AuditMetrics;
  readonly #log: Logger;

  constructor(metrics: AuditMetrics, log: Logger) {
    this.#metrics = metrics;
    this.#log = log;
  }

  lost(plugin: string, events: number, error: unknown): void {
    this.#metrics.lost(plugin, events);
    this.#log.error("audit events are lost", { plugin, events, error });
  }
}

/** Several back ends; an event is lost when one of them loses it. */
export class UnionBackend implements AuditBackend {
  readonly #backends: readonly AuditBackend[];

  constructor(backends: readonly AuditBackend[]) {
    this.#backends = backends;
  }

  process(event: AuditEvent): boolean | Promise<boolean> {
    const outcomes = this.#backends.map((backend) => backend.process(event));
    if (outcomes.every((outcome) => typeof outcome === "boolean")) return !outcomes.includes(false);
    return Promise.all(outcomes.map(async (outcome) => outcome)).then((settled) => !settled.includes(false));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#backends.map((backend) => backend[Symbol.asyncDispose]()));
  }
}
