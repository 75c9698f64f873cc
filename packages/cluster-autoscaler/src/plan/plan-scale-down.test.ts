import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import type { ScaleDownOptions } from "../config/autoscaler-config.ts";
import { deletionCandidateTaint, machineAnnotation, toBeDeletedTaint } from "../model/node-marks.ts";
import { testCluster, testGroup, testMachine, testNode, testNowMs, testPod } from "../testing/objects.ts";
import type { NodeGroup } from "../provider/node-group-provider.ts";
import { DisruptionBudgets } from "./disruption-budgets.ts";
import { GroupBackoff } from "./group-backoff.ts";
import { planLeftovers } from "./leftovers.ts";
import { planMachineUpkeep, UnregisteredSince } from "./machine-upkeep.ts";
import { planScaleDown, type UnneededNode } from "./plan-scale-down.ts";
import { isCoolingDown, planRemovals, UnneededSince } from "./removal-schedule.ts";

const minute = 60_000;

const options: ScaleDownOptions = {
  enabled: true,
  delayAfterAddMs: 10 * minute,
  delayAfterDeleteMs: 10_000,
  delayAfterFailureMs: 3 * minute,
  unneededMs: 10 * minute,
  unreadyEnabled: true,
  unreadyMs: 20 * minute,
  utilizationThreshold: 0.5,
  ignoreDaemonSets: false,
  ignoreMirrorPods: false,
  maxEmptyAtOnce: 10,
  maxAtOnce: 10,
  maxDrainedAtOnce: 1,
  unremovableRecheckMs: 5 * minute,
  maxSoftTaintChanges: 10,
};

interface Situation {
  readonly nodes: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly budgets?: readonly PodDisruptionBudget[];
  readonly options?: Partial<ScaleDownOptions>;
  readonly before?: readonly string[];
  readonly letAlone?: readonly string[];
  readonly group?: Partial<NodeGroup>;
}

function plan({ nodes, pods = [], budgets = [], before = [], letAlone = [], ...rest }: Situation) {
  const group = testGroup(
    "a",
    nodes.map(({ metadata }) => metadata.name ?? ""),
    rest.group,
  );
  const cluster = testCluster(nodes, pods, [group]);
  const result = planScaleDown({
    ...cluster,
    upcoming: new Set(),
    options: { ...options, ...rest.options },
    drain: {
      options: { skipSystemPods: true, skipLocalStorage: true, skipCustomControllers: true },
      budgets: new DisruptionBudgets(budgets),
      expendablePriorityCutoff: -10,
      nowMs: testNowMs,
    },
    before: new Set(before),
    isLetAlone: (name) => letAlone.includes(name),
  });
  return {
    unneeded: result.unneeded.map(({ managed, isEmpty }) => `${managed.name}${isEmpty ? " empty" : ""}`).toSorted(),
    kept: result.unremovable.map(({ name, reason, blockedBy }) => `${name} ${blockedBy?.reason ?? reason}`).toSorted(),
  };
}

const full = (nodeName: string) => testPod(`fill-${nodeName}`, { nodeName, cpu: "3" });

