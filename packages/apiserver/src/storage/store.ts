/** A store-wide logical time: etcd's mod revision. Opaque on the wire, where it is the resourceVersion. */
export type Revision = bigint;

/** A key with the bytes last written to it. */
export interface StoredValue {
  readonly key: string;
  /** May share memory with the message it came in: copy what is kept for long. */
  readonly bytes: Buffer;
  /** The revision of the write that produced the bytes. */
  readonly revision: Revision;
}

export interface Page {
  readonly values: readonly StoredValue[];
  /** The revision at which the page was read; the same for all pages of one listing. */
  readonly revision: Revision;
  /** How many keys of the range follow after this page; 0 on the last one. */
  readonly remaining: number;
}

export interface PageRequest {
  readonly prefix: string;
  /** Start at this key instead of at the prefix. */
  readonly startKey?: string;
  readonly limit: number;
  /** Read the past state at this revision instead of the current one. */
  readonly revision?: Revision;
  /** Fail for a value that cannot be decrypted, instead of leaving it out. */
  readonly isWhole?: boolean;
}

/** What became of a conditional write: done, or refused because the key has another state. */
export type WriteOutcome =
  | { readonly done: true; readonly revision: Revision }
  | { readonly done: false; readonly current: StoredValue | undefined };

export type StoreEvent =
  | {
      readonly type: "put";
      readonly key: string;
      readonly bytes: Buffer;
      readonly revision: Revision;
      /** True when the key did not exist before. */
      readonly created: boolean;
    }
  | { readonly type: "delete"; readonly key: string; readonly revision: Revision };

/** All events of one or more whole revisions, in order; without events it only says how far the stream is. */
export interface StoreEvents {
  readonly events: readonly StoreEvent[];
  /** Every event up to this revision has been delivered. */
  readonly revision: Revision;
}

/**
 * A change feed; iterate it once. It ends when its signal aborts, and fails with "compacted" when the history it
 * still needs is gone: the consumer has to list again.
 */
export interface StoreFeed extends AsyncIterable<StoreEvents> {
  /**
   * Every event up to this revision was handed out and processed: the consumer came back for more. It advances
   * without anything being delivered as long as nothing under the prefix changes, and never goes back.
   */
  readonly revision: Revision;
  /** Asks for a `StoreEvents`, empty if need be, as soon as the feed is at or past this revision. */
  requestProgress(revision: Revision): void;
}

export type StoreErrorCode =
  /** The revision asked for was compacted away, or the store was restored to an earlier state. */
  | "compacted"
  /** The revision asked for is in the future. */
  | "future-revision"
  /** No member answered in time, or there is no leader: the outcome of a write is unknown. */
  | "unavailable"
  /** The store is out of space and refuses writes. */
  | "no-space"
  /** The value is larger than the store takes. */
  | "too-large";

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}

export interface PutOptions {
  /** The key vanishes by itself this long after the write. */
  readonly ttlSeconds?: number;
}

/**
 * A linearizable key-value store with multi-version reads and a change feed. Failures are `StoreError`s.
 */
export interface Store extends AsyncDisposable {
  get(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly value: StoredValue | undefined; readonly revision: Revision }>;
  /** Keys in bytewise order. */
  list(request: PageRequest, signal: AbortSignal): Promise<Page>;
  /** Writes the key if it does not exist. */
  create(key: string, bytes: Buffer, signal: AbortSignal, options?: PutOptions): Promise<WriteOutcome>;
  /** Writes the key if its revision is `expected`. */
  update(
    key: string,
    bytes: Buffer,
    expected: Revision,
    signal: AbortSignal,
    options?: PutOptions,
  ): Promise<WriteOutcome>;
  /** Deletes the key if its revision is `expected`. */
  delete(key: string, expected: Revision, signal: AbortSignal): Promise<WriteOutcome>;
  /** Changes under the prefix made after the revision `after`, gapless and in order, until the signal aborts. */
  watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed;
  /** The store's revision now, by a linearizable read. Concurrent callers may share one. */
  currentRevision(signal: AbortSignal): Promise<Revision>;
  /** Forgets states older than the revision. */
  compact(revision: Revision, signal: AbortSignal): Promise<void>;
  /**
   * Why the value of a key, or with a slash at the end one below it, cannot be read; undefined when they can. Absent
   * where all can.
   */
  unreadable?(prefix: string): Error | undefined;
  /**
   * Whether the value with this revision would be stored otherwise now, so that an update writes it even if it changes
   * nothing. Absent where none would.
   */
  isStale?(key: string, expected: Revision, signal: AbortSignal): Promise<boolean>;
  /** Rejects with a StoreError when the store does not answer within the signal's time. */
  checkHealth(signal: AbortSignal): Promise<void>;
}
