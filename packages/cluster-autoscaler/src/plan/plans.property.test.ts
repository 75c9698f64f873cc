import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { hostnameLabel, zoneLabel } from "@kube-ts/api/well-known-labels";
import { seededRandom } from "@kube-ts/std/random";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { testCluster, testGroup, testNode, testNowMs, testPod } from "../testing/objects.ts";
import { DisruptionBudgets } from "./disruption-budgets.ts";
import { GroupPriorities } from "./group-priorities.ts";
import { placePending } from "./pending-pods.ts";
import { planScaleDown } from "./plan-scale-down.ts";
import { planScaleUp } from "./plan-scale-up.ts";

const apps = ["a", "b"] as const;

const podShapes = fc.array(
  fc.record({
    milliCpu: fc.integer({ min: 0, max: 3_000 }),
    app: fc.constantFrom(...apps),
    relation: fc.constantFrom("none", "shuns", "spreads"),
    zone: fc.option(fc.constantFrom("x", "y")),
    node: fc.integer({ min: 0, max: 5 }),
  }),
  { maxLength: 14 },
);
type PodShapes = typeof podShapes extends fc.Arbitrary<infer T> ? T : never;

const nodeShapes = fc.array(fc.constantFrom("x", "y"), { minLength: 1, maxLength: 6 });

function nodesOf(zones: readonly string[]): Node[] {
  return zones.map((zone, index) => testNode(`n${index}`, { labels: { [zoneLabel]: zone } }));
}

function podsOf(shapes: PodShapes, isBound: boolean, nodeCount: number): Pod[] {
  return shapes.map(({ milliCpu, app, relation, zone, node }, index) => {
    const labelSelector = { matchLabels: { app } };
    const term = { topologyKey: hostnameLabel, labelSelector };
    const spread = { maxSkew: 1, topologyKey: zoneLabel, whenUnsatisfiable: "DoNotSchedule" as const, labelSelector };
    return testPod(`p${index}`, {
      cpu: `${milliCpu}m`,
      memory: "1Mi",
      labels: { app },
      ...(relation === "shuns" && {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      }),
      ...(relation === "spreads" && { topologySpreadConstraints: [spread] }),
      ...(zone !== null && { nodeSelector: { [zoneLabel]: zone } }),
      ...(isBound && { nodeName: `n${node % nodeCount}` }),
    });
  });
}

/** The pods as they are placed: those that the scheduler itself would have let in, in this order. */
function admitted(nodes: readonly Node[], pods: readonly Pod[]): Pod[] {
  const { cluster } = testCluster(nodes, [], []);
  return pods.filter((pod) => {
    const info = podInfoOf(pod);
    const node = cluster.node(pod.spec.nodeName ?? "");
    if (!node || cluster.judge(info)(node) !== undefined) return false;
    cluster.place(info, node);
    return true;
  });
}

describe("plans, whatever the cluster looks like", () => {
  it("remove only nodes whose pods find room on the others, all together", () => {
    checkProperty(
      fc.property(nodeShapes, podShapes, (zones, shapes) => {
        const nodes = nodesOf(zones);
        const pods = admitted(nodes, podsOf(shapes, true, nodes.length));
        const scan = testCluster(nodes, pods, [testGroup("g", nodes.map(nameOf))]);
        const describeAll = () =>
          [...scan.cluster.nodes].map(({ name, pods }) => `${name}: ${[...pods.keys()].toSorted().join()}`).toSorted();
        const before = describeAll();
        const { unneeded, unremovable } = planScaleDown({
          ...scan,
          upcoming: new Set(),
          options: {
            enabled: true,
            delayAfterAddMs: 0,
            delayAfterDeleteMs: 0,
            delayAfterFailureMs: 0,
            unneededMs: 0,
            unreadyEnabled: true,
            unreadyMs: 0,
            utilizationThreshold: 0.8,
            ignoreDaemonSets: false,
            ignoreMirrorPods: false,
            maxEmptyAtOnce: 10,
            maxAtOnce: 10,
            maxDrainedAtOnce: 10,
            unremovableRecheckMs: 0,
            maxSoftTaintChanges: 0,
          },
          drain: {
            options: { skipSystemPods: true, skipLocalStorage: true, skipCustomControllers: true },
            budgets: new DisruptionBudgets([]),
            expendablePriorityCutoff: -10,
            nowMs: testNowMs,
          },
          before: new Set(),
          isLetAlone: () => false,
        });
        assert.deepEqual(describeAll(), before, "the plan has changed the cluster that it was made on");
        assert.equal(unneeded.length + unremovable.length, nodes.length);
        const gone = new Set(unneeded.map(({ managed }) => managed.name));
        const staying = nodes.filter((node) => !gone.has(nameOf(node)));
        const moving = pods.filter(({ spec }) => gone.has(spec.nodeName ?? ""));
        assert.ok(moving.length === 0 || staying.length > 0, "pods are left with no node at all");
        const free = (node: Node) =>
          4_000 -
          sum(pods.filter(({ spec }) => spec.nodeName === nameOf(node)).map((pod) => podInfoOf(pod).requests.milliCpu));
        const room = sum(staying.map(free));
        assert.ok(sum(moving.map((pod) => podInfoOf(pod).requests.milliCpu)) <= room, "there is too little room");
      }),
    );
  });

  it("add nodes on which the pods fit that they were added for, within the bounds of the group", () => {
    checkProperty(
      fc.property(nodeShapes, podShapes, fc.integer({ min: 0, max: 4 }), (zones, shapes, room) => {
        const nodes = nodesOf(zones);
        const size = nodes.length;
        const group = testGroup("g", nodes.map(nameOf), { maxSize: size + room });
        const scan = testCluster(nodes, [], [group]);
        const pending = placePending(scan.cluster, podsOf(shapes, false, 1).map(podInfoOf));
        const { increases, helped, unhelped } = planScaleUp({
          ...scan,
          pods: pending,
          nodesTotal: size,
          options: {
            expanders: ["least-waste"],
            maxNodeProvisionMs: 1,
            maxNodesTotal: Infinity,
            newPodDelayMs: 0,
            expendablePriorityCutoff: -10,
            balanceSimilarGroups: false,
            balancingIgnoreLabels: [],
            enforceMinSize: false,
            startupTaints: [],
            statusTaints: [],
          },
          refuse: () => undefined,
          choice: { random: seededRandom(1), priorities: new GroupPriorities() },
        });
        const added = sum(increases.map(({ from, to }) => to - from));
        assert.ok(added <= room, `${added} nodes for a group that may grow by ${room}`);
        assert.equal(helped.length > 0, added > 0, "nodes are added for pods and for nothing else");
        assert.ok(sum(helped.map(({ requests }) => requests.milliCpu)) <= added * 4_000);
        assert.ok(helped.every((pod) => pending.includes(pod) && !unhelped.some((other) => other.pod === pod)));
        assert.ok(added <= helped.length, "no node stays empty");
      }),
    );
  });
});

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
