import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { services } from "@kube-ts/api/resource-types";
import { TestCluster } from "../testing/cluster.ts";
import { testNode, testPod } from "../testing/objects.ts";

const mebibyte = 1024 * 1024;

describe("scores", () => {
  it("prefers the node with more left", () => {
    const cluster = new TestCluster([testNode("a"), testNode("b")]).run("a", testPod("r", { cpu: "2", memory: "4Gi" }));
    assert.deepEqual(cluster.scores(testPod("p", { cpu: "1", memory: "2Gi" }), "NodeResourcesFit"), { a: 25, b: 75 });
    assert.equal(cluster.choose(testPod("p", { cpu: "1", memory: "2Gi" })), "b");
  });

  it("packs when told to", () => {
    const cluster = new TestCluster([testNode("a"), testNode("b")], {
      pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated" } } }],
    }).run("a", testPod("r", { cpu: "2", memory: "4Gi" }));
    assert.deepEqual(cluster.scores(testPod("p", { cpu: "1", memory: "2Gi" }), "NodeResourcesFit"), { a: 75, b: 25 });
  });

  it("prefers balanced use", () => {
    const cluster = new TestCluster([testNode("a"), testNode("b")]).run("a", testPod("r", { cpu: "2" }));
    assert.deepEqual(cluster.scores(testPod("p", { cpu: "1", memory: "2Gi" }), "NodeResourcesBalancedAllocation"), {
      a: 75,
      b: 100,
    });
  });

  it("avoids soft taints", () => {
    const soft = { key: "old", effect: "PreferNoSchedule" } as const;
    const cluster = new TestCluster([testNode("a", { taints: [soft] }), testNode("b")]);
    assert.deepEqual(cluster.scores(testPod("p"), "TaintToleration"), { a: 0, b: 100 });
  });

  it("weighs node preferences", () => {
    const cluster = new TestCluster([testNode("a", { labels: { disk: "ssd" } }), testNode("b")]);
    const preference = { matchExpressions: [{ key: "disk", operator: "In" as const, values: ["ssd"] }] };
    const pod = testPod("p", {
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference }] } },
    });
    assert.deepEqual(cluster.scores(pod, "NodeAffinity"), { a: 100, b: 0 });
  });

  it("prefers nodes that have the image", () => {
    const images = [{ names: ["image:latest"], sizeBytes: 800 * mebibyte }];
    const cluster = new TestCluster([testNode("a", { images }), testNode("b")]);
    // Half of the nodes have it: (400 - 23) / (1000 - 23).
    assert.deepEqual(cluster.scores(testPod("p"), "ImageLocality"), { a: 38, b: 0 });
  });

  it("spreads the pods of a service", () => {
    const cluster = new TestCluster([testNode("a"), testNode("b")]);
    cluster.informers.informer(services).set({
      metadata: { name: "web", namespace: "default", uid: "s" },
      spec: { selector: { app: "web" } },
    });
    cluster.run("a", testPod("r", { labels: { app: "web" } }));
    const { a = 0, b = 0 } = cluster.scores(testPod("p", { labels: { app: "web" } }), "PodTopologySpread");
    assert.ok(b > a, `${b} must be more than ${a}`);
    assert.deepEqual(cluster.scores(testPod("q", { labels: { app: "other" } }), "PodTopologySpread"), {});
  });

  it("heeds preferred affinity in both directions", () => {
    const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } };
    const likes = {
      podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, podAffinityTerm: term }] },
    };
    const cluster = new TestCluster([testNode("a"), testNode("b")]).run("a", testPod("r", { labels: { app: "web" } }));
    assert.deepEqual(cluster.scores(testPod("p", { affinity: likes }), "InterPodAffinity"), { a: 100, b: 0 });
    cluster.run("b", testPod("fan", { affinity: likes }));
    assert.deepEqual(cluster.scores(testPod("q", { labels: { app: "web" } }), "InterPodAffinity"), { a: 0, b: 100 });
  });

  it("stays in range over many random placements", () => {
    const cluster = new TestCluster(Array.from({ length: 20 }, (_, index) => testNode(`n${index}`)));
    for (let index = 0; index < 200; index += 1) cluster.place(testPod(`p${index}`, { cpu: "300m", memory: "256Mi" }));
    for (const node of cluster.snapshot.nodes) {
      assert.ok(node.requested.milliCpu <= node.allocatable.milliCpu, `${node.name} is oversubscribed`);
      assert.ok(node.pods.size >= 8 && node.pods.size <= 12, `${node.name} has ${node.pods.size} pods`);
    }
  });
});
