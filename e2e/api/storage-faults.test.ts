import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

// What clients see when etcd is in trouble.

const collection = "/api/v1/namespaces/default/configmaps";
const blobs = "/apis/faults.kube-ts.dev/v1/blobs";
const mib = 1024 * 1024;

interface Listed {
  readonly metadata: { readonly name?: string; readonly resourceVersion?: string };
}

interface List {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly Listed[];
}

interface WatchEvent {
  readonly type: string;
  readonly object: Status & Listed;
}

/** An API server on members of etcd, with what the tests ask it. */
class Cluster implements AsyncDisposable {
  readonly members: readonly EtcdProcess[];
  readonly server: ServerUnderTest;
  readonly api: ApiRequests;

  private constructor(members: readonly EtcdProcess[], server: ServerUnderTest) {
    this.members = members;
    this.server = server;
    this.api = new ApiRequests(server);
  }

  static async start(size: number, flags: readonly string[] = []): Promise<Cluster> {
    await using starting = new AsyncDisposableStack();
    const members = await EtcdProcess.startCluster(size, { flags });
    for (const member of members) starting.use(member);
    const cluster = new Cluster(members, await startServer([], { etcd: members }));
    starting.move();
    return cluster;
  }

  get member(): EtcdProcess {
    return this.members[0] as EtcdProcess;
  }

  create(name: string): Promise<{ code: number; text: string }> {
    return this.api.ask("POST", collection, { body: { metadata: { name } } });
  }

  async created(name: string): Promise<string> {
    const { code, text } = await this.create(name);
    assert.equal(code, 201, text);
    return (JSON.parse(text) as ConfigMap).metadata.resourceVersion ?? "";
  }

  async names(query = ""): Promise<string[]> {
    const { items } = await this.api.json<List>("GET", `${collection}?${query}`);
    return items.map(({ metadata }) => metadata.name ?? "").filter((name) => name !== "kube-root-ca.crt");
  }

  async putBlob(method: "POST" | "PUT", name: string, sizeBytes: number, resourceVersion?: string) {
    const body = {
      apiVersion: "faults.kube-ts.dev/v1",
      kind: "Blob",
      metadata: { name, ...(resourceVersion !== undefined && { resourceVersion }) },
      content: "x".repeat(sizeBytes),
    };
    return this.api.ask(method, method === "POST" ? blobs : `${blobs}/${name}`, { body });
  }

  async serveBlobs(): Promise<void> {
    const schema = { type: "object", properties: { content: { type: "string" } } };
    const body = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "blobs.faults.kube-ts.dev" },
      spec: {
        group: "faults.kube-ts.dev",
        scope: "Cluster",
        names: { plural: "blobs", singular: "blob", kind: "Blob", listKind: "BlobList" },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    };
    const { code, text } = await this.api.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      body,
    });
    assert.equal(code, 201, text);
    await eventually("blobs are served", async () => (await this.api.ask("GET", blobs)).code === 200);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    for (const member of this.members) await member[Symbol.asyncDispose]();
  }
}

/** A watch, followed in the background until it ends in whatever way. */
class Followed {
  readonly words: string[] = [];
  ended = false;

  constructor(api: ApiRequests, path: string) {
    const end = () => (this.ended = true);
    this.#follow(api, path).then(end, end);
  }

  async #follow(api: ApiRequests, path: string): Promise<void> {
    for await (const { type, object } of api.watch<WatchEvent>(path)) {
      this.words.push(type === "ERROR" ? `${object.code} ${object.reason}` : `${type} ${object.metadata.name}`);
    }
  }
}

/** A Status without a reason, as upstream tells a failure of etcd. */
function assertFailure(text: string, message: RegExp): void {
  const status = JSON.parse(text) as Status;
  assert.deepEqual([status.status, status.code, status.reason], ["Failure", 500, undefined], text);
  assert.match(status.message ?? "", message);
}

