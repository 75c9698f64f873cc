import type {
  Page,
  PageRequest,
  Revision,
  Store,
  StoredValue,
  StoreEvent,
  StoreEvents,
  StoreFeed,
} from "../storage/store.ts";
import { WrappedStore } from "../storage/wrapped-store.ts";

/** Between stored JSON and the JSON that the readers of a store get. */
export interface StoredForm {
  /** In the order given; a buffer may be passed through. */
  fromStored(stored: readonly Buffer[], signal: AbortSignal): Promise<readonly Buffer[]>;
  toStored(bytes: Buffer, signal: AbortSignal): Promise<Buffer>;
}

/** A store whose values are stored in another form than they are read and written. Its owner disposes of the inner one. */
export class ConvertingStore extends WrappedStore {
  readonly #form: StoredForm;
  readonly #onOutcome: (failure: unknown) => void;

  /** `onOutcome` learns how each conversion of a list or feed went: undefined when it did. */
  constructor(inner: Store, form: StoredForm, onOutcome: (failure: unknown) => void = () => {}) {
    super(inner);
    this.#form = form;
    this.#onOutcome = onOutcome;
  }

  async list(request: PageRequest, signal: AbortSignal): Promise<Page> {
    const page = await this.inner.list(request, signal);
    const converted = await this.#all(
      page.values.map(({ bytes }) => bytes),
      signal,
    );
    const values = page.values.map((value, index) => ({ ...value, bytes: converted[index] as Buffer }));
    return { ...page, values };
  }

  watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed {
    const feed = this.inner.watch(prefix, after, signal);
    const events = (batch: StoreEvents) => this.#events(batch, signal);
    return new ConvertingFeed(feed, events);
  }

  unreadable(prefix: string): Error | undefined {
    return this.inner.unreadable?.(prefix);
  }

  async isStale(key: string, expected: Revision, signal: AbortSignal): Promise<boolean> {
    return (await this.inner.isStale?.(key, expected, signal)) ?? false;
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

  protected toStored(bytes: Buffer, _key: string, signal: AbortSignal): Promise<Buffer> {
    return this.#form.toStored(bytes, signal);
  }

  protected async read(value: StoredValue, signal: AbortSignal): Promise<StoredValue> {
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
