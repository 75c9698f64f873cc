import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryStore } from "../memory/memory-store.ts";
import { StoreError } from "../store.ts";
import type { Page, PageRequest } from "../store.ts";
import { fillFrom } from "./initial-fill.ts";

const prefix = "/registry/a/";

/** A store whose answers may not be larger than a message. */
class NarrowStore extends MemoryStore {
  readonly limits: number[] = [];
  readonly #maxPageBytes: number;

  constructor(maxPageBytes: number) {
    super();
    this.#maxPageBytes = maxPageBytes;
  }

  override async list(request: PageRequest, signal: AbortSignal): Promise<Page> {
    const page = await super.list(request, signal);
    const bytes = page.values.reduce((sum, value) => sum + value.bytes.length, 0);
    if (bytes > this.#maxPageBytes) throw new StoreError("too-large", "received message larger than max");
    this.limits.push(request.limit);
    return page;
  }
}

async function filled(store: NarrowStore, count: number, sizeBytes: number): Promise<string[]> {
  const signal = AbortSignal.timeout(10_000);
  const keys = Array.from({ length: count }, (_, index) => `${prefix}k${String(index).padStart(6, "0")}`);
  for (const key of keys) await store.create(key, Buffer.alloc(sizeBytes), signal);
  return keys;
}

describe("fillFrom", () => {
  it("reads everything in bounded pages and gives the event loop turns", async () => {
    await using store = new NarrowStore(Infinity);
    const keys = await filled(store, 9_000, 10);
    const seen: string[] = [];
    let turns = 0;
    const counter = setInterval(() => (turns += 1), 0);
    const revision = await fillFrom(store, prefix, (value) => seen.push(value.key), AbortSignal.timeout(10_000));
    clearInterval(counter);
    assert.deepEqual(seen, keys);
    assert.equal(revision, await store.currentRevision(AbortSignal.timeout(1_000)));
    assert.deepEqual(store.limits, [500, 4_000, 4_000, 4_000]);
    assert.ok(turns > 0);
  });

  it("asks for fewer objects when they are large", async () => {
    await using store = new NarrowStore(10_000_000);
    const keys = await filled(store, 200, 100_000);
    const seen: string[] = [];
    await fillFrom(store, prefix, (value) => seen.push(value.key), AbortSignal.timeout(10_000));
    assert.deepEqual(seen, keys);
    assert.deepEqual(store.limits.slice(0, 3), [63, 83, 83]);
  });

  it("fails when a single object does not fit", async () => {
    await using store = new NarrowStore(1_000);
    await filled(store, 3, 5_000);
    await assert.rejects(
      fillFrom(store, prefix, () => undefined, AbortSignal.timeout(10_000)),
      { code: "too-large" },
    );
  });

  it("stops when the signal aborts", async () => {
    await using store = new NarrowStore(Infinity);
    await filled(store, 2_000, 10);
    const stop = new AbortController();
    const reason = new Error("stopped");
    await assert.rejects(
      fillFrom(store, prefix, () => stop.abort(reason), stop.signal),
      reason,
    );
    assert.deepEqual(store.limits, [500, 4_000], "one more page was under way");
  });
});
