import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { randomInt, seededRandom } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import type { Revision, Store } from "../store.ts";
import type { CacheEvent, CacheSnapshot, WatchScope } from "../watch-cache.ts";
import { CacheFollower, snapshotDigest, storeDigest } from "./cache-follower.ts";
import { CacheHarness, eventually, RecordingSink, signal } from "./cache-harness.ts";

/** What the suite needs of a store and its surroundings. */
export interface CacheSubject {
  readonly store: Store;
  /** Ways to trouble the store; afterwards it has to serve again. */
  readonly disturbances: readonly ((random: Random) => Promise<void>)[];
}

/** The suite of the watch cache over any store. */
export function cacheContract(name: string, open: () => Promise<CacheSubject>): void {
  describe(`watch cache over ${name}`, () => {
    stateTests(open);
    snapshotTests(open);
    watchTests(open);
    scopeTests(open);
    troubleTests(open);
  });
}

function stateTests(open: () => Promise<CacheSubject>): void {
  it("shows what was there and what changed, with resourceVersions", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const { cache } = harness;
    const first = await harness.put("default", "a", "node-1");
    await harness.current();
    assert.equal(cache.ready, true);
    const object = cache.get("default/a");
    assert.ok(object);
    assert.equal(object.revision, first);
    assert.deepEqual([object.namespace, object.name], ["default", "a"]);
    assert.deepEqual(object.labels, { app: "a" });
    assert.equal(object.fields["spec.nodeName"], "node-1");
    assert.equal(object.parsed().metadata.resourceVersion, String(first));
    assert.deepEqual(JSON.parse(object.bytes.toString()), object.parsed());
    const second = await harness.put("default", "a", "node-2");
    await harness.current();
    assert.equal(cache.get("default/a")?.revision, second);
    assert.equal(object.fields["spec.nodeName"], "node-1", "an object in hand never changes");
    await harness.remove("default", "a");
    await harness.current();
    assert.equal(cache.get("default/a"), undefined);
  });

  it("advances with changes of other resources", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    await using other = new CacheHarness(store);
    await harness.ready();
    for (let index = 0; index < 20; index += 1) {
      const revision = await other.put("default", `k${index}`);
      await harness.cache.waitFor(revision, signal());
      assert.ok(harness.cache.revision >= revision);
    }
    assert.equal(harness.cache.snapshot().count(undefined), 0);
  });

  it("gives up waiting for a revision when the signal aborts", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const revision = (await harness.current()) + 1_000_000n;
    await assert.rejects(harness.cache.waitFor(revision, AbortSignal.timeout(20)), { name: "TimeoutError" });
  });

  it("leaves nobody waiting once it has stopped", async () => {
    const { store } = await open();
    const harness = new CacheHarness(store);
    const { cache } = harness;
    const revision = (await harness.current()) + 1_000_000n;
    const waiting = assert.rejects(cache.waitFor(revision, signal()), { name: "StoreError", code: "unavailable" });
    await harness[Symbol.asyncDispose]();
    await waiting;
    await assert.rejects(cache.waitFor(revision, signal()), { name: "StoreError", code: "unavailable" });
  });
}

