import type { Clock } from "@kube-ts/std/clock";
import type { LifecycleConfig } from "../config/lifecycle.ts";

/**
 * How the server ends: it is told to stop and is no longer ready, but serves as ever for the delay; in its second half,
 * when balancers know, answers close their connections, so that clients come back elsewhere. Then it drains, which means that nothing new is begun; long-running requests end with the drain or a grace period after it, while
 * short ones may finish.
 */
export class Shutdown {
  /** Aborts when the server is told to stop. */
  readonly initiated: AbortSignal;
  readonly #config: LifecycleConfig;
  readonly #draining = new AbortController();
  #isDismissing = false;
  readonly #ending = new AbortController();

  constructor(initiated: AbortSignal, config: LifecycleConfig) {
    this.initiated = initiated;
    this.#config = config;
  }

  /** Aborts when nothing new is to be begun. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** Whether answers are to close their connections. */
  get isDismissing(): boolean {
    return this.#isDismissing;
  }

  /** Aborts when long-running requests have to end. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether requests that come while the server drains are told to come back later. */
  get sendsRetryAfter(): boolean {
    return this.#config.sendsRetryAfter;
  }

  /** Lets the delay pass. */
  async delay(clock: Clock): Promise<void> {
    const halfMs = this.#config.shutdownDelayMs / 2;
    const { signal } = new AbortController();
    if (halfMs > 0) await clock.sleep(halfMs, signal);
    this.#isDismissing = true;
    if (halfMs > 0) await clock.sleep(halfMs, signal);
  }

  /** Begins to drain; disposing of the result ends what still has a grace period. */
  drain(clock: Clock): Disposable {
    this.#isDismissing = true;
    this.#draining.abort(new Error("the server drains"));
    const end = () => this.#ending.abort(new Error("the server stops"));
    const { watchGraceMs } = this.#config;
    if (watchGraceMs <= 0) end();
    const timer = clock.setTimer(watchGraceMs, end);
    return {
      [Symbol.dispose]: () => {
        timer[Symbol.dispose]();
        end();
      },
    };
  }
}
