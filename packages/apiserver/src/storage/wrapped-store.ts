import type { Page, PageRequest, PutOptions, Revision, Store, StoredValue, StoreFeed, WriteOutcome } from "./store.ts";

/** A store that changes what another one holds on its way in and out. The owner of the inner one disposes of it. */
export abstract class WrappedStore implements Store {
  protected readonly inner: Store;

  constructor(inner: Store) {
    this.inner = inner;
  }

  async get(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly value: StoredValue | undefined; readonly revision: Revision }> {
    const { value, revision } = await this.inner.get(key, signal);
    return { value: value && (await this.read(value, signal)), revision };
  }

  async create(key: string, bytes: Buffer, signal: AbortSignal, options?: PutOptions): Promise<WriteOutcome> {
    const stored = await this.toStored(bytes, key, signal);
    return this.outcome(await this.inner.create(key, stored, signal, options), signal);
  }

  async update(
    key: string,
    bytes: Buffer,
    expected: Revision,
    signal: AbortSignal,
    options?: PutOptions,
  ): Promise<WriteOutcome> {
    const stored = await this.toStored(bytes, key, signal);
    return this.outcome(await this.inner.update(key, stored, expected, signal, options), signal);
  }

  async delete(key: string, expected: Revision, signal: AbortSignal): Promise<WriteOutcome> {
    return this.outcome(await this.inner.delete(key, expected, signal), signal);
  }

  currentRevision(signal: AbortSignal): Promise<Revision> {
    return this.inner.currentRevision(signal);
  }

  compact(revision: Revision, signal: AbortSignal): Promise<void> {
    return this.inner.compact(revision, signal);
  }

  checkHealth(signal: AbortSignal): Promise<void> {
    return this.inner.checkHealth(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  abstract list(request: PageRequest, signal: AbortSignal): Promise<Page>;
  abstract watch(prefix: string, after: Revision, signal: AbortSignal): StoreFeed;
  abstract unreadable(prefix: string): Error | undefined;
  abstract isStale(key: string, expected: Revision, signal: AbortSignal): Promise<boolean>;

  /** A value of the inner store as readers get it. */
  protected abstract read(value: StoredValue, signal: AbortSignal): Promise<StoredValue>;
  /** The bytes that the inner store keeps. */
  protected abstract toStored(bytes: Buffer, key: string, signal: AbortSignal): Promise<Buffer>;

  protected async outcome(outcome: WriteOutcome, signal: AbortSignal): Promise<WriteOutcome> {
    if (outcome.done || !outcome.current) return outcome;
    return { done: false, current: await this.read(outcome.current, signal) };
  }
}
