import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { KubeList, WatchEvent } from "@kube-ts/api/object";
import { apiError, resourceExpired, serverTooBusy } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import type { ListOptions } from "./client.ts";
import { InformerCache } from "./informer-cache.ts";
import { Reflector } from "./reflector.ts";
import { ScriptedResource } from "./testing/scripted-resource.ts";
import { TransportError } from "./transport-error.ts";

function configMap(name: string, resourceVersion: string, uid = `uid-${name}`): ConfigMap {
  return { metadata: { namespace: "ns", name, uid, resourceVersion } };
}

function listOf(resourceVersion: string, ...items: ConfigMap[]): KubeList<ConfigMap> {
  return { metadata: { resourceVersion }, items };
}

function event(type: "ADDED" | "MODIFIED" | "DELETED", name: string, version: string): WatchEvent<ConfigMap> {
  return { type, object: configMap(name, version) };
}

function bookmark(resourceVersion: string): WatchEvent<ConfigMap> {
  return { type: "BOOKMARK", object: { metadata: { resourceVersion } } };
}

/** A reflector into a cache, run on a clock that stands still until it is moved. */
function start(answer: (options: ListOptions) => KubeList<ConfigMap>) {
  const clock = new FakeClock();
  const resource = new ScriptedResource<ConfigMap>(answer);
  const cache = new InformerCache<ConfigMap>();
  const told: string[] = [];
  cache.subscribe({
    added: ({ metadata }) => void told.push(`+${metadata.name}`),
    updated: (_old, { metadata }) => void told.push(`~${metadata.name}@${metadata.resourceVersion}`),
    deleted: ({ metadata }) => void told.push(`-${metadata.name}`),
  });
  const controller = new AbortController();
  const environment = { clock, random: seededRandom(1), log: silentLogger };
  const reflector = new Reflector(resource.asClient(), { namespace: "ns" }, cache, environment);
  const running = reflector.run(controller.signal);
  const names = () => cache.list().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
  const stop = async () => {
    controller.abort();
    await running;
  };
  return { clock, resource, cache, told, names, running, stop };
}

test("pages are put together, and the watch starts at the list's version", async () => {
  const { clock, resource, names, stop } = start(({ continueToken }) =>
    continueToken === undefined
      ? { metadata: { resourceVersion: "7", continue: "page2" }, items: [configMap("a", "1")] }
      : listOf("7", configMap("b", "2")),
  );
  await clock.advance(0);
  assert.deepEqual(resource.lists, [
    { namespace: "ns", resourceVersion: "0", limit: 500 },
    { namespace: "ns", continueToken: "page2", limit: 500 },
  ]);
  assert.deepEqual(names(), ["a@1", "b@2"]);
  assert.equal(resource.lastWatch.options.resourceVersion, "7");
  assert.equal(resource.lastWatch.options.allowBookmarks, true);
  await stop();
});

test("a watch that ends is resumed after the last event or bookmark, without a list", async () => {
  const { clock, resource, names, told, stop } = start(() => listOf("5", configMap("a", "5")));
  await clock.advance(0);
  resource.lastWatch.send(event("ADDED", "b", "6"), event("MODIFIED", "a", "7"), event("DELETED", "b", "8"));
  await clock.advance(2_000);
  resource.lastWatch.end();
  await clock.advance(0);
  assert.equal(resource.lastWatch.options.resourceVersion, "8");
  resource.lastWatch.send(bookmark("30"));
  resource.lastWatch.end();
  await clock.advance(0);
  assert.equal(resource.watches.length, 3);
  assert.equal(resource.lastWatch.options.resourceVersion, "30");
  assert.equal(resource.lists.length, 1);
  assert.deepEqual(told, ["+a", "+b", "~a@7", "-b"]);
  assert.deepEqual(names(), ["a@7"]);
  await stop();
});

test("a broken connection is resumed after a growing pause", async () => {
  const { clock, resource, stop } = start(() => listOf("5"));
  await clock.advance(0);
  const waits: number[] = [];
  for (let failure = 0; failure < 8; failure += 1) {
    const { length } = resource.watches;
    const startMs = clock.now();
    resource.lastWatch.end(new TransportError("connection refused", "ECONNREFUSED"));
    while (resource.watches.length === length) await clock.advance(100);
    waits.push(clock.now() - startMs);
  }
  assert.equal(resource.lists.length, 1);
  waits.forEach((waitMs, index) => {
    const baseMs = Math.min(30_000, 800 * 2 ** index);
    assert.ok(waitMs >= baseMs && waitMs <= 2 * baseMs + 100, `pause ${index} was ${waitMs} ms`);
  });
  await stop();
});

