import type { BackoffOptions } from "../config/autoscaler-config.ts";

interface Failure {
  readonly durationMs: number;
  readonly untilMs: number;
  readonly lastMs: number;
  readonly reason: string;
}

/** Groups that rest after failures: each one doubles the time, until there was none for long. Bounded by the number of groups. */
export class GroupBackoff {
  readonly #options: BackoffOptions;
  readonly #failures = new Map<string, Failure>();

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  fail(group: string, reason: string, nowMs: number): void {
    const { initialMs, maxMs, resetAfterMs } = this.#options;
    const known = this.#failures.get(group);
    // Several machines of one request count once.
    if (known && nowMs < known.untilMs) return;
    const forgotten = known === undefined || nowMs - known.lastMs > resetAfterMs;
    const durationMs = forgotten ? initialMs : Math.min(maxMs, known.durationMs * 2);
    this.#failures.set(group, { durationMs, untilMs: nowMs + durationMs, lastMs: nowMs, reason });
  }

  /** Why the group rests; undefined when it does not. */
  reason(group: string, nowMs: number): string | undefined {
    const known = this.#failures.get(group);
    return known && nowMs < known.untilMs ? known.reason : undefined;
  }

  /** Forgets groups that do not exist any more. */
  retain(groups: ReadonlySet<string>): void {
    for (const group of this.#failures.keys()) if (!groups.has(group)) this.#failures.delete(group);
  }
}
