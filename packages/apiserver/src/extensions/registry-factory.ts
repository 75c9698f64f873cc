import type { ResourceDefinition } from "../registry/resource-definition.ts";
import type { ResourceRegistry } from "../registry/resource-registry.ts";
import type { ResourceCache } from "../storage/cache/resource-cache.ts";
import type { StoredForm } from "./converting-store.ts";

/** A registry and its cache, which its owner runs. */
export interface MadeRegistry {
  readonly registry: ResourceRegistry;
  readonly cache: ResourceCache;
}

/** Makes registries while the server runs. */
export interface RegistryFactory {
  /** Without a form, objects are served as they are stored. */
  make(definition: ResourceDefinition, form?: StoredForm): MadeRegistry;
  /** A registry by another definition on the cache of a registry, which must show the same objects. */
  remake(definition: ResourceDefinition, made: MadeRegistry): MadeRegistry;
  /** Forgets a registry whose cache has ended. */
  release(made: MadeRegistry): void;
}
