import { once } from "node:events";
import { resourceExpired } from "@kube-ts/api/status-error";
import type { Revision } from "../storage/store.ts";
import type { CachedObject, CacheEvent, WatchSink } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import type { ListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import { writeHead } from "./respond.ts";
import { covers } from "./selection.ts";

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
  readonly #exchange: Exchange;
  readonly #query: ListQuery;
  readonly #view: ObjectView;
  readonly #form: AcceptedForm;
  readonly #sent: EventCounter | undefined;
  #frames: Buffer[] = [];
  #frameBytes = 0;
  #started = false;
  #flushScheduled = false;
  #seenRevision: Revision = 0n;
  #bookmarkedRevision: Revision = 0n;
  #finish: () => void;
  #ended = false;

  constructor(exchange: Exchange, query: ListQuery, view: ObjectView, form: AcceptedForm, sent?: EventCounter) {
    this.#exchange = exchange;
    this.#query = query;
    this.#view = view;
    this.#form = form;
    this.#sent = sent;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends the headers, so that the client knows that the watch stands. */
  open(): void {
    const { response, signal } = this.#exchange;
    const headers = { "Content-Type": this.#form.contentType, "Cache-Control": "no-cache, private" };
    writeHead(this.#exchange, 200, headers);
    response.flushHeaders();
    signal.addEventListener("abort", () => this.#end(), { once: true });
    response.on("close", () => this.#end());
  }

  /** Lets events through; with a revision, first marks the end of the initial events. */
  start(initialEventsEnd: Revision | undefined): void {
    this.#started = true;
    if (initialEventsEnd !== undefined) {
      this.#bookmarkedRevision = initialEventsEnd;
      this.#exchange.response.write(this.#view.framing.bookmark(initialEventsEnd, true));
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

  event(event: CacheEvent): boolean {
    this.#seenRevision = event.revision;
    const transition = this.#transitionOf(event);
    if (!transition) return true;
    const frame = this.#frame(event, transition.type, transition.object);
    this.#frames.push(frame);
    this.#frameBytes += frame.length;
    this.#sent?.inc(frame.length);
    if (this.#frameBytes + this.#exchange.response.writableLength > maxBacklogBytes) return false;
    this.#scheduleFlush();
    return true;
  }

  drained(): Promise<void> | undefined {
    const { response, signal } = this.#exchange;
    if (!response.writableNeedDrain) return undefined;
    return once(response, "drain", { signal }).then(() => undefined);
  }

  progress(revision: Revision): void {
    this.#seenRevision = revision;
  }

  closed(reason: "slow" | "expired" | "stopped"): void {
    if (reason === "expired" && this.#started) {
      const { status } = resourceExpired("the watch lost its place in the history; list again");
      this.#exchange.response.write(this.#view.framing.error(status));
    }
    if (reason === "slow") this.#exchange.response.destroy();
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
    const [only] = this.#frames;
    const bytes = this.#frames.length === 1 && only ? only : Buffer.concat(this.#frames, this.#frameBytes);
    this.#frames = [];
    this.#frameBytes = 0;
    this.#exchange.response.write(bytes);
  }

  #sendBookmark(): void {
    if (!this.#query.allowBookmarks || !this.#started || this.#ended) return;
    this.#flush();
    if (this.#seenRevision <= this.#bookmarkedRevision) return;
    this.#bookmarkedRevision = this.#seenRevision;
    this.#exchange.response.write(this.#view.framing.bookmark(this.#seenRevision, false));
  }

  #end(): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    this.#exchange.response.end();
    this.#finish();
  }
}
