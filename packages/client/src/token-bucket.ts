import type { Clock } from "@kube-ts/std/clock";

/** A rate limit with room for bursts: `burst` at once, then `qps` each second, first come first served. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #qps: number;
  readonly #burst: number;
  #tokens: number;
  #updatedMs: number;

  constructor(clock: Clock, qps: number, burst: number) {
    this.#clock = clock;
    this.#qps = qps;
    this.#burst = burst;
    this.#tokens = burst;
    this.#updatedMs = clock.monotonicMs();
  }

  /** Takes a token if one is there. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes a token, in advance if need be, and answers after how many milliseconds it counts. */
  reserve(): number {
    this.#refill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#qps) * 1_000;
  }

  /** Waits for a token. An aborted wait gives its token back. */
  async take(signal: AbortSignal): Promise<void> {
    const delayMs = this.reserve();
    if (delayMs === 0) return;
    try {
      await this.#clock.sleep(delayMs, signal);
    } catch (error) {
      this.#tokens += 1;
      throw error;
    }
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#updatedMs) / 1_000) * this.#qps);
    this.#updatedMs = nowMs;
  }
}
