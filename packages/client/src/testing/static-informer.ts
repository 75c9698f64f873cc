import { keyOf, type KubeObject } from "@kube-ts/api/object";
import { apiVersionOf, type ResourceType } from "@kube-ts/api/resource-type";
import { aborted } from "@kube-ts/std/abort";
import { CachedInformer } from "../cached-informer.ts";
import type { InformerSource } from "../informer.ts";
import { InformerCache } from "../informer-cache.ts";

/** An informer that is fed by hand, for unit tests. What it holds is frozen, so that code under test cannot change it. */
export class StaticInformer<T extends KubeObject> extends CachedInformer<T> {
  readonly #cache: InformerCache<T>;

  /** Starts out synced with these objects. */
  constructor(objects: readonly T[] = []) {
    const cache = new InformerCache<T>();
    super(cache);
    this.#cache = cache;
    this.replace(objects);
  }

  /** Adds or updates objects and tells handlers. */
  set(...objects: readonly T[]): void {
    for (const object of objects) this.#cache.put(freeze(object));
  }

  /** Removes the object and tells handlers. */
  remove(object: T): void {
    this.#cache.remove(this.#cache.get(keyOf(object)) ?? object);
  }

  /** Makes these objects the whole content and tells handlers of the difference. */
  replace(objects: readonly T[]): void {
    this.#cache.replace(objects.map(freeze));
  }

  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  }
}

/** Static informers by resource; selections are not applied: a test feeds what its selection would let through. */
export class StaticInformers implements InformerSource {
  readonly #informers = new Map<string, StaticInformer<KubeObject>>();

  informer<T extends KubeObject>(type: ResourceType<T>): StaticInformer<T> {
    let informer = this.existing(type);
    if (!informer) {
      informer = new StaticInformer<T>();
      this.#informers.set(keyOfType(type), informer as unknown as StaticInformer<KubeObject>);
    }
    return informer;
  }

  existing<T extends KubeObject>(type: ResourceType<T>): StaticInformer<T> | undefined {
    return this.#informers.get(keyOfType(type)) as unknown as StaticInformer<T> | undefined;
  }
}

function keyOfType<T extends KubeObject>(type: ResourceType<T>): string {
  return `${apiVersionOf(type)}/${type.plural}`;
}

function freeze<V>(value: V): V {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const element of Object.values(value)) freeze(element);
  return value;
}
