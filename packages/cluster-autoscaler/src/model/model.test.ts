import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DaemonSet } from "@kube-ts/api/apps/v1";
import type { PersistentVolume, PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { SimulatedCluster } from "./simulated-cluster.ts";
import { testGroup, testMachine, testNode, testNowMs, testPod, testPodInfo } from "../testing/objects.ts";
import { countNodes, type GroupView, groupViews, isHealthy } from "./group-view.ts";
import { conditionOf, toBeDeletedTaint } from "./node-marks.ts";
import { instanceOf, templateOf } from "./template-node.ts";
import { VolumeNodes } from "./volume-nodes.ts";

describe("machines and nodes", () => {
  it("belong together by provider ID, else by name", () => {
    const nodes = [testNode("renamed", { providerID: "rack://1" }), testNode("m2"), testNode("stranger")];
    const machines = [
      { ...testMachine("rack://1"), nodeName: "other" },
      testMachine("m2"),
      testMachine("new", "Creating"),
      testMachine("leaving", "Deleting"),
      testMachine("broken", "Failed"),
    ];
    const [view] = groupViews([testGroup("a", machines)], nodes, { a: { minSize: 2, maxSize: 3 } }, [], testNowMs);
    assert.ok(view);
    assert.deepEqual(
      view.nodes.map(({ name, machine }) => `${name} ${machine.id}`),
      ["renamed rack://1", "m2 m2"],
    );
    assert.deepEqual(
      view.unregistered.map(({ id }) => id),
      ["new"],
    );
    assert.deepEqual(
      view.failed.map(({ id }) => id),
      ["broken"],
    );
    assert.deepEqual([view.target, view.group.minSize, view.group.maxSize], [4, 2, 3]);
  });

  it("are ready, starting, unready or on their way out", () => {
    const condition = (shape: Parameters<typeof testNode>[1]) =>
      conditionOf(testNode("n", shape), ["startup"], testNowMs);
    const effect = "NoSchedule";
    assert.equal(condition({}), "ready");
    assert.equal(condition({ ready: "Unknown" }), "unready");
    assert.equal(condition({ ready: "False", ageMinutes: 14 }), "starting");
    assert.equal(condition({ ready: "False", ageMinutes: 15 }), "unready");
    assert.equal(condition({ ageMinutes: 1, taints: [{ key: "startup", effect }] }), "starting");
    assert.equal(condition({ taints: [{ key: "node.kubernetes.io/unreachable", effect }] }), "unready");
    assert.equal(condition({ taints: [{ key: toBeDeletedTaint, effect }] }), "beingDeleted");
  });

  it("are let alone when too many are unready", () => {
    const limits = { maxUnreadyPercentage: 45, okUnreadyCount: 3 };
    const health = (ready: number, unready: number) =>
      isHealthy(
        countNodes([...Array<"ready">(ready).fill("ready"), ...Array<"unready">(unready).fill("unready")]),
        limits,
      );
    assert.equal(health(0, 3), true);
    assert.equal(health(6, 4), true);
    assert.equal(health(4, 4), false);
  });
});

describe("the template of a group", () => {
  const none = () => [];
  const viewOf = (nodes: ReturnType<typeof testNode>[]): GroupView => {
    const [view] = groupViews(
      [
        testGroup(
          "a",
          nodes.map(({ metadata }) => metadata.name ?? ""),
        ),
      ],
      nodes,
      {},
      [],
      testNowMs,
    );
    assert.ok(view);
    return view;
  };

  it("is like a node that is ready, without what passes, with what every node has", () => {
    const taints = [
      { key: "pool", effect: "NoSchedule" as const },
      { key: "DeletionCandidateOfClusterAutoscaler", effect: "PreferNoSchedule" as const },
      { key: "booting", effect: "NoSchedule" as const },
    ];
    const node = testNode("n", { cpu: "7", labels: { l: "v" }, taints });
    const pods = [
      testPod("d", { owner: "DaemonSet" }),
      testPod("p"),
      testPod("s", { metadata: { annotations: { "kubernetes.io/config.mirror": "" } } }),
    ];
    const template = templateOf(viewOf([node]), () => pods, [], ["booting"]);
    assert.deepEqual(
      template?.node.spec.taints?.map(({ key }) => key),
      ["pool"],
    );
    assert.deepEqual(template?.node.metadata.labels, { l: "v", "kubernetes.io/hostname": "template-node-for-a" });
    assert.deepEqual(
      template?.pods.map(({ name }) => name),
      ["d", "s"],
    );
    assert.equal(template?.node.status?.allocatable?.["cpu"], "7");
    assert.equal(
      template && instanceOf(template, "1").metadata.labels?.["kubernetes.io/hostname"],
      "template-node-for-a-1",
    );
  });

  it("is what the provider says, with the daemons that would run there, while there is no such node", () => {
    const set = (name: string, nodeSelector?: Record<string, string>): DaemonSet => ({
      metadata: { namespace: "ns", name },
      spec: {
        selector: {},
        template: { spec: { containers: [], tolerations: [], ...(nodeSelector && { nodeSelector }) } },
      },
    });
    const template = templateOf(viewOf([]), none, [set("everywhere"), set("elsewhere", { l: "v" })], []);
    assert.deepEqual(
      template?.pods.map(({ name }) => name),
      ["everywhere-template-node-for-a"],
    );
    assert.equal(template?.node.status?.allocatable?.["memory"], "8Gi");
  });
});

describe("volumes", () => {
  it("keep pods where they can be used", () => {
    const claim: PersistentVolumeClaim = {
      metadata: { namespace: "default", name: "data" },
      spec: { volumeName: "pv" },
    };
    const volume: PersistentVolume = {
      metadata: { name: "pv" },
      spec: {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["n1"] }] },
            ],
          },
        },
      },
    };
    const volumes = new VolumeNodes(
      (key) => (key === "default/data" ? claim : undefined),
      (key) => (key === "pv" ? volume : undefined),
    );
    const cluster = new SimulatedCluster([testNode("n2"), testNode("n1")], [], {
      labelsOfNamespace: () => ({}),
      volumes,
    });
    const bound = testPodInfo("p", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] });
    assert.equal(cluster.findNode(bound, cluster.nodes)?.name, "n1");
    const free = testPodInfo("q", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "other" } }] });
    assert.equal(cluster.findNode(free, cluster.nodes)?.name, "n2");
  });
});

describe("the simulated cluster", () => {
  it("takes back what was tried", () => {
    const surroundings = {
      labelsOfNamespace: () => ({}),
      volumes: new VolumeNodes(
        () => undefined,
        () => undefined,
      ),
    };
    const cluster = new SimulatedCluster([testNode("n")], [testPod("old", { nodeName: "n" })], surroundings);
    const shape = () =>
      [...cluster.nodes].map(({ name, pods, requested }) => `${name} ${pods.size} ${requested.milliCpu}`);
    const before = shape();
    const { mark } = cluster;
    const added = cluster.addNode(testNode("m"), []);
    cluster.place(testPodInfo("p"), added);
    const inner = cluster.mark;
    cluster.removeNode("n");
    assert.deepEqual(shape(), ["m 1 1000"]);
    cluster.rollback(inner);
    assert.deepEqual(shape().toSorted(), ["m 1 1000", "n 1 1000"]);
    cluster.rollback(mark);
    assert.deepEqual(shape(), before);
  });
});
