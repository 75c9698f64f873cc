import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StoreError } from "../store.ts";
import type { Revision, Store, StoredValue, StoreErrorCode, StoreEvent, StoreFeed, WriteOutcome } from "../store.ts";

/** What the suite needs of an implementation. */
export interface StoreSubject {
  readonly store: Store;
  /** Lets this much time pass for the store. */
  readonly elapse: (ms: number) => Promise<void>;
  /** Makes the store run out of space, or have space again. */
  readonly setFull: (full: boolean) => Promise<void>;
}

/** How long anything may take before a test fails. */
const deadlineMs = 15_000;

let testNumber = 0;

/** A prefix that no other test uses. */
function freshPrefix(): string {
  testNumber += 1;
  return `/registry/contract-${process.pid}-${testNumber}/`;
}

function signal(): AbortSignal {
  return AbortSignal.timeout(deadlineMs);
}

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function done(outcome: WriteOutcome): Revision {
  assert.ok(outcome.done, "the write was refused");
  return outcome.revision;
}

function refused(outcome: WriteOutcome): StoredValue | undefined {
  assert.ok(!outcome.done, "the write was not refused");
  return outcome.current;
}

function failsWith(code: StoreErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreError, `not a StoreError: ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  };
}

/** Reads the feed until it has seen `count` events. */
async function take(feed: StoreFeed, count: number): Promise<StoreEvent[]> {
  const events: StoreEvent[] = [];
  if (count === 0) return events;
  for await (const batch of feed) {
    events.push(...batch.events);
    for (const event of batch.events)
      assert.ok(event.revision <= batch.revision, "an event after its batch's revision");
    if (events.length >= count) break;
  }
  return events;
}

function describeEvent(event: StoreEvent): string {
  const name = event.key.slice(event.key.lastIndexOf("/") + 1);
  if (event.type === "delete") return `-${name}`;
  return `${event.created ? "+" : "~"}${name}=${event.bytes.toString()}`;
}

/** The suite that every implementation of `Store` passes. */
export function storeContract(name: string, open: () => Promise<StoreSubject>): void {
  describe(`store contract: ${name}`, () => {
    conditionTests(open);
    listTests(open);
    watchTests(open);
    historyTests(open);
    limitTests(open);
  });
}

function conditionTests(open: () => Promise<StoreSubject>): void {
  it("creates a key once and answers with its state the second time", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}a`;
    const revision = done(await store.create(key, bytes("one"), signal()));
    const current = refused(await store.create(key, bytes("two"), signal()));
    assert.deepEqual(current, { key, bytes: bytes("one"), revision });
    assert.deepEqual((await store.get(key, signal())).value, { key, bytes: bytes("one"), revision });
  });

  it("gets nothing for an absent key, with the current revision", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const revision = done(await store.create(`${prefix}a`, bytes("x"), signal()));
    const absent = await store.get(`${prefix}b`, signal());
    assert.equal(absent.value, undefined);
    assert.ok(absent.revision >= revision);
  });

  it("updates only the expected revision", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}a`;
    const first = done(await store.create(key, bytes("one"), signal()));
    const second = done(await store.update(key, bytes("two"), first, signal()));
    assert.ok(second > first);
    const current = refused(await store.update(key, bytes("three"), first, signal()));
    assert.deepEqual(current, { key, bytes: bytes("two"), revision: second });
  });

  it("refuses to update or delete an absent key", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}a`;
    const first = done(await store.create(key, bytes("one"), signal()));
    done(await store.delete(key, first, signal()));
    assert.equal(refused(await store.update(key, bytes("two"), first, signal())), undefined);
    assert.equal(refused(await store.delete(key, first, signal())), undefined);
    assert.equal((await store.get(key, signal())).value, undefined);
  });

  it("deletes only the expected revision", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}a`;
    const first = done(await store.create(key, bytes("one"), signal()));
    const second = done(await store.update(key, bytes("two"), first, signal()));
    assert.deepEqual(refused(await store.delete(key, first, signal())), { key, bytes: bytes("two"), revision: second });
    assert.ok(done(await store.delete(key, second, signal())) > second);
  });

  it("loses no update of concurrent writers", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}counter`;
    done(await store.create(key, bytes("0"), signal()));
    const increment = async () => {
      let { value } = await store.get(key, signal());
      for (;;) {
        assert.ok(value);
        const outcome = await store.update(key, bytes(String(Number(value.bytes) + 1)), value.revision, signal());
        if (outcome.done) return;
        value = outcome.current;
      }
    };
    const writer = async () => {
      for (let turn = 0; turn < 10; turn += 1) await increment();
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    assert.equal((await store.get(key, signal())).value?.bytes.toString(), "80");
  });

  it("answers a revision read with at least every finished write", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const writeAndRead = async (name: string) => {
      const written = done(await store.create(prefix + name, bytes("x"), signal()));
      assert.ok((await store.currentRevision(signal())) >= written);
    };
    await Promise.all(Array.from({ length: 50 }, (_, index) => writeAndRead(`k${index}`)));
  });

  it("rejects with the signal's reason", async () => {
    const { store } = await open();
    const reason = new Error("no longer needed");
    const aborted = AbortSignal.abort(reason);
    await assert.rejects(store.get("/registry/x", aborted), reason);
    await assert.rejects(store.create("/registry/x", bytes("x"), aborted), reason);
    await assert.rejects(store.currentRevision(aborted), reason);
  });

  it("reports health", async () => {
    const { store } = await open();
    await store.checkHealth(signal());
  });
}

