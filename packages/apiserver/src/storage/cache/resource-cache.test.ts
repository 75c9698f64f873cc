import { after } from "node:test";
import { randomInt } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { MemoryStore } from "../memory/memory-store.ts";
import { cacheContract } from "../testing/cache-contract.ts";

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
