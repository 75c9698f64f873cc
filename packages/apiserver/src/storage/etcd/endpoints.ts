import type { Clock } from "@kube-ts/std/clock";
import { isAnswer, neverSent, toStoreError } from "./errors.ts";
import { EtcdEndpoint } from "./endpoint.ts";
import type { ServiceName } from "./endpoint.ts";
import type { EtcdTls } from "./unary-connection.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** A read may be asked of another member at any time; a write only if it certainly was not sent. */
  readonly kind: "read" | "write";
}

/** Pause between attempts when no member can be reached. */
const retryPauseMs = 100;

/** The members of the cluster: calls go to the preferred one, and to the next when it does not answer. */
export class EtcdEndpoints {
  readonly #endpoints: readonly EtcdEndpoint[];
  readonly #clock: Clock;
  readonly #onLeave = new Set<(endpoint: EtcdEndpoint) => void>();
  #preferred = 0;

  constructor(urls: readonly string[], tls: EtcdTls | undefined, clock: Clock) {
    if (urls.length === 0) throw new Error("no etcd endpoint given");
    this.#endpoints = urls.map((url) => new EtcdEndpoint(url, tls));
    this.#clock = clock;
  }

  get preferred(): EtcdEndpoint {
    const endpoint = this.#endpoints[this.#preferred];
    if (!endpoint) throw new Error("no endpoint is preferred");
    return endpoint;
  }

  /** Prefers the next member from now on, unless that has happened already. */
  leave(endpoint: EtcdEndpoint): void {
    if (this.preferred !== endpoint) return;
    this.#preferred = (this.#preferred + 1) % this.#endpoints.length;
    if (this.preferred !== endpoint) for (const listener of this.#onLeave) listener(endpoint);
  }

  /** Calls back with each member that is no longer preferred because it did not answer. */
  onLeave(listener: (endpoint: EtcdEndpoint) => void): Disposable {
    this.#onLeave.add(listener);
    return { [Symbol.dispose]: () => void this.#onLeave.delete(listener) };
  }

  /** Calls a unary method, failing over within the time. Rejects with a StoreError or the signal's reason. */
  async call(service: ServiceName, method: string, request: Buffer, options: CallOptions): Promise<Buffer> {
    const { signal, timeoutMs, kind } = options;
    const endMs = this.#clock.now() + timeoutMs;
    const attemptMs = kind === "read" ? timeoutMs / this.#endpoints.length : timeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      const endpoint = this.preferred;
      try {
        const deadlineMs = Math.min(endMs, this.#clock.now() + attemptMs);
        return await endpoint.unary(service, method, request, { signal, deadlineMs });
      } catch (error) {
        signal.throwIfAborted();
        if (isAnswer(error)) throw toStoreError(error);
        this.leave(endpoint);
        const again = kind === "read" || neverSent(error);
        if (!again || this.#clock.now() + retryPauseMs >= endMs) throw toStoreError(error);
      }
      if (attempt % this.#endpoints.length === 0) await this.#clock.sleep(retryPauseMs, signal);
    }
  }

  close(): void {
    for (const endpoint of this.#endpoints) endpoint.close();
  }
}