function listTests(open: () => Promise<StoreSubject>): void {
  it("lists a prefix in pages at one revision while it changes", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const names = Array.from({ length: 25 }, (_, index) => `n${String(index).padStart(2, "0")}`);
    for (const name of names) done(await store.create(prefix + name, bytes(name), signal()));
    const seen: string[] = [];
    let page = await store.list({ prefix, limit: 10 }, signal());
    const { revision } = page;
    const remaining: number[] = [];
    for (;;) {
      seen.push(...page.values.map((value) => value.key.slice(prefix.length)));
      remaining.push(page.remaining);
      assert.equal(page.revision, revision);
      if (page.remaining === 0) break;
      const last = page.values.at(-1);
      assert.ok(last);
      done(await store.delete(last.key, last.revision, signal()));
      done(await store.create(`${prefix}new-${seen.length}`, bytes("x"), signal()));
      page = await store.list({ prefix, startKey: `${last.key}\0`, limit: 10, revision }, signal());
    }
    assert.deepEqual(seen, names);
    assert.deepEqual(remaining, [15, 5, 0]);
  });

  it("lists bytewise and nothing but the prefix", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const names = ["a-b/x", "a/x", "a/y", "a0/x", "b", "é", "中"];
    for (const name of [...names].reverse()) done(await store.create(prefix + name, bytes(name), signal()));
    done(await store.create(`${prefix.slice(0, -1)}0`, bytes("outside"), signal()));
    const all = await store.list({ prefix, limit: 100 }, signal());
    assert.deepEqual(
      all.values.map((value) => value.key.slice(prefix.length)),
      names,
    );
    const namespace = await store.list({ prefix: `${prefix}a/`, limit: 100 }, signal());
    assert.deepEqual(
      namespace.values.map((value) => value.bytes.toString()),
      ["a/x", "a/y"],
    );
    assert.deepEqual((await store.list({ prefix: `${prefix}none/`, limit: 10 }, signal())).values, []);
  });
}

