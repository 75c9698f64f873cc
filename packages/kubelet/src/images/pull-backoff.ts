import type { Clock } from "@kube-ts/std/clock";

const firstMs = 10_000;
const maxMs = 300_000;
/** Without a failure for so long, the next one starts from the beginning. */
const forgetMs = 2 * maxMs;
/** Pods and images that are kept track of; the oldest go first. */
const maxKeys = 10_000;

interface Failed {
  readonly delayMs: number;
  readonly untilMs: number;
  readonly lastError: string;
}

/** How long to leave a pull alone after failures: 10 s, doubling up to 5 min. */
export class PullBackoff {
  readonly #clock: Clock;
  readonly #failed = new Map<string, Failed>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What remains to be waited; undefined when the pull may be tried. */
  check(key: string): { readonly remainingMs: number; readonly lastError: string } | undefined {
    const failed = this.#failed.get(key);
    const remainingMs = failed ? failed.untilMs - this.#clock.monotonicMs() : 0;
    return failed && remainingMs > 0 ? { remainingMs, lastError: failed.lastError } : undefined;
  }

  /** Notes a failure; answers the delay until the next try. */
  failed(key: string, lastError: string): number {
    const nowMs = this.#clock.monotonicMs();
    const before = this.#failed.get(key);
    const fresh = !before || nowMs > before.untilMs + forgetMs;
    const delayMs = fresh ? firstMs : Math.min(maxMs, before.delayMs * 2);
    this.#failed.delete(key);
    this.#failed.set(key, { delayMs, untilMs: nowMs + delayMs, lastError });
    for (const oldest of this.#failed.keys()) {
      if (this.#failed.size <= maxKeys) break;
      this.#failed.delete(oldest);
    }
    return delayMs;
  }

  succeeded(key: string): void {
    this.#failed.delete(key);
  }
}
