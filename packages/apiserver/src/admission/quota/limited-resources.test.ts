import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, PodSpec, ResourceQuota, ScopedResourceSelectorRequirement } from "@kube-ts/api/core/v1";
import { pods, resourceQuotas } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import type { LimitedResource } from "./limited-resources.ts";
import { ResourceQuotaAdmission } from "./resource-quota.ts";

function pod(spec: Partial<PodSpec> = {}): Pod {
  const resources = { requests: { "example.com/gpu": "1" } };
  return { metadata: { name: "p", namespace: "ns" }, spec: { containers: [{ name: "c", resources }], ...spec } };
}

function quota(hard: Record<string, string>, spec: Partial<ResourceQuota["spec"]> = {}): ResourceQuota {
  const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
  return { metadata: { name: "q", namespace: "ns" }, spec: { hard, ...spec }, status: { hard, used } };
}

const gpus: LimitedResource = { apiGroup: "", resource: "pods", matchContains: ["example.com/gpu"], matchScopes: [] };
const critical: ScopedResourceSelectorRequirement = {
  scopeName: "PriorityClass",
  operator: "In",
  values: ["critical", "urgent"],
};
const priorities: LimitedResource = { apiGroup: "", resource: "pods", matchContains: [], matchScopes: [critical] };

const cases: readonly [string, LimitedResource, ResourceQuota[], Pod, RegExp][] = [
  ["a resource without any quota", gpus, [], pod(), /insufficient quota to consume: requests.example.com\/gpu$/],
  ["a resource with a quota for others", gpus, [quota({ pods: "9" })], pod(), /insufficient quota to consume/],
  ["a resource with its quota", gpus, [quota({ "requests.example.com/gpu": "1" })], pod(), /^$/],
  ["a pod that uses none of it", gpus, [], pod({ containers: [{ name: "c" }] }), /^$/],
  [
    "a scope without quota",
    priorities,
    [],
    pod({ priorityClassName: "critical" }),
    /insufficient quota to match these scopes: \[\{PriorityClass In \[critical urgent\]\}\]$/,
  ],
  [
    "a scope with its quota",
    priorities,
    [quota({ pods: "9" }, { scopeSelector: { matchExpressions: [critical] } })],
    pod({ priorityClassName: "critical" }),
    /^$/,
  ],
  ["a pod outside the scope", priorities, [], pod({ priorityClassName: "low" }), /^$/],
];

for (const [name, limited, quotas, subject, expected] of cases) {
  test(`limited resources: ${name}`, async () => {
    const objects = new MemoryObjects();
    for (const each of quotas) objects.put(resourceQuotas, each);
    const plugin = new ResourceQuotaAdmission(objects, objects, [limited]);
    assert.match(await refusalOf(() => plugin.validate(writeOf(pods, subject))), expected);
  });
}

test("a pod that gets a deadline comes under quotas for those that end", async () => {
  const objects = new MemoryObjects();
  objects.put(resourceQuotas, quota({ pods: "1" }, { scopes: ["Terminating"] }));
  const plugin = new ResourceQuotaAdmission(objects, objects);
  const stored = { ...pod(), metadata: { name: "p", namespace: "ns", resourceVersion: "7" } };
  const update = (spec: Partial<PodSpec>) =>
    refusalOf(() => plugin.validate(writeOf(pods, pod(spec), { operation: "UPDATE", oldObject: stored })));
  assert.equal(await update({}), "");
  assert.equal(objects.get(resourceQuotas, "ns", "q")?.status?.used?.["pods"], "0");
  assert.equal(await update({ activeDeadlineSeconds: 9 }), "");
  assert.equal(objects.get(resourceQuotas, "ns", "q")?.status?.used?.["pods"], "1");
  assert.match(await update({ activeDeadlineSeconds: 9 }), /exceeded quota: q, requested: pods=1, used: pods=1/);
});
