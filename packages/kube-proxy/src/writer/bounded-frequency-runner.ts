import { backoffDelayMs } from "@kube-ts/std/backoff";
import type { BackoffPolicy } from "@kube-ts/std/backoff";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";

export interface RunnerIntervals {
  /** Least time from the end of a run to the start of the next. */
  readonly minIntervalMs: number;
  /** Longest time without a run. */
  readonly maxIntervalMs: number;
}

/** Why a run takes place. */
export type RunReason = "requested" | "periodic" | "retry";

/**
 * Runs a task when asked, but not too often, and now and then without being asked. Requests during a run or the
 * pause after it are answered by one further run. A run that fails is repeated after a growing pause.
 */
export class BoundedFrequencyRunner {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #intervals: RunnerIntervals;
  readonly #retry: BackoffPolicy;
  #requested = false;
  #wake: (() => void) | undefined;

  constructor(intervals: RunnerIntervals, clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#intervals = intervals;
    const baseMs = Math.max(intervals.minIntervalMs, 1_000);
    this.#retry = { baseMs, maxMs: Math.max(baseMs, intervals.maxIntervalMs), factor: 2, jitter: 0.1 };
  }

  /** Asks for a run; returns at once. */
  request(): void {
    this.#requested = true;
    this.#wake?.();
  }

  /**
   * Resolves when the signal aborts and the run in progress has ended. `onFailure` is told what a failed run threw.
   */
  async run(
    task: (reason: RunReason, signal: AbortSignal) => Promise<void>,
    onFailure: (error: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let failures = 0;
    let endedMs = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      const retryMs = failures === 0 ? undefined : endedMs + backoffDelayMs(this.#retry, failures - 1, this.#random);
      const reason = await this.#nextRun(endedMs, retryMs, signal);
      if (reason === undefined) return;
      this.#requested = false;
      try {
        await task(reason, signal);
        failures = 0;
      } catch (error) {
        if (isAbort(error, signal)) return;
        failures += 1;
        onFailure(error);
      }
      endedMs = this.#clock.monotonicMs();
    }
  }

  /** Waits for the next run to be due; undefined when the signal aborted. */
  async #nextRun(endedMs: number, retryMs: number | undefined, signal: AbortSignal): Promise<RunReason | undefined> {
    const first = endedMs === Number.NEGATIVE_INFINITY;
    const periodicMs = first ? Number.POSITIVE_INFINITY : endedMs + this.#intervals.maxIntervalMs;
    // After a failure a request does not shorten the pause: the same change would fail again.
    const requestedMs = retryMs ?? endedMs + this.#intervals.minIntervalMs;
    while (!signal.aborted) {
      const nowMs = this.#clock.monotonicMs();
      if (retryMs !== undefined && nowMs >= retryMs) return "retry";
      if (this.#requested && nowMs >= requestedMs) return "requested";
      if (nowMs >= periodicMs) return "periodic";
      const dueMs = Math.min(
        retryMs ?? Number.POSITIVE_INFINITY,
        periodicMs,
        this.#requested ? requestedMs : periodicMs,
      );
      await this.#pause(dueMs - nowMs, signal);
    }
    return undefined;
  }

  /** Ends after `ms`, with a request, or with the signal. */
  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? this.#clock.setTimer(ms, () => finish()) : undefined;
      const finish = () => {
        timer?.[Symbol.dispose]();
        signal.removeEventListener("abort", finish);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = finish;
      signal.addEventListener("abort", finish, { once: true });
      if (signal.aborted) finish();
    });
  }
}