describe("nodes that are not needed", () => {
  it("are those whose pods all fit elsewhere", () => {
    const nodes = ["n1", "n2", "n3"].map((name) => testNode(name));
    const pods = [full("n1"), testPod("p", { nodeName: "n2" })];
    assert.deepEqual(plan({ nodes, pods }), { unneeded: ["n2", "n3 empty"], kept: ["n1 NotUnderutilized"] });
    assert.deepEqual(plan({ nodes, pods: [...pods, testPod("q", { nodeName: "n1" })] }), {
      unneeded: ["n3 empty"],
      kept: ["n1 NotUnderutilized", "n2 NoPlaceToMovePods"],
    });
  });

  it("can all go together", () => {
    const nodes = ["n1", "n2", "n3"].map((name) => testNode(name));
    const pods = nodes.map(({ metadata }) => testPod(`on-${metadata.name}`, { nodeName: metadata.name ?? "" }));
    // Each could go alone; one has to stay for the pods of the others.
    assert.equal(plan({ nodes, pods }).unneeded.length, 2);
  });

  it("stay the same from scan to scan", () => {
    const nodes = ["n1", "n2"].map((name) => testNode(name));
    const pods = nodes.map(({ metadata }) => testPod(`on-${metadata.name}`, { nodeName: metadata.name ?? "" }));
    assert.deepEqual(plan({ nodes, pods, before: ["n1"] }).unneeded, ["n1"]);
    assert.deepEqual(plan({ nodes, pods, before: ["n2"] }).unneeded, ["n2"]);
  });

  const blocked: [string, Pod, string][] = [
    ["a pod without a controller", testPod("p", { nodeName: "n1", owner: null }), "NotReplicated"],
    ["a pod of somebody's own controller", testPod("p", { nodeName: "n1", owner: "Database" }), "NotReplicated"],
    [
      "data on the node",
      testPod("p", { nodeName: "n1", volumes: [{ name: "v", emptyDir: {} }] }),
      "LocalStorageRequested",
    ],
    [
      "a directory of the node",
      testPod("p", { nodeName: "n1", volumes: [{ name: "v", hostPath: { path: "/" } }] }),
      "LocalStorageRequested",
    ],
    ["a system pod", testPod("p", { nodeName: "n1", namespace: "kube-system" }), "UnmovableKubeSystemPod"],
    [
      "a pod that says no",
      testPod("p", {
        nodeName: "n1",
        metadata: { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } },
      }),
      "NotSafeToEvictAnnotation",
    ],
  ];
  for (const [what, pod, reason] of blocked) {
    it(`are not those with ${what}`, () => {
      const nodes = [testNode("n1"), testNode("n2")];
      const outcome = plan({ nodes, pods: [pod, full("n2")] });
      assert.deepEqual(outcome, { unneeded: [], kept: [`n1 ${reason}`, "n2 NotUnderutilized"] });
    });
  }

  const harmless: [string, Pod, string][] = [
    [
      "a pod that may go although it is alone",
      testPod("p", {
        nodeName: "n1",
        owner: null,
        metadata: { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" } },
      }),
      "n1",
    ],
    [
      "memory as a directory",
      testPod("p", { nodeName: "n1", volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] }),
      "n1",
    ],
    [
      "a local volume that is named as safe",
      testPod("p", {
        nodeName: "n1",
        volumes: [{ name: "v", emptyDir: {} }],
        metadata: { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "u,v" } },
      }),
      "n1",
    ],
    ["a pod of a daemon set", testPod("p", { nodeName: "n1", owner: "DaemonSet" }), "n1 empty"],
    [
      "a static pod",
      testPod("p", {
        nodeName: "n1",
        owner: "Node",
        metadata: { annotations: { "kubernetes.io/config.mirror": "x" } },
      }),
      "n1 empty",
    ],
    [
      "a pod that should have ended long ago",
      testPod("p", {
        nodeName: "n1",
        owner: null,
        metadata: { deletionTimestamp: new Date(testNowMs - minute).toISOString() },
      }),
      "n1 empty",
    ],
    [
      "a pod that ends",
      testPod("p", { nodeName: "n1", owner: null, metadata: { deletionTimestamp: new Date(testNowMs).toISOString() } }),
      "n1",
    ],
    ["an expendable pod", testPod("p", { nodeName: "n1", owner: null, priority: -11 }), "n1"],
  ];
  for (const [what, pod, expected] of harmless) {
    it(`may have ${what}`, () => {
      assert.deepEqual(plan({ nodes: [testNode("n1"), testNode("n2")], pods: [pod, full("n2")] }).unneeded, [expected]);
    });
  }

  it("respect disruption budgets", () => {
    const labels = { app: "web" };
    const budget = (disruptionsAllowed: number): PodDisruptionBudget => ({
      metadata: { namespace: "default", name: "b" },
      spec: { selector: { matchLabels: labels } },
      status: { disruptionsAllowed, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
    });
    const nodes = ["n1", "n2", "n3"].map((name) => testNode(name));
    const pods = [
      full("n3"),
      testPod("p", { nodeName: "n1", labels, cpu: "100m" }),
      testPod("q", { nodeName: "n2", labels, cpu: "100m" }),
    ];
    assert.deepEqual(plan({ nodes, pods, budgets: [budget(0)] }).kept, [
      "n1 NotEnoughPdb",
      "n2 NotEnoughPdb",
      "n3 NotUnderutilized",
    ]);
    assert.deepEqual(plan({ nodes, pods, budgets: [budget(1)] }), {
      unneeded: ["n1"],
      kept: ["n2 NotEnoughPdb", "n3 NotUnderutilized"],
    });
    const system = testPod("p", { nodeName: "n1", labels, namespace: "kube-system" });
    const covering = { ...budget(1), metadata: { namespace: "kube-system", name: "b" } };
    assert.deepEqual(plan({ nodes, pods: [system, full("n2"), full("n3")], budgets: [covering] }).unneeded, ["n1"]);
  });

  it("are not those that somebody keeps, nor those that are young or already going", () => {
    const disabled = { "cluster-autoscaler.kubernetes.io/scale-down-disabled": "true" };
    const nodes = [
      testNode("kept", { annotations: disabled }),
      testNode("young", { ready: "False", ageMinutes: 1 }),
      testNode("going", { taints: [{ key: toBeDeletedTaint, effect: "NoSchedule" }] }),
      testNode("tried"),
    ];
    assert.deepEqual(plan({ nodes, letAlone: ["tried"] }), {
      unneeded: [],
      kept: [
        "going CurrentlyBeingDeleted",
        "kept ScaleDownDisabledAnnotation",
        "tried RecentlyUnremovable",
        "young NotUnderutilized",
      ],
    });
  });

  it("include broken ones, unless that is turned off", () => {
    const nodes = [testNode("broken", { ready: "Unknown" })];
    assert.deepEqual(plan({ nodes }).unneeded, ["broken empty"]);
    assert.deepEqual(plan({ nodes, options: { unreadyEnabled: false } }).kept, ["broken ScaleDownUnreadyDisabled"]);
  });

  it("may leave daemons out of the reckoning", () => {
    const pods = [testPod("d", { nodeName: "n", cpu: "3", owner: "DaemonSet" })];
    assert.deepEqual(plan({ nodes: [testNode("n")], pods }).kept, ["n NotUnderutilized"]);
    assert.deepEqual(plan({ nodes: [testNode("n")], pods, options: { ignoreDaemonSets: true } }).unneeded, ["n empty"]);
  });

  it("do not send pods to nodes that exist on paper only", () => {
    const scan = testCluster(
      [testNode("n1"), testNode("paper")],
      [testPod("p", { nodeName: "n1" })],
      [testGroup("a", ["n1"])],
    );
    const { unneeded } = planScaleDown({
      ...scan,
      upcoming: new Set(["paper"]),
      options,
      drain: {
        options: { skipSystemPods: true, skipLocalStorage: true, skipCustomControllers: true },
        budgets: new DisruptionBudgets([]),
        expendablePriorityCutoff: -10,
        nowMs: testNowMs,
      },
      before: new Set(),
      isLetAlone: () => false,
    });
    assert.deepEqual(unneeded, []);
  });
});

