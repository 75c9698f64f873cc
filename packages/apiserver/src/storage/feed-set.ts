import type { EventFeed } from "./event-feed.ts";
import type { Revision, StoreEvent } from "./store.ts";

/** The feeds of one stream of changes; sorts events to them by prefix. */
export class FeedSet {
  readonly #byPrefix = new Map<string, Set<EventFeed>>();
  readonly #wanting = new Set<EventFeed>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(feed: EventFeed): void {
    if (!feed.prefix.endsWith("/")) throw new Error(`a watched prefix ends in a slash: ${feed.prefix}`);
    const feeds = this.#byPrefix.get(feed.prefix);
    if (feeds) feeds.add(feed);
    else this.#byPrefix.set(feed.prefix, new Set([feed]));
    this.#size += 1;
    if (feed.wantsProgress) this.#wanting.add(feed);
  }

  delete(feed: EventFeed): void {
    const feeds = this.#byPrefix.get(feed.prefix);
    if (!feeds?.delete(feed)) return;
    if (feeds.size === 0) this.#byPrefix.delete(feed.prefix);
    this.#wanting.delete(feed);
    this.#size -= 1;
  }

  has(feed: EventFeed): boolean {
    return this.#byPrefix.get(feed.prefix)?.has(feed) ?? false;
  }

  /** Remembers that the feed asked for progress. */
  want(feed: EventFeed): void {
    if (this.has(feed)) this.#wanting.add(feed);
  }

  /** Hands out all events of the revisions up to `revision`; call it before the stream says it is there. */
  dispatch(events: readonly StoreEvent[], revision: Revision): void {
    if (events.length === 1) this.#dispatchOne(events[0] as StoreEvent, revision);
    else this.#dispatchMany(events, revision);
    for (const feed of this.#wanting) {
      feed.offerProgress(revision);
      if (!feed.wantsProgress) this.#wanting.delete(feed);
    }
  }

  failAll(error: unknown): void {
    for (const feed of this.#all()) feed.fail(error);
    this.#clear();
  }

  endAll(): void {
    for (const feed of this.#all()) feed.end();
    this.#clear();
  }

  /** Takes all feeds out. */
  takeAll(): EventFeed[] {
    const feeds = this.#all();
    this.#clear();
    return feeds;
  }

  #dispatchOne(event: StoreEvent, revision: Revision): void {
    const events = [event];
    this.#eachFeed(event.key, (feed) => feed.push(events, revision));
  }

  #dispatchMany(events: readonly StoreEvent[], revision: Revision): void {
    const byFeed = new Map<EventFeed, StoreEvent[]>();
    for (const event of events) {
      this.#eachFeed(event.key, (feed) => {
        const own = byFeed.get(feed);
        if (own) own.push(event);
        else byFeed.set(feed, [event]);
      });
    }
    for (const [feed, own] of byFeed) feed.push(own, revision);
  }

  #eachFeed(key: string, visit: (feed: EventFeed) => void): void {
    for (let slash = key.indexOf("/"); slash >= 0; slash = key.indexOf("/", slash + 1)) {
      const feeds = this.#byPrefix.get(key.slice(0, slash + 1));
      if (feeds) for (const feed of feeds) visit(feed);
    }
  }

  #all(): EventFeed[] {
    return [...this.#byPrefix.values()].flatMap((feeds) => [...feeds]);
  }

  #clear(): void {
    this.#byPrefix.clear();
    this.#wanting.clear();
    this.#size = 0;
  }
}
