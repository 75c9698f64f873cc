import type { KubeObject } from "@kube-ts/api/object";
import type { Revision, StoredValue } from "../storage/store.ts";
import { StoreError } from "../storage/store.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import { attributesOf } from "./attributes.ts";
import { parseObject } from "./object-encoding.ts";
import { withResourceVersion } from "../storage/cache/resource-version.ts";
import type { ResourceRegistry } from "./resource-registry.ts";
import { expiredContinue, expiredVersion } from "./continue-token.ts";
import { translateStoreFailure } from "./store-failure.ts";

const pageSize = 500;
const deadlineMs = 30_000;

/** A past state that the cache no longer holds, read page by page from the store. */
export class StoredSnapshot<T extends KubeObject> {
  readonly revision: Revision;
  readonly #registry: ResourceRegistry<T>;

  constructor(registry: ResourceRegistry<T>, revision: Revision) {
    this.#registry = registry;
    this.revision = revision;
  }

  async *scan(
    namespace: string | undefined,
    afterKey: string | undefined,
  ): AsyncGenerator<CachedObject, undefined, undefined> {
    const { keyPrefix, store } = this.#registry;
    const prefix = namespace === undefined ? keyPrefix : `${keyPrefix}${namespace}/`;
    let startKey = afterKey === undefined ? prefix : `${keyPrefix}${afterKey}\0`;
    for (;;) {
      const request = { prefix, startKey, limit: pageSize, revision: this.revision, isWhole: true };
      const page = await store.list(request, AbortSignal.timeout(deadlineMs)).catch((error: unknown) => {
        if (error instanceof StoreError && error.code === "compacted") {
          throw afterKey === undefined ? expiredVersion() : expiredContinue(afterKey);
        }
        throw translateStoreFailure(error);
      });
      for (const value of page.values) yield this.#read(value);
      const last = page.values.at(-1);
      if (page.remaining === 0 || !last) return undefined;
      startKey = `${last.key}\0`;
    }
  }

  #read(value: StoredValue): CachedObject {
    const key = value.key.slice(this.#registry.keyPrefix.length);
    const slash = key.indexOf("/");
    const bytes = withResourceVersion(value.bytes, value.revision);
    const object = parseObject<T>(bytes);
    return {
      key,
      namespace: slash < 0 ? "" : key.slice(0, slash),
      name: key.slice(slash + 1),
      revision: value.revision,
      bytes,
      ...attributesOf(this.#registry.definition, object),
      parsed: () => object,
    };
  }
}