describe("the time of removals", () => {
  function due(
    nodes: readonly Node[],
    extra: { pods?: Pod[]; group?: Partial<NodeGroup>; ageMinutes?: number; underWay?: [string, boolean][] },
  ) {
    const group = testGroup(
      "a",
      nodes.map(({ metadata }) => metadata.name ?? ""),
      extra.group,
    );
    const { views, nodes: managed } = testCluster(nodes, [], [group]);
    const withPods = new Set((extra.pods ?? []).map(({ spec }) => spec.nodeName));
    const underWay = new Map((extra.underWay ?? []).map(([name, isEmpty]) => [name, { isEmpty }]));
    const unneeded = managed
      .filter(({ name }) => !underWay.has(name))
      .map((each): UnneededNode => ({ managed: each, utilization: 0, isEmpty: !withPods.has(each.name), pods: [] }));
    const ages = () => (extra.ageMinutes ?? 15) * minute;
    const { start, kept } = planRemovals({ unneeded, ages, views, options, underWay });
    return {
      start: start.map(({ managed: { name } }) => name),
      kept: kept.map(({ name, reason }) => `${name} ${reason}`),
    };
  }
  const nodes = ["n1", "n2", "n3"].map((name) => testNode(name));
  const onEach = nodes.map(({ metadata }) => testPod(`on-${metadata.name}`, { nodeName: metadata.name ?? "" }));

  it("comes when they were unneeded long enough", () => {
    assert.deepEqual(due(nodes, { ageMinutes: 9 }).start, []);
    assert.deepEqual(due(nodes, { ageMinutes: 10 }).start, ["n1", "n2", "n3"]);
  });

  it("comes later for broken nodes", () => {
    const broken = [testNode("n", { ready: "Unknown" })];
    assert.deepEqual(due(broken, { ageMinutes: 15 }).kept, ["n NotUnreadyLongEnough"]);
    assert.deepEqual(due(broken, { ageMinutes: 20 }).start, ["n"]);
  });

  it("leaves the smallest size, counting what is under way", () => {
    assert.deepEqual(due(nodes, { group: { minSize: 2 } }).start, ["n1"]);
    assert.deepEqual(due(nodes, { group: { minSize: 2 }, underWay: [["n1", true]] }).start, []);
    const leaving = { minSize: 2, machines: [testMachine("n1", "Deleting"), testMachine("n2"), testMachine("n3")] };
    assert.deepEqual(due(nodes, { group: leaving, underWay: [["n1", true]] }).start, []);
    const four = [...nodes, testNode("n4")];
    assert.deepEqual(due(four, { group: { minSize: 2 }, underWay: [["n1", true]] }).start, ["n2"]);
  });

  it("drains one node at a time", () => {
    assert.deepEqual(due(nodes, { pods: onEach }).start, ["n1"]);
    assert.deepEqual(due(nodes, { pods: onEach, underWay: [["n1", false]] }).start, []);
    assert.deepEqual(due(nodes, { pods: onEach.slice(0, 2) }).start, ["n3", "n1"]);
  });

  it("starts afresh when a node was needed in between, or became ready", () => {
    const since = new UnneededSince();
    const asUnneeded = (node: Node): UnneededNode[] =>
      testCluster([node], [], [testGroup("a", ["n"])]).nodes.map((managed) => ({
        managed,
        utilization: 0,
        isEmpty: true,
        pods: [],
      }));
    since.update(asUnneeded(testNode("n")), 0);
    since.update(asUnneeded(testNode("n")), minute);
    assert.equal(since.ageMs("n", minute), minute);
    since.update(asUnneeded(testNode("n", { ready: "Unknown" })), 2 * minute);
    assert.equal(since.ageMs("n", 2 * minute), 0);
    since.update([], 3 * minute);
    since.update(asUnneeded(testNode("n")), 4 * minute);
    assert.equal(since.ageMs("n", 4 * minute), 0);
  });

  it("waits after changes", () => {
    const never = { addMs: undefined, deleteMs: undefined, failureMs: undefined };
    assert.equal(isCoolingDown(never, options, 0), false);
    assert.equal(isCoolingDown({ ...never, addMs: 0 }, options, 9 * minute), true);
    assert.equal(isCoolingDown({ ...never, addMs: 0 }, options, 10 * minute), false);
    assert.equal(isCoolingDown({ ...never, deleteMs: 0 }, options, 5_000), true);
    assert.equal(isCoolingDown({ ...never, failureMs: 0 }, options, 2 * minute), true);
  });
});

