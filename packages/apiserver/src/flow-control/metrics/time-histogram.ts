/** How long a ratio had which value: a histogram that observes it at the end of every nanosecond. */
export class TimeHistogram {
  readonly bounds: readonly number[];
  /** Nanoseconds by bucket, those beyond the last bound at the end. */
  readonly counts: Float64Array;
  sum = 0;
  #numerator = 0;
  #denominator = 1;
  #value = 0;
  #bucket = 0;
  #sinceMs: number;

  constructor(bounds: readonly number[], nowMs: number) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
    this.#sinceMs = nowMs;
  }

  set(numerator: number, nowMs: number): void {
    this.advance(nowMs);
    if (numerator === this.#numerator) return;
    this.#numerator = numerator;
    this.#refresh();
  }

  setDenominator(denominator: number, nowMs: number): void {
    this.advance(nowMs);
    this.#denominator = denominator > 0 ? denominator : 1;
    this.#refresh();
  }

  /** Counts the time until now. */
  advance(nowMs: number): void {
    const passed = (nowMs - this.#sinceMs) * 1e6;
    if (passed <= 0) return;
    this.#sinceMs = nowMs;
    this.counts[this.#bucket] = (this.counts[this.#bucket] ?? 0) + passed;
    this.sum += passed * this.#value;
  }

  #refresh(): void {
    const { bounds } = this;
    this.#value = this.#numerator / this.#denominator;
    let bucket = 0;
    while (bucket < bounds.length && this.#value > (bounds[bucket] ?? Infinity)) bucket += 1;
    this.#bucket = bucket;
  }
}