function watchTests(open: () => Promise<StoreSubject>): void {
  it("delivers past and future changes in order, under the prefix only", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const first = done(await store.create(`${prefix}a`, bytes("1"), signal()));
    const second = done(await store.update(`${prefix}a`, bytes("2"), first, signal()));
    done(await store.create(`${prefix.slice(0, -1)}0`, bytes("outside"), signal()));
    const feed = store.watch(prefix, first, signal());
    const events = take(feed, 4);
    const third = done(await store.create(`${prefix}b`, bytes("3"), signal()));
    const fourth = done(await store.delete(`${prefix}a`, second, signal()));
    const fifth = done(await store.create(`${prefix}a`, bytes("4"), signal()));
    const got = await events;
    assert.deepEqual(got.map(describeEvent), ["~a=2", "+b=3", "-a", "+a=4"]);
    assert.deepEqual(
      got.map((event) => event.revision),
      [second, third, fourth, fifth],
    );
  });

  it("is gapless for feeds that start at any point", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const revisions: Revision[] = [done(await store.create(`${prefix}start`, bytes("x"), signal()))];
    const feeds: { readonly after: Revision; readonly events: Promise<StoreEvent[]> }[] = [];
    const total = 60;
    for (let index = 0; index < total; index += 1) {
      if (index % 10 === 0) {
        for (const start of [0, revisions.length >> 1, revisions.length - 1]) {
          const after = revisions[start] ?? 0n;
          const stop = AbortSignal.timeout(deadlineMs);
          feeds.push({ after, events: take(store.watch(prefix, after, stop), total - start) });
        }
      }
      revisions.push(done(await store.create(`${prefix}k${index}`, bytes(`v${index}`), signal())));
    }
    for (const feed of feeds) {
      const got = (await feed.events).map((event) => event.revision);
      assert.deepEqual(
        got,
        revisions.filter((revision) => revision > feed.after),
      );
    }
  });

  it("says how far it is without events", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const start = done(await store.create(`${prefix}a`, bytes("x"), signal()));
    const feed = store.watch(prefix, start, signal());
    const iterator = feed[Symbol.asyncIterator]();
    const next = iterator.next();
    assert.ok(feed.revision >= start);
    const elsewhere = done(await store.create(`${freshPrefix()}b`, bytes("x"), signal()));
    feed.requestProgress(elsewhere);
    const batch = await next;
    assert.ok(!batch.done);
    assert.deepEqual(batch.value.events, []);
    assert.ok(batch.value.revision >= elsewhere);
    const idle = iterator.next();
    assert.ok(feed.revision >= elsewhere);
    feed.requestProgress(elsewhere);
    assert.ok(!(await idle).done, "no progress for a revision that was reached");
    await iterator.return?.();
  });

  it("does not claim a revision before its events were processed", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const start = done(await store.create(`${prefix}a`, bytes("x"), signal()));
    const feed = store.watch(prefix, start, signal());
    const iterator = feed[Symbol.asyncIterator]();
    const pending = iterator.next();
    const changed = done(await store.create(`${prefix}b`, bytes("x"), signal()));
    assert.ok(!(await pending).done);
    assert.ok(feed.revision < changed, "the event is not processed yet");
    const idle = iterator.next();
    assert.ok(feed.revision >= changed);
    await iterator.return?.();
    assert.ok((await idle).done);
  });

  it("ends when the signal aborts", async () => {
    const { store } = await open();
    const controller = new AbortController();
    const feed = store.watch(freshPrefix(), await store.currentRevision(signal()), controller.signal);
    const iterator = feed[Symbol.asyncIterator]();
    const next = iterator.next();
    controller.abort();
    assert.ok((await next).done);
    assert.ok((await iterator.next()).done);
  });
}

function historyTests(open: () => Promise<StoreSubject>): void {
  it("reads and watches what was not compacted, and nothing older", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const revisions: Revision[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      revisions.push(done(await store.create(prefix + name, bytes(name), signal())));
    }
    const [first = 0n, second = 0n, third = 0n, fourth = 0n] = revisions;
    await store.compact(third, signal());
    await assert.rejects(store.list({ prefix, limit: 10, revision: second }, signal()), failsWith("compacted"));
    assert.equal((await store.list({ prefix, limit: 10, revision: third }, signal())).values.length, 3);
    assert.equal((await store.list({ prefix, limit: 10 }, signal())).values.length, 4);
    await assert.rejects(take(store.watch(prefix, first, signal()), 1), failsWith("compacted"));
    const [last] = await take(store.watch(prefix, third, signal()), 1);
    assert.equal(last?.revision, fourth);
    await assert.rejects(store.compact(second, signal()), failsWith("compacted"));
  });

  it("tells a future revision", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const revision = (await store.currentRevision(signal())) + 1_000_000n;
    await assert.rejects(store.list({ prefix, limit: 10, revision }, signal()), failsWith("future-revision"));
  });
}

