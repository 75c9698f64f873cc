/** How long restarts of one container are held back. */
export interface CrashBackoff {
  readonly delayMs: number;
  /** When this delay was chosen, which is when the container was last started again. */
  readonly chosenAtMs: number;
}

export interface CrashBackoffPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
  /** A container that ended this long after it was last started again begins anew. */
  readonly resetAfterMs: number;
}

export const defaultCrashBackoff: CrashBackoffPolicy = { initialMs: 10_000, maxMs: 300_000, resetAfterMs: 600_000 };

/** Milliseconds from `nowMs` until a container that ended at `finishedAtMs` may start again; 0 when it may now. */
export function crashDelayMs(
  policy: CrashBackoffPolicy,
  backoff: CrashBackoff | undefined,
  finishedAtMs: number,
  nowMs: number,
): number {
  if (!backoff || hasExpired(policy, backoff, finishedAtMs)) return 0;
  return Math.max(0, finishedAtMs + backoff.delayMs - nowMs);
}

/** The back-off to remember when a container that ended at `finishedAtMs` is started again. */
export function nextCrashBackoff(
  policy: CrashBackoffPolicy,
  backoff: CrashBackoff | undefined,
  finishedAtMs: number,
  nowMs: number,
): CrashBackoff {
  const fresh = !backoff || hasExpired(policy, backoff, finishedAtMs);
  const delayMs = fresh ? policy.initialMs : Math.min(policy.maxMs, backoff.delayMs * 2);
  return { delayMs, chosenAtMs: nowMs };
}

function hasExpired(policy: CrashBackoffPolicy, backoff: CrashBackoff, finishedAtMs: number): boolean {
  return finishedAtMs - backoff.chosenAtMs > policy.resetAfterMs;
}
