/**
 * A first-in first-out queue with a hard bound. `push` answers false when it is full: the caller states the
 * overflow policy. Iteration ends when the queue is closed and drained, or throws the signal's reason.
 */
export class BoundedQueue<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  #head = 0;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Appends the item; false when the queue is full or closed, and the item was not taken. */
  push(item: T): boolean {
    if (this.#closed || this.size >= this.#capacity) return false;
    this.#items.push(item);
    this.#notify();
    return true;
  }

  /** Lets consumers finish once what is queued has been taken. */
  close(): void {
    this.#closed = true;
    this.#notify();
  }

  /** Takes everything that is queued, without waiting. */
  drain(): T[] {
    const items = this.#items.slice(this.#head);
    this.#items.length = 0;
    this.#head = 0;
    return items;
  }

  /** The next item, or undefined once the queue is closed and empty. One consumer at a time. */
  async shift(signal: AbortSignal): Promise<T | undefined> {
    while (this.size === 0) {
      if (this.#closed) return undefined;
      await this.#waitForItem(signal);
    }
    const item = this.#items[this.#head];
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  #waitForItem(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#wake = undefined;
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#wake = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
