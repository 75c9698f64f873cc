import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, silentLogger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import { TokenBucket } from "./token-bucket.ts";
import { type WorkQueueMetrics, workQueueMetrics } from "./work-queue-metrics.ts";

export interface WorkQueueOptions {
  /** Label of the queue's metrics and log lines. */
  readonly name: string;
  readonly clock: Clock;
  readonly log?: Logger;
  readonly registry?: Registry;
  /** Delay of a key's first retry, doubled for each further one; 5 ms unless told. */
  readonly retryBaseMs?: number;
  /** Longest delay of a retry; 1000 s unless told. */
  readonly retryMaxMs?: number;
  /** Limit over all keys on top of that; upstream's controllers use 10 a second with bursts of 100. */
  readonly overall?: { readonly qps: number; readonly burst: number };
}

interface WaitingKey {
  readonly dueMs: number;
  readonly timer: Disposable;
}

/**
 * Keys that need work. A key waits at most once, and is never worked on by two workers at a time: one that is added
 * while it is processed is processed again afterwards. The queue is bounded by the number of distinct keys.
 */
export class WorkQueue<K extends string> {
  readonly #options: WorkQueueOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #metrics: WorkQueueMetrics;
  readonly #limiter: TokenBucket | undefined;
  /** Keys that wait for a worker, oldest first, and since when. */
  readonly #ready = new Map<K, number>();
  /** Keys that are being processed, and since when. */
  readonly #processing = new Map<K, number>();
  /** Keys that were added while being processed, and when. */
  readonly #again = new Map<K, number>();
  readonly #delayed = new Map<K, WaitingKey>();
  readonly #retries = new Map<K, number>();
  readonly #idleWorkers: (() => void)[] = [];
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#log = (options.log ?? silentLogger).child({ queue: options.name });
    this.#limiter = options.overall && new TokenBucket(options.clock, options.overall.qps, options.overall.burst);
    this.#metrics = workQueueMetrics(options.registry, options.name, {
      runningSeconds: () => [...this.#processing.values()].map((sinceMs) => this.#secondsSince(sinceMs)),
    });
  }

  /** How many keys wait for a worker. */
  get depth(): number {
    return this.#ready.size;
  }

  /** Makes the key due now. */
  add(key: K): void {
    if (this.#stopped || this.#ready.has(key) || this.#again.has(key)) return;
    this.#metrics.added();
    const nowMs = this.#clock.monotonicMs();
    if (this.#processing.has(key)) {
      this.#again.set(key, nowMs);
      return;
    }
    this.#ready.set(key, nowMs);
    this.#metrics.depth(this.#ready.size);
    this.#idleWorkers.shift()?.();
  }

  /** Makes the key due after `delayMs`; of several delays the earliest counts. */
  addAfter(key: K, delayMs: number): void {
    if (this.#stopped) return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const dueMs = this.#clock.monotonicMs() + delayMs;
    const waiting = this.#delayed.get(key);
    if (waiting && waiting.dueMs <= dueMs) return;
    waiting?.timer[Symbol.dispose]();
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueMs, timer });
  }

  /** Makes the key due after its back-off, which grows until `forget`. */
  addRateLimited(key: K): void {
    const { retryBaseMs = 5, retryMaxMs = 1_000_000 } = this.#options;
    const retries = this.#retries.get(key) ?? 0;
    this.#retries.set(key, retries + 1);
    this.#metrics.retried();
    const backoffMs = Math.min(retryMaxMs, retryBaseMs * 2 ** retries);
    this.addAfter(key, Math.max(backoffMs, this.#limiter?.reserve() ?? 0));
  }

  /** Ends the key's back-off: its next failure counts as the first. */
  forget(key: K): void {
    this.#retries.delete(key);
  }

  /** How often the key was added with back-off since it was last forgotten. */
  retries(key: K): number {
    return this.#retries.get(key) ?? 0;
  }

  /**
   * Processes keys with so many workers until the signal aborts, and resolves when the last `reconcile` has ended.
   * A `reconcile` that rejects is logged and its key retried with back-off; one that resolves has its key forgotten.
   * A queue runs once.
   */
  async run(
    signal: AbortSignal,
    workers: number,
    reconcile: (key: K, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const stop = () => this.#stop();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.all(Array.from({ length: workers }, () => this.#work(signal, reconcile)));
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #work(signal: AbortSignal, reconcile: (key: K, signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      const key = this.#take();
      if (key === undefined) await new Promise<void>((resolve) => this.#idleWorkers.push(resolve));
      else await this.#process(key, signal, reconcile);
    }
  }

  #take(): K | undefined {
    for (const [key, sinceMs] of this.#ready) {
      this.#ready.delete(key);
      this.#metrics.depth(this.#ready.size);
      this.#metrics.waited(this.#secondsSince(sinceMs));
      this.#processing.set(key, this.#clock.monotonicMs());
      return key;
    }
    return undefined;
  }

  async #process(
    key: K,
    signal: AbortSignal,
    reconcile: (key: K, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    try {
      await reconcile(key, signal);
      this.forget(key);
    } catch (error) {
      if (!isAbort(error, signal)) {
        this.#log.warn("reconcile failed", { key, retries: this.retries(key), error });
      }
      this.addRateLimited(key);
    } finally {
      this.#done(key);
    }
  }

  #done(key: K): void {
    this.#metrics.worked(this.#secondsSince(this.#processing.get(key) ?? this.#clock.monotonicMs()));
    this.#processing.delete(key);
    const againMs = this.#again.get(key);
    if (againMs === undefined) return;
    this.#again.delete(key);
    this.#ready.set(key, againMs);
    this.#metrics.depth(this.#ready.size);
    this.#idleWorkers.shift()?.();
  }

  /** From here on nothing is taken or accepted; what is being processed ends by itself. */
  #stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#delayed.values()) timer[Symbol.dispose]();
    this.#delayed.clear();
    for (const wake of this.#idleWorkers.splice(0)) wake();
  }

  #secondsSince(sinceMs: number): number {
    return (this.#clock.monotonicMs() - sinceMs) / 1_000;
  }
}
