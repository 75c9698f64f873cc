/**
 * Shares one read among concurrent callers. Every caller gets the result of a read that started after its call,
 * so at most one read is under way and one waits. A read starts when the event loop has handled what arrived
 * together with the first call, so that calls of the same turn share it.
 */
export class SharedRead<T> {
  readonly #read: () => Promise<T>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  run(): Promise<T> {
    this.#next ??= this.#start(this.#running);
    return this.#next;
  }

  async #start(running: Promise<unknown>): Promise<T> {
    await running;
    await new Promise((resolve) => setImmediate(resolve));
    this.#next = undefined;
    const result = this.#read();
    this.#running = result.catch(() => undefined);
    return result;
  }
}
