import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ResourceCache } from "../cache/resource-cache.ts";
import { withResourceVersion } from "../cache/resource-version.ts";
import type { Revision, Store } from "../store.ts";
import type { CacheEvent, CacheSnapshot, WatchSink } from "../watch-cache.ts";
import { signal } from "./cache-harness.ts";

function digestOf(lines: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line).update("\n");
  return hash.digest("hex");
}

export function snapshotDigest(snapshot: CacheSnapshot): string {
  return digestOf(
    Array.from(snapshot.scan(undefined, undefined), (object) => `${object.key} ${object.bytes.toString()}`),
  );
}

/** The digest that a cache of the prefix has at the revision. */
export async function storeDigest(store: Store, prefix: string, revision: Revision): Promise<string> {
  const { values, remaining } = await store.list({ prefix, limit: 100_000, revision }, signal());
  assert.equal(remaining, 0);
  return digestOf(
    values.map(
      (value) =>
        `${value.key.slice(prefix.length)} ${withResourceVersion(Buffer.from(value.bytes), value.revision).toString()}`,
    ),
  );
}

/** A client of a cache: lists, follows the watch, and lists again when it has to. */
export class CacheFollower implements WatchSink, Disposable {
  readonly #cache: ResourceCache;
  #state = new Map<string, string>();
  #subscription: Disposable | undefined;
  #disposed = false;

  constructor(cache: ResourceCache) {
    this.#cache = cache;
    this.#list();
  }

  digest(): string {
    const keys = [...this.#state.keys()].sort((a, b) => (a < b ? -1 : 1));
    return digestOf(keys.map((key) => `${key} ${this.#state.get(key)}`));
  }

  event({ type, object, previous }: CacheEvent): boolean {
    const known = this.#state.has(object.key);
    assert.equal(known, type !== "ADDED", `${type} ${object.key} while it is ${known ? "known" : "unknown"}`);
    assert.equal(previous !== undefined, type !== "ADDED");
    if (type === "DELETED") this.#state.delete(object.key);
    else this.#state.set(object.key, object.bytes.toString());
    return true;
  }

  progress(): void {}

  closed(reason: string): void {
    if (reason !== "stopped") void this.#listSoon();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#subscription?.[Symbol.dispose]();
  }

  async #listSoon(): Promise<void> {
    await this.#cache.waitFor(0n, signal());
    if (!this.#disposed) this.#list();
  }

  #list(): void {
    const snapshot = this.#cache.snapshot();
    this.#state = new Map(
      Array.from(snapshot.scan(undefined, undefined), (object) => [object.key, object.bytes.toString()]),
    );
    this.#subscription = this.#cache.watch(snapshot.revision, this);
    if (!this.#subscription) void this.#listSoon();
  }
}
