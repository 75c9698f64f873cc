import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { LongWork } from "../long-work.ts";
import {
  type Page,
  type PageRequest,
  type PutOptions,
  type Revision,
  type Store,
  StoreError,
  type StoreEvent,
  type StoreEvents,
  type StoreFeed,
  type StoredValue,
  type WriteOutcome,
} from "../store.ts";
import { WrappedStore } from "../wrapped-store.ts";
import type { Decrypted, Transformer } from "./transformer.ts";

/** How often it is tried again to read what could not be read, and how many values of it. */
const retryMs = 1_000;
const retriedAtOnce = 8;

/**
 * A store whose values are encrypted. A value that cannot be decrypted is an error for whoever reads it or a list that
 * it belongs to; lists and feeds of caches leave it out, and the store remembers it. Its owner disposes of the inner one.
 */
export class EncryptedStore extends WrappedStore {
  readonly #transformer: () => Transformer | undefined;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #unreadable = new Map<string, Error>();

  /** `transformer` may answer another one from time to time, and undefined for values that are stored as they are. */
  constructor(inner: Store, transformer: () => Transformer | undefined, clock: Clock, log: Logger) {
    super(inner);
    this.#transformer = transformer;
    this.#clock = clock;
    this.#log = log;
  }

  async list(request: PageRequest, signal: AbortSignal): Promise<Page> {
    const values: StoredValue[] = [];
    const work = new LongWork();
    for (let next = request; ;) {
      const page = await this.inner.list(next, signal);
      for (const value of page.values) {
        const read = request.isWhole ? await this.read(value, signal) : await this.#readOrNote(value, signal);
        if (read) values.push(read);
        if (work.step()) await work.pause(signal);
      }
      const last = page.values.at(-1);
      // The next page begins after the last value of this one, so that there has to be one.
      if (page.remaining === 0 || !last || values.at(-1)?.key === last.key) return { ...page, values };
      next = { ...request, startKey: `${last.key}\0`, revision: page.revision };
    }
  }

  override async create(key: string, bytes: Buffer, signal: AbortSignal, options?: PutOptions): Promise<WriteOutcome> {
    const outcome = await this.inner.create(key, await this.toStored(bytes, key, signal), signal, options);
    if (outcome.done || !outcome.current) return outcome;
    // That there is something is known, whether it can be read or not.
    const current = await this.#readOrNote(outcome.current, signal);
    return { done: false, current };
  }

  watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed {
    const feed = this.inner.watch(prefix, after, signal);
    const readable = (failed: AbortSignal) => this.#untilReadable(prefix, AbortSignal.any([signal, failed]));
    return new DecryptedFeed(feed, (batch) => this.#events(batch, signal), readable);
  }

  unreadable(prefix: string): Error | undefined {
    if (this.#unreadable.size === 0) return undefined;
    const exactly = this.#unreadable.get(prefix);
    if (exactly || !prefix.endsWith("/")) return exactly;
    for (const [key, error] of this.#unreadable) if (key.startsWith(prefix)) return error;
    return undefined;
  }

  async isStale(key: string, expected: Revision, signal: AbortSignal): Promise<boolean> {
    const transformer = this.#transformer();
    if (!transformer) return false;
    const { value } = await this.inner.get(key, signal);
    if (value?.revision !== expected) return false;
    return (await this.#decrypt(transformer, value, signal)).isStale;
  }

  protected async toStored(bytes: Buffer, key: string, signal: AbortSignal): Promise<Buffer> {
    const transformer = this.#transformer();
    if (!transformer) return bytes;
    try {
      return await transformer.encrypt(bytes, key, signal);
    } catch (cause) {
      throw new Error(`unable to transform key "${key}": ${messageOf(cause)}`, { cause });
    }
  }

  protected async read(value: StoredValue, signal: AbortSignal): Promise<StoredValue> {
    const transformer = this.#transformer();
    if (!transformer) return value;
    const { bytes } = await this.#decrypt(transformer, value, signal);
    return { ...value, bytes };
  }

  async #decrypt(transformer: Transformer, { key, bytes }: StoredValue, signal: AbortSignal): Promise<Decrypted> {
    try {
      return await transformer.decrypt(bytes, key, signal);
    } catch (cause) {
      throw new Error(`unable to transform key "${key}": ${messageOf(cause)}`, { cause });
    }
  }

  /** Undefined for a value that cannot be read, which is remembered. */
  async #readOrNote(value: StoredValue, signal: AbortSignal): Promise<StoredValue | undefined> {
    try {
      const read = await this.read(value, signal);
      if (this.#unreadable.size > 0) this.#unreadable.delete(value.key);
      return read;
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      if (!this.#unreadable.has(value.key))
        this.#log.error("stored value cannot be decrypted", { key: value.key, error });
      this.#unreadable.set(value.key, error instanceof Error ? error : new Error(messageOf(error)));
      return undefined;
    }
  }

  async #events(batch: StoreEvents, signal: AbortSignal): Promise<StoreEvents> {
    if (batch.events.length === 0) return batch;
    const events: StoreEvent[] = [];
    const work = new LongWork();
    for (const event of batch.events) {
      if (event.type === "delete") {
        this.#unreadable.delete(event.key);
        events.push(event);
        continue;
      }
      const read = await this.#readOrNote(event, signal);
      if (read) events.push({ ...event, bytes: read.bytes });
      if (work.step()) await work.pause(signal);
    }
    return { ...batch, events };
  }

  /** Resolves when something under the prefix can be read that could not: with another key, or a KMS that is back. */
  async #untilReadable(prefix: string, signal: AbortSignal): Promise<void> {
    for (let turn = 0; ; turn += retriedAtOnce) {
      await this.#clock.sleep(retryMs, signal);
      const keys = [...this.#unreadable.keys()].filter((key) => key.startsWith(prefix));
      for (let index = 0; index < Math.min(retriedAtOnce, keys.length); index += 1) {
        const key = keys[(turn + index) % keys.length] as string;
        if (await this.#isReadable(key, signal)) return;
      }
    }
  }

  /** False also when the store does not answer. */
  async #isReadable(key: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { value } = await this.get(key, signal);
      if (!value) this.#unreadable.delete(key);
      return value !== undefined;
    } catch {
      return false;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A feed of decrypted events; fails with "compacted" when values turn out to be readable that it has left out. */
class DecryptedFeed implements StoreFeed, AsyncIterator<StoreEvents, undefined> {
  readonly #inner: StoreFeed;
  readonly #events: AsyncIterator<StoreEvents>;
  readonly #decrypted: (batch: StoreEvents) => Promise<StoreEvents>;
  readonly #ended = new AbortController();
  #failure: StoreError | undefined;
  #onFailure: (error: StoreError) => void = () => undefined;

  constructor(
    inner: StoreFeed,
    decrypted: (batch: StoreEvents) => Promise<StoreEvents>,
    untilReadable: (signal: AbortSignal) => Promise<void>,
  ) {
    this.#inner = inner;
    this.#events = inner[Symbol.asyncIterator]();
    this.#decrypted = decrypted;
    untilReadable(this.#ended.signal).then(
      () => {
        this.#failure = new StoreError("compacted", "values can be decrypted that could not before");
        this.#onFailure(this.#failure);
      },
      () => undefined,
    );
  }

  get revision(): Revision {
    return this.#inner.revision;
  }

  requestProgress(revision: Revision): void {
    this.#inner.requestProgress(revision);
  }

  [Symbol.asyncIterator](): AsyncIterator<StoreEvents, undefined> {
    return this;
  }

  async next(): Promise<IteratorResult<StoreEvents, undefined>> {
    try {
      if (this.#failure) throw this.#failure;
      const next = await this.#next();
      if (!next.done) return { done: false, value: await this.#decrypted(next.value) };
      this.#ended.abort(new Error("the feed ended"));
      return { done: true, value: undefined };
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<StoreEvents, undefined>> {
    this.#ended.abort(new Error("the feed ended"));
    await this.#events.return?.();
    return { done: true, value: undefined };
  }

  #next(): Promise<IteratorResult<StoreEvents>> {
    return new Promise((resolve, reject) => {
      this.#onFailure = reject;
      this.#events.next().then(resolve, reject);
    });
  }
}
