import assert from "node:assert/strict";
import { test } from "node:test";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { apiServices } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { builtinResources } from "../registry/resources.ts";
import { isBuiltInGroup } from "../aggregation/default-priorities.ts";
import { ensureLocalApiServices } from "./local-api-services.ts";

const label = "kube-aggregator.kubernetes.io/automanaged";
const { signal } = new AbortController();

const served = [
  { group: "", version: "v1" },
  { group: "apps", version: "v1" },
  { group: "autoscaling", version: "v1" },
  { group: "autoscaling", version: "v2" },
  { group: "apiregistration.k8s.io", version: "v1" },
];

const ensure = (objects: MemoryObjects) => ensureLocalApiServices({ source: objects, writer: objects }, served, signal);

function found(objects: MemoryObjects): [string, number, number][] {
  return objects
    .list(apiServices)
    .map(({ metadata, spec }) => [metadata.name ?? "", spec?.groupPriorityMinimum ?? 0, spec?.versionPriority ?? 0]);
}

test("what the server serves is registered", async () => {
  const objects = new MemoryObjects();
  await ensure(objects);
  assert.deepEqual(found(objects), [
    ["v1.", 18_000, 1],
    ["v1.apps", 17_800, 15],
    ["v1.autoscaling", 17_500, 15],
    ["v2.autoscaling", 17_500, 30],
  ]);
  assert.deepEqual(objects.get(apiServices, "", "v1.apps")?.metadata.labels, { [label]: "onstart" });
  const before = objects.list(apiServices);
  await ensure(objects);
  assert.deepEqual(objects.list(apiServices), before);
});

test("every built-in group has a priority", () => {
  const versions = builtinResources().flatMap(({ type, alternates = [] }) => [
    type,
    ...alternates.map((alternate) => alternate.type),
  ]);
  assert.deepEqual(
    versions.filter(({ group }) => !isBuiltInGroup(group)),
    [],
  );
});

test("what differs is repaired unless an administrator has taken it over", async () => {
  const objects = new MemoryObjects();
  const service = (name: string, group: string, automanaged?: string): APIService => ({
    metadata: { name, ...(automanaged && { labels: { [label]: automanaged } }) },
    spec: { group, version: "v1", groupPriorityMinimum: 1, versionPriority: 1 },
  });
  objects.put(apiServices, service("v1.apps", "apps", "onstart"));
  objects.put(apiServices, service("v1.autoscaling", "autoscaling"));
  objects.put(apiServices, service("v1.gone", "gone", "onstart"));
  objects.put(apiServices, service("v1.custom", "custom", "true"));
  objects.put(apiServices, service("v1.other", "other"));
  await ensure(objects);
  assert.deepEqual(found(objects).sort(), [
    ["v1.", 18_000, 1],
    ["v1.apps", 17_800, 15],
    ["v1.autoscaling", 1, 1],
    ["v1.custom", 1, 1],
    ["v1.other", 1, 1],
    ["v2.autoscaling", 17_500, 30],
  ]);
});
