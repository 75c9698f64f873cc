/** How long the event loop may be held by a piece of long work. */
const defaultSliceMs = 5;
/** The clock is looked at once in so many steps. */
const stepsBetweenLooks = 16;

/** Those who wait for their next slice. Per process, as the event loop is. */
const waiting: (() => void)[] = [];

/** They go on one by one until the slice of the turn is used up, so that many at once hold the event loop no longer than one alone. */
function wakeSome(): void {
  wakeUntil(performance.now() + defaultSliceMs);
}

function wakeUntil(endMs: number): void {
  waiting.shift()?.();
  if (waiting.length === 0) return;
  // Once everything has run that the one just woken does at once, its writes to sockets included.
  const next = () => {
    if (performance.now() < endMs) wakeUntil(endMs);
    else setImmediate(wakeSome);
  };
  queueMicrotask(() => process.nextTick(next));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(wakeSome);
  });
}

/** When the time is up that requests have in this turn of the event loop; undefined while none has asked. */
let turnEndMs: number | undefined;
/** Whether a request has begun of which nobody knows yet how long it takes. */
let hasBegun = false;

/**
 * Asked before each of those pieces of work that are short by themselves, and of which thousands may come at once, as
 * when what they all waited for is there: undefined if it may begin, otherwise a promise to await. Rejects with the
 * signal's reason.
 */
export function timeInTurn(signal: AbortSignal): Promise<void> | undefined {
  const nowMs = performance.now();
  if (turnEndMs === undefined) {
    turnEndMs = nowMs + defaultSliceMs;
    setImmediate(() => {
      turnEndMs = undefined;
    });
  }
  if (hasBegun || nowMs >= turnEndMs) return new LongWork().pause(signal);
  hasBegun = true;
  process.nextTick(() => {
    hasBegun = false;
  });
  return undefined;
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

  /** Lets everything else have a turn, which others that wait may share; rejects with the signal's reason when it is aborted by then. */
  async pause(signal?: AbortSignal): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.#endMs = performance.now() + this.#sliceMs;
    this.#due = false;
  }
}