test("after an expired version the list shows what was missed, deletions included", async () => {
  let current = listOf("5", configMap("a", "3"), configMap("b", "4"));
  const { clock, resource, told, stop } = start(() => current);
  await clock.advance(0);
  current = listOf("90", configMap("b", "60"), configMap("c", "61"));
  const { status } = resourceExpired("too old resource version: 5 (80)");
  resource.lastWatch.send({ type: "ERROR", object: status });
  await clock.advance(0);
  assert.deepEqual(resource.lists.at(-1), { namespace: "ns", limit: 500 });
  assert.deepEqual(told.splice(0, 2), ["+a", "+b"]);
  assert.deepEqual(told, ["-a", "~b@60", "+c"]);
  assert.equal(resource.lastWatch.options.resourceVersion, "90");
  await stop();
});

test("a watch that is refused as expired lists again too", async () => {
  const { clock, resource, stop } = start(() => listOf("5"));
  await clock.advance(0);
  resource.lastWatch.end(resourceExpired("too old"));
  await clock.advance(0);
  assert.equal(resource.lists.length, 2);
  assert.equal(resource.watches.length, 2);
  await stop();
});

test("a busy server is asked again for the same watch", async () => {
  const { clock, resource, stop } = start(() => listOf("5"));
  await clock.advance(0);
  resource.lastWatch.end(serverTooBusy(1));
  await clock.advance(2_000);
  assert.equal(resource.lists.length, 1);
  assert.equal(resource.watches.length, 2);
  await stop();
});

test("another error lists again, no older than what is known", async () => {
  const { clock, resource, stop } = start(() => listOf("5"));
  await clock.advance(0);
  resource.lastWatch.send(bookmark("9"), {
    type: "ERROR",
    object: apiError({ code: 500, reason: "InternalError", message: "x" }).status,
  });
  await clock.advance(2_000);
  assert.deepEqual(resource.lists.at(-1), {
    namespace: "ns",
    resourceVersion: "9",
    resourceVersionMatch: "NotOlderThan",
    limit: 500,
  });
  await stop();
});

test("a list from a server that lags behind is not believed", async () => {
  let version = "50";
  const { clock, resource, names, stop } = start(({ resourceVersion }) => {
    if (resourceVersion === undefined) return listOf("60", configMap("a", "55"));
    return listOf(version, ...(version === "50" ? [configMap("a", "50")] : []));
  });
  await clock.advance(0);
  version = "40";
  resource.lastWatch.end(apiError({ code: 400, reason: "BadRequest", message: "no" }));
  await clock.advance(5_000);
  assert.deepEqual(names(), ["a@55"]);
  assert.equal(resource.lastWatch.options.resourceVersion, "60");
  await stop();
});

test("events that repeat or go back are dropped", async () => {
  const { clock, resource, told, names, stop } = start(() => listOf("50", configMap("a", "40")));
  await clock.advance(0);
  resource.lastWatch.send(
    event("MODIFIED", "a", "39"),
    event("DELETED", "a", "45"),
    event("MODIFIED", "a", "51"),
    event("MODIFIED", "a", "51"),
    event("ADDED", "ghost", "12"),
    event("MODIFIED", "a", "100"),
  );
  await clock.advance(0);
  assert.deepEqual(told, ["+a", "~a@51", "~a@100"]);
  assert.deepEqual(names(), ["a@100"]);
  await stop();
});

test("pages that expire half way are listed in one piece", async () => {
  let expire = true;
  const { clock, resource, names, stop } = start(({ continueToken, limit, resourceVersion }) => {
    if (resourceVersion === "0") throw resourceExpired("initial");
    if (continueToken !== undefined && expire) throw resourceExpired("the continue token is too old");
    if (limit === undefined) return listOf("9", configMap("a", "1"), configMap("b", "2"));
    return { metadata: { resourceVersion: "8", continue: "next" }, items: [configMap("a", "1")] };
  });
  await clock.advance(0);
  expire = false;
  assert.deepEqual(resource.lists.at(-1), { namespace: "ns" });
  assert.deepEqual(names(), ["a@1", "b@2"]);
  await stop();
});

test("a failing list is retried, and nothing is synced before one succeeds", async () => {
  let failures = 3;
  const { clock, cache, stop } = start(() => {
    if (failures-- > 0) throw new TransportError("connection refused", "ECONNREFUSED");
    return listOf("5");
  });
  await clock.advance(0);
  assert.equal(cache.synced, false);
  await clock.advance(12_000);
  assert.equal(cache.synced, true);
  await stop();
});

test("a watch that ends at once over and over does not spin", async () => {
  const { clock, resource, stop } = start(() => listOf("5"));
  await clock.advance(0);
  for (let round = 0; round < 50; round += 1) {
    resource.lastWatch.end();
    await clock.advance(100);
  }
  assert.ok(resource.watches.length < 10, `${resource.watches.length} watches in 5 s`);
  await stop();
});

test("a handler that throws ends the reflector with its error", async () => {
  const { clock, resource, cache, running } = start(() => listOf("5"));
  await clock.advance(0);
  const failure = new Error("handler is broken");
  cache.subscribe({
    added: () => {
      throw failure;
    },
  });
  resource.lastWatch.send(event("ADDED", "a", "6"));
  await assert.rejects(running, (error) => error === failure);
});
