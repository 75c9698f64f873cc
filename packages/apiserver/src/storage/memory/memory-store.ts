import sortedBtree from "sorted-btree";
import { systemClock } from "@kube-ts/std/clock";
import type { Clock } from "@kube-ts/std/clock";
import { EventFeed } from "../event-feed.ts";
import type { FeedObserver, FeedSource } from "../event-feed.ts";
import { FeedSet } from "../feed-set.ts";
import { compareKeys } from "../key-range.ts";
import { StoreError } from "../store.ts";
import type {
  Page,
  PageRequest,
  PutOptions,
  Revision,
  Store,
  StoredValue,
  StoreEvent,
  StoreFeed,
  WriteOutcome,
} from "../store.ts";

const BTree = sortedBtree.default;

/** A state of a key; without bytes the key does not exist. */
interface Version {
  readonly revision: Revision;
  readonly bytes: Buffer | undefined;
}

export interface MemoryStoreOptions {
  readonly clock?: Clock;
  /** The largest value taken. */
  readonly maxValueBytes?: number;
}

/** etcd's default limit of a request. */
const defaultMaxValueBytes = 1.5 * 1024 * 1024;

/**
 * A store in this process, with all of the contract: multi-version reads, compaction, expiry, change feeds. For
 * tests and simulation, which can also make it fail and restore it to an earlier state.
 */
export class MemoryStore implements Store, FeedSource, FeedObserver {
  readonly #clock: Clock;
  readonly #maxValueBytes: number;
  readonly #feeds = new FeedSet();
  #keys = new BTree<string, Version[]>(undefined, compareKeys);
  #log: StoreEvent[] = [];
  #timers = new Map<string, Disposable>();
  #revision = 1n;
  #compacted = 0n;
  /** How far the feeds are; behind the store's revision only while they are held. */
  #fed = 1n;
  #held = false;
  #available = true;
  #full = false;

  constructor(options: MemoryStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#maxValueBytes = options.maxValueBytes ?? defaultMaxValueBytes;
  }

  /** Every event up to here was pushed to the feeds. */
  get revision(): Revision {
    return this.#fed;
  }

  /** While false, every call fails with "unavailable" and feeds stand still. */
  set available(available: boolean) {
    this.#available = available;
    this.#feed();
  }

  /** While true, whatever takes space is refused. */
  set full(full: boolean) {
    this.#full = full;
  }

  /** While true, feeds stand still and caches grow stale. */
  set feedsHeld(held: boolean) {
    this.#held = held;
    this.#feed();
  }

  /** Fails all feeds, as when the history that they need is gone. */
  breakFeeds(): void {
    this.#feeds.failAll(new StoreError("compacted", "required revision has been compacted"));
  }

