import { resourceExpired } from "@kube-ts/api/status-error";
import type { Revision } from "../storage/store.ts";
import type { CachedObject, CacheEvent, WatchSink } from "../storage/watch-cache.ts";
import type { ListQuery } from "./list-query.ts";
import type { ObjectView } from "./object-view.ts";
import { covers } from "./selection.ts";
import type { WatchOutput } from "./watch-output.ts";

/** A watcher that has this much unsent is cut off; it resumes from its last resourceVersion. */
const maxBacklogBytes = 16 * 1024 * 1024;
const bookmarkIntervalMs = 60_000;
/** A last bookmark is sent this long before the watch times out. */
const bookmarkBeforeEndMs = 2_000;

type Transition = "ADDED" | "MODIFIED" | "DELETED";

/** Counts the events that are sent, and their bytes. */
export interface EventCounter {
  inc(bytes: number): void;
}

/** One client's watch: turns cache events into frames and writes them in batches. */
export class WatchStream implements WatchSink {
  readonly finished: Promise<void>;
  readonly #output: WatchOutput;
  readonly #signal: AbortSignal;
  readonly #query: ListQuery;
  readonly #view: ObjectView;
  readonly #sent: EventCounter | undefined;
  #frames: Buffer[] = [];
  #frameBytes = 0;
  #started = false;
  #flushScheduled = false;
  #seenRevision: Revision = 0n;
  #bookmarkedRevision: Revision = 0n;
  #finish: () => void;
  #ended = false;

  /** Ends when the signal aborts. */
  constructor(output: WatchOutput, signal: AbortSignal, query: ListQuery, view: ObjectView, sent?: EventCounter) {
    this.#output = output;
    this.#signal = signal;
    this.#query = query;
    this.#view = view;
    this.#sent = sent;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** From now on the client may leave. */
  open(): void {
    if (this.#signal.aborted) this.#end();
    this.#signal.addEventListener("abort", () => this.#end(), { once: true });
    this.#output.onClose(() => this.#end());
  }

  /** Lets events through; with a revision, first marks the end of the initial events. */
  start(initialEventsEnd: Revision | undefined): void {
    this.#started = true;
    if (initialEventsEnd !== undefined) {
      this.#bookmarkedRevision = initialEventsEnd;
      this.#write(this.#view.framing.bookmark(initialEventsEnd, true));
    }
    this.#flush();
  }

  /** Ends the watch in good order after `ms`; meanwhile keeps idle clients' resourceVersion fresh. */
  endAfter(ms: number): Disposable {
    const end = setTimeout(() => this.#end(), ms);
    const lastBookmark = setTimeout(() => this.#sendBookmark(), Math.max(0, ms - bookmarkBeforeEndMs));
    const bookmarks = setInterval(() => this.#sendBookmark(), bookmarkIntervalMs);
    return {
      [Symbol.dispose]: () => {
        clearTimeout(end);
        clearTimeout(lastBookmark);
        clearInterval(bookmarks);
      },
    };
  }

  /** Has the client list again unless its version was reached within `ms`. */
  expireUnlessAt(revision: Revision, ms: number, reached: { readonly revision: Revision }): Disposable {
    const timer = setTimeout(() => {
      if (reached.revision < revision) this.closed("expired");
    }, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }

  event(event: CacheEvent): boolean {
    this.#seenRevision = event.revision;
    const transition = this.#transitionOf(event);
    if (!transition) return true;
    const frame = this.#frame(event, transition.type, transition.object);
    this.#frames.push(frame);
    this.#frameBytes += frame.length;
    this.#sent?.inc(frame.length);
    if (this.#frameBytes + this.#output.backlogBytes > maxBacklogBytes) return false;
    this.#scheduleFlush();
    return true;
  }

  drained(): Promise<void> | undefined {
    return this.#output.drained(this.#signal);
  }

  progress(revision: Revision): void {
    this.#seenRevision = revision;
  }

  closed(reason: "slow" | "expired" | "stopped"): void {
    if (reason === "expired" && this.#started) {
      const { status } = resourceExpired("the watch lost its place in the history; list again");
      this.#write(this.#view.framing.error(status));
    }
    if (reason === "slow") this.#output.cutOff();
    this.#end();
  }

  #transitionOf(event: CacheEvent): { type: Transition; object: CachedObject } | undefined {
    const { filter } = this.#query;
    const matches = covers(filter, event.object);
    if (event.type !== "MODIFIED") return matches ? { type: event.type, object: event.object } : undefined;
    const matched = event.previous !== undefined && covers(filter, event.previous);
    if (matches) return { type: matched ? "MODIFIED" : "ADDED", object: event.object };
    if (matched) return { type: "DELETED", object: event.previous };
    return undefined;
  }

  #frame(event: CacheEvent, type: Transition, object: CachedObject): Buffer {
    const { framing } = this.#view;
    return framing.isShared ? event.frame(type, object, framing) : framing.frame(type, object);
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || !this.#started) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#frames.length === 0 || this.#ended) return;
    this.#output.write(this.#frames, this.#frameBytes);
    this.#frames = [];
    this.#frameBytes = 0;
  }

  #write(frame: Buffer): void {
    this.#output.write([frame], frame.length);
  }

  #sendBookmark(): void {
    if (!this.#query.allowBookmarks || !this.#started || this.#ended) return;
    this.#flush();
    if (this.#seenRevision <= this.#bookmarkedRevision) return;
    this.#bookmarkedRevision = this.#seenRevision;
    this.#write(this.#view.framing.bookmark(this.#seenRevision, false));
  }

  #end(): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    this.#output.end();
    this.#finish();
  }
}
