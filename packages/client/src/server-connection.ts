import { createRequire } from "node:module";
import type * as Undici from "undici";
import type { ClientConfig } from "./client-config.ts";
import type { Credentials } from "./credentials.ts";
import { loadTlsMaterial } from "./tls-material.ts";

const load = createRequire(import.meta.url);
// The library's own entry loads its `fetch`, WebSocket client, caches and mocks, too: 15 MB in every process.
const Pool = load("undici/lib/dispatcher/pool.js") as typeof Undici.Pool;
const buildConnector = load("undici/lib/core/connect.js") as typeof Undici.buildConnector;
const requestOn = load("undici/lib/api/api-request.js") as (
  this: Undici.Dispatcher,
  options: Undici.Dispatcher.RequestOptions,
) => Promise<Undici.Dispatcher.ResponseData>;

export interface ConnectionLimits {
  /** Connections for requests that are not streams; further ones wait. */
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
}

const keepAliveMs = 30_000;
/**
 * A connection that has been silent for so long is probed by the kernel, each second, and given up after ten probes:
 * a machine that is gone without a word is noticed in 20 s.
 */
const keepAliveProbeDelayMs = 10_000;
/** A connection is replaced after this time, so that rotated certificates come into use. */
const connectionTtlMs = 5 * 60_000;

/** The connections to one server: a bounded pool for requests, and one of its own for each stream. */
export class ServerConnection {
  readonly origin: string;
  /** The path under which the API lives; empty for none. */
  readonly prefix: string;
  readonly #open: (connections?: number) => Undici.Pool;
  readonly #limits: ConnectionLimits;
  /** What kept connections from being made: a request that failed with one of these was not sent. */
  readonly #connectFailures = new WeakSet<object>();
  #requests: Undici.Pool;
  #streams: Undici.Pool;

  constructor(server: string, config: ClientConfig, credentials: Credentials, limits: ConnectionLimits) {
    const url = new URL(server);
    this.origin = url.origin;
    this.prefix = url.pathname.replace(/\/+$/, "");
    this.#limits = limits;
    const connect = currentTlsConnector(config, credentials, limits.connectTimeoutMs, this.#connectFailures);
    const pool = {
      connect,
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      clientTtl: connectionTtlMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    this.#open = (connections) => new Pool(url.origin, connections === undefined ? pool : { ...pool, connections });
    this.#requests = this.#open(limits.maxConnections);
    this.#streams = this.#open();
  }

  /** Sends on one of the connections. `path` is without the prefix. */
  send(options: Undici.Dispatcher.RequestOptions, isStream: boolean): Promise<Undici.Dispatcher.ResponseData> {
    const pool = isStream ? this.#streams : this.#requests;
    return requestOn.call(pool, { ...options, path: this.prefix + options.path });
  }

  /** Whether this error of `send` means that the request did not leave this machine. */
  wasNotSent(error: unknown): boolean {
    return typeof error === "object" && error !== null && this.#connectFailures.has(error);
  }

  /** Uses new connections from now on. Streams are broken off; other requests end on the old connections. */
  async reconnect(): Promise<void> {
    const { requests, streams } = this.#replace();
    await Promise.all([requests.close(), streams.destroy()]);
  }

  /** Breaks off the streams, and with `all` the requests too, which fail with `reason`. */
  async breakOff(reason: Error, all: boolean): Promise<void> {
    const { requests, streams } = this.#replace();
    await Promise.all([streams.destroy(reason), all ? requests.destroy(reason) : requests.close()]);
  }

  async destroy(): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#streams.destroy()]);
  }

  #replace(): { readonly requests: Undici.Pool; readonly streams: Undici.Pool } {
    const old = { requests: this.#requests, streams: this.#streams };
    this.#requests = this.#open(this.#limits.maxConnections);
    this.#streams = this.#open();
    return old;
  }
}

/** Reads certificates and keys at each new connection, so that a rotated file needs no restart. */
function currentTlsConnector(
  config: ClientConfig,
  credentials: Credentials,
  timeoutMs: number,
  failures: WeakSet<object>,
): Undici.buildConnector.connector {
  let current: { readonly fingerprint: string; readonly connect: Undici.buildConnector.connector } | undefined;
  return (options, connected) => {
    const fail = (error: unknown) => {
      const failure = error instanceof Error ? error : new Error(String(error));
      failures.add(failure);
      connected(failure, null);
    };
    loadTlsMaterial(config.tls, credentials, AbortSignal.timeout(timeoutMs)).then((material) => {
      if (current?.fingerprint !== material.fingerprint) {
        const connect = buildConnector({
          ...material.options,
          allowH2: false,
          timeout: timeoutMs,
          keepAliveInitialDelay: keepAliveProbeDelayMs,
        });
        current = { fingerprint: material.fingerprint, connect };
      }
      current.connect(options, (...outcome) => (outcome[0] ? fail(outcome[0]) : connected(...outcome)));
    }, fail);
  };
}