suite("etcd is out of space", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await Cluster.start(1, [`--quota-backend-bytes=${24 * mib}`]);
    await cluster.serveBlobs();
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  test("writes are refused in etcd's words, all else goes on, and an administrator can end it", async () => {
    const start = (await cluster.api.json<List>("GET", blobs)).metadata.resourceVersion;
    const watch = new Followed(cluster.api, `${blobs}?watch=1&resourceVersion=${start}`);
    const stored: string[] = [];
    let refused = "";
    while (refused === "") {
      assert.ok(stored.length < 40, "etcd never ran out of space");
      const name = `blob-${String(stored.length).padStart(2, "0")}`;
      const { code, text } = await cluster.putBlob("POST", name, mib);
      if (code === 201) stored.push(name);
      else refused = text;
    }
    assertFailure(refused, /^etcdserver: mvcc: database space exceeded$/);
    assertFailure((await cluster.create("small")).text, /^etcdserver: mvcc: database space exceeded$/);
    assert.equal((await cluster.api.ask("GET", "/readyz")).code, 200);
    const { items } = await cluster.api.json<List>("GET", blobs);
    const kept = items.map(({ metadata }) => metadata.name ?? "");
    // etcd stores the write that fills it, and yet answers that there was no room for it.
    assert.ok(kept.length <= stored.length + 1, kept.join());
    assert.deepEqual(kept.slice(0, stored.length), stored);
    for (const name of kept) assert.equal((await cluster.api.ask("DELETE", `${blobs}/${name}`)).code, 200);

    const { maintain } = cluster.member;
    await maintain.compact();
    await maintain.defragment();
    await maintain.disarm();
    assert.equal((await cluster.putBlob("POST", "again", mib)).code, 201);
    const expected = [...kept.map((name) => `ADDED ${name}`), ...kept.map((name) => `DELETED ${name}`), "ADDED again"];
    await eventually(
      "the watch has told everything",
      () => watch.words.length,
      (length) => length === expected.length,
    );
    assert.deepEqual(watch.words, expected);
    assert.equal(watch.ended, false);
  });
});

suite("large objects and answers", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await Cluster.start(1);
    await cluster.serveBlobs();
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  test("an object is refused where etcd's limit, that of its messages, or that of requests ends", async () => {
    const fits = await cluster.putBlob("POST", "fits", 1.45 * mib);
    assert.equal(fits.code, 201);
    assertFailure((await cluster.putBlob("POST", "large", 1.55 * mib)).text, /^etcdserver: request is too large$/);
    const larger =
      /^rpc error: code = ResourceExhausted desc = trying to send message larger than max \(\d+ vs\. 2097152\)$/;
    assertFailure((await cluster.putBlob("POST", "larger", 2.5 * mib)).text, larger);
    const largest = await cluster.putBlob("POST", "largest", 3.1 * mib);
    const { code, reason, message } = JSON.parse(largest.text) as Status;
    assert.deepEqual([code, reason], [413, "RequestEntityTooLarge"]);
    assert.match(message ?? "", /limit is 3145728/);
    const { metadata } = JSON.parse(fits.text) as Listed;
    const update = await cluster.putBlob("PUT", "fits", 1.55 * mib, metadata.resourceVersion);
    assertFailure(update.text, /^etcdserver: request is too large$/);
    const { items } = await cluster.api.json<List>("GET", blobs);
    assert.deepEqual(
      items.map((item) => [item.metadata.name, item.metadata.resourceVersion]),
      [["fits", metadata.resourceVersion]],
    );
  });

  test("what is too much for one answer of etcd is read in pages", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `many-${String(index).padStart(2, "0")}`);
    for (const name of names) assert.equal((await cluster.putBlob("POST", name, 1.4 * mib)).code, 201);
    await cluster.server.restart();
    const { items, metadata } = await cluster.api.json<List>("GET", blobs);
    assert.deepEqual(
      items.map((item) => item.metadata.name),
      ["fits", ...names],
    );
    await cluster.api.ask("DELETE", `${blobs}/fits`);
    await cluster.server.restart();
    const past = `resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`;
    const paged = await cluster.api.json<List>("GET", `${blobs}?${past}`);
    assert.equal(paged.items.length, names.length + 1, "the past is read from etcd alone");
  });
});

