import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { KubeObject } from "@kube-ts/api/object";
import { attributesOf } from "../registry/attributes.ts";
import type { ResourceDefinition } from "../registry/resource-definition.ts";
import { RegistrySet } from "../registry/registry-set.ts";
import { ResourceRegistry } from "../registry/resource-registry.ts";
import type { RegistryHooks } from "../registry/write-request.ts";
import { noHooks } from "../registry/write-request.ts";
import { CacheMetrics } from "../storage/cache/cache-metrics.ts";
import { ParsedForms } from "../storage/cache/parsed-forms.ts";
import { ResourceCache } from "../storage/cache/resource-cache.ts";
import type { Store } from "../storage/store.ts";

/** Parsed objects that all caches together keep, beside their bytes. */
const parsedFormsBytes = 64 * 1024 * 1024;
/** What all caches together keep in other encodings than JSON. */
const encodedFormsBytes = 128 * 1024 * 1024;

export interface RegistriesOptions {
  readonly store: Store;
  readonly storageRoot: string;
  readonly definitions: readonly ResourceDefinition[];
  /** Hooks by resource, as `group/plural`. */
  readonly hooks: ReadonlyMap<string, RegistryHooks<KubeObject>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Registry;
}

/** A registry with its watch cache for every resource; the caches still have to run. */
export function buildRegistries(options: RegistriesOptions): { registries: RegistrySet; caches: ResourceCache[] } {
  const { store, storageRoot, clock, random, log } = options;
  const registries = new RegistrySet(clock);
  const parsedForms = new ParsedForms(parsedFormsBytes);
  const encodedForms = new ParsedForms(encodedFormsBytes);
  const metrics = new CacheMetrics(options.metrics);
  const caches: ResourceCache[] = [];
  for (const definition of options.definitions) {
    const { group, plural } = definition.type;
    const cache = new ResourceCache({
      store,
      prefix: `${storageRoot}/${definition.storagePrefix}/`,
      attributesOf: (object) => attributesOf(definition, object),
      group,
      resource: plural,
      parsedForms,
      encodedForms,
      clock,
      random,
      log: log.child({ resource: plural, group }),
      metrics,
    });
    caches.push(cache);
    const hooks = options.hooks.get(`${group}/${plural}`) ?? noHooks;
    registries.add(new ResourceRegistry({ definition, store, cache, storageRoot, random, hooks }));
  }
  return { registries, caches };
}
