import type { Random } from "./random.ts";

/** Exponential back-off: `baseMs * factor^n`, capped at `maxMs`, plus up to `jitter` of itself at random. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** Fraction of the delay that is added at random at most; 0 for none. */
  readonly jitter: number;
}

/** The delay before retry number `attempt` (0 for the first), in milliseconds. */
export function backoffDelayMs(policy: BackoffPolicy, attempt: number, random: Random): number {
  const delayMs = Math.min(policy.maxMs, policy.baseMs * policy.factor ** attempt);
  return delayMs + delayMs * policy.jitter * random.next();
}
