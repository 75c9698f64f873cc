/** Keeps the last sample of each counter to tell its rate. */
export class UsageRates {
  readonly #samples = new Map<
    string,
    { readonly timestampMs: number; readonly total: number; rate: number | undefined }
  >();

  /**
   * Notes a counter's total in nanoseconds and answers its rate per second since the sample before, or the rate
   * known last when that was just now; undefined for the first.
   */
  note(key: string, timestampMs: number, total: number): number | undefined {
    const before = this.#samples.get(key);
    const elapsedMs = before ? timestampMs - before.timestampMs : 0;
    // Over a very short time the counter's steps would show as a rate.
    if (before && elapsedMs < minIntervalMs) return before.rate;
    const rate = before && total >= before.total ? Math.round(((total - before.total) * 1000) / elapsedMs) : undefined;
    this.#samples.set(key, { timestampMs, total, rate });
    return rate;
  }

  /** Forgets what is no longer there. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#samples.keys()) if (!keys.has(key)) this.#samples.delete(key);
  }
}

const minIntervalMs = 1000;
