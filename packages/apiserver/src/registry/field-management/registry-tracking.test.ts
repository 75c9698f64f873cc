import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { configMapResource } from "../core/config-map.ts";
import { isTooLargeForStore } from "../store-failure.ts";
import { memoryRegistry } from "../testing/memory-registry.ts";
import type { MemoryRegistry } from "../testing/memory-registry.ts";
import { type FieldTracking, trackingOf } from "./field-tracking.ts";

const namespace = "default";
const { strategy } = configMapResource;
const configMap = (data: Record<string, string>): ConfigMap => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "a" },
  data,
});

/** A request of a manager, at a second of its own. */
function requestOf(under: MemoryRegistry<ConfigMap>, manager: string, second: number) {
  const write = { apiVersion: "v1", subresource: "", manager, nowMs: Date.UTC(2026, 0, 1, 0, 0, second) };
  const fields: FieldTracking<ConfigMap> | undefined = trackingOf(configMapResource, write);
  return { ...under.request(), fields };
}

test("what is stored says who wrote it", async () => {
  await using under = await memoryRegistry(configMapResource);
  await under.registry.create(configMap({ k: "v" }), namespace, requestOf(under, "one", 1));
  const change = (current: ConfigMap) => ({ ...current, data: { ...current.data, l: "w" } });
  const { bytes } = await under.registry.update(namespace, "a", strategy, change, requestOf(under, "two", 2));
  const stored = JSON.parse(bytes.toString()) as ConfigMap;
  assert.deepEqual(
    stored.metadata.managedFields?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
    [
      ["one", { "f:data": { ".": {}, "f:k": {} } }],
      ["two", { "f:data": { "f:l": {} } }],
    ],
  );
  assert.ok(bytes.toString().startsWith('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"'));
});

test("an update that changes nothing is not written, whoever sends it and whenever", async () => {
  await using under = await memoryRegistry(configMapResource);
  const created = await under.registry.create(configMap({ k: "v" }), namespace, requestOf(under, "one", 1));
  for (const manager of ["one", "two"]) {
    const same = await under.registry.update(
      namespace,
      "a",
      strategy,
      (current) => current,
      requestOf(under, manager, 5),
    );
    assert.equal(same.revision, created.revision, manager);
  }
});

test("admission may change managed fields, but not spoil them", async () => {
  await using under = await memoryRegistry(configMapResource);
  const warnings: string[] = [];
  const admitted = async (name: string, managedFields: object[]) => {
    const request = {
      ...requestOf(under, "one", 1),
      admit: (object: ConfigMap) => {
        object.metadata = { ...object.metadata, managedFields };
        return Promise.resolve();
      },
      warn: (message: string) => void warnings.push(message),
    };
    const object = { ...configMap({ k: "v" }), metadata: { name } };
    const { bytes } = await under.registry.create(object, namespace, request);
    return (JSON.parse(bytes.toString()) as ConfigMap).metadata.managedFields?.map(({ manager }) => manager);
  };
  const good = { manager: "hook", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: {} };
  assert.deepEqual(await admitted("a", [good]), ["hook"]);
  assert.deepEqual(warnings, []);
  assert.deepEqual(await admitted("b", [{ ...good, fieldsType: "" }]), ["one"]);
  assert.match(warnings.join(), /invalid state after admission; .*: missing fieldsType in managed fields entry 0$/);
});

test("an object that is too large with its managed fields is stored without them", async () => {
  await using under = await memoryRegistry(configMapResource);
  // The names of the keys are both in the data and in the managed fields.
  const keys = Array.from({ length: 4_000 }, (_, index) => [`${index}-${"k".repeat(195)}`, ""]);
  const large = configMap(Object.fromEntries(keys) as Record<string, string>);
  const { object, bytes } = await under.registry.create(structuredClone(large), namespace, requestOf(under, "one", 1));
  assert.equal(object.metadata.managedFields, undefined);
  assert.equal(bytes.includes("managedFields"), false);
  const essential = requestOf(under, "one", 2);
  assert.ok(essential.fields);
  const request = { ...essential, fields: { ...essential.fields, isEssential: true } };
  const other = { ...large, metadata: { name: "b" } };
  await assert.rejects(under.registry.create(other, namespace, request), isTooLargeForStore);
});
