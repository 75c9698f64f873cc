import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ResourceQuota } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { resourceQuotaResource } from "./resource-quota.ts";

const bench = new RuleBench<ResourceQuota>(resourceQuotaResource);
const metadata = { name: "limits", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a resource quota", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create(
    "may limit all sorts of things",
    {
      hard: {
        pods: "10",
        "requests.cpu": "4",
        "limits.memory": "8Gi",
        "count/deployments.apps": "3",
        "gold.storageclass.storage.k8s.io/requests.storage": "1Ti",
        "requests.example.com/gpu": "2",
      },
    },
    [],
  );
  create("limits known things", { hard: { disks: "1", "a b": "1" } }, [
    'spec.hard[disks]: Invalid value: "disks": must be a standard resource type or fully qualified',
    'spec.hard[disks]: Invalid value: "disks": must be a standard resource for quota',
    `spec.hard[a b]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    'spec.hard[a b]: Invalid value: "a b": must be a standard resource for quota',
  ]);
  create("limits to right amounts", { hard: { pods: "-1", services: "1500m" } }, [
    'spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
    'spec.hard[services]: Invalid value: "1500m": must be an integer',
  ]);
  create("has known scopes", { scopes: ["Global"] }, ['spec.scopes: Invalid value: ["Global"]: unsupported scope']);
  create("has scopes that say something", { hard: { services: "1" }, scopes: ["BestEffort"] }, [
    'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
  ]);
  create("has scopes that go together", { scopes: ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating"] }, [
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Terminating","NotTerminating"]: conflicting scopes',
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort","Terminating","NotTerminating"]: conflicting scopes',
  ]);
  create(
    "has a right selector of scopes",
    {
      scopeSelector: {
        matchExpressions: [
          { scopeName: "PriorityClass", operator: "In" },
          { scopeName: "PriorityClass", operator: "Exists", values: ["a"] },
          { scopeName: "Terminating", operator: "In", values: ["a"] },
          { scopeName: "Global", operator: "Is" },
        ],
      },
    },
    [
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      "spec.scopeSelector.matchExpressions.values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      `spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity`,
      'spec.scopeSelector.matchExpressions.scopeName: Invalid value: "Global": unsupported scope',
      'spec.scopeSelector.matchExpressions.operator: Invalid value: "Is": not a valid selector operator',
    ],
  );
});

describe("an updated resource quota", () => {
  const old = bench.prepared({
    metadata,
    spec: { hard: { pods: "1" }, scopes: ["BestEffort"] },
    status: { hard: { pods: "9" } },
  });

  it("begins without status", () => assert.deepEqual(old.status, {}));

  it("keeps its scopes", () => {
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec = { hard: { pods: "2" }, scopes: ["Terminating"] })),
      ['spec.scopes: Invalid value: ["Terminating"]: field is immutable'],
    );
  });

  it("has a right status", () => {
    const change = (next: ResourceQuota) => (next.status = { hard: { pods: "2" }, used: { pods: "-1" } });
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      'status.used[pods]: Invalid value: "-1": must be greater than or equal to 0',
    ]);
  });
});

it("shows what is used of a quota", () => {
  const status = {
    hard: { pods: "10", "limits.cpu": "4", "requests.cpu": "2" },
    used: { pods: "3", "limits.cpu": "1500m" },
  };
  assert.deepEqual(bench.row({ metadata, status }), {
    Name: "limits",
    Request: "pods: 3/10, requests.cpu: 0/2",
    Limit: "limits.cpu: 1500m/4",
    Age: "60s",
  });
});
