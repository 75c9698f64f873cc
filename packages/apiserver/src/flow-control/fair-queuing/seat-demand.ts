/** What a level's demand for seats was like over some time. */
export interface DemandSummary {
  readonly seconds: number;
  readonly average: number;
  readonly deviation: number;
  readonly max: number;
}

/** Integrates the demand for seats over time. */
export class SeatDemand {
  #value = 0;
  #max = 0;
  #sinceMs: number;
  #elapsedMs = 0;
  #integral = 0;
  #squares = 0;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  set(value: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#value = value;
    if (value > this.#max) this.#max = value;
  }

  /** What it was like since the last reset; starts anew. */
  reset(nowMs: number): DemandSummary {
    this.#advance(nowMs);
    const elapsed = this.#elapsedMs;
    const average = elapsed > 0 ? this.#integral / elapsed : 0;
    const variance = elapsed > 0 ? this.#squares / elapsed - average * average : 0;
    const summary = { seconds: elapsed / 1000, average, deviation: Math.sqrt(Math.max(0, variance)), max: this.#max };
    this.#max = this.#value;
    this.#elapsedMs = 0;
    this.#integral = 0;
    this.#squares = 0;
    return summary;
  }

  #advance(nowMs: number): void {
    const passed = nowMs - this.#sinceMs;
    if (passed <= 0) return;
    this.#sinceMs = nowMs;
    this.#elapsedMs += passed;
    this.#integral += passed * this.#value;
    this.#squares += passed * this.#value * this.#value;
  }
}
