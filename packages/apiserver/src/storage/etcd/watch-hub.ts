import { EventFeed } from "../event-feed.ts";
import type { FeedObserver } from "../event-feed.ts";
import type { Revision } from "../store.ts";
import { KeyspaceStream } from "./keyspace-stream.ts";
import type { StreamDependencies } from "./keyspace-stream.ts";

interface RunningStream {
  readonly stream: KeyspaceStream;
  readonly stop: AbortController;
}

/**
 * Serves all feeds of a store from one stream. A feed that starts further back follows a stream of its own until
 * that has caught up with the main one.
 */
export class WatchHub implements FeedObserver {
  readonly #dependencies: StreamDependencies;
  readonly #running = new Set<Promise<void>>();
  readonly #behind = new Set<RunningStream>();
  #main: RunningStream | undefined;

  constructor(dependencies: StreamDependencies) {
    this.#dependencies = dependencies;
  }

  /** How far the changes are known that feeds follow; undefined as long as there are none. */
  get revision(): Revision | undefined {
    return this.#main?.stream.revision;
  }

  subscribe(prefix: string, after: Revision, signal: AbortSignal): EventFeed {
    const running = this.#streamFor(after);
    const feed = new EventFeed(prefix, after, running.stream, this);
    running.stream.feeds.add(feed);
    if (signal.aborted) feed.end();
    else signal.addEventListener("abort", () => feed.end(), { once: true });
    return feed;
  }

  wanted(feed: EventFeed): void {
    for (const running of this.#streams()) running.stream.feeds.want(feed);
  }

  ended(feed: EventFeed): void {
    for (const running of this.#streams()) {
      running.stream.feeds.delete(feed);
      if (running.stream.feeds.size === 0) this.#stop(running);
    }
  }

  /** Resolves when no stream runs; they stop when their feeds have ended. */
  async closed(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #streamFor(after: Revision): RunningStream {
    if (!this.#main) {
      this.#main = this.#start(after, () => this.#joinFeeds());
      return this.#main;
    }
    if (after >= this.#main.stream.revision) return this.#main;
    const behind = this.#start(after, () => this.#joinFeeds());
    this.#behind.add(behind);
    return behind;
  }

  #start(after: Revision, afterDispatch: () => void): RunningStream {
    const stop = new AbortController();
    const running = { stream: new KeyspaceStream(this.#dependencies, after, afterDispatch), stop };
    const task = running.stream
      .run(stop.signal)
      .catch((error: unknown) => this.#fail(running, error))
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
    return running;
  }

  /** Moves feeds to the main stream from those that have reached it. */
  #joinFeeds(): void {
    const main = this.#main;
    if (!main) return;
    for (const behind of this.#behind) {
      if (behind.stream.revision < main.stream.revision) continue;
      for (const feed of behind.stream.feeds.takeAll()) {
        feed.moveTo(main.stream);
        main.stream.feeds.add(feed);
      }
      this.#stop(behind);
    }
  }

  #fail(running: RunningStream, error: unknown): void {
    this.#dependencies.log.warn("change feeds start over", { error });
    this.#forget(running);
    running.stream.feeds.failAll(error);
  }

  #stop(running: RunningStream): void {
    this.#forget(running);
    running.stop.abort();
  }

  #forget(running: RunningStream): void {
    this.#behind.delete(running);
    if (this.#main === running) this.#main = undefined;
  }

  #streams(): RunningStream[] {
    return this.#main ? [this.#main, ...this.#behind] : [...this.#behind];
  }
}
