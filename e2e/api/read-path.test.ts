import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

interface ConfigMapList {
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  readonly items: readonly ConfigMap[];
}

interface WatchEvent {
  readonly type: string;
  readonly object: ConfigMap & Status;
}

const server = serverForTests();
const api = new ApiRequests(server);
let namespace = "";
let namespaces = 0;

beforeEach(async () => {
  namespaces += 1;
  namespace = `reads-${namespaces}`;
  await api.ask("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
});

const collection = () => `/api/v1/namespaces/${namespace}/configmaps`;
const namesOf = ({ items }: ConfigMapList) => items.map(({ metadata }) => metadata.name);

async function create(name: string, labels: Record<string, string> = {}): Promise<string> {
  const { metadata } = await api.json<ConfigMap>("POST", collection(), { body: { metadata: { name, labels } } });
  return metadata.resourceVersion ?? "";
}

async function label(name: string, value: string): Promise<string> {
  const body = { metadata: { labels: { shown: value } } };
  const headers = { "Content-Type": "application/merge-patch+json" };
  const { metadata } = await api.json<ConfigMap>("PATCH", `${collection()}/${name}`, { body, headers });
  return metadata.resourceVersion ?? "";
}

const list = (query: string) => api.json<ConfigMapList>("GET", `${collection()}?${query}`);
const refusal = (query: string) => api.json<Status>("GET", `${collection()}?${query}`);

/** Throws away what etcd knows of versions before this one, and what the server has kept of them. */
async function forgetBefore(resourceVersion: string): Promise<void> {
  const body = JSON.stringify({ revision: resourceVersion, physical: true });
  const { ok } = await fetch(`${server.etcdUrl}/v3/kv/compaction`, { method: "POST", body });
  assert.ok(ok);
  await server.restart();
}

async function eventsUntil(path: string, done: (event: WatchEvent) => boolean): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of api.watch<WatchEvent>(path)) {
    events.push(event);
    if (done(event)) return events;
  }
  return events;
}

suite("lists", () => {
  test("pages show one state, whatever is written between them", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) await create(name);
    const first = await list("limit=2");
    assert.deepEqual(namesOf(first), ["a", "b"]);
    assert.equal(first.metadata.remainingItemCount, 3);
    await create("bb");
    await api.ask("DELETE", `${collection()}/c`);
    const second = await list(`limit=2&continue=${first.metadata.continue}`);
    assert.deepEqual(namesOf(second), ["c", "d"]);
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    const third = await list(`limit=2&continue=${second.metadata.continue}`);
    assert.deepEqual(namesOf(third), ["e"]);
    assert.equal(third.metadata.continue, undefined);
  });

  test("a version is read exactly where that is asked for, or a limit comes with it", async () => {
    const before = await create("a");
    await create("b");
    for (const query of ["resourceVersionMatch=Exact", "limit=5"]) {
      const exact = await list(`resourceVersion=${before}&${query}`);
      assert.deepEqual(namesOf(exact), ["a"], query);
      assert.equal(exact.metadata.resourceVersion, before);
    }
    for (const query of ["resourceVersionMatch=NotOlderThan", "resourceVersionMatch=NotOlderThan&limit=5", ""]) {
      assert.deepEqual(namesOf(await list(`resourceVersion=${before}&${query}`)), ["a", "b"], query);
    }
    assert.deepEqual(namesOf(await list("resourceVersion=0&limit=1")), ["a", "b"], "any version is not paged");
  });

  test("a state that is gone is 410, with a token to go on nevertheless", async () => {
    for (const name of ["a", "b", "c"]) await create(name);
    const first = await list("limit=1");
    const latest = await create("d");
    await forgetBefore(latest);
    const tooOld = await refusal(`resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`);
    assert.deepEqual([tooOld.code, tooOld.reason], [410, "Expired"]);
    assert.equal(tooOld.message, "The resourceVersion for the provided list is too old.");
    const expired = await refusal(`limit=1&continue=${first.metadata.continue}`);
    assert.deepEqual([expired.code, expired.reason], [410, "Expired"]);
    assert.match(
      expired.message ?? "",
      /^The provided continue parameter is too old to display a consistent list result\./,
    );
    const rest = await list(`limit=2&continue=${expired.metadata?.continue}`);
    assert.deepEqual(namesOf(rest), ["b", "c"]);
    assert.deepEqual(namesOf(await list(`continue=${rest.metadata.continue}`)), ["d"]);
  });

  test("a version that is not there yet is 504", async () => {
    const latest = await create("a");
    const answer = await refusal(`resourceVersion=${Number(latest) + 100_000}`);
    assert.deepEqual([answer.code, answer.reason], [504, "Timeout"]);
    assert.match(answer.message ?? "", /^Timeout: Too large resource version: \d+, current: \d+$/);
    assert.equal(answer.details?.causes?.[0]?.reason, "ResourceVersionTooLarge");
    assert.equal(answer.details?.retryAfterSeconds, 1);
  });
});

suite("watches", () => {
  test("initial events end with a bookmark that says so", async () => {
    await create("a");
    const latest = await create("b");
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const events = await eventsUntil(`${collection()}?${query}`, ({ type }) => type === "BOOKMARK");
    assert.deepEqual(
      events.map(({ type, object }) => `${type} ${object.metadata.name ?? ""}`),
      ["ADDED a", "ADDED b", "BOOKMARK "],
    );
    const bookmark = events.at(-1)?.object;
    assert.equal(bookmark?.metadata.annotations?.["k8s.io/initial-events-end"], "true");
    assert.ok(BigInt(bookmark?.metadata.resourceVersion ?? "0") >= BigInt(latest));
  });

  test("a selector turns updates into additions and deletions", async () => {
    const start = await create("a", { shown: "no" });
    await label("a", "yes");
    await label("a", "no");
    await create("end", { shown: "yes" });
    const path = `${collection()}?watch=1&labelSelector=shown%3Dyes&resourceVersion=${start}`;
    const events = await eventsUntil(path, ({ object }) => object.metadata.name === "end");
    assert.deepEqual(
      events.map(({ type, object }) => `${type} ${object.metadata.name} ${object.metadata.labels?.["shown"]}`),
      ["ADDED a yes", "DELETED a yes", "ADDED end yes"],
    );
  });

  test("a watch goes on after the version that it is given, and ends when its time is up", async () => {
    const start = await create("a");
    await create("b");
    await create("c");
    const begin = performance.now();
    const events = await eventsUntil(`${collection()}?watch=1&timeoutSeconds=1&resourceVersion=${start}`, () => false);
    assert.deepEqual(
      events.map(({ object }) => object.metadata.name),
      ["b", "c"],
    );
    assert.ok(performance.now() - begin >= 900);
  });

  test("a watch from a version that is gone gets one error event", async () => {
    const old = await create("a");
    const latest = await create("b");
    await forgetBefore(latest);
    const events = await eventsUntil(`${collection()}?watch=1&resourceVersion=${old}`, () => false);
    assert.deepEqual(
      events.map(({ type, object }) => [type, object.code, object.reason]),
      [["ERROR", 410, "Expired"]],
    );
  });
});
