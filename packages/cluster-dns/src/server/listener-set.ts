import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import type { ListenAddress, Listener, MessageHandler } from "./listener.ts";
import { listenTcp } from "./tcp-listener.ts";
import { listenUdp } from "./udp-listener.ts";

/**
 * The addresses on which questions are answered, each with sockets of its own: an answer over UDP must leave from
 * the very address that was asked, which a socket for all addresses cannot promise.
 */
export class ListenerSet implements AsyncDisposable {
  readonly #handle: MessageHandler;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #bound = new Map<string, readonly Listener[]>();
  /** Addresses whose failure has been logged. */
  readonly #failed = new Set<string>();

  constructor(handle: MessageHandler, log: Logger, signal: AbortSignal) {
    this.#handle = handle;
    this.#log = log;
    this.#signal = signal;
  }

  get hosts(): readonly string[] {
    return [...this.#bound.keys()];
  }

  /** Takes the complete set of hosts. A host that cannot be bound is logged once and tried again with the next call. */
  async set(hosts: readonly string[], port: number): Promise<void> {
    for (const [host, listeners] of this.#bound) {
      if (hosts.includes(host)) continue;
      this.#bound.delete(host);
      await disposeAll(listeners);
      this.#log.info("stopped listening", { host });
    }
    for (const host of hosts) {
      if (!this.#bound.has(host)) await this.#bind({ host, port });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listeners of this.#bound.values()) await disposeAll(listeners);
    this.#bound.clear();
  }

  async #bind(address: ListenAddress): Promise<void> {
    const { host, port } = address;
    const listeners: Listener[] = [];
    try {
      const tcp = await listenTcp(address, this.#handle, this.#log, this.#signal);
      listeners.push(tcp);
      listeners.push(await listenUdp({ host, port: tcp.port }, this.#handle, this.#log, this.#signal));
      this.#bound.set(host, listeners);
      this.#failed.delete(host);
      this.#log.info("listening", { host, port: tcp.port });
    } catch (error) {
      await disposeAll(listeners);
      if (!this.#failed.has(host)) this.#log.error("cannot listen", { host, port, error: errorFields(error) });
      this.#failed.add(host);
    }
  }
}

async function disposeAll(listeners: readonly Listener[]): Promise<void> {
  for (const listener of listeners) await listener[Symbol.asyncDispose]();
}
