import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { podDisruptionBudgets } from "@kube-ts/api/resource-types";
import { CycleState } from "../framework/cycle-state.ts";
import { Status, unschedulable } from "../framework/status.ts";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { TestCluster } from "../testing/cluster.ts";
import { testNode, testPod } from "../testing/objects.ts";
import { selectVictims } from "./preemption-candidates.ts";

const high = testPod("high", { cpu: "2", priority: 100 });

describe("preemption", () => {
  it("takes the node whose victims matter least", () => {
    const cluster = new TestCluster([testNode("a"), testNode("b")])
      .run("a", testPod("a1", { cpu: "3", priority: 50 }))
      .run("b", testPod("b1", { cpu: "3", priority: 10 }));
    assert.equal(cluster.preempt(high), "b");
  });

  it("spares equal and higher priorities", () => {
    const cluster = new TestCluster([testNode("a")]).run("a", testPod("a1", { cpu: "3", priority: 100 }));
    const expected = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    assert.equal(cluster.preempt(high), expected);
  });

  it("does not touch nodes where it would not help", () => {
    const cluster = new TestCluster([testNode("a", { unschedulable: true })]).run("a", testPod("a1", { cpu: "3" }));
    const expected = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    assert.equal(cluster.preempt(high), expected);
  });

  it("heeds preemptionPolicy Never", () => {
    const cluster = new TestCluster([testNode("a")]).run("a", testPod("a1", { cpu: "3" }));
    const pod = testPod("high", { cpu: "2", priority: 100, preemptionPolicy: "Never" });
    assert.equal(cluster.preempt(pod), "preemption: not eligible due to preemptionPolicy=Never.");
  });

  it("removes no more pods than it has to, the least important ones", () => {
    const cluster = new TestCluster([testNode("a")]).run(
      "a",
      testPod("v5", { cpu: "1", priority: 5 }),
      testPod("v4", { cpu: "1", priority: 4 }),
      testPod("v3", { cpu: "1", priority: 3 }),
      testPod("v2", { cpu: "1", priority: 2 }),
    );
    const [node] = (cluster.cache.updateSnapshot(cluster.snapshot), cluster.snapshot.nodes);
    assert.ok(node);
    const result = selectVictims(
      cluster.framework,
      new CycleState(),
      podInfoOf(high),
      node,
      [],
      unschedulable("DefaultPreemption", "none"),
    );
    assert.ok(!(result instanceof Status));
    assert.deepEqual(
      result.victims.map(({ name }) => name),
      ["v3", "v2"],
    );
    assert.equal(node.pods.size, 4, "the node itself is left as it is");
  });

  it("prefers nodes where budgets hold", () => {
    const cluster = new TestCluster([testNode("a"), testNode("b")])
      .run("a", testPod("a1", { cpu: "3", priority: 1, labels: { app: "db" } }))
      .run("b", testPod("b1", { cpu: "3", priority: 50 }));
    cluster.informers.informer(podDisruptionBudgets).set({
      metadata: { name: "db", namespace: "default", uid: "pdb" },
      spec: { selector: { matchLabels: { app: "db" } } },
      status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
    });
    assert.equal(cluster.preempt(high), "b");
  });

  it("keeps the room that was made for a nominated pod", () => {
    const cluster = new TestCluster([testNode("a")]);
    cluster.nominated.set(podInfoOf(high), "a");
    assert.equal(cluster.choose(testPod("low", { cpu: "3" })), "0/1 nodes are available: 1 Insufficient cpu.");
    assert.equal(cluster.choose(testPod("higher", { cpu: "3", priority: 200 })), "a");
    assert.equal(cluster.choose(high), "a");
  });
});
