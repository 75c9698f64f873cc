import { abortable } from "@kube-ts/std/abort";
import { keyOf, type KubeObject, type ObjectKey } from "@kube-ts/api/object";
import type { InformerHandler, Lister } from "./informer.ts";
import { ObjectStore } from "./object-store.ts";

type Change<T> =
  | { readonly kind: "added" | "deleted"; readonly object: T }
  | { readonly kind: "updated"; readonly old: T; readonly current: T };

/**
 * What an informer knows and whom it tells. The store is changed first and handlers hear of it afterwards, in order;
 * a handler that throws breaks the informer, since it has missed a change.
 */
export class InformerCache<T extends KubeObject> implements Lister<T> {
  readonly #store = new ObjectStore<T>();
  readonly #handlers = new Set<InformerHandler<T>>();
  readonly #syncedOnce = Promise.withResolvers<void>();
  #synced = false;

  get synced(): boolean {
    return this.#synced;
  }

  get(key: ObjectKey): T | undefined {
    return this.#store.get(key);
  }

  list(): readonly T[] {
    return this.#store.list();
  }

  listNamespace(namespace: string): readonly T[] {
    return this.#store.listNamespace(namespace);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#store.byIndex(index, value);
  }

  addIndex(name: string, values: (object: T) => readonly string[]): void {
    this.#store.addIndex(name, values);
  }

  subscribe(handler: InformerHandler<T>): Disposable {
    // A wrapper of its own lets one handler object subscribe twice.
    const subscription: InformerHandler<T> = {
      added: (object) => handler.added?.(object),
      updated: (old, current) => handler.updated?.(old, current),
      deleted: (object) => handler.deleted?.(object),
    };
    this.#handlers.add(subscription);
    for (const object of this.#store.list()) handler.added?.(object);
    return { [Symbol.dispose]: () => void this.#handlers.delete(subscription) };
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return abortable(this.#syncedOnce.promise, signal);
  }

  /** Makes `objects` the whole content and reports the difference; afterwards the cache is synced. */
  replace(objects: readonly T[]): void {
    const kept = new Set(objects.map((object) => keyOf(object)));
    const changes: Change<T>[] = [];
    for (const key of this.#store.keys()) {
      const gone = kept.has(key) ? undefined : this.#store.remove(key);
      if (gone !== undefined) changes.push({ kind: "deleted", object: gone });
    }
    for (const object of objects) changes.push(...this.#storeOne(object));
    this.#notify(changes);
    if (this.#synced) return;
    this.#synced = true;
    this.#syncedOnce.resolve();
  }

  /** Takes an object as added or changed. */
  put(object: T): void {
    this.#notify(this.#storeOne(object));
  }

  /** Takes an object as deleted; `last` is its final state. */
  remove(last: T): void {
    if (this.#store.remove(keyOf(last)) !== undefined) this.#notify([{ kind: "deleted", object: last }]);
  }

  /** Stores one object. Another one under the same name means that a deletion was missed. */
  #storeOne(object: T): Change<T>[] {
    const old = this.#store.put(object);
    if (old === undefined) return [{ kind: "added", object }];
    if (old.metadata.uid !== object.metadata.uid) {
      return [
        { kind: "deleted", object: old },
        { kind: "added", object },
      ];
    }
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion === old.metadata.resourceVersion) return [];
    return [{ kind: "updated", old, current: object }];
  }

  #notify(changes: readonly Change<T>[]): void {
    // A handler that subscribes during the report is told of the result by its own subscription.
    const handlers = [...this.#handlers];
    for (const change of changes) {
      for (const handler of handlers) {
        if (this.#handlers.has(handler)) report(handler, change);
      }
    }
  }
}

function report<T extends KubeObject>(handler: InformerHandler<T>, change: Change<T>): void {
  if (change.kind === "updated") handler.updated?.(change.old, change.current);
  else if (change.kind === "added") handler.added?.(change.object);
  else handler.deleted?.(change.object);
}
