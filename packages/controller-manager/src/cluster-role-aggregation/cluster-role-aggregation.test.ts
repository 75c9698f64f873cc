import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole } from "@kube-ts/api/rbac/v1";
import { aggregateRules } from "./cluster-role-aggregation-controller.ts";

const role = (name: string, labels: Record<string, string>, resources: readonly string[]): ClusterRole => ({
  metadata: { name, labels },
  rules: resources.map((resource) => ({ apiGroups: [""], resources: [resource], verbs: ["get"] })),
});

const view: ClusterRole = {
  metadata: { name: "view", labels: { to: "view" } },
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "view" } }] },
};

test("rules of the selected roles are joined in the order of their names, each once", () => {
  const all = [
    role("b", { to: "view" }, ["pods", "secrets"]),
    role("a", { to: "view" }, ["pods"]),
    role("c", {}, ["nodes"]),
  ];
  const resources = aggregateRules(view, [...all, view]).flatMap((rule) => rule.resources ?? []);
  assert.deepEqual(resources, ["pods", "secrets"]);
});

test("a role does not select itself", () => {
  assert.deepEqual(aggregateRules(view, [{ ...view, rules: [{ resources: ["pods"], verbs: ["get"] }] }]), []);
});
