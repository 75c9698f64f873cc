import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap, Pod } from "@kube-ts/api/core/v1";
import { invalidField } from "@kube-ts/api/field-error";
import { isAlreadyExists, isConflict, isInvalid, isNotFound } from "@kube-ts/api/status-error";
import { configMapResource } from "./core/config-map.ts";
import { podResource } from "./core/pod.ts";
import { deleteObject } from "./deletion.ts";
import { memoryRegistry } from "./testing/memory-registry.ts";
import type { MemoryRegistry } from "./testing/memory-registry.ts";

const namespace = "default";
const configMap = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name },
  ...(Object.keys(data).length > 0 && { data }),
});

const { strategy } = configMapResource;

async function remove<T extends ConfigMap | Pod>(under: MemoryRegistry<T>, name: string, options = {}) {
  const { context, signal } = under.request();
  return deleteObject(under.registry, namespace, name, { options, context, signal, validate: () => Promise.resolve() });
}

test("a created object has an identity and can be read back", async () => {
  await using under = await memoryRegistry(configMapResource);
  const { object, created, revision } = await under.registry.create(configMap("a"), namespace, under.request());
  assert.ok(created);
  assert.match(object.metadata.uid ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(object.metadata.resourceVersion, String(revision));
  const latest = await under.registry.readLatest(namespace, "a", AbortSignal.timeout(1_000));
  assert.deepEqual(JSON.parse(latest?.bytes.toString() ?? "{}"), object);
});

test("a second create of the same name is refused", async () => {
  await using under = await memoryRegistry(configMapResource);
  await under.registry.create(configMap("a"), namespace, under.request());
  await assert.rejects(under.registry.create(configMap("a"), namespace, under.request()), isAlreadyExists);
});

test("a generated name that is taken is generated anew", async () => {
  await using under = await memoryRegistry(configMapResource);
  const named = { ...configMap(""), metadata: { generateName: "x-" } };
  const names = new Set<string>();
  for (let count = 0; count < 20; count += 1) {
    const { object } = await under.registry.create(structuredClone(named), namespace, under.request());
    names.add(object.metadata.name ?? "");
  }
  assert.equal(names.size, 20);
});

test("a dry run stores nothing", async () => {
  await using under = await memoryRegistry(configMapResource);
  await under.registry.create(configMap("a"), namespace, under.request({ dryRun: true }));
  assert.equal(await under.registry.readLatest(namespace, "a", AbortSignal.timeout(1_000)), undefined);
});

test("an update with a stale resourceVersion is a conflict, even when the cache is as stale", async () => {
  await using under = await memoryRegistry(configMapResource);
  const { object: first } = await under.registry.create(configMap("a"), namespace, under.request());
  await under.registry.update(
    namespace,
    "a",
    strategy,
    (current) => ({ ...current, data: { x: "1" } }),
    under.request(),
  );
  const stale = () => structuredClone(first);
  await assert.rejects(under.registry.update(namespace, "a", strategy, stale, under.request()), isConflict);
});

test("what a stale guess led to is tried again on the real state", async () => {
  await using under = await memoryRegistry(configMapResource);
  await under.registry.create(configMap("a", { n: "0" }), namespace, under.request());
  const increment = (current: ConfigMap): ConfigMap => {
    const { resourceVersion: _any, ...metadata } = current.metadata;
    return { ...current, metadata, data: { n: String(Number(current.data?.["n"]) + 1) } };
  };
  const writers = Array.from({ length: 100 }, () =>
    under.registry.update(namespace, "a", strategy, increment, under.request()),
  );
  await Promise.all(writers);
  const latest = await under.registry.readLatest(namespace, "a", AbortSignal.timeout(1_000));
  assert.equal((JSON.parse(latest?.bytes.toString() ?? "{}") as ConfigMap).data?.["n"], "100");
});

test("an update that changes nothing writes nothing", async () => {
  await using under = await memoryRegistry(configMapResource);
  const { revision } = await under.registry.create(configMap("a"), namespace, under.request());
  const written = await under.registry.update(namespace, "a", strategy, (current) => current, under.request());
  assert.equal(written.revision, revision);
});

test("an update of what does not exist is not found", async () => {
  await using under = await memoryRegistry(configMapResource);
  await assert.rejects(
    under.registry.update(namespace, "a", strategy, (current) => current, under.request()),
    isNotFound,
  );
});

test("a refused write gives back what it had reserved", async () => {
  const log: string[] = [];
  const reservation = { commit: () => void log.push("commit"), rollback: () => void log.push("rollback") };
  await using under = await memoryRegistry(configMapResource, { beforeWrite: () => Promise.resolve(reservation) });
  const invalid = configMap("a", { "not a key": "x" });
  await assert.rejects(under.registry.create(invalid, namespace, under.request()), isInvalid);
  await under.registry.create(configMap("a"), namespace, under.request());
  await assert.rejects(under.registry.create(configMap("a"), namespace, under.request()), isAlreadyExists);
  assert.deepEqual(log, ["rollback", "commit", "rollback"]);
});

test("a deletion without finalizers removes the object at once", async () => {
  await using under = await memoryRegistry(configMapResource);
  await under.registry.create(configMap("a"), namespace, under.request());
  assert.equal((await remove(under, "a")).state, "removed");
  await assert.rejects(remove(under, "a"), isNotFound);
});

test("a finalizer holds the object until it is taken off", async () => {
  await using under = await memoryRegistry(configMapResource);
  const held = configMap("a");
  held.metadata.finalizers = ["example.com/hold"];
  await under.registry.create(held, namespace, under.request());
  const deletion = await remove(under, "a");
  assert.equal(deletion.state, "pending");
  assert.ok(deletion.object.metadata.deletionTimestamp);
  const release = (current: ConfigMap) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } });
  await under.registry.update(namespace, "a", strategy, release, under.request());
  assert.equal(await under.registry.readLatest(namespace, "a", AbortSignal.timeout(1_000)), undefined);
});

