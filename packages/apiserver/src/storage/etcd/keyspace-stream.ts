import { backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { FeedSource } from "../event-feed.ts";
import { FeedSet } from "../feed-set.ts";
import { StoreError } from "../store.ts";
import type { Revision, StoreEvent } from "../store.ts";
import type { MessageStream } from "./endpoint.ts";
import type { EtcdEndpoints } from "./endpoints.ts";
import { toStoreError } from "./errors.ts";
import { decodeWatch, encodeWatchEverything } from "./messages.ts";
import type { WatchEvent, WatchResponse } from "./messages.ts";

export interface StreamDependencies {
  readonly endpoints: EtcdEndpoints;
  readonly currentRevision: (signal: AbortSignal) => Promise<Revision>;
  /** The revision of the write that the key's state at the revision is of; undefined where it did not exist then. */
  readonly writtenAt: (key: string, revision: Revision, signal: AbortSignal) => Promise<Revision | undefined>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const reconnectBackoff = { baseMs: 50, maxMs: 2_000, factor: 2, jitter: 0.5 };
/** How long a member may take to confirm a watch before another one is asked. */
const createTimeoutMs = 10_000;
/** How many answers may come before it is known that they continue those of an earlier connection. */
const maxHeldResponses = 1_000;

/**
 * A watch of every key of the cluster. Every revision of etcd changes at least one key, so the last event's revision
 * is exactly how far the stream is, and no progress messages are needed. It reconnects by itself, resuming after
 * the last event handed out, and ends when that is no longer possible.
 */
export class KeyspaceStream implements FeedSource {
  readonly feeds = new FeedSet();
  readonly #dependencies: StreamDependencies;
  readonly #afterDispatch: () => void;
  #revision: Revision;
  /** The last event handed out, without its bytes. */
  #last: Pick<StoreEvent, "type" | "key" | "revision"> | undefined;
  #fragments: WatchEvent[] = [];
  #clusterId: bigint | undefined;
  #failedAttempts = 0;

  /** Sees every change after the revision `after`; `afterDispatch` is called when it has advanced. */
  constructor(dependencies: StreamDependencies, after: Revision, afterDispatch: () => void) {
    this.#dependencies = dependencies;
    this.#revision = after;
    this.#afterDispatch = afterDispatch;
  }

  /** Every event up to here was pushed to the feeds. */
  get revision(): Revision {
    return this.#revision;
  }

  /** Runs until the signal aborts; rejects with "compacted" when it cannot resume. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, log, endpoints } = this.#dependencies;
    while (!signal.aborted) {
      const endpoint = endpoints.preferred;
      const error = await this.#connection(signal).catch((failure: unknown) => toStoreError(failure));
      if (signal.aborted) return;
      if (error instanceof StoreError && error.code === "compacted") throw error;
      endpoints.leave(endpoint);
      const delayMs = backoffDelayMs(reconnectBackoff, this.#failedAttempts, random);
      log.warn("watch of etcd was interrupted", { endpoint: endpoint.url, error, delayMs: Math.round(delayMs) });
      this.#failedAttempts += 1;
      await clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }

  /** One connection; rejects with why it ended, or resolves when the signal aborts. */
  async #connection(signal: AbortSignal): Promise<void> {
    const { endpoints } = this.#dependencies;
    const endpoint = endpoints.preferred;
    const stream = endpoint.stream("Watch", "Watch");
    this.#fragments = [];
    const left = Promise.withResolvers<never>();
    // A member that hangs keeps its connections: who calls it finds out first.
    using _leaving = endpoints.onLeave((other) => {
      if (other === endpoint) left.reject(new StoreError("unavailable", "the member has stopped to answer"));
    });
    try {
      await Promise.race([this.#consume(stream, signal), left.promise]);
    } finally {
      stream.on("error", () => undefined);
      stream.cancel();
    }
  }

  async #consume(stream: MessageStream, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    using timeout = this.#dependencies.clock.setTimer(createTimeoutMs, () =>
      reject(new StoreError("unavailable", "etcd did not confirm a watch in time")),
    );
    const onAbort = () => resolve();
    signal.addEventListener("abort", onAbort);
    stream.on("error", reject);
    stream.on("end", () => reject(new StoreError("unavailable", "etcd ended a watch")));
    const receive = this.#receiver(() => timeout[Symbol.dispose](), reject, signal);
    stream.on("data", (message) => {
      if (!signal.aborted) receive(message);
    });
    stream.write(encodeWatchEverything(this.#revision + 1n));
    if (signal.aborted) resolve();
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** What takes the messages of one connection: no event before it is certain that they continue those of the one before. */
  #receiver(
    onCreated: () => void,
    onFailure: (error: unknown) => void,
    signal: AbortSignal,
  ): (message: Buffer) => void {
    let isChecked = false;
    const held: WatchResponse[] = [];
    const check = async (created: WatchResponse) => {
      await this.#created(created, signal);
      isChecked = true;
      for (const response of held.splice(0)) this.#take(response);
    };
    return (message) => {
      try {
        const response = decodeWatch(message);
        if (response.created) {
          onCreated();
          check(response).catch(onFailure);
        }
        if (isChecked || response.canceled) this.#take(response);
        else if (held.push(response) > maxHeldResponses)
          throw new StoreError("unavailable", "etcd is too slow to be checked");
      } catch (error) {
        onFailure(error);
      }
    };
  }

  /** Makes sure that the cluster is still the one whose history the stream has followed. */
  async #created(response: WatchResponse, signal: AbortSignal): Promise<void> {
    this.#failedAttempts = 0;
    this.#clusterId ??= response.clusterId;
    if (response.clusterId !== this.#clusterId) {
      throw new StoreError("compacted", "etcd is another cluster than before");
    }
    if (response.revision < this.#revision) {
      const current = await this.#dependencies.currentRevision(signal);
      if (current < this.#revision) throw restored();
    }
    if (this.#last && !(await this.#isInHistory(this.#last, signal))) throw restored();
  }

  /** Whether etcd still has the event: after a restore, other writes may have got the same revisions by now. */
  async #isInHistory(
    { key, revision, type }: Pick<StoreEvent, "type" | "key" | "revision">,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      const writtenAt = await this.#dependencies.writtenAt(key, revision, signal);
      return type === "put" ? writtenAt === revision : writtenAt === undefined;
    } catch (error) {
      // What etcd has forgotten cannot be compared; the watch goes on from there, or is told that it cannot.
      if (error instanceof StoreError && error.code === "compacted") return true;
      throw error;
    }
  }

  #take(response: WatchResponse): void {
    if (response.canceled) {
      const compacted = response.compactRevision > 0n;
      const reason = response.cancelReason || (compacted ? "required revision has been compacted" : "watch canceled");
      throw new StoreError(compacted ? "compacted" : "unavailable", `etcd canceled a watch: ${reason}`);
    }
    if (response.fragment || this.#fragments.length > 0) {
      this.#fragments.push(...response.events);
      if (response.fragment) return;
    }
    const events = this.#fragments.length > 0 ? this.#fragments : response.events;
    this.#fragments = [];
    this.#dispatch(events);
  }

  #dispatch(events: readonly WatchEvent[]): void {
    const fresh: StoreEvent[] = [];
    for (const event of events) if (event.kv.modRevision > this.#revision) fresh.push(toStoreEvent(event));
    const last = fresh.at(-1);
    if (!last) return;
    this.feeds.dispatch(fresh, last.revision);
    this.#last = { type: last.type, key: last.key, revision: last.revision };
    this.#revision = last.revision;
    this.#afterDispatch();
  }
}

function restored(): StoreError {
  return new StoreError("compacted", "etcd was restored to an earlier state");
}

function toStoreEvent({ type, kv }: WatchEvent): StoreEvent {
  const { key, modRevision: revision } = kv;
  if (type === "delete") return { type, key, revision };
  return { type, key, bytes: kv.value, revision, created: kv.createRevision === revision };
}
