import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReplicaSet } from "@kube-ts/api/apps/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { replicaSetResource } from "./replica-set.ts";

const bench = new RuleBench<ReplicaSet>(replicaSetResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx:1" }] } };
const plain = { selector: { matchLabels: { app: "web" } }, template };

describe("a replica set", () => {
  it("is filled in", () => {
    const { spec, status } = bench.decode({ metadata, spec: plain });
    assert.deepEqual([spec.replicas, spec.template?.spec?.restartPolicy, status], [1, "Always", { replicas: 0 }]);
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be plain", {}, []);
  create("has right numbers", { replicas: -1, minReadySeconds: -1 }, [
    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
  ]);
  create("selects something", { selector: {} }, [
    "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
  ]);
  create("selects its pods", { selector: { matchLabels: { app: "other" } } }, [
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ]);
  create("has pods", { template: undefined }, [
    "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
    "spec.template.spec.containers: Required value",
  ]);
  create(
    "has pods that always restart",
    { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } },
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  );
});

describe("an updated replica set", () => {
  const old = bench.prepared({ metadata, spec: plain });

  it("keeps its selector", () => {
    const change = (next: ReplicaSet) => (next.spec.selector = { matchLabels: { app: "web", a: "b" } });
    assert.deepEqual(bench.updateErrors(old, change), [
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      'spec.selector: Invalid value: {"matchLabels":{"app":"web","a":"b"}}: field is immutable',
    ]);
  });

  it("counts changes of its spec", () => {
    assert.equal(bench.updated(old, (next) => (next.spec.replicas = 3)).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.annotations = { a: "b" })).metadata.generation, 1);
  });

  it("has a right status", () => {
    const change = (next: ReplicaSet) =>
      (next.status = { replicas: 1, fullyLabeledReplicas: 2, readyReplicas: 0, availableReplicas: 1 });
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
    ]);
  });
});

it("shows a replica set", () => {
  const selector = {
    matchLabels: { b: "c", app: "web" },
    matchExpressions: [{ key: "x", operator: "NotIn", values: ["z", "y"] }],
  };
  assert.deepEqual(
    bench.row({ metadata, spec: { ...plain, selector, replicas: 3 }, status: { replicas: 2, readyReplicas: 1 } }),
    {
      Name: "web",
      Desired: 3,
      Current: 2,
      Ready: 1,
      Age: "60s",
      Containers: "c",
      Images: "nginx:1",
      Selector: "app=web,b=c,x notin (y,z)",
    },
  );
});
