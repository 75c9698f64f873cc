import type { Clock } from "@kube-ts/std/clock";
import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { exponentialBuckets, type Registry } from "@kube-ts/std/metrics";

/** Seconds, as upstream chooses them: from one millisecond to sixteen seconds. */
const buckets = exponentialBuckets(0.001, 2, 15);

export interface AttemptMetrics {
  /** The name of the counter. */
  readonly counter: string;
  /** The name of the histogram of durations in seconds. */
  readonly duration: string;
  /** What is attempted, for the metrics' help. */
  readonly subject: string;
}

/** Counts how requests passed a step of the chain, and how long it took them. Result names must be few. */
export class Attempts {
  readonly #counter: HotCounter;
  readonly #durations: HotHistogram;
  readonly #clock: Clock;

  constructor({ counter, duration, subject }: AttemptMetrics, registry: Registry, clock: Clock) {
    const labelNames = ["result"];
    this.#clock = clock;
    this.#counter = new HotCounter({ name: counter, help: `Requests by how ${subject} ended.`, labelNames, registry });
    this.#durations = new HotHistogram({
      name: duration,
      help: `How long ${subject} took, in seconds.`,
      labelNames,
      registry,
      buckets,
    });
  }

  /** When an attempt begins, for `ended`. */
  begin(): number {
    return this.#clock.monotonicMs();
  }

  ended(beganAt: number, result: string): void {
    this.#counter.with(result).inc();
    this.#durations.with(result).observe((this.#clock.monotonicMs() - beganAt) / 1_000);
  }
}
