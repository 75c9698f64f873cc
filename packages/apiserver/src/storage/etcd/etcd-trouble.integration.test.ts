import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { describe, it } from "node:test";
import { Etcd3 } from "etcd3";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { CacheHarness, eventually, RecordingSink } from "../testing/cache-harness.ts";
import { AnswerEater } from "../testing/answer-eater.ts";
import { EtcdProcess } from "../testing/etcd-process.ts";
import { EtcdAuthority } from "../testing/etcd-certificates.ts";
import { StoreError } from "../store.ts";
import type { Revision, StoreErrorCode, WriteOutcome } from "../store.ts";
import { Compactor } from "./compactor.ts";
import { EtcdStore } from "./etcd-store.ts";

const bytes = Buffer.from("{}");

function signal(): AbortSignal {
  return AbortSignal.timeout(30_000);
}

function failsWith(code: StoreErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreError, `not a StoreError: ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  };
}

async function createKey(store: EtcdStore, key: string): Promise<Revision> {
  const outcome = await store.create(key, bytes, signal());
  assert.ok(outcome.done);
  return outcome.revision;
}

describe("etcd in trouble", () => {
  it("is unavailable while etcd is down, for no longer than the timeout, and serves again after", async () => {
    await using etcd = await EtcdProcess.start();
    await using store = new EtcdStore({ endpoints: [etcd.endpoint], requestTimeoutMs: 500 });
    await createKey(store, "/registry/a/before");
    await etcd.kill();
    const startMs = performance.now();
    await assert.rejects(store.get("/registry/a/before", signal()), failsWith("unavailable"));
    await assert.rejects(createKey(store, "/registry/a/during"), failsWith("unavailable"));
    await assert.rejects(store.currentRevision(signal()), failsWith("unavailable"));
    assert.ok(performance.now() - startMs < 10_000);
    await assert.rejects(store.checkHealth(AbortSignal.timeout(50)));
    await etcd.restart();
    assert.ok((await store.get("/registry/a/before", signal())).value);
    await createKey(store, "/registry/a/after");
  });

  it("bridges a restart of etcd within the timeout", async () => {
    await using etcd = await EtcdProcess.start();
    await using store = new EtcdStore({ endpoints: [etcd.endpoint], requestTimeoutMs: 20_000 });
    await createKey(store, "/registry/a/before");
    await etcd.kill();
    const pending = store.get("/registry/a/before", signal());
    await etcd.restart();
    assert.ok((await pending).value);
  });

  it("starts over when etcd lost its state", async () => {
    await using etcd = await EtcdProcess.start();
    await using store = new EtcdStore({ endpoints: [etcd.endpoint] });
    await using harness = new CacheHarness(store);
    for (let index = 0; index < 20; index += 1) await harness.put("default", `k${index}`);
    const start = await harness.current();
    const sink = new RecordingSink();
    harness.cache.watch(start, sink);
    await etcd.kill();
    await etcd.wipe();
    await etcd.restart();
    await eventually("the watcher is told to list again", () => sink.ended === "expired");
    const revision = await harness.put("default", "new");
    assert.ok(revision < start);
    await eventually("the cache shows the new state", () => harness.cache.get("default/new") !== undefined);
    assert.equal(harness.cache.snapshot().count(undefined), 1);
  });

  it("starts over when etcd was restored, also when it has as many revisions as before by then", async () => {
    await using etcd = await EtcdProcess.start();
    await using other = await EtcdProcess.start();
    await using store = new EtcdStore({ endpoints: [etcd.endpoint] });
    await using harness = new CacheHarness(store);
    const before = await harness.put("default", "before");
    await etcd.kill();
    await other.kill();
    const backup = await etcd.backUp();
    await etcd.restart();
    await harness.put("default", "lost");
    const start = await harness.current();
    const sink = new RecordingSink();
    harness.cache.watch(start, sink);
    await etcd.kill();

    // Goes on from the backup out of the store's sight.
    await other.restore(backup);
    await other.restart();
    await using elsewhere = new EtcdStore({ endpoints: [other.endpoint] });
    for (let index = 0; index < 5; index += 1) await createKey(elsewhere, `${harness.prefix}default/new-${index}`);
    assert.ok((await elsewhere.currentRevision(signal())) > start && before < start);
    await other.kill();
    const advanced = await other.backUp();
    await etcd.restore(advanced);
    await etcd.restart();
    for (const directory of [backup, advanced]) await rm(directory, { recursive: true });

    await eventually("the watcher is told to list again", () => sink.ended === "expired");
    assert.deepEqual(sink.events, [], "an event of another history");
    await eventually("the cache is filled again", () => harness.cache.ready);
    await harness.current();
    const keys = [...harness.cache.snapshot().scan(undefined, undefined)].map(({ key }) => key);
    const expected = ["before", ...Array.from({ length: 5 }, (_, index) => `new-${index}`)];
    assert.deepEqual(
      keys,
      expected.map((name) => `default/${name}`),
    );
  });

  it("leaves a member that hangs, with its watch", async () => {
    const members = await EtcdProcess.startCluster(3);
    try {
      await using store = new EtcdStore({
        endpoints: members.map(({ endpoint }) => endpoint),
        requestTimeoutMs: 3_000,
      });
      await using harness = new CacheHarness(store);
      await harness.put("default", "before");
      await harness.current();
      members[0]?.pause();
      await store.currentRevision(signal());
      const changed = await harness.put("default", "after");
      await harness.cache.waitFor(changed, AbortSignal.timeout(10_000));
      assert.ok(harness.cache.get("default/after"));
    } finally {
      members[0]?.resume();
      await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
    }
  });

  it("carries a write out once when its answer is lost", async () => {
    await using etcd = await EtcdProcess.start();
    await using between = await AnswerEater.before(etcd.endpoint);
    await using store = new EtcdStore({ endpoints: [between.url] });
    const before = await store.currentRevision(signal());
    const losingAnswers = async (answers: number, write: () => Promise<WriteOutcome>) => {
      const eaten = between.eaten + answers;
      between.eat(answers);
      const outcome = await write();
      assert.equal(between.eaten, eaten);
      assert.ok(outcome.done);
      return outcome.revision;
    };
    const key = "/registry/a/k";
    const created = await losingAnswers(2, () => store.create(key, Buffer.from("1"), signal()));
    const updated = await losingAnswers(1, () => store.update(key, Buffer.from("2"), created, signal()));
    assert.equal((await store.get(key, signal())).value?.revision, updated);
    assert.equal(await store.currentRevision(signal()), before + 2n, "something was written twice");
    between.eat(1);
    await assert.rejects(store.delete(key, updated, signal()), failsWith("unavailable"), "anybody may have removed it");
    assert.equal((await store.get(key, signal())).value, undefined);
  });

  it("creates nothing a second time that somebody else has removed since", async () => {
    await using etcd = await EtcdProcess.start();
    await using between = await AnswerEater.before(etcd.endpoint);
    await using store = new EtcdStore({ endpoints: [between.url] });
    await using other = new EtcdStore({ endpoints: [etcd.endpoint] });
    await using harness = new CacheHarness(store);
    await harness.put("default", "before");
    await harness.current();
    const key = "/registry/a/k";
    const remove = async () => {
      const { value } = await other.get(key, signal());
      assert.ok(value && (await other.delete(key, value.revision, signal())).done);
    };
    between.eat(1, remove);
    assert.ok((await store.create(key, bytes, signal())).done);
    assert.equal((await other.get(key, signal())).value, undefined);
  });

  it("creates what was not created when its answer was lost", async () => {
    const members = await EtcdProcess.startCluster(3);
    try {
      await using store = new EtcdStore({ endpoints: members.map(({ endpoint }) => endpoint) });
      await using harness = new CacheHarness(store);
      await harness.put("default", "before");
      await harness.current();
      members[0]?.pause();
      const created = store.create("/registry/a/k", bytes, signal());
      await members[0]?.kill();
      assert.ok((await created).done);
    } finally {
      await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
    }
  });

  it("does not take somebody else's write for its own", async () => {
    await using etcd = await EtcdProcess.start();
    await using between = await AnswerEater.before(etcd.endpoint);
    await using store = new EtcdStore({ endpoints: [between.url] });
    await using other = new EtcdStore({ endpoints: [etcd.endpoint] });
    const key = "/registry/a/k";
    const revision = await createKey(store, key);
    await other.update(key, Buffer.from("theirs"), revision, signal());
    between.eat(1);
    await assert.rejects(store.update(key, Buffer.from("ours"), revision, signal()), failsWith("unavailable"));
    assert.equal((await store.get(key, signal())).value?.bytes.toString(), "theirs");
  });

  it("tells when etcd is out of space, and still reads and deletes", async () => {
    await using etcd = await EtcdProcess.start({ flags: ["--quota-backend-bytes=8388608"] });
    await using store = new EtcdStore({ endpoints: [etcd.endpoint] });
    const large = Buffer.alloc(1_000_000);
    const fill = async () => {
      for (let index = 0; index < 50; index += 1) await store.create(`/registry/a/k${index}`, large, signal());
    };
    await assert.rejects(fill(), failsWith("no-space"));
    const { value } = await store.get("/registry/a/k0", signal());
    assert.ok(value);
    assert.ok((await store.delete(value.key, value.revision, signal())).done);
  });

  it("loses no acknowledged write and no event when members of a cluster die", async () => {
    const members = await EtcdProcess.startCluster(3);
    try {
      await using store = new EtcdStore({ endpoints: members.map((member) => member.endpoint) });
      await using harness = new CacheHarness(store);
      const start = await harness.current();
      const sink = new RecordingSink();
      harness.cache.watch(start, sink);
      const acknowledged = new Set<string>();
      const stop = new AbortController();
      const writers = Array.from({ length: 4 }, async (_, worker) => {
        for (let index = 0; !stop.signal.aborted; index += 1) {
          const key = `default/w${worker}-${index}`;
          const outcome = await store.create(harness.prefix + key, bytes, signal()).catch(() => undefined);
          if (outcome?.done) acknowledged.add(key);
        }
      });
      for (const member of members) {
        const before = acknowledged.size;
        await eventually("writes go on", () => acknowledged.size > before + 50);
        await member.kill();
        const during = acknowledged.size;
        await eventually("writes go on with two members", () => acknowledged.size > during + 50);
        await member.restart();
      }
      stop.abort();
      await Promise.all(writers);
      await harness.current();
      for (const key of acknowledged) assert.ok(harness.cache.get(key), `${key} was acknowledged and is gone`);
      assert.equal(sink.ended, undefined);
      const seen = sink.events.map((event) => event.object.key);
      assert.equal(new Set(seen).size, seen.length, "an event came twice");
      assert.equal(seen.length, harness.cache.snapshot().count(undefined));
    } finally {
      await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
    }
  });

  it("hands out whole revisions when large answers come in fragments", async () => {
    await using etcd = await EtcdProcess.start();
    await using store = new EtcdStore({ endpoints: [etcd.endpoint] });
    const start = await store.currentRevision(signal());
    const direct = new Etcd3({ hosts: etcd.endpoint });
    const value = Buffer.alloc(450_000, "x");
    for (let index = 0; index < 8; index += 1) {
      const puts = ["a", "b", "c"].map((name) => ({ key: Buffer.from(`/registry/a/${name}`), value }));
      await direct.kv.txn({ compare: [], success: puts.map((put) => ({ request_put: put })), failure: [] });
    }
    direct.close();
    const perRevision = new Map<Revision, number>();
    for await (const { events, revision } of store.watch("/registry/a/", start, signal())) {
      for (const event of events) perRevision.set(event.revision, (perRevision.get(event.revision) ?? 0) + 1);
      for (const count of perRevision.values()) assert.equal(count, 3, "part of a revision");
      if (revision >= start + 8n) break;
    }
    assert.equal(perRevision.size, 8);
  });

  it("speaks TLS with client certificates, and trusts only the authority given", async () => {
    await using authority = await EtcdAuthority.create();
    await using stranger = await EtcdAuthority.create();
    await authority.issue("server");
    const tls = { ca: authority.ca, ...(await authority.issue("client")) };
    const flags = [
      `--cert-file=${authority.file("server.pem")}`,
      `--key-file=${authority.file("server.key")}`,
      `--trusted-ca-file=${authority.file("ca.pem")}`,
      "--client-cert-auth",
    ];
    await using etcd = await EtcdProcess.start({ flags, tls: true });
    const options = { endpoints: [etcd.endpoint], requestTimeoutMs: 2_000 };
    {
      await using store = new EtcdStore({ ...options, tls });
      const revision = await createKey(store, "/registry/a/k");
      const iterator = store.watch("/registry/a/", revision - 1n, signal())[Symbol.asyncIterator]();
      assert.equal((await iterator.next()).value?.events.length, 1);
    }
    await using distrusting = new EtcdStore({ ...options, tls: { ...tls, ca: stranger.ca } });
    await assert.rejects(distrusting.currentRevision(signal()), failsWith("unavailable"));
    await using distrusted = new EtcdStore({ ...options, tls: { ...tls, ...(await stranger.issue("client")) } });
    await assert.rejects(distrusted.currentRevision(signal()), failsWith("unavailable"));
  });
});

describe("compactor", () => {
  it("compacts what is older than a round, once for all servers", async () => {
    await using etcd = await EtcdProcess.start();
    await using store = new EtcdStore({ endpoints: [etcd.endpoint] });
    const options = { kv: store.kv, intervalMs: 1_000, clock: systemClock, log: silentLogger };
    const [one, two] = [new Compactor(options), new Compactor(options)];
    const readable = (revision: Revision) =>
      store.list({ prefix: "/registry/a/", limit: 1, revision }, signal()).then(
        () => true,
        (error: unknown) => !failsWith("compacted")(error),
      );
    const first = await createKey(store, "/registry/a/1");
    await one.compactOnce(signal());
    await two.compactOnce(signal());
    const second = await createKey(store, "/registry/a/2");
    assert.ok(await readable(first));
    await two.compactOnce(signal());
    assert.equal(await readable(first), false);
    assert.ok(await readable(second));
    await one.compactOnce(signal());
    assert.ok(await readable(second), "the server that came too late compacted, too");
    await createKey(store, "/registry/a/3");
    await one.compactOnce(signal());
    assert.equal(await readable(second), false);
  });
});
