import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import { deployments, namespaces, pods, replicaSets } from "@kube-ts/api/resource-types";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import { graphNodeOf, OwnerGraph } from "./owner-graph.ts";
import type { GraphNode } from "./owner-graph.ts";

const deleted = "2026-01-01T00:00:00Z";

function node(type: ResourceType, name: string, metadata: Partial<ObjectMeta> = {}): GraphNode {
  const namespace = type.namespaced ? "ns" : "";
  return graphNodeOf({ metadata: { name, namespace, uid: `${name}-uid`, ...metadata } }, type);
}

function owner(type: ResourceType, name: string, blockOwnerDeletion = false): OwnerReference {
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, uid: `${name}-uid`, blockOwnerDeletion };
}

const ownedBy = (...ownerReferences: OwnerReference[]): Partial<ObjectMeta> => ({ ownerReferences });
const inForeground: Partial<ObjectMeta> = { deletionTimestamp: deleted, finalizers: ["foregroundDeletion"] };

describe("the owner graph", () => {
  test("doubts a dependent whose owner was not seen", () => {
    const graph = new OwnerGraph();
    assert.deepEqual(graph.put(node(pods, "p", ownedBy(owner(replicaSets, "rs")))).attemptToDelete, ["p-uid"]);
    graph.put(node(replicaSets, "rs"));
    assert.equal(graph.isOwned(node(pods, "p", ownedBy(owner(replicaSets, "rs")))), true);
  });

  test("trusts an owner that was seen, and doubts one under another name, kind or namespace", () => {
    const graph = new OwnerGraph();
    graph.put(node(replicaSets, "rs"));
    const doubts = (metadata: Partial<ObjectMeta>) => graph.put(node(pods, "p", metadata)).attemptToDelete.length > 0;
    assert.equal(doubts(ownedBy(owner(replicaSets, "rs"))), false);
    graph.remove("p-uid");
    assert.equal(doubts(ownedBy({ ...owner(replicaSets, "rs"), name: "other" })), true);
    graph.remove("p-uid");
    assert.equal(doubts(ownedBy({ ...owner(replicaSets, "rs"), kind: "Deployment" })), true);
    graph.remove("p-uid");
    assert.equal(doubts({ ...ownedBy(owner(replicaSets, "rs")), namespace: "elsewhere" }), true);
  });

  test("an owner of another version of the group is the same owner", () => {
    const graph = new OwnerGraph();
    graph.put(node(replicaSets, "rs"));
    const reference = { ...owner(replicaSets, "rs"), apiVersion: "apps/v1beta2" };
    assert.deepEqual(graph.put(node(pods, "p", ownedBy(reference))).attemptToDelete, []);
  });

  test("an object of the cluster owns what is in namespaces", () => {
    const graph = new OwnerGraph();
    graph.put(node(namespaces, "n"));
    assert.deepEqual(graph.put(node(pods, "p", ownedBy(owner(namespaces, "n")))).attemptToDelete, []);
  });

  test("looks at the dependents of what is gone", () => {
    const graph = new OwnerGraph();
    graph.put(node(deployments, "d"));
    graph.put(node(replicaSets, "rs", ownedBy(owner(deployments, "d"))));
    graph.put(node(pods, "p", ownedBy(owner(replicaSets, "rs"))));
    assert.deepEqual(graph.remove("d-uid").attemptToDelete, ["rs-uid"]);
    assert.deepEqual(graph.remove("rs-uid").attemptToDelete, ["p-uid"]);
    assert.deepEqual(graph.remove("p-uid").attemptToDelete, []);
    assert.deepEqual(graph.remove("p-uid").attemptToDelete, []);
  });

  test("a foreground deletion looks at the dependents, and at the owner whenever one is gone", () => {
    const graph = new OwnerGraph();
    graph.put(node(deployments, "d"));
    graph.put(node(replicaSets, "a", ownedBy(owner(deployments, "d", true))));
    graph.put(node(replicaSets, "b", ownedBy(owner(deployments, "d"))));
    const { attemptToDelete } = graph.put(node(deployments, "d", inForeground));
    assert.deepEqual(attemptToDelete.toSorted(), ["a-uid", "b-uid", "d-uid"]);
    assert.deepEqual(
      graph.blockingDependentsOf("d-uid").map(({ name }) => name),
      ["a"],
    );
    assert.deepEqual(graph.remove("a-uid").attemptToDelete, ["d-uid"]);
    assert.deepEqual(graph.blockingDependentsOf("d-uid"), []);
  });

  test("a dependent that stops blocking lets its owner go on", () => {
    const graph = new OwnerGraph();
    graph.put(node(deployments, "d", inForeground));
    graph.put(node(replicaSets, "a", ownedBy(owner(deployments, "d", true))));
    assert.deepEqual(graph.put(node(replicaSets, "a", ownedBy(owner(deployments, "d")))).attemptToDelete, ["d-uid"]);
    graph.put(node(replicaSets, "a", ownedBy(owner(deployments, "d", true))));
    assert.deepEqual(graph.put(node(replicaSets, "a")).attemptToDelete, ["d-uid"]);
  });

  test("an orphaning deletion lets the dependents go", () => {
    const graph = new OwnerGraph();
    const orphaning = { deletionTimestamp: deleted, finalizers: ["orphan"] };
    assert.deepEqual(graph.put(node(deployments, "d", { finalizers: ["orphan"] })).attemptToOrphan, []);
    assert.deepEqual(graph.put(node(deployments, "d", orphaning)).attemptToOrphan, ["d-uid"]);
  });
});