test("preconditions of a deletion are checked", async () => {
  await using under = await memoryRegistry(configMapResource);
  await under.registry.create(configMap("a"), namespace, under.request());
  await assert.rejects(remove(under, "a", { preconditions: { uid: "another" } }), isConflict);
});

test("a scheduled pod is deleted gracefully, and at once with a period of zero", async () => {
  await using under = await memoryRegistry(podResource);
  const pod: Pod = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "p" },
    spec: { nodeName: "n", containers: [{ name: "c", image: "i" }] },
  };
  podResource.strategy.defaults?.(pod);
  await under.registry.create(pod, namespace, under.request());
  const graceful = await remove(under, "p");
  assert.equal(graceful.state, "pending");
  assert.equal(graceful.object.metadata.deletionGracePeriodSeconds, 30);
  assert.equal((await remove(under, "p", { gracePeriodSeconds: 0 })).state, "removed");
});

test("a version may ask for more than the resource does", async () => {
  await using under = await memoryRegistry(configMapResource);
  const strict = {
    ...under.request(),
    versionErrors: (object: ConfigMap, old: ConfigMap | undefined) =>
      object.data?.["x"] === old?.data?.["x"] ? [] : [invalidField("data[x]", object.data?.["x"], "is odd")],
  };
  await assert.rejects(under.registry.create(configMap("a", { x: "1" }), namespace, strict), /data\[x\].*is odd/);
  await under.registry.create(configMap("a", { x: "1" }), namespace, under.request());
  const setX = (x: string) => (current: ConfigMap) => ({ ...current, data: { x } });
  await under.registry.update(namespace, "a", strategy, setX("1"), strict);
  await assert.rejects(under.registry.update(namespace, "a", strategy, setX("2"), strict), isInvalid);
  await under.registry.update(namespace, "a", strategy, setX("2"), under.request());
});
