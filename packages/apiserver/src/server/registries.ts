import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { KubeObject } from "@kube-ts/api/object";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import { ConvertedCache } from "../extensions/converted-cache.ts";
import { ConvertingStore } from "../extensions/converting-store.ts";
import type { StoredForm } from "../extensions/converting-store.ts";
import type { MadeRegistry, RegistryFactory } from "../extensions/registry-factory.ts";
import { attributesOf } from "../registry/attributes.ts";
import type { ResourceDefinition } from "../registry/resource-definition.ts";
import { RegistrySet } from "../registry/registry-set.ts";
import { ResourceRegistry } from "../registry/resource-registry.ts";
import type { RegistryHooks } from "../registry/write-request.ts";
import { noHooks } from "../registry/write-request.ts";
import { CacheMetrics } from "../storage/cache/cache-metrics.ts";
import { type HistoryLimits, defaultHistoryLimits } from "../storage/cache/event-history.ts";
import { KeptForms } from "../storage/cache/kept-forms.ts";
import { ResourceCache } from "../storage/cache/resource-cache.ts";
import type { ResourceCacheOptions } from "../storage/cache/resource-cache.ts";
import { typePrefixOf } from "../storage/cache/resource-version.ts";
import type { Store } from "../storage/store.ts";

/** Parsed objects that all caches together keep, beside their bytes. */
const parsedFormsBytes = 64 * 1024 * 1024;
/** What all caches together keep in other encodings than JSON. */
const encodedFormsBytes = 64 * 1024 * 1024;

export interface RegistriesOptions {
  /** Where the objects of a resource are stored. */
  storeOf(group: string, plural: string): Store;
  /** Least number of events that the cache of a resource keeps; what caches do by themselves if left out. */
  cacheSize?(group: string, plural: string): number;
  readonly storageRoot: string;
  readonly definitions: readonly ResourceDefinition[];
  /** Hooks by resource, as `group/plural`. */
  readonly hooks: ReadonlyMap<string, RegistryHooks<KubeObject>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Whether the metrics tell how many objects are stored; they do if left out. */
  readonly countsObjects?: boolean;
}

export interface Registries {
  readonly registries: RegistrySet;
  readonly caches: ResourceCache[];
  /** Makes registries for what comes later. */
  readonly factory: RegistryFactory;
}

/** A registry with its watch cache for every resource; the caches still have to run. */
export function buildRegistries(options: RegistriesOptions): Registries {
  const registries = new RegistrySet(options.clock);
  const factory = new CachedRegistryFactory(options);
  const caches: ResourceCache[] = [];
  for (const definition of options.definitions) {
    const { registry, cache } = factory.make(definition);
    caches.push(cache);
    registries.add(registry);
  }
  return { registries, caches, factory };
}

/** Gives all registries one store and their caches shared bounds. */
class CachedRegistryFactory implements RegistryFactory {
  readonly #options: RegistriesOptions;
  readonly #metrics: CacheMetrics;
  readonly #parsedForms = new KeptForms(parsedFormsBytes);
  readonly #encodedForms = new KeptForms(encodedFormsBytes);

  constructor(options: RegistriesOptions) {
    this.#options = options;
    this.#metrics = new CacheMetrics(options.metrics, options.countsObjects);
  }

  make(definition: ResourceDefinition, form?: StoredForm): MadeRegistry {
    const { storageRoot, random, hooks } = this.#options;
    const { group, plural } = definition.type;
    const { store, cache } = form ? this.#converted(definition, form) : this.#plain(definition);
    const resourceHooks = hooks.get(`${group}/${plural}`) ?? noHooks;
    const registry = new ResourceRegistry({ definition, store, cache, storageRoot, random, hooks: resourceHooks });
    return { registry, cache };
  }

  remake(definition: ResourceDefinition, { registry, cache }: MadeRegistry): MadeRegistry {
    const { storageRoot, random } = this.#options;
    const { store, hooks } = registry;
    return { registry: new ResourceRegistry({ definition, store, cache, storageRoot, random, hooks }), cache };
  }

  release({ cache }: MadeRegistry): void {
    this.#metrics.unregister(cache);
  }

  #plain(definition: ResourceDefinition): { store: Store; cache: ResourceCache } {
    const store = this.#storeOf(definition);
    return { store, cache: new ResourceCache(this.#cacheOptions(definition, store)) };
  }

  #converted(definition: ResourceDefinition, form: StoredForm): { store: Store; cache: ResourceCache } {
    const link: { cache?: ConvertedCache } = {};
    const store = new ConvertingStore(this.#storeOf(definition), form, (failure) => link.cache?.converted(failure));
    link.cache = new ConvertedCache(this.#cacheOptions(definition, store));
    return { store, cache: link.cache };
  }

  #storeOf({ type }: ResourceDefinition): Store {
    return this.#options.storeOf(type.group, type.plural);
  }

  #cacheOptions(definition: ResourceDefinition, store: Store): ResourceCacheOptions {
    const { storageRoot, clock, random, log } = this.#options;
    const { group, plural } = definition.type;
    const minEvents = this.#options.cacheSize?.(group, plural);
    return {
      store,
      ...(minEvents !== undefined && { history: historyOf(minEvents) }),
      prefix: `${storageRoot}/${definition.storagePrefix}/`,
      attributesOf: (object) => attributesOf(definition, object),
      typePrefix: typePrefixOf(definition.type.kind, apiVersionOf(definition.type)),
      group,
      resource: plural,
      parsedForms: this.#parsedForms,
      encodedForms: this.#encodedForms,
      clock,
      random,
      log: log.child({ resource: plural, group }),
      metrics: this.#metrics,
    };
  }
}

function historyOf(minEvents: number): HistoryLimits {
  const { maxEvents, ...limits } = defaultHistoryLimits;
  return { ...limits, minEvents, maxEvents: Math.max(maxEvents, minEvents) };
}
