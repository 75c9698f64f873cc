import type { Clock } from "@kube-ts/std/clock";
import type { HealthLimits } from "./config/autoscaler-config.ts";

/** Tells whether scans happen and succeed. One that stands by has nothing to do. */
export class HealthMonitor {
  readonly #clock: Clock;
  readonly #limits: HealthLimits;
  #activeMs: number | undefined;
  #successMs = 0;

  constructor(clock: Clock, limits: HealthLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** From now on scans are expected. */
  start(): void {
    this.#activeMs = this.#clock.monotonicMs();
    this.#successMs = this.#activeMs;
  }

  noteScan(succeeded: boolean): void {
    this.#activeMs = this.#clock.monotonicMs();
    if (succeeded) this.#successMs = this.#activeMs;
  }

  /** Throws when there was no scan, or none that succeeded, for too long. */
  check(): void {
    if (this.#activeMs === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    const { maxInactivityMs, maxFailingMs } = this.#limits;
    if (nowMs - this.#activeMs > maxInactivityMs) {
      throw new Error(`last activity more than ${maxInactivityMs / 1_000}s ago`);
    }
    if (nowMs - this.#successMs > maxFailingMs) {
      throw new Error(`last successful activity more than ${maxFailingMs / 1_000}s ago`);
    }
  }
}
