/** How long the event loop may be held by a piece of long work. */
const defaultSliceMs = 5;
/** The clock is looked at once in so many steps. */
const stepsBetweenLooks = 16;

/** Those who wait for their next slice. Per process, as the event loop is. */
const waiting: (() => void)[] = [];

/** One of them goes on in a turn of the event loop, so that many at once hold it no longer than one alone. */
function wakeNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(wakeNext);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(wakeNext);
  });
}

/**
 * Work that is done in slices, between which the event loop serves requests. Call `step` after each small step, and
 * await `pause` when it says so. Time is real here, whatever clock a simulation has: what is bounded is real delay.
 */
export class LongWork {
  readonly #sliceMs: number;
  #endMs: number;
  #steps = 0;
  #due = false;

  constructor(sliceMs: number = defaultSliceMs) {
    this.#sliceMs = sliceMs;
    this.#endMs = performance.now() + sliceMs;
  }

  /** Counts a step of at most a few hundred microseconds; answers whether the slice is used up. */
  step(): boolean {
    this.#steps += 1;
    if (this.#steps % stepsBetweenLooks === 0) this.#due ||= performance.now() >= this.#endMs;
    return this.#due;
  }

  /** Whether the slice is used up. */
  get isDue(): boolean {
    this.#due ||= performance.now() >= this.#endMs;
    return this.#due;
  }

  /** Lets everything else have a turn; rejects with the signal's reason when it is aborted by then. */
  async pause(signal?: AbortSignal): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.#endMs = performance.now() + this.#sliceMs;
    this.#due = false;
  }
}
