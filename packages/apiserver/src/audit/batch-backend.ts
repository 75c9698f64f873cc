import { TokenBucket } from "@kube-ts/client/token-bucket";
import type { Clock } from "@kube-ts/std/clock";
import type { AuditBackend, EventWriter, LossReport } from "./audit-backend.ts";
import type { AuditEvent } from "./audit-event.ts";

export interface BatchOptions {
  /** How many events may wait; more are lost. */
  readonly bufferSize: number;
  readonly maxBatchSize: number;
  /** How long a batch waits for more events; 0 for not at all. */
  readonly maxWaitMs: number;
  /** Batches a second; undefined for any number. */
  readonly throttle: { readonly qps: number; readonly burst: number } | undefined;
}

/** Events that are written together at most where batches do not matter. */
const maxJoined = 1_000;
/** When the server stops, this long is tried to write what waits. */
const closeMs = 10_000;

/** Keeps events and writes them in batches, one after the other. Requests never wait. */
export class BatchBackend implements AuditBackend {
  readonly #writer: EventWriter;
  readonly #options: BatchOptions;
  readonly #clock: Clock;
  readonly #report: LossReport;
  readonly #throttle: TokenBucket | undefined;
  readonly #closing = new AbortController();
  #waiting: AuditEvent[] = [];
  #timer: Disposable | undefined;
  #running: Promise<void> | undefined;
  #isClosing = false;

  constructor(writer: EventWriter, options: BatchOptions, clock: Clock, report: LossReport) {
    const { throttle } = options;
    this.#writer = writer;
    this.#options = options;
    this.#clock = clock;
    this.#report = report;
    this.#throttle = throttle && new TokenBucket(clock, throttle.qps, throttle.burst);
  }

  process(event: AuditEvent): true {
    const { bufferSize, maxBatchSize, maxWaitMs } = this.#options;
    if (this.#waiting.length >= bufferSize) {
      this.#report.lost(this.#writer.name, 1, new Error("audit buffer queue blocked"));
      return true;
    }
    this.#waiting.push(event);
    if (this.#running) return true;
    if (this.#waiting.length >= maxBatchSize || maxWaitMs === 0) this.#start();
    else this.#timer ??= this.#clock.setTimer(maxWaitMs, () => this.#start());
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    if (this.#waiting.length > 0) this.#start();
    using _deadline = this.#clock.setTimer(closeMs, () => this.#closing.abort(new Error("the server stops")));
    await this.#running;
    await this.#writer[Symbol.asyncDispose]();
  }

  #start(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#running ??= this.#run();
  }

  /** Writes batches as long as one is full or due. */
  async #run(): Promise<void> {
    const { maxBatchSize, maxWaitMs } = this.#options;
    // Events of the same turn of the event loop go together.
    await new Promise((resolve) => setImmediate(resolve));
    do {
      const batch = this.#waiting.splice(0, this.#writer.takesAnyBatch ? maxJoined : maxBatchSize);
      await this.#write(batch);
    } while (this.#isDue());
    this.#running = undefined;
    if (this.#waiting.length > 0) this.#timer = this.#clock.setTimer(maxWaitMs, () => this.#start());
  }

  #isDue(): boolean {
    const { maxBatchSize, maxWaitMs } = this.#options;
    const { length } = this.#waiting;
    return length >= maxBatchSize || (length > 0 && (maxWaitMs === 0 || this.#isClosing));
  }

  async #write(batch: readonly AuditEvent[]): Promise<void> {
    const { signal } = this.#closing;
    try {
      await this.#throttle?.take(signal);
      await this.#writer.write(batch, signal);
    } catch (error) {
      this.#report.lost(this.#writer.name, batch.length, error);
    }
  }
}
