import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { randomInt, seededRandom } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { isLinearizable } from "../harness/linearizability.ts";
import type { RegisterCall, RegisterOperation, RegisterOutcome } from "../harness/linearizability.ts";

// The four guarantees that clients build on, on two API servers over three members of etcd.

const collection = "/api/v1/namespaces/default/configmaps";
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

let directory: string;
let members: EtcdProcess[];
let servers: ServerUnderTest[];
let apis: ApiRequests[];

before(async () => {
  process.stdout.write(`seed ${seed}\n`);
  directory = mkdtempSync(join(tmpdir(), "kube-ts-consistency-"));
  members = await EtcdProcess.startCluster(3);
  const shared = { etcd: members, pki: join(directory, "pki") };
  servers = [await startServer([], shared)];
  // Prefers another member, so that the servers do not see the same one fail.
  servers.push(await startServer([], { ...shared, etcd: [...members.slice(1), ...members.slice(0, 1)] }));
  apis = servers.map((server) => new ApiRequests(server));
});

after(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  for (const member of members) await member[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const oneOf = <T>(random: Random, values: readonly T[]): T => values[randomInt(random, values.length)] as T;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills or stops one member of etcd after the other until told to end; a majority always works. */
async function troubleMembers(random: Random, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const member = oneOf(random, members);
    if (randomInt(random, 2) === 0) {
      await member.kill();
      await pause(300 + randomInt(random, 700));
      await member.restart();
    } else {
      member.pause();
      await pause(300 + randomInt(random, 1_200));
      member.resume();
    }
    await pause(randomInt(random, 800));
  }
}

suite("histories are linearizable while members of etcd die and hang", () => {
  const names = ["r0", "r1", "r2", "r3", "r4", "r5"];
  const clients = 6;
  const durationMs = 12_000;
  const callsOfName = 90;

  async function send(api: ApiRequests, name: string, operation: RegisterOperation): Promise<RegisterOutcome> {
    const object = `${collection}/${name}`;
    const body = (value: string) => ({ metadata: { name }, data: { value } });
    try {
      if (operation.kind === "read") {
        const { code, text } = await api.ask("GET", object);
        if (code === 404) return { kind: "absent" };
        if (code !== 200) return { kind: "unknown" };
        return { kind: "found", value: (JSON.parse(text) as ConfigMap).data?.["value"] ?? "" };
      }
      const { code } =
        operation.kind === "create"
          ? await api.ask("POST", collection, { body: body(operation.value) })
          : operation.kind === "replace"
            ? await api.ask("PUT", object, { body: body(operation.value) })
            : await api.ask("DELETE", object);
      if (code < 300) return { kind: "done" };
      // A conflict of an unconditional update is the server's to retry; it tells that nothing was written.
      return code === 404 || (code === 409 && operation.kind === "create") ? { kind: "refused" } : { kind: "unknown" };
    } catch {
      return { kind: "unknown" };
    }
  }

  test("reads, creations, replacements and deletions", async () => {
    const random = seededRandom(seed);
    const history = new Map<string, RegisterCall[]>(names.map((name) => [name, []]));
    const stop = new AbortController();
    const trouble = troubleMembers(random, stop.signal);
    const end = performance.now() + durationMs;
    let values = 0;
    const client = async () => {
      while (performance.now() < end) {
        const name = oneOf(random, names);
        const calls = history.get(name) ?? [];
        if (calls.length >= callsOfName) {
          await pause(20);
          continue;
        }
        const value = `v${(values += 1)}`;
        const kind = oneOf(random, ["create", "replace", "delete", "read", "read"] as const);
        const operation = kind === "create" || kind === "replace" ? { kind, value } : { kind };
        const calledAt = performance.now();
        const pending = { operation, outcome: { kind: "unknown" }, calledAt, returnedAt: Infinity } as const;
        const place = calls.push(pending) - 1;
        const outcome = await send(oneOf(random, apis), name, operation);
        calls[place] = { operation, outcome, calledAt, returnedAt: performance.now() };
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    stop.abort();
    await trouble;
    let known = 0;
    for (const [name, calls] of history) {
      known += calls.filter(({ outcome }) => outcome.kind !== "unknown").length;
      assert.ok(isLinearizable(calls), `seed ${seed}, ${name}: ${JSON.stringify(calls, undefined, 1)}`);
    }
    assert.ok(known > 100, `only ${known} calls got an answer`);
  });
});

test("no update is lost under 100 writers", async () => {
  await apis[0]?.ask("POST", collection, { body: { metadata: { name: "counter" }, data: { count: "0" } } });
  const increment = async (api: ApiRequests): Promise<void> => {
    for (;;) {
      const read = await api.json<ConfigMap>("GET", `${collection}/counter`);
      const count = String(Number(read.data?.["count"]) + 1);
      const { code, text } = await api.ask("PUT", `${collection}/counter`, { body: { ...read, data: { count } } });
      if (code === 200) return;
      assert.equal(code, 409, text);
    }
  };
  await Promise.all(Array.from({ length: 100 }, (_, index) => increment(apis[index % 2] as ApiRequests)));
  for (const api of apis) {
    assert.equal((await api.json<ConfigMap>("GET", `${collection}/counter`)).data?.["count"], "100");
  }
});

test("no list is older than a write acknowledged by the other server", async () => {
  const [writer, reader] = apis as [ApiRequests, ApiRequests];
  for (let round = 0; round < 50; round += 1) {
    const body = { metadata: { name: `fresh-${round}`, labels: { suite: "fresh" } } };
    const { metadata } = await writer.json<ConfigMap>("POST", collection, { body });
    const list = await reader.json<{ items: ConfigMap[]; metadata: { resourceVersion: string } }>(
      "GET",
      `${collection}?labelSelector=suite%3Dfresh`,
    );
    assert.equal(list.items.length, round + 1);
    assert.ok(BigInt(list.metadata.resourceVersion) >= BigInt(metadata.resourceVersion ?? "0"));
  }
});

test("both servers show at a version what etcd has at it", async () => {
  const list = await (apis[0] as ApiRequests).json<{ metadata: { resourceVersion: string } }>("GET", collection);
  const { resourceVersion } = list.metadata;
  const prefix = "/registry/configmaps/default/";
  const range = { key: btoa(prefix), range_end: btoa(prefix.replace(/\/$/, "0")), revision: resourceVersion };
  const [member] = members;
  const response = await fetch(`${member?.endpoint}/v3/kv/range`, { method: "POST", body: JSON.stringify(range) });
  const { kvs } = (await response.json()) as { kvs: { key: string; mod_revision: string }[] };
  const stored = kvs.map(({ key, mod_revision }) => `${atob(key).slice(prefix.length)} ${mod_revision}`);
  assert.ok(stored.length > 50);
  for (const api of apis) {
    const query = `resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`;
    const { items } = await api.json<{ items: ConfigMap[] }>("GET", `${collection}?${query}`);
    assert.deepEqual(
      items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`),
      stored,
    );
  }
});

suite("watches", () => {
  interface Event {
    readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    readonly object: ConfigMap;
  }

  /** Follows the objects as an informer does, and fails for an event that the contract forbids. */
  class Follower {
    readonly seen = new Map<string, string>();
    events = 0;
    resumed = 0;
    relisted = 0;
    #version = "";
    readonly #api: ApiRequests;
    readonly #selector = "labelSelector=suite%3Dwatched";

    constructor(api: ApiRequests) {
      this.#api = api;
    }

    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        if (this.#version === "") await this.#list();
        const path = `${collection}?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&${this.#selector}`;
        for await (const event of this.#api.watch<Event>(`${path}&resourceVersion=${this.#version}`)) this.#take(event);
        this.resumed += 1;
      }
    }

    async #list(): Promise<void> {
      const list = await this.#api.json<{ items: ConfigMap[]; metadata: { resourceVersion: string } }>(
        "GET",
        `${collection}?${this.#selector}`,
      );
      this.relisted += 1;
      this.seen.clear();
      for (const { metadata } of list.items) this.seen.set(metadata.name ?? "", metadata.resourceVersion ?? "");
      this.#version = list.metadata.resourceVersion;
    }

    #take({ type, object }: Event): void {
      if (type === "ERROR") {
        this.#version = "";
        return;
      }
      const { name = "", resourceVersion = "" } = object.metadata;
      const [now, before] = [BigInt(resourceVersion), BigInt(this.#version)];
      // Bookmarks may repeat a version; events never do.
      assert.ok(type === "BOOKMARK" ? now >= before : now > before, `${type} ${name} at ${now} after ${before}`);
      this.#version = resourceVersion;
      if (type === "BOOKMARK") return;
      this.events += 1;
      assert.equal(this.seen.has(name), type !== "ADDED", `${type} of ${name}`);
      if (type === "DELETED") this.seen.delete(name);
      else this.seen.set(name, resourceVersion);
    }
  }

  test("tell every change once and in order, also when etcd forgets all the time", async () => {
    const random = seededRandom(seed + 1);
    const stop = new AbortController();
    const followers = Array.from({ length: 6 }, (_, index) => new Follower(apis[index % 2] as ApiRequests));
    const following = followers.map((follower) => follower.run(stop.signal));
    const compacting = compactOften(stop.signal);
    const end = performance.now() + 8_000;
    let writes = 0;
    while (performance.now() < end) {
      const api = oneOf(random, apis);
      const name = `watched-${randomInt(random, 12)}`;
      const body = { metadata: { name, labels: { suite: "watched" } }, data: { write: String(writes) } };
      const { code } = await api.ask("PUT", `${collection}/${name}`, { body });
      if (code === 404) await api.ask("POST", collection, { body });
      else if (randomInt(random, 4) === 0) await api.ask("DELETE", `${collection}/${name}`);
      writes += 1;
    }
    const { items } = await (apis[0] as ApiRequests).json<{ items: ConfigMap[] }>(
      "GET",
      `${collection}?labelSelector=suite%3Dwatched`,
    );
    const expected = new Map(items.map(({ metadata }) => [metadata.name ?? "", metadata.resourceVersion ?? ""]));
    for (const follower of followers) {
      await eventually(
        "the follower has everything",
        () => [...follower.seen].toSorted(),
        (seen) => JSON.stringify(seen) === JSON.stringify([...expected].toSorted()),
      );
      assert.ok(
        follower.events > 0 && follower.resumed > 1,
        `${follower.events} events, ${follower.resumed} resumptions`,
      );
    }
    stop.abort();
    await Promise.all([...following, compacting]);
  });

  async function compactOften(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const status = await fetch(`${members[0]?.endpoint}/v3/kv/range`, { method: "POST", body: '{"key":"AA=="}' });
      const { header } = (await status.json()) as { header: { revision: string } };
      const body = JSON.stringify({ revision: header.revision });
      await fetch(`${members[0]?.endpoint}/v3/kv/compaction`, { method: "POST", body });
      await pause(200);
    }
  }
});
