import type { Clock } from "@kube-ts/std/clock";

/** Lets one loop sleep until something tells it to look again. Notices that come while it is awake are not lost. */
export class Wakeup {
  #noticed = false;
  #wake: (() => void) | undefined;

  notify(): void {
    this.#noticed = true;
    this.#wake?.();
  }

  /** Resolves at the next notice, or after `timeoutMs` if given; rejects with the signal's reason. */
  async wait(clock: Clock, timeoutMs: number | undefined, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#noticed) await this.#sleep(clock, timeoutMs, signal);
    this.#noticed = false;
  }

  #sleep(clock: Clock, timeoutMs: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        timer?.[Symbol.dispose]();
        signal.removeEventListener("abort", onAbort);
        this.#wake = undefined;
        settle();
      };
      const onAbort = () => end(() => reject(signal.reason as Error));
      const timer = timeoutMs === undefined ? undefined : clock.setTimer(timeoutMs, () => end(resolve));
      signal.addEventListener("abort", onAbort, { once: true });
      this.#wake = () => end(resolve);
    });
  }
}
