import type { Revision } from "../store.ts";

interface Waiter {
  readonly revision: Revision;
  resolve(): void;
  reject(error: Error): void;
}

/** Callers that wait until a revision is reached. */
export class RevisionWaiters {
  readonly #waiters = new Set<Waiter>();

  /** The lowest revision that someone waits for. */
  get lowest(): Revision | undefined {
    let lowest: Revision | undefined;
    for (const { revision } of this.#waiters) if (lowest === undefined || revision < lowest) lowest = revision;
    return lowest;
  }

  /** Resolves when the revision was reached, or rejects with the signal's reason. */
  wait(revision: Revision, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiters.delete(waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        revision,
        resolve: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
        reject: (error) => {
          signal.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Rejects whoever waits: no revision will be reached any more. */
  fail(error: Error): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.reject(error);
  }

  /** Wakes everyone who waits for this revision or an earlier one. */
  reached(revision: Revision): void {
    for (const waiter of this.#waiters) {
      if (waiter.revision > revision) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
