import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { zoneLabel } from "@kube-ts/api/well-known-labels";
import { seededRandom } from "@kube-ts/std/random";
import type { ScaleUpOptions } from "../config/autoscaler-config.ts";
import {
  type TestCluster,
  testCluster,
  testGroup,
  testMachine,
  testNode,
  testPod,
  testPodInfo,
} from "../testing/objects.ts";
import type { NodeGroup } from "../provider/node-group-provider.ts";
import { GroupPriorities, parsePriorities } from "./group-priorities.ts";
import { addUpcomingNodes, placePending } from "./pending-pods.ts";
import { planMinSizes, planScaleUp } from "./plan-scale-up.ts";
import { shareOut } from "./similar-groups.ts";

const defaults: ScaleUpOptions = {
  expanders: ["least-waste"],
  maxNodeProvisionMs: 900_000,
  maxNodesTotal: Infinity,
  newPodDelayMs: 0,
  expendablePriorityCutoff: -10,
  balanceSimilarGroups: false,
  balancingIgnoreLabels: [],
  enforceMinSize: false,
  startupTaints: [],
  statusTaints: [],
};

interface Extra extends Partial<ScaleUpOptions> {
  readonly refuse?: (group: string) => string | undefined;
  readonly priorities?: GroupPriorities;
}

function plan({ cluster, views, templates }: TestCluster, pods: readonly PodInfo[], extra: Extra = {}) {
  const { refuse = () => undefined, priorities = new GroupPriorities(), ...options } = extra;
  const result = planScaleUp({
    cluster,
    pods,
    views,
    templates,
    nodesTotal: [...cluster.nodes].length,
    options: { ...defaults, ...options },
    refuse,
    choice: { random: seededRandom(1), priorities },
  });
  return {
    grown: result.increases.map(({ group, from, to }) => `${group} ${from}->${to}`),
    helped: result.helped.length,
    unhelped: result.unhelped.map(({ pod, reasons }) => `${pod.name}: ${[...reasons.keys()].join()}`),
  };
}

const many = (count: number, shape: Parameters<typeof testPodInfo>[1] = {}) =>
  Array.from({ length: count }, (_, index) => testPodInfo(`p${index}`, shape));

const shaped = (name: string, cpu: string, extra: Partial<NodeGroup> = {}, labels: Record<string, string> = {}) => {
  const capacity = { cpu, memory: "64Gi", pods: "110" };
  return testGroup(name, [], { template: { labels, taints: [], capacity, allocatable: capacity }, ...extra });
};

describe("scale-up", () => {
  it("packs pods onto as few nodes as they need", () => {
    const outcome = plan(testCluster([], [], [testGroup("a", [])]), many(9));
    assert.deepEqual(outcome, { grown: ["a 0->3"], helped: 9, unhelped: [] });
  });

  it("goes up to the largest size and no further", () => {
    const outcome = plan(testCluster([], [], [testGroup("a", ["m"], { maxSize: 2 })]), many(9));
    assert.deepEqual(outcome.grown, ["a 1->2"]);
    assert.equal(outcome.helped, 4);
  });

  it("says why nothing helps", () => {
    const full = testGroup("full", ["m"], { maxSize: 1 });
    const outcome = plan(
      testCluster([], [], [full, testGroup("small", []), testGroup("resting", [])]),
      [testPodInfo("big", { cpu: "8" })],
      { refuse: (group) => (group === "resting" ? "in backoff after failed scale-up" : undefined) },
    );
    assert.deepEqual(outcome, {
      grown: [],
      helped: 0,
      unhelped: ["big: max node group size reached,Insufficient cpu,in backoff after failed scale-up"],
    });
  });

  it("leaves the simulated cluster as it was", () => {
    const cluster = testCluster([testNode("n")], [], [testGroup("a", ["n"])]);
    plan(cluster, many(9));
    assert.deepEqual(
      [...cluster.cluster.nodes].map(({ name, pods }) => `${name} ${pods.size}`),
      ["n 0"],
    );
  });

  it("respects selectors, taints and host ports of the group's nodes", () => {
    const labels = { disk: "ssd" };
    const template = {
      labels,
      taints: [{ key: "t", effect: "NoSchedule" as const }],
      capacity: {},
      allocatable: { cpu: "4", memory: "8Gi" },
    };
    const groups = [testGroup("plain", []), testGroup("ssd", [], { template })];
    const tolerations = [{ key: "t", operator: "Exists" as const }];
    const selecting = plan(testCluster([], [], groups), [testPodInfo("s", { nodeSelector: labels, tolerations })]);
    assert.deepEqual(selecting.grown, ["ssd 0->1"]);
    const intolerant = plan(testCluster([], [], groups), [testPodInfo("s", { nodeSelector: labels })]);
    assert.deepEqual(intolerant.unhelped, [
      "s: node(s) didn't match Pod's node affinity/selector,node(s) had untolerated taint(s)",
    ]);
    const containers = [{ name: "c", image: "i", ports: [{ containerPort: 80, hostPort: 80 }] }];
    const ported = plan(testCluster([], [], [testGroup("a", [])]), many(3, { containers }));
    assert.deepEqual(ported.grown, ["a 0->3"]);
  });

  it("gives pods that shun each other a node each", () => {
    const labels = { app: "db" };
    const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const running = testPod("running", { labels, affinity, nodeName: "n" });
    const cluster = testCluster([testNode("n")], [running], [testGroup("a", ["n"])]);
    assert.deepEqual(plan(cluster, many(3, { labels, affinity })).grown, ["a 1->4"]);
  });

  it("adds to the zone that a hard spread asks for", () => {
    const labels = { app: "web" };
    const zone = (name: string) => shaped(name, "4", {}, { [zoneLabel]: name });
    const nodes = [testNode("n", { labels: { [zoneLabel]: "a" } })];
    const running = testPod("running", { labels, nodeName: "n" });
    const topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: zoneLabel,
        whenUnsatisfiable: "DoNotSchedule" as const,
        minDomains: 2,
        labelSelector: { matchLabels: labels },
      },
    ];
    const cluster = testCluster(nodes, [running], [zone("a"), zone("b")]);
    assert.deepEqual(plan(cluster, [testPodInfo("p", { labels, topologySpreadConstraints })]).grown, ["b 0->1"]);
  });

  it("does not ask twice for what is on its way", () => {
    const groups = [testGroup("a", ["n", testMachine("new", "Creating")])];
    const busy = testPod("busy", { cpu: "4", nodeName: "n" });
    const scan = testCluster([testNode("n")], [busy], groups);
    const upcoming = addUpcomingNodes(scan.cluster, scan.views, scan.templates, () => false);
    assert.equal(upcoming.size, 1);
    assert.deepEqual(placePending(scan.cluster, many(5)).length, 1);
  });

  it("does not count on machines that are overdue", () => {
    const scan = testCluster([], [], [testGroup("a", [testMachine("late", "Creating")])]);
    assert.equal(addUpcomingNodes(scan.cluster, scan.views, scan.templates, (id) => id === "late").size, 0);
  });

  it("keeps to the limit of all nodes", () => {
    const cluster = testCluster([testNode("n")], [], [testGroup("a", [])]);
    assert.deepEqual(plan(cluster, many(16), { maxNodesTotal: 3 }).grown, ["a 0->2"]);
    assert.deepEqual(plan(cluster, [testPodInfo("p")], { maxNodesTotal: 1 }).unhelped, [
      "p: max total nodes in cluster reached",
    ]);
  });

  it("raises groups below their smallest size", () => {
    const { views } = testCluster([], [], [testGroup("a", ["m"], { minSize: 3 }), testGroup("b", [])]);
    assert.deepEqual(
      planMinSizes(views, () => undefined).map(({ group, to }) => `${group} ${to}`),
      ["a 3"],
    );
    assert.deepEqual(
      planMinSizes(views, () => "resting"),
      [],
    );
  });
});

