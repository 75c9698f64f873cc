import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { randomInt } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { MemoryStore } from "../memory/memory-store.ts";
import { cacheContract } from "../testing/cache-contract.ts";
import { CacheHarness } from "../testing/cache-harness.ts";

const store = new MemoryStore();

cacheContract("memory", () =>
  Promise.resolve({
    store,
    disturbances: [
      () => Promise.resolve(store.breakFeeds()),
      async () => store.compact(await store.currentRevision(AbortSignal.timeout(1000)), AbortSignal.timeout(1000)),
      async (random: Random) =>
        store.restore((await store.currentRevision(AbortSignal.timeout(1000))) - BigInt(randomInt(random, 20))),
    ],
  }),
);

after(() => store[Symbol.asyncDispose]());

describe("what a cache was filled with", () => {
  it("moves together when most of it was replaced", async () => {
    await using store = new MemoryStore();
    const clock = new FakeClock();
    const payload = "x".repeat(2_000);
    const writer = new CacheHarness(store, { clock });
    const { prefix } = writer;
    for (let index = 0; index < 4_000; index += 1) await writer.put("default", `k${index}`, "", payload);
    await writer.stop();
    await using harness = new CacheHarness(store, { clock, prefix });
    await harness.ready();
    const survivor = harness.cache.get("default/k0");
    const before = survivor?.bytes;
    for (let index = 0; index < 4_000; index += 1) {
      if (index % 20 !== 0) await harness.remove("default", `k${index}`);
    }
    await harness.current();
    await clock.advance(60_000);
    assert.equal(harness.cache.get("default/k0"), survivor);
    assert.notEqual(survivor?.bytes, before);
    assert.deepEqual(survivor?.bytes, before);
  });
});
