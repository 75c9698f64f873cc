import { type KubeObject, nameOf, namespaceOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { alreadyExists, notFound } from "@kube-ts/api/status-error";
import type { AttributeValue } from "../../storage/watch-cache.ts";
import type { ObjectChange, ObjectSource, ObjectWriter } from "../../registry/object-source.ts";

/** Objects in memory, for tests. The cache is always current unless `hideFromCache` holds an object back. */
export class MemoryObjects implements ObjectSource, ObjectWriter {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #watchers = new Map<string, Set<(change: ObjectChange) => void>>();
  readonly #hidden = new Set<KubeObject>();
  #revision = 0;

  /** Stores the object as it is given, whatever was there. */
  put<T extends KubeObject>(type: ResourceType<T>, object: T): T {
    const stored = this.#stamp(object);
    const all = this.#of(type);
    const key = keyIn(type, namespaceOf(stored), nameOf(stored));
    const previous = all.get(key);
    all.set(key, stored);
    this.#notify(type, {
      type: previous ? "MODIFIED" : "ADDED",
      namespace: namespaceOf(stored),
      name: nameOf(stored),
      object: () => stored,
      previous: previous && (() => previous),
    });
    return stored;
  }

  /** Makes cached reads miss the object, as a cache that lags behind would. */
  hideFromCache(object: KubeObject): void {
    this.#hidden.add(object);
  }

  remove(type: ResourceType, namespace: string, name: string): void {
    const all = this.#of(type);
    const key = keyIn(type, namespace, name);
    const object = all.get(key);
    if (!object) return;
    all.delete(key);
    this.#notify(type, { type: "DELETED", namespace, name, object: () => object, previous: () => object });
  }

  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    const object = this.#of(type).get(keyIn(type, namespace, name));
    return object && this.#hidden.has(object) ? undefined : (object as T | undefined);
  }

  list<T extends KubeObject>(type: ResourceType<T>, namespace?: string): readonly T[] {
    const objects = [...this.#of(type).values()] as T[];
    return objects.filter((object) => !namespace || namespaceOf(object) === namespace);
  }

  async visit<T extends KubeObject>(
    type: ResourceType<T>,
    visit: (object: T) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (const object of this.list(type)) {
      await Promise.resolve();
      signal.throwIfAborted();
      visit(object);
    }
  }

  listHaving<T extends KubeObject>(
    type: ResourceType<T>,
    { kind, name, value }: AttributeValue,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    signal.throwIfAborted();
    const valueOf = (object: T): unknown => {
      if (kind === "label") return object.metadata.labels?.[name];
      return name.split(".").reduce<unknown>((part, step) => (part as Record<string, unknown>)?.[step], object);
    };
    return Promise.resolve(this.list(type).filter((object) => (valueOf(object) ?? "") === value));
  }

  getLatest<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined> {
    return Promise.resolve(this.#of(type).get(keyIn(type, namespace, name)) as T | undefined);
  }

  onChange(type: ResourceType, callback: (change: ObjectChange) => void): Disposable {
    const watchers = this.#watchers.get(resourceKey(type)) ?? new Set();
    this.#watchers.set(resourceKey(type), watchers.add(callback));
    return { [Symbol.dispose]: () => void watchers.delete(callback) };
  }

  create<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T> {
    const key = keyIn(type, namespaceOf(object), nameOf(object));
    if (this.#of(type).has(key)) return Promise.reject(alreadyExists(resourceOf(type), nameOf(object)));
    return Promise.resolve(this.put(type, object));
  }

  update<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    change: (current: T) => T | undefined,
  ): Promise<T> {
    const current = this.#of(type).get(keyIn(type, namespace, name)) as T | undefined;
    if (!current) return Promise.reject(notFound(resourceOf(type), name));
    const changed = change(structuredClone(current));
    return Promise.resolve(changed ? this.put(type, changed) : current);
  }

  delete(type: ResourceType, namespace: string, name: string): Promise<void> {
    if (!this.#of(type).has(keyIn(type, namespace, name))) return Promise.reject(notFound(resourceOf(type), name));
    this.remove(type, namespace, name);
    return Promise.resolve();
  }

  #of(type: ResourceType): Map<string, KubeObject> {
    const objects = this.#objects.get(resourceKey(type)) ?? new Map<string, KubeObject>();
    this.#objects.set(resourceKey(type), objects);
    return objects;
  }

  #stamp<T extends KubeObject>(object: T): T {
    this.#revision += 1;
    const metadata = { uid: `uid-${this.#revision}`, ...object.metadata, resourceVersion: String(this.#revision) };
    return { ...object, metadata };
  }

  #notify(type: ResourceType, change: ObjectChange): void {
    for (const callback of this.#watchers.get(resourceKey(type)) ?? []) callback(change);
  }
}

function resourceKey(type: ResourceType): string {
  return `${type.group}/${type.plural}`;
}

function resourceOf(type: ResourceType): { group: string; resource: string } {
  return { group: type.group, resource: type.plural };
}

function keyIn(type: ResourceType, namespace: string, name: string): string {
  return type.namespaced ? `${namespace}/${name}` : name;
}