function snapshotTests(open: () => Promise<CacheSubject>): void {
  it("scans all or one namespace, from a key on, and counts", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const keys = ["a-b/x", "a/x", "a/y", "a/z", "b/x"];
    for (const key of [...keys].reverse()) {
      const [namespace = "", name = ""] = key.split("/");
      await harness.put(namespace, name);
    }
    await harness.current();
    const snapshot = harness.cache.snapshot();
    const scan = (namespace: string | undefined, after?: string) =>
      Array.from(snapshot.scan(namespace, after), (object) => object.key);
    assert.deepEqual(scan(undefined), keys);
    assert.deepEqual(scan(undefined, "a/x"), ["a/y", "a/z", "b/x"]);
    assert.deepEqual(scan(undefined, "a/xx"), ["a/y", "a/z", "b/x"]);
    assert.deepEqual(scan("a"), ["a/x", "a/y", "a/z"]);
    assert.deepEqual(scan("a", "a/y"), ["a/z"]);
    assert.deepEqual(scan("a", "a/z"), []);
    assert.deepEqual(scan("none"), []);
    assert.deepEqual(
      [undefined, "a", "a-b", "none"].map((namespace) => snapshot.count(namespace)),
      [5, 3, 1, 0],
    );
  });

  it("keeps snapshots as they were, and finds them by their revision", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const { cache } = harness;
    const kept: { readonly snapshot: CacheSnapshot; readonly digest: string }[] = [];
    for (let index = 0; index < 10; index += 1) {
      await harness.put("default", `k${index % 4}`, "", `v${index}`);
      if (index % 3 === 2) await harness.remove("default", `k${(index + 1) % 4}`);
      await harness.current();
      const snapshot = cache.snapshot();
      cache.keep(snapshot);
      kept.push({ snapshot, digest: snapshotDigest(snapshot) });
    }
    for (const { snapshot, digest } of kept) {
      assert.equal(snapshotDigest(snapshot), digest);
      assert.equal(digest, await storeDigest(store, harness.prefix, snapshot.revision));
      const found = cache.snapshotAt(snapshot.revision);
      assert.ok(found);
      assert.equal(found.revision, snapshot.revision);
      assert.equal(snapshotDigest(found), digest);
    }
    assert.equal(cache.snapshotAt(1n), undefined);
  });
}

