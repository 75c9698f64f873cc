import type { Clock } from "./clock.ts";

/** Settles like `work`, or rejects with the signal's reason as soon as it aborts. The work itself goes on. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** A signal that aborts with the parent or after `timeoutMs`, whichever is first. */
export function withTimeout(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/** Whether `error` is how a cancelled operation ended, as opposed to a failure of its own. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === "AbortError"));
}

/** A signal that aborts with the parent or after `ms` of the given clock. Dispose it when the work is over. */
export function withDeadline(
  clock: Clock,
  signal: AbortSignal,
  ms: number,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = clock.setTimer(ms, () =>
    controller.abort(new DOMException(`took longer than ${ms} ms`, "TimeoutError")),
  );
  return { signal: AbortSignal.any([signal, controller.signal]), [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
