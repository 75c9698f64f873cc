import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import { InformerCache } from "./informer-cache.ts";

function configMap(name: string, resourceVersion: string, uid = `uid-${name}`, namespace = "ns"): ConfigMap {
  return { metadata: { namespace, name, uid, resourceVersion } };
}

/** Subscribes and writes down what it is told. */
function record(cache: InformerCache<ConfigMap>): string[] {
  const told: string[] = [];
  const label = ({ metadata }: ConfigMap) => `${metadata.name}@${metadata.resourceVersion}`;
  cache.subscribe({
    added: (object) => void told.push(`+${label(object)}`),
    updated: (old, current) => void told.push(`~${label(old)}>${label(current)}`),
    deleted: (object) => void told.push(`-${label(object)}`),
  });
  return told;
}

test("a replaced content is reported as its difference, deletions first", () => {
  const cache = new InformerCache<ConfigMap>();
  const told = record(cache);
  cache.replace([configMap("a", "1"), configMap("b", "2"), configMap("c", "3")]);
  assert.equal(cache.synced, true);
  assert.deepEqual(told.splice(0), ["+a@1", "+b@2", "+c@3"]);
  cache.replace([configMap("b", "2"), configMap("c", "5"), configMap("d", "6")]);
  assert.deepEqual(told, ["-a@1", "~c@3>c@5", "+d@6"]);
});

test("another object under the same name is a deletion and an addition", () => {
  const cache = new InformerCache<ConfigMap>();
  const told = record(cache);
  cache.replace([configMap("a", "1", "first")]);
  cache.put(configMap("a", "4", "second"));
  assert.deepEqual(told, ["+a@1", "-a@1", "+a@4"]);
});

test("an unknown deletion and a repeated version are not reported", () => {
  const cache = new InformerCache<ConfigMap>();
  const told = record(cache);
  cache.put(configMap("a", "1"));
  cache.put(configMap("a", "1"));
  cache.remove(configMap("b", "2"));
  assert.deepEqual(told, ["+a@1"]);
});

test("who subscribes late hears of what is there, once", () => {
  const cache = new InformerCache<ConfigMap>();
  const late: string[] = [];
  cache.subscribe({
    added: ({ metadata }) => {
      if (metadata.name === "a") cache.subscribe({ added: (object) => void late.push(object.metadata.name ?? "") });
    },
  });
  cache.replace([configMap("a", "1"), configMap("b", "2")]);
  assert.deepEqual(late, ["a", "b"]);
  cache.put(configMap("c", "3"));
  assert.deepEqual(late, ["a", "b", "c"]);
});

test("a disposed subscription hears nothing more, not even of the change that is being reported", () => {
  const cache = new InformerCache<ConfigMap>();
  let second: Disposable | undefined;
  cache.subscribe({ added: () => second?.[Symbol.dispose]() });
  const told: string[] = [];
  second = cache.subscribe({ added: (object) => void told.push(object.metadata.name ?? "") });
  cache.put(configMap("a", "1"));
  assert.deepEqual(told, []);
});

test("lists and indexes follow every change", () => {
  const cache = new InformerCache<ConfigMap>();
  cache.put({ ...configMap("a", "1"), data: { team: "red" } });
  cache.addIndex("team", ({ data }) => (data?.["team"] ? [data["team"]] : []));
  cache.put({ ...configMap("b", "2", "u", "other"), data: { team: "red" } });
  const names = (objects: readonly ConfigMap[]) => objects.map(({ metadata }) => metadata.name).sort();
  assert.deepEqual(names(cache.byIndex("team", "red")), ["a", "b"]);
  assert.deepEqual(names(cache.listNamespace("ns")), ["a"]);
  cache.put({ ...configMap("a", "3"), data: { team: "blue" } });
  assert.deepEqual(names(cache.byIndex("team", "red")), ["b"]);
  assert.deepEqual(names(cache.byIndex("team", "blue")), ["a"]);
  cache.remove(configMap("a", "4"));
  assert.deepEqual(names(cache.byIndex("team", "blue")), []);
  assert.deepEqual(names(cache.list()), ["b"]);
  assert.equal(cache.get(objectKey("ns", "a")), undefined);
  assert.deepEqual(cache.listNamespace("ns"), []);
  assert.throws(() => cache.byIndex("nope", "x"), /no index named nope/);
});

test("an array once given does not change under its reader", () => {
  const cache = new InformerCache<ConfigMap>();
  cache.put(configMap("a", "1"));
  const before = cache.list();
  cache.put(configMap("b", "2"));
  assert.equal(before.length, 1);
  assert.equal(cache.list().length, 2);
  assert.equal(cache.list(), cache.list());
});