function watchTests(open: () => Promise<CacheSubject>): void {
  it("delivers changes in order, with the state before and shared frames", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const sink = new RecordingSink();
    const twin = new RecordingSink();
    using subscription = harness.cache.watch(start, sink);
    using _twin = harness.cache.watch(start, twin);
    assert.ok(subscription);
    await harness.put("default", "a", "node-1");
    await harness.put("default", "a", "node-2");
    const deleted = await harness.remove("default", "a");
    await harness.current();
    assert.deepEqual(sink.words, ["ADDED default/a", "MODIFIED default/a", "DELETED default/a"]);
    const [added, modified, gone] = sink.events;
    assert.ok(added && modified && gone);
    assert.equal(added.previous, undefined);
    assert.equal(modified.previous?.fields["spec.nodeName"], "node-1");
    assert.equal(modified.previous.parsed().metadata.resourceVersion, String(modified.revision));
    assert.equal(JSON.parse(modified.previous.bytes.toString()).metadata.resourceVersion, String(modified.revision));
    assert.equal(gone.object.fields["spec.nodeName"], "node-2");
    assert.equal(JSON.parse(gone.object.bytes.toString()).metadata.resourceVersion, String(deleted));
    const frame = modified.frame("DELETED", modified.previous);
    assert.equal(frame.toString(), `{"type":"DELETED","object":${modified.previous.bytes.toString()}}\n`);
    const same = twin.events[1];
    assert.ok(same);
    assert.equal(same.frame(same.type, same.object), modified.frame(modified.type, modified.object));
  });

  it("resumes from any revision in the history, and refuses an older one", async () => {
    const { store } = await open();
    const history = { minEvents: 10, maxEvents: 20, maxAgeMs: 60_000, maxBytes: 1024 * 1024 };
    await using harness = new CacheHarness(store, { history });
    const start = await harness.current();
    const revisions: Revision[] = [];
    for (let index = 0; index < 30; index += 1) revisions.push(await harness.put("default", `k${index}`));
    await harness.current();
    for (const [index, revision] of revisions.entries()) {
      const sink = new RecordingSink();
      const subscription = harness.cache.watch(revision, sink);
      if (index < 9) assert.equal(subscription, undefined);
      else assert.equal(sink.events.length, 29 - index);
      subscription?.[Symbol.dispose]();
    }
    assert.equal(harness.cache.watch(start, new RecordingSink()), undefined);
  });

  it("replays a long history without a gap while it grows", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const write = async (from: number, to: number) => {
      for (let index = from; index < to; index += 20) {
        await Promise.all(Array.from({ length: 20 }, (_, offset) => harness.put("default", `k${index + offset}`)));
      }
    };
    await write(0, 800);
    await harness.current();
    const sink = new RecordingSink();
    using subscription = harness.cache.watch(start, sink);
    assert.ok(subscription);
    assert.ok(sink.events.length < 800, "everything was replayed at once");
    await write(800, 1000);
    await harness.current();
    await eventually("1000 events", () => sink.events.length >= 1000);
    const revisions = sink.events.map((event) => event.revision);
    assert.deepEqual(
      revisions,
      [...new Set(revisions)].sort((a, b) => (a < b ? -1 : 1)),
    );
    assert.equal(revisions.length, 1000);
  });

  it("replays at the pace of the sink", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    for (let index = 0; index < 600; index += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, offset) => harness.put("default", `k${index + offset}`)));
    }
    await harness.current();
    let release: (() => void) | undefined;
    const sink = new (class extends RecordingSink {
      drained(): Promise<void> {
        return new Promise((resolve) => {
          release = resolve;
        });
      }
    })();
    using subscription = harness.cache.watch(start, sink);
    assert.ok(subscription);
    const first = sink.events.length;
    await turn();
    await turn();
    assert.equal(sink.events.length, first, "more was replayed before the sink was ready");
    await eventually("all events", () => {
      release?.();
      return sink.events.length === 600;
    });
  });

  it("cuts off a sink that is full, and nobody else", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const slow = new RecordingSink(2);
    const fast = new RecordingSink();
    using _slow = harness.cache.watch(start, slow);
    using _fast = harness.cache.watch(start, fast);
    for (let index = 0; index < 6; index += 1) await harness.put("default", `k${index}`);
    await harness.current();
    assert.equal(slow.ended, "slow");
    assert.equal(slow.events.length, 3);
    assert.equal(fast.ended, undefined);
    assert.equal(fast.events.length, 6);
  });

  it("does not go back for a watcher that is ahead of it", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const sink = new RecordingSink();
    using _watch = harness.cache.watch(start + 2n, sink);
    const revisions: Revision[] = [];
    for (let index = 0; index < 4; index += 1) revisions.push(await harness.put("default", `k${index}`));
    await harness.current();
    assert.deepEqual(
      sink.events.map((event) => event.revision),
      revisions.filter((revision) => revision > start + 2n),
    );
  });

  it("gives a watch that begins while an event is delivered no event twice", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const inner: RecordingSink[] = [];
    const outer = new (class extends RecordingSink {
      override event(event: CacheEvent): boolean {
        for (const after of [start, event.revision]) {
          const sink = new RecordingSink();
          harness.cache.watch(after, sink);
          inner.push(sink);
        }
        return super.event(event);
      }
    })();
    using _outer = harness.cache.watch(start, outer);
    const revisions = [await harness.put("default", "a"), await harness.put("default", "b")];
    await harness.current();
    assert.deepEqual(
      inner.map((sink) => sink.events.map((event) => revisions.indexOf(event.revision))),
      [[0, 1], [1], [0, 1], []],
    );
  });

  it("tells a watch that came before the cache was ready to list", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const sink = new RecordingSink();
    assert.equal(harness.cache.ready, false);
    assert.ok(harness.cache.watch(harness.cache.revision, sink));
    await harness.ready();
    assert.equal(sink.ended, "expired");
  });

  it("cuts off a sink that throws, and nobody else", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const broken = new (class extends RecordingSink {
      override event(): boolean {
        throw new Error("broken");
      }
    })();
    const sound = new RecordingSink();
    using _broken = harness.cache.watch(start, broken);
    using _sound = harness.cache.watch(start, sound);
    await harness.put("default", "a");
    await harness.put("default", "b");
    await harness.current();
    assert.equal(broken.ended, "slow");
    assert.deepEqual(sound.words, ["ADDED default/a", "ADDED default/b"]);
  });

  it("calls nothing after disposal, and closes with stopped at the end", async () => {
    const { store } = await open();
    const harness = new CacheHarness(store);
    const start = await harness.current();
    const [left, stayed] = [new RecordingSink(), new RecordingSink()];
    harness.cache.watch(start, left)?.[Symbol.dispose]();
    harness.cache.watch(start, stayed);
    await harness.put("default", "a");
    await harness.current();
    await harness.stop();
    assert.deepEqual([left.words, left.ended], [[], undefined]);
    assert.deepEqual([stayed.words, stayed.ended], [["ADDED default/a"], "stopped"]);
    assert.equal(harness.cache.ready, false);
  });

  it("tells idle watchers how far it is", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    await using other = new CacheHarness(store);
    const start = await harness.current();
    const sink = new RecordingSink();
    using _watch = harness.cache.watch(start, sink);
    const revision = await other.put("default", "a");
    await harness.current();
    harness.cache.requestProgress();
    await eventually("progress", () => sink.progressed >= revision);
    assert.deepEqual(sink.words, []);
  });
}