describe("the choice among groups", () => {
  const groups = [shaped("small", "2"), shaped("large", "16")];
  const choose = (extra: Extra, count = 2) =>
    plan(testCluster([], [], groups), many(count, { memory: "1Ki" }), extra).grown;

  it("wastes least", () => {
    assert.deepEqual(choose({}), ["small 0->1"]);
    assert.deepEqual(
      choose({}, 16),
      ["small 0->8"].map(() => "large 0->1"),
    );
  });

  it("takes the group that helps most pods", () => {
    const limited = [shaped("small", "2", { maxSize: 1 }), shaped("large", "16")];
    assert.deepEqual(plan(testCluster([], [], limited), many(5), { expanders: ["most-pods"] }).grown, ["large 0->1"]);
  });

  it("adds fewest nodes", () => {
    assert.deepEqual(choose({ expanders: ["least-nodes"] }, 4), ["large 0->1"]);
  });

  it("follows priorities, and chance where they say nothing", () => {
    const priorities = parsePriorities("10: ['^small$']\n20: ['^lar']\n");
    assert.deepEqual(choose({ expanders: ["priority"], priorities }), ["large 0->1"]);
    assert.equal(choose({ expanders: ["priority"] }).length, 1);
    assert.equal(choose({ expanders: ["random"] }).length, 1);
  });

  it("refuses priorities that make no sense", () => {
    assert.throws(() => parsePriorities("high: [a]"), /"high" is not a whole number/);
    assert.throws(() => parsePriorities("1: a"), /must be a list of patterns/);
    assert.throws(() => parsePriorities("1: ['(']"), /missing/);
  });
});

describe("groups that are alike", () => {
  const zoned = (name: string, machines: readonly string[]) => ({
    ...shaped(name, "4", {}, { [zoneLabel]: name }),
    machines: machines.map((id) => testMachine(id)),
  });

  it("grow to like sizes", () => {
    const groups = [zoned("a", ["1", "2"]), zoned("b", []), shaped("other", "5")];
    const nodes = ["1", "2"].map((name) => testNode(name, { memory: "64Gi", labels: { [zoneLabel]: "a" } }));
    const outcome = plan(testCluster(nodes, [], groups), many(12), {
      balanceSimilarGroups: true,
      expanders: ["priority"],
      priorities: parsePriorities("1: ['^a$']"),
    });
    assert.deepEqual(outcome.grown, ["a 2->3", "b 0->2"]);
  });

  it("are shared out within their bounds", () => {
    const sizes = shareOut(5, [
      { group: "a", size: 1, max: 2 },
      { group: "b", size: 0, max: 9 },
    ]);
    assert.deepEqual(
      sizes.map(({ group, size }) => `${group} ${size}`),
      ["a 2", "b 4"],
    );
  });
});
