import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { MemoryStore } from "../memory/memory-store.ts";
import { StoreError } from "../store.ts";
import { storeContract } from "../testing/store-contract.ts";
import { EncryptedStore } from "./encrypted-store.ts";
import { aesGcm } from "./local-transformers.ts";

const clock = new FakeClock();
const inner = new MemoryStore({ clock });
const shared = new EncryptedStore(inner, () => aesGcm(Buffer.alloc(32, 1)), clock, silentLogger);

storeContract("encrypted", () =>
  Promise.resolve({
    store: shared,
    elapse: (ms) => clock.advance(ms),
    setFull: (full) => {
      inner.full = full;
      return Promise.resolve();
    },
  }),
);

after(() => inner[Symbol.asyncDispose]());

const { signal } = new AbortController();

function bench() {
  const time = new FakeClock();
  const plain = new MemoryStore({ clock: time });
  const state = { transformer: aesGcm(Buffer.alloc(32, 1)) };
  const store = new EncryptedStore(plain, () => state.transformer, time, silentLogger);
  return { clock: time, plain, store, state };
}

test("what is stored is not what was written", async () => {
  await using plain = bench().plain;
  const store = new EncryptedStore(plain, () => aesGcm(Buffer.alloc(32, 1)), clock, silentLogger);
  await store.create("/a/x", Buffer.from("plain text"), signal);
  const { value } = await plain.get("/a/x", signal);
  assert.ok(!value?.bytes.includes("plain"));
  assert.equal((await store.get("/a/x", signal)).value?.bytes.toString(), "plain text");
});

test("a list leaves out what cannot be read, and goes on to what can", async () => {
  const { plain, store } = bench();
  await using _plain = plain;
  for (const name of ["a", "e"]) await store.create(`/r/${name}`, Buffer.from(name), signal);
  for (const name of ["b", "c", "d"]) await plain.create(`/r/${name}`, Buffer.from("tampered with, all of it"), signal);
  const page = await store.list({ prefix: "/r/", limit: 2 }, signal);
  assert.deepEqual(
    page.values.map(({ key }) => key),
    ["/r/a", "/r/e"],
  );
  assert.equal(page.remaining, 0);
  assert.match(store.unreadable("/r/c")?.message ?? "", /unable to transform key "\/r\/c"/);
  assert.ok(store.unreadable("/r/"));
  assert.equal(store.unreadable("/r/a"), undefined);
  assert.equal(store.unreadable("/q/"), undefined);
  await assert.rejects(store.list({ prefix: "/r/", limit: 9, isWhole: true }, signal), /unable to transform key/);
  await assert.rejects(store.get("/r/b", signal), /unable to transform key "\/r\/b"/);
});

test("a feed leaves out what cannot be read, and fails once it can be", async () => {
  const { clock: time, plain, store, state } = bench();
  await using _plain = plain;
  const feed = store.watch("/r/", 0n, signal)[Symbol.asyncIterator]();
  const other = new EncryptedStore(plain, () => aesGcm(Buffer.alloc(32, 2)), time, silentLogger);
  await other.create("/r/a", Buffer.from("of another key"), signal);
  await store.create("/r/b", Buffer.from("b"), signal);
  const keys: string[] = [];
  while (!keys.includes("/r/b")) {
    const { value } = await feed.next();
    for (const { key } of value?.events ?? []) keys.push(key);
  }
  assert.deepEqual(keys, ["/r/b"]);
  assert.ok(store.unreadable("/r/a"));
  const next = feed.next();
  state.transformer = aesGcm(Buffer.alloc(32, 2));
  const failed = assert.rejects(next, (error) => error instanceof StoreError && error.code === "compacted");
  await time.advance(1_000);
  await failed;
  await store.list({ prefix: "/r/", limit: 10 }, signal);
  assert.equal(store.unreadable("/r/a"), undefined);
});