suite("etcd forgets", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await Cluster.start(1);
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  test("a watch does not notice a compaction; a version that nobody remembers is gone", async () => {
    const start = await cluster.created("a");
    const watch = new Followed(cluster.api, `${collection}?watch=1&resourceVersion=${start}`);
    await cluster.created("b");
    await cluster.member.maintain.compact();
    await cluster.created("c");
    await eventually(
      "the watch has told both",
      () => watch.words.join(),
      (words) => words === "ADDED b,ADDED c",
    );
    const resumed = new Followed(cluster.api, `${collection}?watch=1&resourceVersion=${start}`);
    await eventually("the server remembers", () => resumed.words.join() === "ADDED b,ADDED c");
    assert.equal(watch.ended, false);
    await cluster.member.maintain.compact();
    await cluster.server.restart();
    const late = new Followed(cluster.api, `${collection}?watch=1&resourceVersion=${start}`);
    await eventually("the watch ends", () => late.ended);
    assert.deepEqual(late.words, ["410 Expired"]);
  });
});

suite("etcd is restored to an earlier state", () => {
  let cluster: Cluster;
  let backup = "";
  before(async () => {
    cluster = await Cluster.start(1);
  });
  after(async () => {
    await cluster?.[Symbol.asyncDispose]();
    if (backup !== "") rmSync(backup, { recursive: true, force: true });
  });

  async function label(name: string, value: string): Promise<void> {
    const headers = { "Content-Type": "application/merge-patch+json" };
    const body = { metadata: { labels: { value } } };
    assert.equal((await cluster.api.ask("PATCH", `${collection}/${name}`, { body, headers })).code, 200);
  }

  test("nothing of the lost state is served as the present one, and clients list again", async () => {
    const { member, api } = cluster;
    await cluster.created("kept");
    await label("kept", "old");
    await member.kill();
    backup = await member.backUp();
    await member.restart();
    await label("kept", "new");
    for (let index = 0; index < 20; index += 1) await cluster.created(`lost-${index}`);
    const lost = (await api.json<List>("GET", collection)).metadata.resourceVersion;
    const watch = new Followed(api, `${collection}?watch=1&resourceVersion=${lost}`);
    await member.kill();
    await member.restore(backup);
    await member.restart();

    // From the first answer on, everything is as it was when the backup was made.
    const answered = await eventually(
      "reads are answered",
      () => api.ask("GET", collection),
      ({ code }) => code === 200,
    );
    const list = JSON.parse(answered.text) as List;
    assert.ok(BigInt(list.metadata.resourceVersion) < BigInt(lost));
    assert.deepEqual(await cluster.names(), ["kept"]);
    assert.equal((await api.ask("GET", `${collection}/lost-1`)).code, 404);
    const kept = await api.json<ConfigMap>("GET", `${collection}/kept`);
    assert.deepEqual(kept.metadata.labels, { value: "old" });

    await eventually("the watch ends", () => watch.ended);
    assert.deepEqual(watch.words, ["410 Expired"]);
    const fromLost = new Followed(api, `${collection}?watch=1&resourceVersion=${lost}`);
    await eventually("a watch from the lost state ends", () => fromLost.ended);
    assert.deepEqual(fromLost.words, ["410 Expired"]);
    const ahead = await api.json<Status>("GET", `${collection}?resourceVersion=${lost}`);
    assert.deepEqual(
      [ahead.code, ahead.reason, ahead.details?.causes?.[0]?.reason],
      [504, "Timeout", "ResourceVersionTooLarge"],
    );

    const again = new Followed(api, `${collection}?watch=1&resourceVersion=${list.metadata.resourceVersion}`);
    await label("kept", "newer");
    await cluster.created("after");
    await eventually(
      "a watch from the present state goes on",
      () => again.words.join(),
      (words) => words === "MODIFIED kept,ADDED after",
    );
  });
});

