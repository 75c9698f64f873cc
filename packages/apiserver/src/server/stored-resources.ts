import { abortable } from "@kube-ts/std/abort";
import { ServiceAllocators } from "../allocators/service-allocators.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { RegistryFactory } from "../extensions/registry-factory.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { ResourceDefinition } from "../registry/resource-definition.ts";
import { builtinResources } from "../registry/resources.ts";
import type { ResourceCache } from "../storage/cache/resource-cache.ts";
import { watchCacheSize } from "../config/watch-cache.ts";
import { type Access, startAccess } from "./access.ts";
import type { ServerEnvironment } from "./environment.ts";
import { buildRegistries } from "./registries.ts";
import type { Stores } from "./storage.ts";
import { writeHooks } from "./write-hooks.ts";

/** Everything that is stored, and who may write it. */
export interface StoredResources {
  readonly registries: RegistrySet;
  /** Makes registries for resources that come later. */
  readonly factory: RegistryFactory;
  readonly caches: readonly ResourceCache[];
  readonly access: Access;
}

/**
 * The built-in resources, once their caches are filled. Rejects when the background fails before that; whoever asks
 * disposes of `access`.
 */
export async function startStoredResources(
  config: ApiServerConfig,
  stores: Stores,
  environment: ServerEnvironment,
): Promise<StoredResources> {
  const { background, clock, random, log, stop, startup } = environment;
  startup.expect("generic-apiserver-start-informers", "start-service-ip-repair-controllers");
  const storageRoot = config.etcd.prefix;
  const addresses = stores.of("networking.k8s.io", "ipaddresses");
  const allocators = new ServiceAllocators({ store: addresses, storageRoot, ...config.services, clock, random, log });
  const late: { access?: Access } = {};
  const hooks = writeHooks({ allocators, access: () => required(late.access), registries: () => registries });
  const definitions = await definedResources(config, allocators);
  const { registries, caches, factory } = buildRegistries({
    ...environment,
    storeOf: (group, plural) => stores.of(group, plural),
    cacheSize: (group, plural) => watchCacheSize(config.watchCache, group, plural),
    countsObjects: config.etcd.countsObjects,
    storageRoot,
    definitions,
    hooks,
  });
  for (const cache of caches) background.start((signal) => cache.run(signal));
  await Promise.race([waitForCaches(caches, AbortSignal.any([stop, background.signal])), background.settled()]);
  const access = (late.access = await startAccess(config.authorization, registries, environment));
  startup.finish("generic-apiserver-start-informers");
  background.start((signal) => allocators.run(registries, signal));
  background.start(async (signal) => {
    await abortable(allocators.ready, signal);
    startup.finish("start-service-ip-repair-controllers");
  });
  return { registries, factory, caches, access };
}

/** The definitions of all built-in resources, with the versions of former times where somebody wants them. */
async function definedResources(
  { apiResources: { runtimeConfig, ...settings } }: ApiServerConfig,
  { families }: ServiceAllocators,
): Promise<readonly ResourceDefinition[]> {
  const definitions = builtinResources({ serviceFamilies: families, ...settings });
  if (!runtimeConfig.hasLegacy) return definitions;
  const { withLegacyVersions } = await import("../registry/legacy-versions.ts");
  return withLegacyVersions(definitions, (type) => runtimeConfig.isServed(type));
}

async function waitForCaches(caches: readonly ResourceCache[], signal: AbortSignal): Promise<void> {
  await Promise.all(caches.map((cache) => cache.waitFor(0n, signal)));
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a write came before the server was ready");
  return value;
}
