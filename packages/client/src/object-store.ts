import { keyOf, type KubeObject, namespaceOf, type ObjectKey } from "@kube-ts/api/object";
import type { Lister } from "./informer.ts";

/** Objects that share an index value. Their array is made when asked for and kept until one of them changes. */
class Bucket<T> {
  readonly #objects = new Map<ObjectKey, T>();
  #array: readonly T[] | undefined;

  get size(): number {
    return this.#objects.size;
  }

  set(key: ObjectKey, object: T): void {
    this.#objects.set(key, object);
    this.#array = undefined;
  }

  delete(key: ObjectKey): void {
    if (this.#objects.delete(key)) this.#array = undefined;
  }

  toArray(): readonly T[] {
    return (this.#array ??= [...this.#objects.values()]);
  }
}

interface Index<T> {
  readonly values: (object: T) => readonly string[];
  readonly buckets: Map<string, Bucket<T>>;
}

/** An in-memory table of objects by key, by namespace, and by the indexes that are declared. */
export class ObjectStore<T extends KubeObject> implements Lister<T> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #all = new Bucket<T>();
  readonly #namespaces: Index<T> = { values: (object) => [namespaceOf(object)], buckets: new Map() };
  readonly #indexes = new Map<string, Index<T>>();

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  keys(): Iterable<ObjectKey> {
    return this.#objects.keys();
  }

  list(): readonly T[] {
    return this.#all.toArray();
  }

  listNamespace(namespace: string): readonly T[] {
    return this.#namespaces.buckets.get(namespace)?.toArray() ?? [];
  }

  byIndex(index: string, value: string): readonly T[] {
    const found = this.#indexes.get(index);
    if (!found) throw new Error(`there is no index named ${index}`);
    return found.buckets.get(value)?.toArray() ?? [];
  }

  /** Declares an index. Declaring it again is allowed and changes nothing: the first function stays. */
  addIndex(name: string, values: (object: T) => readonly string[]): void {
    if (this.#indexes.has(name)) return;
    const index: Index<T> = { values, buckets: new Map() };
    for (const [key, object] of this.#objects) insert(index, key, object);
    this.#indexes.set(name, index);
  }

  /** Stores the object and answers what it replaced. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#all.set(key, object);
    for (const index of this.#allIndexes()) {
      if (old !== undefined) remove(index, key, old);
      insert(index, key, object);
    }
    return old;
  }

  /** Removes the object with this key and answers it. */
  remove(key: ObjectKey): T | undefined {
    const old = this.#objects.get(key);
    if (old === undefined) return undefined;
    this.#objects.delete(key);
    this.#all.delete(key);
    for (const index of this.#allIndexes()) remove(index, key, old);
    return old;
  }

  *#allIndexes(): Iterable<Index<T>> {
    yield this.#namespaces;
    yield* this.#indexes.values();
  }
}

function insert<T>(index: Index<T>, key: ObjectKey, object: T): void {
  for (const value of index.values(object)) {
    let bucket = index.buckets.get(value);
    if (!bucket) {
      bucket = new Bucket();
      index.buckets.set(value, bucket);
    }
    bucket.set(key, object);
  }
}

function remove<T>(index: Index<T>, key: ObjectKey, object: T): void {
  for (const value of index.values(object)) {
    const bucket = index.buckets.get(value);
    bucket?.delete(key);
    if (bucket?.size === 0) index.buckets.delete(value);
  }
}
