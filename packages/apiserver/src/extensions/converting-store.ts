import type {
  Page,
  PageRequest,
  PutOptions,
  Revision,
  Store,
  StoredValue,
  StoreEvent,
  StoreEvents,
  StoreFeed,
  WriteOutcome,
} from "../storage/store.ts";

/** Between stored JSON and the JSON that the readers of a store get. */
export interface StoredForm {
  /** In the order given; a buffer may be passed through. */
  fromStored(stored: readonly Buffer[], signal: AbortSignal): Promise<readonly Buffer[]>;
  toStored(bytes: Buffer, signal: AbortSignal): Promise<Buffer>;
}

/** A store whose values are stored in another form than they are read and written. Its owner disposes of the inner one. */
export class ConvertingStore implements Store {
  readonly #inner: Store;
  readonly #form: StoredForm;
  readonly #onOutcome: (failure: unknown) => void;

  /** `onOutcome` learns how each conversion of a list or feed went: undefined when it did. */
  constructor(inner: Store, form: StoredForm, onOutcome: (failure: unknown) => void = () => {}) {
    this.#inner = inner;
    this.#form = form;
    this.#onOutcome = onOutcome;
  }

  async get(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly value: StoredValue | undefined; readonly revision: Revision }> {
    const { value, revision } = await this.#inner.get(key, signal);
    return { value: value && (await this.#value(value, signal)), revision };
  }

  async list(request: PageRequest, signal: AbortSignal): Promise<Page> {
    const page = await this.#inner.list(request, signal);
    const converted = await this.#all(
      page.values.map(({ bytes }) => bytes),
      signal,
    );
    const values = page.values.map((value, index) => ({ ...value, bytes: converted[index] as Buffer }));
    return { ...page, values };
  }

  async create(key: string, bytes: Buffer, signal: AbortSignal, options?: PutOptions): Promise<WriteOutcome> {
    const stored = await this.#form.toStored(bytes, signal);
    return this.#outcome(await this.#inner.create(key, stored, signal, options), signal);
  }

  async update(
    key: string,
    bytes: Buffer,
    expected: Revision,
    signal: AbortSignal,
    options?: PutOptions,
  ): Promise<WriteOutcome> {
    const stored = await this.#form.toStored(bytes, signal);
    return this.#outcome(await this.#inner.update(key, stored, expected, signal, options), signal);
  }

  async delete(key: string, expected: Revision, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#outcome(await this.#inner.delete(key, expected, signal), signal);
  }

  watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed {
    const feed = this.#inner.watch(prefix, after, signal);
    const events = (batch: StoreEvents) => this.#events(batch, signal);
    return new ConvertingFeed(feed, events);
  }

  currentRevision(signal: AbortSignal): Promise<Revision> {
    return this.#inner.currentRevision(signal);
  }

  compact(revision: Revision, signal: AbortSignal): Promise<void> {
    return this.#inner.compact(revision, signal);
  }

  unreadable(prefix: string): Error | undefined {
    return this.#inner.unreadable?.(prefix);
  }

  async isStale(key: string, expected: Revision, signal: AbortSignal): Promise<boolean> {
    return (await this.#inner.isStale?.(key, expected, signal)) ?? false;
  }

  checkHealth(signal: AbortSignal): Promise<void> {
    return this.#inner.checkHealth(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #events(batch: StoreEvents, signal: AbortSignal): Promise<StoreEvents> {
    const puts = batch.events.filter((event) => event.type === "put");
    if (puts.length === 0) return batch;
    const converted = await this.#all(
      puts.map(({ bytes }) => bytes),
      signal,
    );
    const byEvent = new Map<StoreEvent, Buffer>(puts.map((event, index) => [event, converted[index] as Buffer]));
    const events = batch.events.map((event) =>
      event.type === "put" ? { ...event, bytes: byEvent.get(event) as Buffer } : event,
    );
    return { ...batch, events };
  }

  async #all(stored: readonly Buffer[], signal: AbortSignal): Promise<readonly Buffer[]> {
    try {
      const converted = await this.#form.fromStored(stored, signal);
      this.#onOutcome(undefined);
      return converted;
    } catch (error) {
      this.#onOutcome(error);
      throw error;
    }
  }

  async #outcome(outcome: WriteOutcome, signal: AbortSignal): Promise<WriteOutcome> {
    if (outcome.done || !outcome.current) return outcome;
    return { done: false, current: await this.#value(outcome.current, signal) };
  }

  async #value(value: StoredValue, signal: AbortSignal): Promise<StoredValue> {
    const [bytes] = await this.#form.fromStored([value.bytes], signal);
    return { ...value, bytes: bytes as Buffer };
  }
}

/** Converts each batch before it is handed out; the feed below counts it as processed only when the next is asked for. */
class ConvertingFeed implements StoreFeed {
  readonly #inner: StoreFeed;
  readonly #convert: (batch: StoreEvents) => Promise<StoreEvents>;

  constructor(inner: StoreFeed, convert: (batch: StoreEvents) => Promise<StoreEvents>) {
    this.#inner = inner;
    this.#convert = convert;
  }

  get revision(): Revision {
    return this.#inner.revision;
  }

  requestProgress(revision: Revision): void {
    this.#inner.requestProgress(revision);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StoreEvents, undefined, undefined> {
    for await (const batch of this.#inner) yield await this.#convert(batch);
    return undefined;
  }
}
