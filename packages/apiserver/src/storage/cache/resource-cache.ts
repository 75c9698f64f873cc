import type { KubeObject } from "@kube-ts/api/object";
import { backoffDelayMs } from "@kube-ts/std/backoff";
import { abortable } from "@kube-ts/std/abort";
import { systemClock } from "@kube-ts/std/clock";
import type { Clock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { systemRandom } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { LongWork } from "../long-work.ts";
import { StoreError } from "../store.ts";
import type { Revision, Store, StoreEvent, StoreFeed } from "../store.ts";
import type {
  AttributeValue,
  CacheSnapshot,
  ObjectAttributes,
  WatchCache,
  WatchScope,
  WatchSink,
} from "../watch-cache.ts";
import { ObjectEvent } from "./cache-event.ts";
import { StoredObject } from "./cached-object.ts";
import type { ObjectContext } from "./cached-object.ts";
import type { CacheMetrics } from "./cache-metrics.ts";
import { defaultHistoryLimits, EventHistory } from "./event-history.ts";
import type { HistoryLimits } from "./event-history.ts";
import { fillFrom } from "./initial-fill.ts";
import { KeptSnapshots } from "./kept-snapshots.ts";
import { createTree, TreeSnapshot } from "./object-tree.ts";
import type { FindByValue, ObjectTree } from "./object-tree.ts";
import { KeptForms } from "./kept-forms.ts";
import { allocateAlone, withResourceVersion } from "./resource-version.ts";
import type { Allocate } from "./resource-version.ts";
import { RevisionWaiters } from "./revision-waiters.ts";
import { emptySparseSlabs, Slabs } from "./slab-allocator.ts";
import { Subscriptions } from "./subscriptions.ts";
import { ValueIndex } from "./value-index.ts";

export interface ResourceCacheOptions {
  readonly store: Store;
  /** What all keys of the resource start with, such as `/registry/pods/`. */
  readonly prefix: string;
  readonly attributesOf: (object: KubeObject) => ObjectAttributes;
  /** What objects that were stored in the version of the resource begin with. */
  readonly typePrefix?: Buffer;
  /** Makes the served JSON of stored JSON, in memory that `allocate` gives. */
  readonly serve?: (bytes: Buffer, revision: Revision, allocate: Allocate) => Buffer;
  /** Labels of the cache's metrics. */
  readonly group?: string;
  readonly resource?: string;
  /** Shared by all caches of the process. */
  readonly parsedForms?: KeptForms;
  /** Bounds the forms in other encodings than JSON, across all caches that share it. */
  readonly encodedForms?: KeptForms;
  readonly history?: HistoryLimits;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Logger;
  readonly metrics?: CacheMetrics;
}

const defaultParsedBytes = 32 * 1024 * 1024;
const refillBackoff = { baseMs: 100, maxMs: 5_000, factor: 2, jitter: 0.5 };
const maxKnownNamespaces = 50_000;
/** How often idle watchers learn how far the cache is. */
const progressIntervalMs = 10_000;

/**
 * The watch cache of one resource. Its revision is that of the store's feed, so that it advances with every change
 * of the store, whatever resource it concerns.
 */
export class ResourceCache implements WatchCache {
  readonly group: string;
  readonly resource: string;
  readonly #store: Store;
  readonly #prefix: string;
  readonly #serve: NonNullable<ResourceCacheOptions["serve"]>;
  readonly #context: ObjectContext;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #metrics: CacheMetrics | undefined;
  readonly #history: EventHistory;
  readonly #subscriptions: Subscriptions;
  readonly #waiters = new RevisionWaiters();
  readonly #kept = new KeptSnapshots();
  readonly #index = new ValueIndex(() => this.#tree);
  readonly #namespaces = new Map<string, string>();
  #tree: ObjectTree = createTree();
  /** Where the bytes lie that the cache was filled with. */
  #slabs = new Slabs();
  /** While slabs are emptied: the key to go on after. */
  #emptiedTo: string | undefined;
  /** A clone of the tree as long as it has not changed. */
  #clone: ObjectTree | undefined;
  #changedAt: Revision = 0n;
  #seen: Revision = 0n;
  /** The latest that was seen before the cache was filled anew. */
  #lostAt: Revision = 0n;
  #feed: StoreFeed | undefined;
  #progressQueued = false;
  #hasStopped = false;
  /** Counts for the metrics. */
  received = 0;
  initializations = 0;
  undecodable = 0;

  constructor(options: ResourceCacheOptions) {
    this.group = options.group ?? "";
    this.resource = options.resource ?? "";
    this.#store = options.store;
    this.#prefix = options.prefix;
    this.#serve = options.serve ?? withResourceVersion;
    const parsedForms = options.parsedForms ?? new KeptForms(defaultParsedBytes);
    const encodedForms = options.encodedForms ?? new KeptForms(defaultParsedBytes);
    const { attributesOf, typePrefix } = options;
    this.#context = { attributesOf, parsedForms, encodedForms, typePrefix };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#log = options.log ?? silentLogger;
    this.#history = new EventHistory(options.history ?? defaultHistoryLimits);
    this.#subscriptions = new Subscriptions(this.#history, this.#log);
    this.#metrics = options.metrics;
    options.metrics?.register(this);
  }

  get revision(): Revision {
    const fed = this.#feed?.revision;
    return fed !== undefined && fed > this.#seen ? fed : this.#seen;
  }

  get highestRevision(): Revision {
    const { revision } = this;
    return revision > this.#lostAt ? revision : this.#lostAt;
  }

  get oldestRevision(): Revision {
    return this.ready ? this.#history.floor : this.revision;
  }

  get ready(): boolean {
    return this.#feed !== undefined;
  }

  get objectCount(): number {
    return this.#tree.size;
  }

  get historySize(): number {
    return this.#history.size;
  }

  get watchers(): Readonly<Pick<Subscriptions, "size" | "terminated" | "dispatched">> {
    return this.#subscriptions;
  }

  get(key: string): StoredObject | undefined {
    return this.#tree.get(key);
  }

  snapshot(): TreeSnapshot {
    const tree = (this.#clone ??= this.#tree.clone());
    const { revision } = this;
    const find: FindByValue = (wanted) => (tree === this.#clone ? this.#index.find(wanted) : undefined);
    return new TreeSnapshot(tree, this.#changedAt, revision > this.#changedAt ? revision : this.#changedAt, find);
  }

  snapshotAt(revision: Revision): TreeSnapshot | undefined {
    if (this.#changedAt <= revision && revision <= this.revision) {
      return new TreeSnapshot(this.snapshot().tree, this.#changedAt, revision);
    }
    const kept = this.#kept.find(revision, this.#clock.monotonicMs());
    return kept && new TreeSnapshot(kept.tree, kept.changedAt, revision);
  }

  keep(snapshot: CacheSnapshot): void {
    if (snapshot instanceof TreeSnapshot) this.#kept.keep(snapshot, this.#clock.monotonicMs());
  }

  async indexed(wanted: AttributeValue, signal: AbortSignal): Promise<void> {
    const making = this.#index.making(wanted);
    if (making) await abortable(making, signal);
  }

  async waitFor(revision: Revision, signal: AbortSignal): Promise<void> {
    if (this.ready && this.revision >= revision) return;
    if (this.#hasStopped) throw stopped();
    const startMs = this.#clock.monotonicMs();
    const reached = this.#waiters.wait(revision, signal);
    this.#feed?.requestProgress(revision);
    await reached;
    this.#metrics?.observeWait(this, this.#clock.monotonicMs() - startMs);
  }

  watch(after: Revision, sink: WatchSink, scope: WatchScope = {}): Disposable | undefined {
    if (after < this.oldestRevision) return undefined;
    return this.#subscriptions.add(sink, scope, after);
  }

  requestProgress(): void {
    if (this.#progressQueued) return;
    this.#progressQueued = true;
    queueMicrotask(() => {
      this.#progressQueued = false;
      if (this.ready) this.#subscriptions.progress(this.revision);
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    using _heartbeat = this.#startHeartbeat();
    for (let attempt = 0; !signal.aborted;) {
      try {
        await this.#fill(signal);
        attempt = 0;
        await this.#follow(signal);
      } catch (error) {
        this.#startOver();
        if (signal.aborted) break;
        this.#log.warn("watch cache starts over", { group: this.group, resource: this.resource, error });
        const gone = error instanceof StoreError && error.code === "compacted";
        const delayMs = gone && attempt === 0 ? 0 : backoffDelayMs(refillBackoff, attempt, this.#random);
        attempt += 1;
        await this.#clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
    this.#seen = this.revision;
    this.#feed = undefined;
    this.#hasStopped = true;
    this.#waiters.fail(stopped());
    this.#subscriptions.closeAll("stopped");
  }

  /** Reads the whole state; watches that came before it start over. */
  async #fill(signal: AbortSignal): Promise<void> {
    const tree = createTree();
    const slabs = new Slabs();
    const revision = await fillFrom(
      this.#store,
      this.#prefix,
      ({ key, bytes, revision }) => {
        const object = this.#decode(key, bytes, revision, slabs.allocate);
        if (object) tree.set(object.key, object);
      },
      signal,
    );
    this.#tree = tree;
    this.#slabs = slabs;
    this.#emptiedTo = undefined;
    this.#clone = undefined;
    this.#changedAt = revision;
    this.#lostAt = this.highestRevision;
    this.#seen = revision;
    this.#kept.clear();
    this.#index.clear();
    this.#history.reset(revision);
    this.#feed = this.#store.watch(this.#prefix, revision, signal);
    this.initializations += 1;
    this.#subscriptions.closeAll("expired");
    this.#settle();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (!this.#feed) return;
    for await (const { events, revision } of this.#feed) {
      let applied = this.#applySlice(events, 0);
      while (applied < events.length) {
        this.#reach((events[applied - 1] as StoreEvent).revision);
        await new LongWork().pause(signal);
        applied = this.#applySlice(events, applied);
      }
      this.#reach(revision);
    }
    if (!signal.aborted) throw new StoreError("unavailable", "the change feed ended");
  }

  /** Applies events from the place on, in whole revisions, for a slice of time; answers how many have been by then. */
  #applySlice(events: readonly StoreEvent[], from: number): number {
    const nowMs = this.#clock.monotonicMs();
    const work = new LongWork();
    let applied = from;
    for (let last: Revision | undefined; applied < events.length; applied += 1) {
      const event = events[applied] as StoreEvent;
      if (last !== undefined && event.revision > last && work.isDue) break;
      this.#apply(event, nowMs);
      last = event.revision;
    }
    return applied;
  }

  /** Everything up to the revision has been applied. */
  #reach(revision: Revision): void {
    this.#seen = revision;
    this.#settle();
  }

  #apply(change: StoreEvent, nowMs: number): void {
    const key = change.key.slice(this.#prefix.length);
    const before = this.#tree.get(key);
    const object =
      change.type === "put" ? this.#decode(change.key, change.bytes, change.revision, allocateAlone) : undefined;
    this.#clone = undefined;
    this.#changedAt = change.revision;
    this.received += 1;
    if (object) this.#tree.set(key, object);
    else if (before) this.#tree.delete(key);
    else return;
    if (before) this.#slabs.release(before.bytes);
    this.#index.record(before, object);
    const event = object
      ? ObjectEvent.put(object, before, nowMs)
      : ObjectEvent.deletion(before as StoredObject, change.revision, nowMs);
    const sequence = this.#history.next;
    this.#history.push(event);
    this.#subscriptions.deliver(event, sequence);
  }

  /** An object of the store's value; undefined, with an error in the log, when it cannot be served. */
  #decode(storeKey: string, bytes: Buffer, revision: Revision, allocate: Allocate): StoredObject | undefined {
    const key = storeKey.slice(this.#prefix.length);
    try {
      const slash = key.indexOf("/");
      const namespace = slash < 0 ? "" : this.#namespace(key.slice(0, slash));
      return new StoredObject(this.#context, key, namespace, revision, this.#serve(bytes, revision, allocate));
    } catch (error) {
      this.undecodable += 1;
      this.#log.error("stored object cannot be decoded and is left out", { key: storeKey, error });
      return undefined;
    }
  }

  /** One string for all objects of a namespace. */
  #namespace(name: string): string {
    const known = this.#namespaces.get(name);
    if (known !== undefined) return known;
    if (this.#namespaces.size >= maxKnownNamespaces) this.#namespaces.clear();
    this.#namespaces.set(name, name);
    return name;
  }

  /** Wakes who waited for what was reached, and asks for what they wait for still. */
  #settle(): void {
    this.#waiters.reached(this.#seen);
    const { lowest } = this.#waiters;
    if (lowest !== undefined) this.#feed?.requestProgress(lowest);
  }

  /** The feed is gone: what it would have told next is unknown. */
  #startOver(): void {
    this.#seen = this.revision;
    this.#feed = undefined;
    this.#subscriptions.closeAll("expired");
  }

  #startHeartbeat(): Disposable {
    let timer: Disposable;
    const beat = () => {
      this.requestProgress();
      const nowMs = this.#clock.monotonicMs();
      this.#kept.expire(nowMs);
      this.#history.expire(nowMs);
      this.#context.parsedForms.age(nowMs);
      this.#context.encodedForms.age(nowMs);
      if (this.#emptiedTo !== undefined || this.#slabs.isWasteful) {
        this.#emptiedTo = emptySparseSlabs(this.#tree, this.#slabs, this.#emptiedTo ?? "");
      }
      timer = this.#clock.setTimer(progressIntervalMs, beat);
    };
    timer = this.#clock.setTimer(progressIntervalMs, beat);
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }
}

function stopped(): StoreError {
  return new StoreError("unavailable", "the watch cache has stopped");
}
