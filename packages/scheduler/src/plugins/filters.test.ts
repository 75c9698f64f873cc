import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Affinity, Node, Pod } from "@kube-ts/api/core/v1";
import { TestCluster } from "../testing/cluster.ts";
import { testNode, testPod } from "../testing/objects.ts";

const none = (reasons: string) => `0/1 nodes are available: ${reasons}.`;

interface Case {
  readonly name: string;
  readonly node: Node;
  readonly running?: readonly Pod[];
  readonly pod: Pod;
  readonly expected: string;
}

const taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" } as const;
const nodeAffinity = (
  ...expressions: { key: string; operator: "In" | "Gt" | "NotIn"; values: string[] }[]
): Affinity => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: expressions }] },
  },
});
const hostPort = (port: number, hostIP?: string) => ({
  containers: [{ name: "c", image: "i", ports: [{ containerPort: 80, hostPort: port, ...(hostIP && { hostIP }) }] }],
});
const antiAffinity: Affinity = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
    ],
  },
};
const affinity: Affinity = {
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
    ],
  },
};
const web = { app: "web" };

const cases: readonly Case[] = [
  { name: "room", node: testNode("n"), pod: testPod("p", { cpu: "4" }), expected: "n" },
  {
    name: "too little cpu left",
    node: testNode("n"),
    running: [testPod("r", { cpu: "3" })],
    pod: testPod("p", { cpu: "1001m" }),
    expected: none("1 Insufficient cpu"),
  },
  {
    name: "too little of several",
    node: testNode("n", { pods: "1" }),
    running: [testPod("r", { cpu: "3" })],
    pod: testPod("p", { cpu: "2", memory: "9Gi" }),
    expected: none("1 Insufficient cpu, 1 Insufficient memory, 1 Too many pods"),
  },
  {
    name: "cordoned",
    node: testNode("n", { unschedulable: true }),
    pod: testPod("p"),
    expected: none("1 node(s) were unschedulable"),
  },
  {
    name: "cordoned and tolerated",
    node: testNode("n", { unschedulable: true }),
    pod: testPod("p", { tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }] }),
    expected: "n",
  },
  {
    name: "tainted",
    node: testNode("n", { taints: [taint] }),
    pod: testPod("p"),
    expected: none("1 node(s) had untolerated taint(s)"),
  },
  {
    name: "tainted and tolerated",
    node: testNode("n", { taints: [taint] }),
    pod: testPod("p", { tolerations: [{ key: "dedicated", value: "gpu" }] }),
    expected: "n",
  },
  {
    name: "toleration of another value",
    node: testNode("n", { taints: [taint] }),
    pod: testPod("p", { tolerations: [{ key: "dedicated", value: "cpu" }] }),
    expected: none("1 node(s) had untolerated taint(s)"),
  },
  {
    name: "soft taint",
    node: testNode("n", { taints: [{ ...taint, effect: "PreferNoSchedule" }] }),
    pod: testPod("p"),
    expected: "n",
  },
  {
    name: "node selector",
    node: testNode("n", { labels: { disk: "hdd" } }),
    pod: testPod("p", { nodeSelector: { disk: "ssd" } }),
    expected: none("1 node(s) didn't match Pod's node affinity/selector"),
  },
  {
    name: "node affinity with a bound",
    node: testNode("n", { labels: { cores: "8" } }),
    pod: testPod("p", { affinity: nodeAffinity({ key: "cores", operator: "Gt", values: ["4"] }) }),
    expected: "n",
  },
  {
    name: "node affinity that fails",
    node: testNode("n", { labels: { zone: "a" } }),
    pod: testPod("p", { affinity: nodeAffinity({ key: "zone", operator: "NotIn", values: ["a"] }) }),
    expected: none("1 node(s) didn't match Pod's node affinity/selector"),
  },
  {
    name: "host port taken",
    node: testNode("n"),
    running: [testPod("r", hostPort(80))],
    pod: testPod("p", hostPort(80, "127.0.0.1")),
    expected: none("1 node(s) didn't have free ports for the requested pod ports"),
  },
  {
    name: "host port of another address",
    node: testNode("n"),
    running: [testPod("r", hostPort(80, "127.0.0.2"))],
    pod: testPod("p", hostPort(80, "127.0.0.1")),
    expected: "n",
  },
  {
    name: "anti-affinity of the pod",
    node: testNode("n"),
    running: [testPod("r", { labels: web })],
    pod: testPod("p", { affinity: antiAffinity }),
    expected: none("1 node(s) didn't match pod anti-affinity rules"),
  },
  {
    name: "anti-affinity of a running pod",
    node: testNode("n"),
    running: [testPod("r", { affinity: antiAffinity })],
    pod: testPod("p", { labels: web }),
    expected: none("1 node(s) didn't satisfy existing pods anti-affinity rules"),
  },
  {
    name: "anti-affinity to pods of another namespace",
    node: testNode("n"),
    running: [testPod("r", { labels: web, namespace: "other" })],
    pod: testPod("p", { affinity: antiAffinity }),
    expected: "n",
  },
  {
    name: "affinity to nobody",
    node: testNode("n"),
    pod: testPod("p", { affinity }),
    expected: none("1 node(s) didn't match pod affinity rules"),
  },
  {
    name: "affinity to its own kind, the first of it",
    node: testNode("n"),
    pod: testPod("p", { affinity, labels: web }),
    expected: "n",
  },
  {
    name: "affinity to a running pod",
    node: testNode("n"),
    running: [testPod("r", { labels: web })],
    pod: testPod("p", { affinity }),
    expected: "n",
  },
  {
    name: "topology without the label",
    node: testNode("n"),
    pod: testPod("p", {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: web } },
      ],
    }),
    expected: none("1 node(s) didn't match pod topology spread constraints (missing required label)"),
  },
  {
    name: "claim that does not exist",
    node: testNode("n"),
    pod: testPod("p", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] }),
    expected: none('persistentvolumeclaim "data" not found'),
  },
];

