import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findNewReplicaSet, nextRevision, replicaSetAnnotations, templateHash } from "./revision.ts";
import { deploymentOf, setOf } from "./testing/rollout-fixtures.ts";

const revision = "deployment.kubernetes.io/revision";
const history = "deployment.kubernetes.io/revision-history";

describe("the replica set of a template", () => {
  test("is known by its template without the hash", () => {
    const sets = [setOf("v1", { size: 0 }), setOf("v2", { size: 1 })];
    assert.equal(findNewReplicaSet(deploymentOf("v2"), sets)?.metadata.name, "v2");
    assert.equal(findNewReplicaSet(deploymentOf("v3"), sets), undefined);
  });
  test("is the oldest one when several have it", () => {
    const sets = [
      setOf("b", { size: 1, image: "v1", createdAt: 2 }),
      setOf("a", { size: 1, image: "v1", createdAt: 1 }),
    ];
    assert.equal(findNewReplicaSet(deploymentOf("v1"), sets)?.metadata.name, "a");
  });
});

describe("the hash of a template", () => {
  const { template } = deploymentOf("v1").spec;
  test("does not depend on the order of fields or on the label itself", () => {
    const { metadata, spec } = template;
    const labelled = { ...metadata, labels: { "pod-template-hash": "x", ...metadata?.labels } };
    assert.equal(
      templateHash({ ...(spec && { spec }), metadata: labelled }, undefined),
      templateHash(template, undefined),
    );
  });
  test("changes with the template and with each collision", () => {
    const other = deploymentOf("v2").spec.template;
    const hashes = [
      templateHash(template, undefined),
      templateHash(other, undefined),
      templateHash(template, 1),
      templateHash(template, 2),
    ];
    assert.equal(new Set(hashes).size, 4);
    for (const hash of hashes) assert.match(hash, /^[bcdfghjklmnpqrstvwxz2-9]{1,10}$/);
  });
});

describe("revisions", () => {
  test("a new template gets the next one", () => {
    assert.equal(nextRevision([]), 1);
    const sets = [
      setOf("a", { size: 0, annotations: { [revision]: "4" } }),
      setOf("b", { size: 0, annotations: { [revision]: "2" } }),
    ];
    assert.equal(nextRevision(sets), 5);
  });
  test("a template that comes back keeps its past ones", () => {
    const first = replicaSetAnnotations(deploymentOf("v1"), {}, 1);
    assert.deepEqual(first, { [revision]: "1" });
    const again = replicaSetAnnotations(deploymentOf("v1"), first, 3);
    assert.deepEqual(again, { [revision]: "3", [history]: "1" });
    assert.deepEqual(replicaSetAnnotations(deploymentOf("v1"), again, 5), { [revision]: "5", [history]: "1,3" });
  });
  test("they never go down, and nothing changes without need", () => {
    const current = { [revision]: "3", [history]: "1" };
    assert.deepEqual(replicaSetAnnotations(deploymentOf("v1"), current, 2), current);
    assert.deepEqual(replicaSetAnnotations(deploymentOf("v1"), current, 3), current);
  });
  test("the deployment's annotations are handed on, except its own", () => {
    const annotations = {
      "kubernetes.io/change-cause": "why",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
      [revision]: "9",
    };
    assert.deepEqual(replicaSetAnnotations(deploymentOf("v1", {}, undefined, annotations), {}, 1), {
      "kubernetes.io/change-cause": "why",
      [revision]: "1",
    });
  });
});
