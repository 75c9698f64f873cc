import type { KubeObject } from "@kube-ts/api/object";
import { systemRandom } from "@kube-ts/std/random";
import { ResourceCache } from "../../storage/cache/resource-cache.ts";
import { MemoryStore } from "../../storage/memory/memory-store.ts";
import { attributesOf } from "../attributes.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { ResourceRegistry } from "../resource-registry.ts";
import type { RegistryHooks, WriteRequest } from "../write-request.ts";

/** A registry on a memory store, with its cache running. */
export interface MemoryRegistry<T extends KubeObject> extends AsyncDisposable {
  readonly registry: ResourceRegistry<T>;
  readonly store: MemoryStore;
  /** A write by an administrator, now. */
  request(options?: { readonly dryRun?: boolean }): WriteRequest<T>;
}

/** Starts one; dispose of it at the end of the test. */
export async function memoryRegistry<T extends KubeObject>(
  definition: ResourceDefinition<T>,
  hooks: RegistryHooks<T> = {},
): Promise<MemoryRegistry<T>> {
  const store = new MemoryStore();
  const storageRoot = "/registry";
  const cache = new ResourceCache({
    store,
    prefix: `${storageRoot}/${definition.storagePrefix}/`,
    attributesOf: (object) => attributesOf(definition, object as T),
  });
  const stop = new AbortController();
  const running = cache.run(stop.signal);
  await cache.waitFor(0n, AbortSignal.timeout(5_000));
  return {
    registry: new ResourceRegistry({ definition, store, cache, storageRoot, random: systemRandom, hooks }),
    store,
    request: ({ dryRun = false } = {}) => ({
      context: { nowMs: Date.now(), dryRun, user: { name: "admin", uid: "", groups: [], extra: {} } },
      signal: AbortSignal.timeout(10_000),
      admit: () => Promise.resolve(),
      validate: () => Promise.resolve(),
      warn: () => {},
    }),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
      await store[Symbol.asyncDispose]();
    },
  };
}
