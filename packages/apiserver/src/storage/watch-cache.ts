import type { KubeObject } from "@kube-ts/api/object";
import type { Revision } from "./store.ts";

/** What selectors are matched against. */
export interface ObjectAttributes {
  readonly labels: Readonly<Record<string, string>>;
  /** Selectable fields by path, such as `spec.nodeName`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A value that a selector pins a label or field to. */
export interface AttributeValue {
  readonly kind: "label" | "field";
  readonly name: string;
  readonly value: string;
}

/** One version of one object, ready to serve. Immutable. */
export interface CachedObject extends ObjectAttributes {
  /** `namespace/name`, or `name` for a cluster-scoped object; the cache is ordered by it, bytewise. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: Revision;
  /** The JSON as served, resourceVersion included. */
  readonly bytes: Buffer;
  /**
   * How many of the first bytes say the type of the resource, `{"kind":…,"apiVersion":…,`; 0 where they say something else,
   * undefined where nobody has looked.
   */
  readonly typeBytes?: number | undefined;
  /** The parsed form, made on first use and dropped under memory pressure. Shared: copy before changing. */
  parsed(): KubeObject;
  /** The object in another encoding, kept for the next reader until memory is short. Absent where nothing is kept. */
  encoded?(encoding: ObjectEncoding): Buffer;
}

/** A way to encode objects other than their JSON; forms are kept by its identity. */
export interface ObjectEncoding {
  encode(object: CachedObject): Buffer;
}

/** The object in an encoding, from what is kept of it where that is possible. */
export function encodedObject(object: CachedObject, encoding: ObjectEncoding): Buffer {
  return object.encoded ? object.encoded(encoding) : encoding.encode(object);
}

/** A way to make an event into the frame that a watcher gets; frames are shared by its identity. */
export interface EventFraming {
  frame(type: CacheEvent["type"], object: CachedObject): Buffer;
}

export interface CacheEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** For DELETED: the last state, with the revision of the deletion as its resourceVersion. */
  readonly object: CachedObject;
  /** The state before, carrying `object`'s resourceVersion; undefined for ADDED. */
  readonly previous: CachedObject | undefined;
  readonly revision: Revision;
  /** The event as the framing has it, by default `{"type":…,"object":…}\n`; framed once and shared by all watchers. */
  frame(type: "ADDED" | "MODIFIED" | "DELETED", object: CachedObject, framing?: EventFraming): Buffer;
}

/** Receives a watch. Nothing is called after the subscription was disposed or `closed` was called. */
export interface WatchSink {
  /** Takes an event; false says that the sink's bound is reached, and the watch is cut off. */
  event(event: CacheEvent): boolean;
  /**
   * Asked between batches while past events are replayed: what to wait for before the next batch, or undefined to go on
   * with the next turns of the event loop, as a sink without it does.
   */
  drained?(): Promise<void> | undefined;
  /** Every event up to the revision was delivered. */
  progress(revision: Revision): void;
  /** The watch ended: cut off, the cache restarts, or the server stops. */
  closed(reason: "slow" | "expired" | "stopped"): void;
}

/**
 * Where a watcher's objects all lie. An event is delivered only if the object or its previous state lies within;
 * the sink's own filter may be narrower. Many watchers with narrow scopes cost an event little.
 */
export interface WatchScope {
  readonly namespace?: string;
  /** Required values of selectable fields, such as `metadata.name` or `spec.nodeName`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** An ordered view of the cache at one revision; cheap to take, never changes. */
export interface CacheSnapshot {
  readonly revision: Revision;
  /** How many objects it has in the namespace, or in all; with a key, only those that follow it. */
  count(namespace: string | undefined, afterKey?: string): number;
  /** Objects after the key (exclusive; undefined for the start), ordered, of the namespace or of all. */
  scan(namespace: string | undefined, afterKey: string | undefined): IterableIterator<CachedObject>;
  /** The objects with this value in key order, in all namespaces; undefined where finding them takes a scan. */
  having(wanted: AttributeValue): readonly CachedObject[] | undefined;
  /** As `scan`, but calls back, at a fraction of the cost; stops when `visit` answers false. */
  visit(namespace: string | undefined, afterKey: string | undefined, visit: (object: CachedObject) => boolean): void;
}

/** Everything of one resource in memory, kept current from the store's change feed. */
export interface WatchCache {
  /** The revision up to which the cache has seen every event. */
  readonly revision: Revision;
  /** The latest revision it was ever at: later than `revision` once the store was restored to an earlier state. */
  readonly highestRevision: Revision;
  /** The earliest revision after which it has every event still. */
  readonly oldestRevision: Revision;
  readonly ready: boolean;
  get(key: string): CachedObject | undefined;
  snapshot(): CacheSnapshot;
  /** The state at exactly this revision, if it is the present one or was kept. */
  snapshotAt(revision: Revision): CacheSnapshot | undefined;
  /** Keeps a snapshot for `snapshotAt`: the next page of a listing will ask for it. A bounded number is kept. */
  keep(snapshot: CacheSnapshot): void;
  /**
   * Resolves when `having` of the snapshots to come knows the label or field, or never will: making an index for it
   * takes a look at every object, once.
   */
  indexed(wanted: AttributeValue, signal: AbortSignal): Promise<void>;
  /** Resolves when the cache is ready and has seen the revision; asks the store for progress if need be. */
  waitFor(revision: Revision, signal: AbortSignal): Promise<void>;
  /**
   * Delivers every event after the revision, in order, and then as they come. Answers undefined when the
   * revision is older than the events kept: the watcher has to list again. A watch of a cache that is not ready
   * is closed with "expired" as soon as it is.
   */
  watch(after: Revision, sink: WatchSink, scope?: WatchScope): Disposable | undefined;
  /** Tells every watcher how far the cache is, soon. The cache does so by itself every few seconds, too. */
  requestProgress(): void;
  /** Fills the cache and keeps it current until the signal aborts; then watches are closed with "stopped". */
  run(signal: AbortSignal): Promise<void>;
}