suite("members of etcd fail", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await Cluster.start(3);
  });
  after(async () => {
    for (const member of cluster?.members ?? []) member.resume();
    await cluster?.[Symbol.asyncDispose]();
  });

  /** Creates objects until one was acknowledged that was begun after the call; answers all that were. */
  async function createUntilAcknowledged(prefix: string): Promise<string[]> {
    let attempts = 0;
    const acknowledged: string[] = [];
    await eventually("a write is acknowledged", async () => {
      const name = `${prefix}-${(attempts += 1)}`;
      const { code, text } = await cluster.create(name);
      if (code === 201) acknowledged.push(name);
      else assert.ok(code === 500 || code === 504, text);
      return code === 201;
    });
    return acknowledged;
  }

  async function assertAllThere(names: readonly string[], watch: Followed): Promise<void> {
    const listed = await cluster.names();
    for (const name of names) {
      assert.ok(listed.includes(name), `${name} was acknowledged and is gone`);
      await eventually(`the watch has told of ${name}`, () => watch.words.includes(`ADDED ${name}`));
      assert.equal(watch.words.filter((word) => word === `ADDED ${name}`).length, 1);
    }
    assert.equal(watch.ended, false);
  }

  async function watchFromNow(): Promise<Followed> {
    const { metadata } = await cluster.api.json<List>("GET", collection);
    return new Followed(cluster.api, `${collection}?watch=1&resourceVersion=${metadata.resourceVersion}`);
  }

  test("a member that hangs is left by reads, writes and watches", async () => {
    const watch = await watchFromNow();
    const [hanging] = cluster.members as [EtcdProcess, ...EtcdProcess[]];
    hanging.pause();
    const reads = performance.now();
    assert.equal((await cluster.api.ask("GET", `${collection}/kube-root-ca.crt`)).code, 404);
    assert.ok(performance.now() - reads < 10_000);
    const acknowledged = await createUntilAcknowledged("hanging");
    await assertAllThere(acknowledged, watch);
    hanging.resume();
    await assertAllThere([...acknowledged, ...(await createUntilAcknowledged("resumed"))], watch);
  });

  test("the leader is lost, and another one found", async () => {
    const watch = await watchFromNow();
    const leader = await eventually("there is a leader", async () => {
      for (const member of cluster.members) if (await member.maintain.leads()) return member;
      return undefined;
    });
    assert.ok(leader);
    await leader.kill();
    const acknowledged = await createUntilAcknowledged("leaderless");
    await assertAllThere(acknowledged, watch);
    await leader.restart();
    await assertAllThere([...acknowledged, ...(await createUntilAcknowledged("reelected"))], watch);
  });

  test("without a majority nothing is promised, but what is known may be read", async () => {
    const before = await cluster.names();
    const [first, second] = cluster.members as [EtcdProcess, EtcdProcess, EtcdProcess];
    await Promise.all([first.kill(), second.kill()]);
    const [write, read, known] = await Promise.all([
      cluster.create("minority"),
      cluster.api.json<Status>("GET", collection),
      cluster.names("resourceVersion=0"),
    ]);
    assert.ok(write.code >= 500, write.text);
    assert.deepEqual([read.code, read.reason], [504, "Timeout"]);
    assert.deepEqual(known, before);
    assert.equal((await cluster.api.ask("GET", "/readyz")).code, 500);
    await Promise.all([first.restart(), second.restart()]);
    const acknowledged = await createUntilAcknowledged("majority");
    // Whatever a list that is answered tells, these are in it.
    const list = () => cluster.api.ask("GET", collection);
    const { text } = await eventually("a list is answered", list, ({ code }) => code === 200);
    const found = (JSON.parse(text) as List).items.map(({ metadata }) => metadata.name ?? "");
    assert.deepEqual(new Set([...before, ...acknowledged]).difference(new Set(found)), new Set());
  });
});