function limitTests(open: () => Promise<StoreSubject>): void {
  it("refuses a value that is too large, and goes on", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}a`;
    await assert.rejects(store.create(key, Buffer.alloc(4 * 1024 * 1024), signal()), failsWith("too-large"));
    const large = Buffer.alloc(1_000_000, "x");
    const revision = done(await store.create(key, large, signal()));
    assert.deepEqual((await store.get(key, signal())).value, { key, bytes: large, revision });
  });

  it("takes a value as large as etcd does", async () => {
    const { store } = await open();
    const key = `${freshPrefix()}a`;
    const largest = Buffer.alloc(1.5 * 1024 * 1024 - 1_024, "x");
    const revision = done(await store.create(key, largest, signal()));
    assert.equal((await store.get(key, signal())).value?.bytes.length, largest.length);
    const larger = store.update(key, Buffer.alloc(1.5 * 1024 * 1024 + 1_024), revision, signal());
    await assert.rejects(larger, { code: "too-large", message: "etcdserver: request is too large" });
  });

  it("refuses what takes space while there is none, and nothing else", async () => {
    const { store, setFull } = await open();
    const prefix = freshPrefix();
    const start = await store.currentRevision(signal());
    const first = done(await store.create(`${prefix}a`, bytes("1"), signal()));
    await setFull(true);
    try {
      const full = { code: "no-space", message: "etcdserver: mvcc: database space exceeded" };
      await assert.rejects(store.create(`${prefix}b`, bytes("2"), signal()), full);
      await assert.rejects(store.update(`${prefix}a`, bytes("2"), first, signal()), full);
      assert.equal((await store.get(`${prefix}a`, signal())).value?.bytes.toString(), "1");
      assert.equal((await store.list({ prefix, limit: 10 }, signal())).values.length, 1);
      done(await store.delete(`${prefix}a`, first, signal()));
    } finally {
      await setFull(false);
    }
    done(await store.create(`${prefix}b`, bytes("2"), signal()));
    const events = await take(store.watch(prefix, start, signal()), 3);
    assert.deepEqual(events.map(describeEvent), ["+a=1", "-a", "+b=2"]);
  });

  it("lists and watches more than fits one message", async () => {
    const { store } = await open();
    const prefix = freshPrefix();
    const start = await store.currentRevision(signal());
    const large = Buffer.alloc(1_000_000, "x");
    const revisions: Revision[] = [];
    for (let index = 0; index < 8; index += 1) {
      revisions.push(done(await store.create(`${prefix}k${index}`, large, signal())));
    }
    const page = await store.list({ prefix, limit: 100 }, signal());
    assert.deepEqual(
      page.values.map((value) => value.bytes.length),
      revisions.map(() => large.length),
    );
    const events = await take(store.watch(prefix, start, signal()), 8);
    assert.deepEqual(
      events.map((event) => event.revision),
      revisions,
    );
  });

  it("lets a key with a time to live vanish, with an event", async () => {
    const { store, elapse } = await open();
    const prefix = freshPrefix();
    const start = await store.currentRevision(signal());
    const events = take(store.watch(prefix, start, signal()), 4);
    done(await store.create(`${prefix}a`, bytes("1"), signal(), { ttlSeconds: 1 }));
    done(await store.create(`${prefix}b`, bytes("2"), signal(), { ttlSeconds: 1 }));
    assert.ok((await store.get(`${prefix}a`, signal())).value);
    await elapse(1_000);
    const got = (await events).map(describeEvent);
    assert.deepEqual([...got.slice(0, 2), ...got.slice(2).sort()], ["+a=1", "+b=2", "-a", "-b"]);
    assert.equal((await store.get(`${prefix}a`, signal())).value, undefined);
  });
}
