/** How long the event loop may be held by a piece of long work. */
const defaultSliceMs = 5;

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
 * Work that is done in slices, between which the event loop serves requests. Ask `isDue` after each small step, and
 * await `pause` when it says so. Time is real here, whatever clock a simulation has: what is bounded is real delay.
 */
export class LongWork {
  readonly #sliceMs: number;
  #endMs: number;

  constructor(sliceMs: number = defaultSliceMs) {
    this.#sliceMs = sliceMs;
    this.#endMs = performance.now() + sliceMs;
  }

  /** Whether the slice is used up. */
  get isDue(): boolean {
    return performance.now() >= this.#endMs;
  }

  /** Lets everything else have a turn; rejects with the signal's reason when it is aborted by then. */
  async pause(signal?: AbortSignal): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.#endMs = performance.now() + this.#sliceMs;
  }
}
