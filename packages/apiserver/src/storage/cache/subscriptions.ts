import type { Logger } from "@kube-ts/std/log";
import { LongWork } from "../long-work.ts";
import type { Revision } from "../store.ts";
import type { WatchScope, WatchSink } from "../watch-cache.ts";
import type { ObjectEvent } from "./cache-event.ts";
import type { EventHistory } from "./event-history.ts";
import { concerns, WatcherIndex } from "./watcher-index.ts";

/** How many past events a watcher gets at a time while it catches up. */
const replayBatch = 256;

type CloseReason = "slow" | "expired" | "stopped";

/** One watch of a cache: first replays the history from its place in it, then takes events as they come. */
class Subscription {
  readonly sink: WatchSink;
  readonly scope: WatchScope;
  /** It wants nothing up to this revision, which may be ahead of the cache. */
  readonly after: Revision;
  /** Sequence number of the next event that it has to see. */
  next: number;
  /** Whether it has seen all of the history, and takes events as they come. */
  live = false;
  open = true;
  /** Whether the index delivers nothing that is outside of the scope. */
  readonly indexedWholly: boolean;

  constructor(sink: WatchSink, scope: WatchScope, after: Revision, next: number) {
    this.indexedWholly = Object.keys(scope.fields ?? {}).length <= 1;
    this.sink = sink;
    this.scope = scope;
    this.after = after;
    this.next = next;
  }
}

/** The watches of one cache. Every one gets each event that it concerns exactly once, in order. */
export class Subscriptions {
  readonly #history: EventHistory;
  readonly #log: Logger;
  readonly #live = new WatcherIndex<Subscription>();
  readonly #replaying = new Set<Subscription>();
  /** How many watches were cut off because they were slow. */
  terminated = 0;
  /** How many events were handed to sinks. */
  dispatched = 0;

  constructor(history: EventHistory, log: Logger) {
    this.#history = history;
    this.#log = log;
  }

  get size(): number {
    return this.#live.size + this.#replaying.size;
  }

  /** Adds a watch of the events after the revision. */
  add(sink: WatchSink, scope: WatchScope, after: Revision): Disposable {
    const subscription = new Subscription(sink, scope, after, this.#history.after(after));
    this.#replaying.add(subscription);
    this.#replay(subscription);
    return { [Symbol.dispose]: () => this.#remove(subscription) };
  }

  /** Delivers the latest event of the history. */
  deliver(event: ObjectEvent, sequence: number): void {
    if (this.#live.size === 0) return;
    this.#live.visit(event, (subscription) => {
      if (!subscription.open || subscription.next > sequence) return;
      subscription.next = sequence + 1;
      if (!subscription.indexedWholly && !concerns(subscription.scope, event)) return;
      this.#hand(subscription, event);
    });
  }

  /** Tells the watches that are up to date how far that is. */
  progress(revision: Revision): void {
    for (const subscription of this.#live.all()) {
      if (subscription.open && revision >= subscription.after) subscription.sink.progress(revision);
    }
  }

  closeAll(reason: CloseReason): void {
    for (const subscription of [...this.#live.all(), ...this.#replaying]) this.#close(subscription, reason);
  }

  /** Hands over a batch of the history; what is left follows on later turns of the event loop. */
  #replay(subscription: Subscription): void {
    const history = this.#history;
    if (subscription.next < history.first) {
      this.#close(subscription, "expired");
      return;
    }
    const end = Math.min(history.next, subscription.next + replayBatch);
    while (subscription.next < end && subscription.open) {
      const event = history.at(subscription.next) as ObjectEvent;
      subscription.next += 1;
      if (concerns(subscription.scope, event)) this.#hand(subscription, event);
    }
    if (!subscription.open) return;
    if (subscription.next === history.next) this.#goLive(subscription);
    else void this.#continueReplay(subscription);
  }

  async #continueReplay(subscription: Subscription): Promise<void> {
    try {
      await subscription.sink.drained?.();
      await new LongWork().pause();
    } catch {
      this.#close(subscription, "slow");
    }
    if (subscription.open) this.#replay(subscription);
  }

  #goLive(subscription: Subscription): void {
    this.#replaying.delete(subscription);
    subscription.live = true;
    this.#live.add(subscription, subscription.scope);
  }

  /** A sink that throws is cut off, so that it troubles nobody else. */
  #hand(subscription: Subscription, event: ObjectEvent): void {
    if (event.revision <= subscription.after) return;
    this.dispatched += 1;
    try {
      if (subscription.sink.event(event)) return;
    } catch (error) {
      this.#log.error("a watcher failed to take an event", { error });
    }
    this.terminated += 1;
    this.#close(subscription, "slow");
  }

  #close(subscription: Subscription, reason: CloseReason): void {
    if (!subscription.open) return;
    this.#remove(subscription);
    subscription.sink.closed(reason);
  }

  #remove(subscription: Subscription): void {
    subscription.open = false;
    this.#replaying.delete(subscription);
    if (subscription.live) this.#live.delete(subscription, subscription.scope);
  }
}