describe("failures", () => {
  it("make a group rest, longer each time, until there was none for long", () => {
    const backoff = new GroupBackoff({ initialMs: 5 * minute, maxMs: 15 * minute, resetAfterMs: 180 * minute });
    backoff.fail("a", "first", 0);
    backoff.fail("a", "same request", minute);
    assert.equal(backoff.reason("a", 5 * minute - 1), "first");
    assert.equal(backoff.reason("a", 5 * minute), undefined);
    backoff.fail("a", "second", 6 * minute);
    assert.equal(backoff.reason("a", 16 * minute - 1), "second");
    backoff.fail("a", "third", 16 * minute);
    assert.equal(backoff.reason("a", 31 * minute), undefined);
    backoff.fail("a", "much later", 300 * minute);
    assert.equal(backoff.reason("a", 305 * minute), undefined);
    assert.equal(backoff.reason("b", 0), undefined);
  });

  it("are cleaned up: machines that failed and those that never became nodes", () => {
    const group = testGroup("a", [
      testMachine("ok"),
      testMachine("late", "Creating"),
      testMachine("bad", "Failed"),
      testMachine("broke later", "Failed"),
      testMachine("gone", "Deleting"),
    ]);
    const { views } = testCluster([testNode("ok"), testNode("broke later", { ready: "Unknown" })], [], [group]);
    const since = new UnregisteredSince();
    since.update(views, 0);
    const useless = (nowMs: number) =>
      planMachineUpkeep(views, (id) => since.ageMs(id, nowMs), 15 * minute).map(
        ({ machines, why }) => `${machines.map(({ id }) => id).join()} ${why}`,
      );
    assert.deepEqual(useless(14 * minute), ["bad failed"]);
    assert.deepEqual(useless(15 * minute), ["bad failed", "late timedOut"]);
  });

  it("of the process are made good: removals that were begun end one way or the other", () => {
    const taints = [{ key: toBeDeletedTaint, effect: "NoSchedule" as const }];
    const annotations = { [machineAnnotation]: "a/x" };
    const nodes = [
      testNode("runs", { taints, annotations }),
      testNode("leaves", { taints, annotations }),
      testNode("silent", { taints, annotations, ready: "Unknown" }),
      testNode("alive", { taints, annotations }),
      testNode("foreign", { taints, ready: "Unknown" }),
      testNode("underway", { taints, annotations }),
      testNode("candidate", { taints: [{ key: deletionCandidateTaint, effect: "PreferNoSchedule" }] }),
    ];
    const group = testGroup("a", ["runs", testMachine("leaves", "Deleting"), "underway", "candidate"]);
    const { views } = testCluster(nodes, [], [group]);
    const actions = planLeftovers(nodes, views, (name) => name === "underway");
    assert.deepEqual(
      actions.map(({ kind, node }) => `${kind} ${node.metadata.name}`),
      ["unmark runs", "delete silent"],
    );
  });
});
