import type { Clock } from "@kube-ts/std/clock";

/** Creations and deletions that were asked for and not yet seen through the informer. */
interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly sinceMs: number;
}

const timeToLiveMs = 5 * 60_000;

/**
 * Keeps a controller from acting twice on a stale cache: it records how many children it has created and which it has
 * deleted, and holds off until the informer has shown them, or for five minutes. Deletions are known by the child's
 * uid or key, so that seeing one twice does no harm. One record per key of the controller, dropped with `forget`.
 */
export class Expectations {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, Expected>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Call before the requests are sent. */
  expectCreations(key: string, count: number): void {
    if (count > 0) this.#open(key).creations += count;
  }

  /** Call before the requests are sent. */
  expectDeletions(key: string, children: Iterable<string>): void {
    for (const child of children) this.#open(key).deletions.add(child);
  }

  /** A creation was seen, or its request failed. */
  creationObserved(key: string): void {
    const expected = this.#byKey.get(key);
    if (expected && expected.creations > 0) expected.creations -= 1;
  }

  /** A deletion was seen, or its request failed. */
  deletionObserved(key: string, child: string): void {
    this.#byKey.get(key)?.deletions.delete(child);
  }

  /** Whether the cache can be trusted: everything expected was seen, or the wait has lasted too long. */
  satisfied(key: string): boolean {
    const expected = this.#byKey.get(key);
    if (!expected) return true;
    if (expected.creations === 0 && expected.deletions.size === 0) return true;
    return this.#clock.monotonicMs() - expected.sinceMs > timeToLiveMs;
  }

  /** The key's object is gone. */
  forget(key: string): void {
    this.#byKey.delete(key);
  }

  /** The record to add to: the one of this round, or a new one when the last is over. */
  #open(key: string): Expected {
    const current = this.#byKey.get(key);
    if (current && !this.satisfied(key)) return current;
    const fresh: Expected = { creations: 0, deletions: new Set(), sinceMs: this.#clock.monotonicMs() };
    this.#byKey.set(key, fresh);
    return fresh;
  }
}