  /** Goes back to the state at the revision, as a restore from a backup does; feeds fail. */
  restore(revision: Revision): void {
    const kept = this.#keys
      .toArray()
      .map(([key, versions]): [string, Version[]] => [key, versions.filter((version) => version.revision <= revision)]);
    this.#keys = new BTree<string, Version[]>(
      kept.filter(([, versions]) => versions.length > 0),
      compareKeys,
    );
    this.#log = this.#log.filter((event) => event.revision <= revision);
    this.#revision = revision;
    this.#fed = revision;
    this.breakFeeds();
  }

  async get(key: string, signal: AbortSignal): Promise<{ value: StoredValue | undefined; revision: Revision }> {
    await this.#enter(signal);
    return { value: this.#current(key), revision: this.#revision };
  }

  async list(request: PageRequest, signal: AbortSignal): Promise<Page> {
    await this.#enter(signal);
    const { prefix, startKey = prefix, limit, revision = this.#revision } = request;
    if (revision < this.#compacted) throw new StoreError("compacted", "required revision has been compacted");
    if (revision > this.#revision) throw new StoreError("future-revision", "required revision is a future revision");
    const values: StoredValue[] = [];
    let remaining = 0;
    for (const [key, versions] of this.#keys.entries(startKey)) {
      if (!key.startsWith(prefix)) break;
      const version = versions.findLast((candidate) => candidate.revision <= revision);
      if (!version?.bytes) continue;
      if (values.length < limit) values.push({ key, bytes: version.bytes, revision: version.revision });
      else remaining += 1;
    }
    return { values, revision, remaining };
  }

  create(key: string, bytes: Buffer, signal: AbortSignal, options?: PutOptions): Promise<WriteOutcome> {
    return this.#write(key, bytes, 0n, signal, options);
  }

  update(
    key: string,
    bytes: Buffer,
    expected: Revision,
    signal: AbortSignal,
    options?: PutOptions,
  ): Promise<WriteOutcome> {
    return this.#write(key, bytes, expected, signal, options);
  }

  delete(key: string, expected: Revision, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#write(key, undefined, expected, signal);
  }

  watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed {
    const feed = new EventFeed(prefix, after, this, this);
    if (after < this.#compacted) {
      feed.fail(new StoreError("compacted", "required revision has been compacted"));
      return feed;
    }
    const missed = this.#log.filter(
      (event) => event.revision > after && event.revision <= this.#fed && event.key.startsWith(prefix),
    );
    if (missed.length > 0) feed.push(missed, this.#fed);
    this.#feeds.add(feed);
    if (signal.aborted) feed.end();
    else signal.addEventListener("abort", () => feed.end(), { once: true });
    return feed;
  }

  async currentRevision(signal: AbortSignal): Promise<Revision> {
    await this.#enter(signal);
    return this.#revision;
  }

  async compact(revision: Revision, signal: AbortSignal): Promise<void> {
    await this.#enter(signal);
    if (revision > this.#revision) throw new StoreError("future-revision", "required revision is a future revision");
    if (revision <= this.#compacted) throw new StoreError("compacted", "required revision has been compacted");
    this.#compacted = revision;
    this.#log = this.#log.filter((event) => event.revision > revision);
    for (const [key, versions] of this.#keys.toArray()) {
      const first = versions.findLastIndex((version) => version.revision <= revision);
      const kept = versions.slice(Math.max(first, 0)).filter((version, index) => index > 0 || version.bytes);
      if (kept.length === 0) this.#keys.delete(key);
      else this.#keys.set(key, kept);
    }
  }

  async checkHealth(signal: AbortSignal): Promise<void> {
    await this.#enter(signal);
  }

  wanted(feed: EventFeed): void {
    this.#feeds.want(feed);
  }

  ended(feed: EventFeed): void {
    this.#feeds.delete(feed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#timers.clear();
    this.#available = false;
    this.#feeds.endAll();
  }

  /** Every call takes a turn of the event loop's microtasks, as a remote one would take time. */
  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await Promise.resolve();
    if (!this.#available) throw new StoreError("unavailable", "the store is unavailable");
  }

  #current(key: string): StoredValue | undefined {
    const version = this.#keys.get(key)?.at(-1);
    return version?.bytes && { key, bytes: version.bytes, revision: version.revision };
  }

  async #write(
    key: string,
    bytes: Buffer | undefined,
    expected: Revision,
    signal: AbortSignal,
    options: PutOptions = {},
  ): Promise<WriteOutcome> {
    await this.#enter(signal);
    if (bytes && bytes.length > this.#maxValueBytes)
      throw new StoreError("too-large", "etcdserver: request is too large");
    if (bytes && this.#full) throw new StoreError("no-space", "etcdserver: mvcc: database space exceeded");
    const current = this.#current(key);
    if ((current?.revision ?? 0n) !== expected) return { done: false, current };
    this.#apply(key, bytes && Buffer.from(bytes), current === undefined);
    const revision = this.#revision;
    if (options.ttlSeconds !== undefined) this.#expire(key, options.ttlSeconds);
    return { done: true, revision };
  }

  #apply(key: string, bytes: Buffer | undefined, created: boolean): void {
    this.#revision += 1n;
    const revision = this.#revision;
    const versions = this.#keys.get(key);
    if (versions) versions.push({ revision, bytes });
    else this.#keys.set(key, [{ revision, bytes }]);
    this.#timers.get(key)?.[Symbol.dispose]();
    this.#timers.delete(key);
    this.#log.push(bytes ? { type: "put", key, bytes, revision, created } : { type: "delete", key, revision });
    this.#feed();
  }

  #expire(key: string, ttlSeconds: number): void {
    const timer = this.#clock.setTimer(ttlSeconds * 1000, () => {
      this.#timers.delete(key);
      if (this.#current(key)) this.#apply(key, undefined, false);
    });
    this.#timers.set(key, timer);
  }

  #feed(): void {
    if (this.#held || !this.#available || this.#fed === this.#revision) return;
    const last = this.#log.findLastIndex((event) => event.revision <= this.#fed);
    this.#feeds.dispatch(this.#log.slice(last + 1), this.#revision);
    this.#fed = this.#revision;
  }
}