function scopeTests(open: () => Promise<CacheSubject>): void {
  it("delivers to each scope what lies within before or after", async () => {
    const { store } = await open();
    await using harness = new CacheHarness(store);
    const start = await harness.current();
    const scopes: Record<string, WatchScope> = {
      all: {},
      ns: { namespace: "ns-1" },
      name: { namespace: "ns-1", fields: { "metadata.name": "a" } },
      anyName: { fields: { "metadata.name": "a" } },
      node: { fields: { "spec.nodeName": "node-1" } },
      both: { fields: { "spec.nodeName": "node-1", "metadata.namespace": "ns-2" } },
    };
    const live = new Map(Object.entries(scopes).map(([name, scope]) => [name, watchWith(harness, start, scope)]));
    await harness.put("ns-1", "a", "");
    await harness.put("ns-1", "a", "node-1");
    await harness.put("ns-2", "a", "node-1");
    await harness.put("ns-1", "b", "node-2");
    await harness.put("ns-1", "a", "node-2");
    await harness.remove("ns-2", "a");
    await harness.current();
    const expected = {
      all: "A1a M1a A2a A1b M1a D2a",
      ns: "A1a M1a A1b M1a",
      name: "A1a M1a M1a",
      anyName: "A1a M1a A2a M1a D2a",
      node: "M1a A2a M1a D2a",
      both: "A2a D2a",
    };
    const brief = (sink: RecordingSink) =>
      sink.events.map((event) => event.type.slice(0, 1) + event.object.key.slice(3).replace("/", "")).join(" ");
    for (const [name, words] of Object.entries(expected)) {
      assert.equal(brief(live.get(name) as RecordingSink), words, `${name}, live`);
      const scope = scopes[name] as WatchScope;
      assert.equal(brief(watchWith(harness, start, scope)), words, `${name}, replayed`);
    }
  });
}

function watchWith(harness: CacheHarness, after: Revision, scope: WatchScope): RecordingSink {
  const sink = new RecordingSink();
  assert.ok(harness.cache.watch(after, sink, scope));
  return sink;
}

function troubleTests(open: () => Promise<CacheSubject>): void {
  it("equals the store, and watchers equal both, under random writes and troubles", async () => {
    const { store, disturbances } = await open();
    await using harness = new CacheHarness(store);
    const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
    const random = seededRandom(seed);
    await harness.ready();
    const follower = new CacheFollower(harness.cache);
    try {
      for (let round = 0; round < 12; round += 1) {
        const writers = Array.from({ length: 4 }, () => writeAtRandom(harness, random, 15));
        if (round % 3 === 2) await disturbances[randomInt(random, disturbances.length)]?.(random);
        await Promise.all(writers);
        await harness.current();
        const snapshot = harness.cache.snapshot();
        assert.equal(snapshotDigest(snapshot), await storeDigest(store, harness.prefix, snapshot.revision));
        await eventually("the follower sees the cache's state", () => follower.digest() === snapshotDigest(snapshot));
      }
    } catch (error) {
      throw new Error(`failed with SEED=${seed}`, { cause: error });
    } finally {
      follower[Symbol.dispose]();
    }
  });
}

async function writeAtRandom(harness: CacheHarness, random: Random, writes: number): Promise<void> {
  for (let index = 0; index < writes; index += 1) {
    const namespace = `ns-${randomInt(random, 3)}`;
    const name = `k${randomInt(random, 12)}`;
    const write = () =>
      random.next() < 0.3
        ? harness.remove(namespace, name)
        : harness.put(namespace, name, `node-${randomInt(random, 3)}`, "x".repeat(randomInt(random, 200)));
    await write().catch((error: unknown) => {
      if (!(error instanceof Error && (error as { code?: string }).code === "unavailable")) throw error;
    });
  }
}
