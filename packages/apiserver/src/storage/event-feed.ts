import { StoreError } from "./store.ts";
import type { Revision, StoreEvent, StoreEvents, StoreFeed } from "./store.ts";

/** What feeds take their progress from: a stream that has seen every event up to its revision. */
export interface FeedSource {
  readonly revision: Revision;
}

/** What a stream is told by its feeds. */
export interface FeedObserver {
  /** The feed asked for progress that the stream has not made yet. */
  wanted(feed: EventFeed): void;
  /** The feed takes no more. */
  ended(feed: EventFeed): void;
}

/** Events that may wait in a feed for its consumer; a consumer further behind has to list again. */
const maxQueuedEvents = 100_000;

interface Waiting {
  resolve(result: IteratorResult<StoreEvents>): void;
  reject(error: unknown): void;
}

/**
 * The queue between a stream of a store's changes and one consumer. The stream pushes each batch before it
 * advances its own revision, so that an idle feed's revision is its source's.
 */
export class EventFeed implements StoreFeed, AsyncIterator<StoreEvents, undefined> {
  readonly prefix: string;
  #source: FeedSource;
  #queue: StoreEvents[] = [];
  #queuedEvents = 0;
  #waiting: Waiting | undefined;
  /** Events up to here were pushed, or need not be. */
  #pushed: Revision;
  #handed: Revision;
  #processed: Revision;
  #wanted: Revision | undefined;
  #ended = false;
  #failure: unknown;
  readonly #observer: FeedObserver;

  constructor(prefix: string, after: Revision, source: FeedSource, observer: FeedObserver) {
    this.prefix = prefix;
    this.#source = source;
    this.#pushed = after;
    this.#handed = after;
    this.#processed = after;
    this.#observer = observer;
  }

  get revision(): Revision {
    return this.#idle ? this.#reached() : this.#processed;
  }

  /** Events up to this revision are already in; the stream need not push them again. */
  get pushedRevision(): Revision {
    return this.#pushed;
  }

  /** Goes on from another stream, which may be behind the old one. */
  moveTo(source: FeedSource): void {
    if (this.#idle) this.#processed = this.#reached();
    this.#source = source;
  }

  get ended(): boolean {
    return this.#ended;
  }

  requestProgress(revision: Revision): void {
    if (this.#ended) return;
    if (this.#wanted === undefined || revision < this.#wanted) this.#wanted = revision;
    this.offerProgress(this.#source.revision);
    if (this.#wanted !== undefined) this.#observer.wanted(this);
  }

  /** Whether someone still waits for progress. */
  get wantsProgress(): boolean {
    return this.#wanted !== undefined && !this.#ended;
  }

  /** Tells the consumer that the stream is at the revision, if it asked to know. */
  offerProgress(revision: Revision): void {
    if (this.#wanted === undefined || revision < this.#wanted || revision < this.#pushed) return;
    this.push([], revision);
  }

  /** Takes the events of whole revisions up to `revision`; those it has already are left out. */
  push(events: readonly StoreEvent[], revision: Revision): void {
    if (this.#ended) return;
    const fresh = events.length > 0 && (events[0]?.revision ?? 0n) <= this.#pushed ? this.#unseen(events) : events;
    if (fresh.length === 0 && this.#wanted === undefined) return;
    if (this.#queuedEvents + fresh.length > maxQueuedEvents) {
      this.fail(new StoreError("compacted", "the consumer of a change feed is too far behind"));
      return;
    }
    if (this.#idle) this.#processed = this.#reached();
    if (revision > this.#pushed) this.#pushed = revision;
    if (this.#wanted !== undefined && this.#pushed >= this.#wanted) this.#wanted = undefined;
    this.#enqueue({ events: fresh, revision: this.#pushed });
  }

  /** Ends the feed with an error once what is queued was consumed. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#finish(() => this.#waiting?.reject(error));
  }

  /** Ends the feed. */
  end(): void {
    if (this.#ended) return;
    this.#queue = [];
    this.#finish(() => this.#waiting?.resolve({ done: true, value: undefined }));
  }

  [Symbol.asyncIterator](): AsyncIterator<StoreEvents, undefined> {
    return this;
  }

  next(): Promise<IteratorResult<StoreEvents, undefined>> {
    this.#processed = this.#handed;
    const batch = this.#queue.shift();
    if (batch) return Promise.resolve({ done: false, value: this.#hand(batch) });
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve: resolve as Waiting["resolve"], reject };
    });
  }

  return(): Promise<IteratorResult<StoreEvents, undefined>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  get #idle(): boolean {
    return this.#waiting !== undefined;
  }

  #reached(): Revision {
    const { revision } = this.#source;
    return revision > this.#processed ? revision : this.#processed;
  }

  #unseen(events: readonly StoreEvent[]): readonly StoreEvent[] {
    return events.filter((event) => event.revision > this.#pushed);
  }

  #enqueue(batch: StoreEvents): void {
    const waiting = this.#waiting;
    if (!waiting) {
      this.#queue.push(batch);
      this.#queuedEvents += batch.events.length;
      return;
    }
    this.#waiting = undefined;
    this.#handed = batch.revision;
    waiting.resolve({ done: false, value: batch });
  }

  #hand(batch: StoreEvents): StoreEvents {
    this.#queuedEvents -= batch.events.length;
    this.#handed = batch.revision;
    return batch;
  }

  #finish(wake: () => void): void {
    this.#ended = true;
    this.#wanted = undefined;
    if (this.#waiting) this.#processed = this.#reached();
    wake();
    this.#waiting = undefined;
    this.#observer.ended(this);
  }
}
