import { abortable } from "@kube-ts/std/abort";
import { systemClock } from "@kube-ts/std/clock";
import type { Clock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { systemRandom } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { prefixEnd } from "../key-range.ts";
import { StoreError } from "../store.ts";
import type { Page, PageRequest, PutOptions, Revision, Store, StoredValue, StoreFeed, WriteOutcome } from "../store.ts";
import type { EtcdTls } from "./unary-connection.ts";
import { EtcdEndpoints } from "./endpoints.ts";
import { isLeaseNotFound, isOutcomeUnknown } from "./errors.ts";
import { EtcdKv } from "./etcd-kv.ts";
import type { EtcdMetrics } from "./etcd-metrics.ts";
import { LeasePool } from "./lease-pool.ts";
import type { KeyValue, TxnRequest, TxnResponse } from "./messages.ts";
import { SharedRead } from "./shared-read.ts";
import { WatchHub } from "./watch-hub.ts";

export interface EtcdStoreOptions {
  /** `http://host:port` or `https://host:port`, the preferred one first. */
  readonly endpoints: readonly string[];
  readonly tls?: EtcdTls;
  /** How long a request may take, retries included. */
  readonly requestTimeoutMs?: number;
  /** How long a page of a listing may take. */
  readonly listTimeoutMs?: number;
  /** How long keys that expire may share a lease, at most; a minute if left out. */
  readonly leaseReuseSeconds?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Logger;
  readonly metrics?: EtcdMetrics;
}

/** How often a write is sent again whose outcome is unknown. */
const maxRepeats = 2;

/** How long the history may take that tells whether a creation took place. */
const traceMs = 5_000;

/** Read to learn the current revision; whether it exists does not matter. */
const revisionKey = Buffer.from("compact_rev_key");

/** A `Store` on an etcd cluster. Dispose of it to close its connections; its feeds end then. */
export class EtcdStore implements Store {
  /** The calls beneath, for maintenance. */
  readonly kv: EtcdKv;
  readonly #endpoints: EtcdEndpoints;
  readonly #hub: WatchHub;
  readonly #leases: LeasePool;
  readonly #revisionRead: SharedRead<Revision>;
  readonly #closing = new AbortController();
  readonly #metrics: EtcdMetrics | undefined;

  constructor(options: EtcdStoreOptions) {
    const clock = options.clock ?? systemClock;
    this.#metrics = options.metrics;
    this.#endpoints = new EtcdEndpoints(options.endpoints, options.tls, clock);
    const { requestTimeoutMs = 10_000, listTimeoutMs = 60_000 } = options;
    this.kv = new EtcdKv(this.#endpoints, { requestTimeoutMs, listTimeoutMs });
    const grant = (ttlSeconds: number) => this.kv.grantLease(ttlSeconds, this.#closing.signal);
    this.#leases = new LeasePool(grant, clock, options.leaseReuseSeconds);
    this.#revisionRead = new SharedRead(() => this.#readRevision());
    this.#hub = new WatchHub({
      endpoints: this.#endpoints,
      currentRevision: (signal) => this.currentRevision(signal),
      writtenAt: (key, revision, signal) => this.#writtenAt(key, revision, signal),
      clock,
      random: options.random ?? systemRandom,
      log: options.log ?? silentLogger,
    });
  }

  async get(key: string, signal: AbortSignal): Promise<{ value: StoredValue | undefined; revision: Revision }> {
    const request = { key: Buffer.from(key), limit: 1 };
    const { values, revision } = await this.#measure("get", key, () => this.kv.range(request, signal));
    return { value: values[0] && toStoredValue(values[0]), revision };
  }

  async list(request: PageRequest, signal: AbortSignal): Promise<Page> {
    const { prefix, startKey, limit, revision } = request;
    const range = {
      key: Buffer.from(startKey ?? prefix),
      rangeEnd: Buffer.from(prefixEnd(prefix)),
      limit,
      ...(revision !== undefined && { revision }),
    };
    const response = await this.#measure("list", prefix, () => this.kv.rangeList(range, signal));
    return {
      values: response.values.map(toStoredValue),
      revision: revision ?? response.revision,
      remaining: response.count - response.values.length,
    };
  }

  create(key: string, bytes: Buffer, signal: AbortSignal, options: PutOptions = {}): Promise<WriteOutcome> {
    return this.#measure("create", key, () => this.#write(key, bytes, 0n, options, signal));
  }

  update(
    key: string,
    bytes: Buffer,
    expected: Revision,
    signal: AbortSignal,
    options: PutOptions = {},
  ): Promise<WriteOutcome> {
    return this.#measure("update", key, () => this.#write(key, bytes, expected, options, signal));
  }

  delete(key: string, expected: Revision, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#measure("delete", key, () => this.#write(key, undefined, expected, {}, signal));
  }

  watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed {
    return this.#hub.subscribe(prefix, after, AbortSignal.any([signal, this.#closing.signal]));
  }

  async currentRevision(signal: AbortSignal): Promise<Revision> {
    signal.throwIfAborted();
    return abortable(this.#revisionRead.run(), signal);
  }

  async compact(revision: Revision, signal: AbortSignal): Promise<void> {
    await this.kv.compact(revision, signal);
  }

  async checkHealth(signal: AbortSignal): Promise<void> {
    await this.#readRevision(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new StoreError("unavailable", "the store is closed"));
    await this.#hub.closed();
    this.#endpoints.close();
  }

  async #write(
    key: string,
    value: Buffer | undefined,
    modRevision: Revision,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<WriteOutcome> {
    const request: TxnRequest = { key: Buffer.from(key), expect: { modRevision }, value };
    const { ttlSeconds } = options;
    const outcome =
      ttlSeconds === undefined
        ? await this.#transact(request, signal)
        : await this.#writeLeased(request, ttlSeconds, signal);
    if (outcome.succeeded) return { done: true, revision: outcome.revision };
    return { done: false, current: outcome.current && toStoredValue(outcome.current) };
  }

  /**
   * A change depends on a revision of its key that never comes back, so it may be sent again when its outcome is unknown: it
   * takes place once at most. That nothing is there does come back: before a creation is sent again it is looked for. Where
   * another attempt finds another state, that is either the first one's work or somebody else's.
   */
  async #transact(request: TxnRequest, signal: AbortSignal): Promise<TxnResponse> {
    const before = this.#hub.revision;
    let lost: unknown;
    for (let repeats = 0; ; repeats += 1) {
      let response: TxnResponse;
      try {
        const found =
          lost !== undefined && isCreation(request) ? await this.#found(request, before, signal) : undefined;
        response = found ?? (await this.kv.txn(request, signal));
      } catch (error) {
        signal.throwIfAborted();
        if (!isOutcomeUnknown(error) || repeats === maxRepeats) throw lost ?? error;
        lost ??= error;
        continue;
      }
      if (lost === undefined || response.succeeded) return response;
      if (!isWorkOf(request, response)) throw lost;
      return { succeeded: true, revision: response.current?.modRevision ?? response.revision, current: undefined };
    }
  }

  /**
   * What became of a creation whose answer was lost: what its key has now or, if that is nothing, what it made of the key
   * after the revision `before` and somebody else has removed since. Undefined when it has not taken place.
   */
  async #found(
    { key, value }: TxnRequest,
    before: Revision | undefined,
    signal: AbortSignal,
  ): Promise<TxnResponse | undefined> {
    const { values, revision } = await this.kv.range({ key, limit: 1 }, signal);
    if (values[0]) return { succeeded: false, revision, current: values[0] };
    if (before === undefined) throw new StoreError("unavailable", "no history is followed");
    const name = key.toString();
    const stop = new AbortController();
    const limited = AbortSignal.any([signal, stop.signal, AbortSignal.timeout(traceMs)]);
    try {
      const feed = this.watch(name.slice(0, name.lastIndexOf("/") + 1), before, limited);
      feed.requestProgress(revision);
      for await (const { events, revision: seen } of feed) {
        const made = events.find((event) => event.type === "put" && event.key === name && value?.equals(event.bytes));
        if (made) return { succeeded: true, revision: made.revision, current: undefined };
        if (seen >= revision) return undefined;
      }
    } finally {
      stop.abort();
    }
    throw new StoreError("unavailable", "history is not there in time");
  }

  async #writeLeased(request: TxnRequest, ttlSeconds: number, signal: AbortSignal) {
    try {
      return await this.#transact({ ...request, lease: await this.#lease(ttlSeconds, signal) }, signal);
    } catch (error) {
      if (!isLeaseNotFound(error)) throw error;
      this.#leases.drop(ttlSeconds);
      return this.#transact({ ...request, lease: await this.#lease(ttlSeconds, signal) }, signal);
    }
  }

  #lease(ttlSeconds: number, signal: AbortSignal): Promise<bigint> {
    signal.throwIfAborted();
    return abortable(this.#leases.lease(ttlSeconds), signal);
  }

  async #writtenAt(key: string, revision: Revision, signal: AbortSignal): Promise<Revision | undefined> {
    const range = { key: Buffer.from(key), limit: 1, keysOnly: true, revision };
    return (await this.kv.range(range, signal)).values[0]?.modRevision;
  }

  async #readRevision(signal = this.#closing.signal): Promise<Revision> {
    return (await this.kv.range({ key: revisionKey, limit: 1, keysOnly: true }, signal)).revision;
  }

  #measure<T>(operation: string, key: string, call: () => Promise<T>): Promise<T> {
    return this.#metrics ? this.#metrics.measure(operation, key, call) : call();
  }
}

function isCreation({ expect, value }: TxnRequest): boolean {
  return value !== undefined && "modRevision" in expect && expect.modRevision === 0n;
}

/**
 * Whether the state that a write has found is certainly what it made. Objects have what no other write has made; that there
 * is nothing may be anybody's work, and only one of those who remove something is told so.
 */
function isWorkOf({ value }: TxnRequest, { current }: TxnResponse): boolean {
  return value !== undefined && current?.value.equals(value) === true;
}

function toStoredValue(value: KeyValue): StoredValue {
  return { key: value.key, bytes: value.value, revision: value.modRevision };
}
