/** One request of a load. Times are milliseconds of one monotonic clock. */
export interface Attempt {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Why it failed; nothing when it succeeded. */
  readonly error?: string;
  /** Whom it went to. */
  readonly target: string;
  /** The port that it left from, by which captures and tables of connections know it. */
  readonly localPort?: number;
}

/** A time of interest. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/**
 * The longest time without any success in a period, in milliseconds: from one success's end to the next one's end. A
 * client of any target counts, as one that turns to another server would see it.
 */
export function longestOutage(attempts: readonly Attempt[], { from, to }: Period): number {
  const successes = attempts
    .filter(({ error, endedAt }) => error === undefined && endedAt >= from && endedAt <= to)
    .map(({ endedAt }) => endedAt)
    .sort((a, b) => a - b);
  let longest = 0;
  let last = from;
  for (const time of [...successes, to]) {
    longest = Math.max(longest, time - last);
    last = time;
  }
  return longest;
}

/** What failed in a period, in the order of the failures. */
export function failuresIn(attempts: readonly Attempt[], { from, to }: Period): readonly Attempt[] {
  return attempts
    .filter(({ error, endedAt }) => error !== undefined && endedAt >= from && endedAt <= to)
    .toSorted((a, b) => a.endedAt - b.endedAt);
}

/** How long after the period's begin the last request was started that failed, in milliseconds; 0 when none failed. */
export function troubleMs(attempts: readonly Attempt[], period: Period): number {
  const started = failuresIn(attempts, period).map(({ startedAt }) => startedAt - period.from);
  return Math.max(0, ...started);
}
