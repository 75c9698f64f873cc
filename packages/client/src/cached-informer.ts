import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import type { InformerCache } from "./informer-cache.ts";
import type { Informer, InformerHandler } from "./informer.ts";

/** An informer that answers from a cache; what feeds the cache is its subclass's. */
export abstract class CachedInformer<T extends KubeObject> implements Informer<T> {
  readonly #cache: InformerCache<T>;

  protected constructor(cache: InformerCache<T>) {
    this.#cache = cache;
  }

  abstract run(signal: AbortSignal): Promise<void>;

  get synced(): boolean {
    return this.#cache.synced;
  }

  get(key: ObjectKey): T | undefined {
    return this.#cache.get(key);
  }

  list(): readonly T[] {
    return this.#cache.list();
  }

  listNamespace(namespace: string): readonly T[] {
    return this.#cache.listNamespace(namespace);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#cache.byIndex(index, value);
  }

  addIndex(name: string, values: (object: T) => readonly string[]): void {
    this.#cache.addIndex(name, values);
  }

  subscribe(handler: InformerHandler<T>): Disposable {
    return this.#cache.subscribe(handler);
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return this.#cache.waitForSync(signal);
  }
}
