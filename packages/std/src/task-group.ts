import { isAbort } from "./abort.ts";

/**
 * Owns the long tasks of a component: the first failure aborts the others, and `run` resolves only when all
 * have ended, so that nothing floats.
 */
export class TaskGroup {
  readonly #controller = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** Aborts when the owner's signal aborts or when a task fails. */
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
  }

  /** Starts a task; it must end soon after its signal aborts. */
  start(task: (signal: AbortSignal) => Promise<void>): void {
    const running = task(this.signal)
      .catch((error: unknown) => {
        if (isAbort(error, this.signal)) return;
        this.#failure ??= { error };
        this.#controller.abort(error);
      })
      .finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  /** Stops all tasks and waits for them. */
  async stop(): Promise<void> {
    this.#controller.abort(new Error("stopped"));
    await this.settled().catch(() => undefined);
  }

  /** Resolves when every task has ended; rejects with the first failure. */
  async settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#failure) throw this.#failure.error;
  }
}
