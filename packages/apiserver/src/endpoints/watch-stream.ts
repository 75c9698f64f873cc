import { resourceExpired } from "@kube-ts/api/status-error";
import type { Revision } from "../storage/store.ts";
import type { CachedObject, CacheEvent, WatchSink } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import type { ListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import type { ServedResource } from "./served-resource.ts";
import { writeHead } from "./respond.ts";
import { covers } from "./selection.ts";

/** A watcher that has this much unsent is cut off; it resumes from its last resourceVersion. */
const maxBacklogBytes = 16 * 1024 * 1024;
const bookmarkIntervalMs = 60_000;
/** A last bookmark is sent this long before the watch times out. */
const bookmarkBeforeEndMs = 2_000;

type Transition = "ADDED" | "MODIFIED" | "DELETED";

/** One client's watch: turns cache events into frames and writes them in batches. */
export class WatchStream implements WatchSink {
  readonly finished: Promise<void>;
  readonly #exchange: Exchange;
  readonly #query: ListQuery;
  readonly #view: ObjectView;
  readonly #form: AcceptedForm;
  readonly #bookmarkType: string;
  /** Whether frames made once for all watchers fit this one. */
  readonly #sharesFrames: boolean;
  #frames: Buffer[] = [];
  #frameBytes = 0;
  #started = false;
  #flushScheduled = false;
  #seenRevision: Revision = 0n;
  #bookmarkedRevision: Revision = 0n;
  #finish: () => void;
  #ended = false;

  constructor(exchange: Exchange, resource: ServedResource, query: ListQuery, view: ObjectView, form: AcceptedForm) {
    this.#exchange = exchange;
    this.#query = query;
    this.#view = view;
    this.#form = form;
    this.#sharesFrames = form.view === "object" && resource.isStoredVersion;
    this.#bookmarkType = bookmarkPrefix(resource, form);
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
      this.#exchange.response.write(this.#bookmark(initialEventsEnd, true));
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
    if (this.#frameBytes + this.#exchange.response.writableLength > maxBacklogBytes) return false;
    this.#scheduleFlush();
    return true;
  }

  progress(revision: Revision): void {
    this.#seenRevision = revision;
  }

  closed(reason: "slow" | "expired" | "stopped"): void {
    if (reason === "expired" && this.#started) {
      const { status } = resourceExpired("the watch lost its place in the history; list again");
      this.#exchange.response.write(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
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
    if (this.#sharesFrames) return event.frame(type, object);
    const head = Buffer.from(`{"type":"${type}","object":`);
    return Buffer.concat([head, this.#view.single(object), frameTail]);
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
    this.#exchange.response.write(this.#bookmark(this.#seenRevision, false));
  }

  #bookmark(revision: Revision, initialEventsEnd: boolean): string {
    const annotations = initialEventsEnd ? ',"annotations":{"k8s.io/initial-events-end":"true"}' : "";
    return `${this.#bookmarkType}"metadata":{"resourceVersion":"${revision}"${annotations}}}}\n`;
  }

  #end(): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    this.#exchange.response.end();
    this.#finish();
  }
}

const frameTail = Buffer.from("}\n");

function bookmarkPrefix(resource: ServedResource, form: AcceptedForm): string {
  const { kind, apiVersion } =
    form.view === "partial"
      ? { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${form.viewVersion}` }
      : { kind: resource.kind, apiVersion: resource.apiVersion };
  return `{"type":"BOOKMARK","object":{"kind":"${kind}","apiVersion":"${apiVersion}",`;
}
