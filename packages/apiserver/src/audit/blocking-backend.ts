import type { AuditBackend, EventWriter, LossReport } from "./audit-backend.ts";
import type { AuditEvent } from "./audit-event.ts";

/** The server waits no longer for events that are still on their way when it stops. */
const closeMs = 10_000;

/** Writes each event before the request goes on; where that is strict, a lost event ends the request. */
export class BlockingBackend implements AuditBackend {
  readonly #writer: EventWriter;
  readonly #isStrict: boolean;
  readonly #report: LossReport;
  readonly #pending = new Set<Promise<boolean>>();
  readonly #closing = new AbortController();

  constructor(writer: EventWriter, isStrict: boolean, report: LossReport) {
    this.#writer = writer;
    this.#isStrict = isStrict;
    this.#report = report;
  }

  process(event: AuditEvent): boolean | Promise<boolean> {
    try {
      const writing = this.#writer.write([event], this.#closing.signal);
      return writing ? this.#settled(writing) : true;
    } catch (error) {
      return this.#lost(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(() => this.#closing.abort(new Error("the server stops")), closeMs);
    await Promise.all(this.#pending);
    clearTimeout(timer);
    await this.#writer[Symbol.asyncDispose]();
  }

  #settled(writing: Promise<void>): Promise<boolean> {
    const outcome = writing.then(
      () => true,
      (error: unknown) => this.#lost(error),
    );
    this.#pending.add(outcome);
    void outcome.then(() => this.#pending.delete(outcome));
    return outcome;
  }

  #lost(error: unknown): boolean {
    this.#report.lost(this.#writer.name, 1, error);
    return !this.#isStrict;
  }
}