describe("filters", () => {
  for (const { name, node, running = [], pod, expected } of cases) {
    it(name, () => {
      const cluster = new TestCluster([node]).run("n", ...running);
      assert.equal(cluster.choose(pod), expected);
      // Another time, when the answer is remembered.
      assert.equal(cluster.choose(pod), expected);
    });
  }

  it("counts reasons over nodes", () => {
    const cluster = new TestCluster([
      testNode("a", { taints: [taint] }),
      testNode("b", { cpu: "1" }),
      testNode("c", { cpu: "1" }),
    ]);
    const expected = "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.";
    assert.equal(cluster.choose(testPod("p", { cpu: "2" })), expected);
  });

  it("says so when there are no nodes", () => {
    assert.equal(new TestCluster([]).choose(testPod("p")), "no nodes available to schedule pods");
  });

  it("notices that a remembered node has changed", () => {
    const cluster = new TestCluster([testNode("n")]);
    const pod = testPod("p", { cpu: "3" });
    assert.equal(cluster.choose(pod), "n");
    cluster.run("n", testPod("r", { cpu: "2" }));
    assert.equal(cluster.choose(pod), none("1 Insufficient cpu"));
    cluster.cache.removePod("uid-r");
    assert.equal(cluster.choose(pod), "n");
  });

  it("keeps the skew of a hard constraint", () => {
    const zones = ["a", "a", "b", "c"].map((zone, index) => testNode(`n${index}`, { labels: { zone } }));
    const cluster = new TestCluster(zones);
    const placed = Array.from({ length: 9 }, (_, index) =>
      cluster.place(
        testPod(`p${index}`, {
          labels: web,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "zone",
              whenUnsatisfiable: "DoNotSchedule",
              labelSelector: { matchLabels: web },
            },
          ],
        }),
      ),
    );
    const perZone = Object.groupBy(
      placed,
      (node) => zones.find((each) => each.metadata.name === node)?.metadata.labels?.["zone"] ?? "",
    );
    assert.deepEqual(Object.fromEntries(Object.entries(perZone).map(([zone, list]) => [zone, list?.length])), {
      a: 3,
      b: 3,
      c: 3,
    });
  });

  it("adds the affinity of the profile", () => {
    const required = { nodeSelectorTerms: [{ matchExpressions: [{ key: "pool", operator: "In", values: ["x"] }] }] };
    const cluster = new TestCluster([testNode("n")], {
      pluginConfig: [
        { name: "NodeAffinity", args: { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } },
      ],
    });
    assert.equal(cluster.choose(testPod("p")), none("1 node(s) didn't match scheduler-enforced node affinity"));
  });
});
