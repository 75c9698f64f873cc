import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { leases, nodes, pods } from "@kube-ts/api/resource-types";
import { formatMicroTime } from "@kube-ts/api/rfc3339";
import { TaskGroup } from "@kube-ts/std/task-group";
import { PodGarbageCollector } from "../pod-gc/pod-gc-controller.ts";
import { TaintEvictionController } from "../taint-eviction/taint-eviction-controller.ts";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { FencingController } from "./fencing-controller.ts";
import { fencedAnnotation, type FencingStep, planFencing } from "./plan.ts";

const unreachable = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" } as const;
const outOfService = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" } as const;
const limits = { unreachableMs: 60_000, notReadyMs: 0 };

interface NodeShape {
  readonly ready?: "True" | "False" | "Unknown";
  readonly taints?: Node["spec"]["taints"];
  readonly fenced?: boolean;
}

function nodeOf({ ready = "Unknown", taints = [unreachable], fenced = false }: NodeShape): Node {
  return {
    metadata: { name: "n", ...(fenced && { annotations: { [fencedAnnotation]: "2026-01-01T00:00:00Z" } }) },
    spec: { taints: [...taints], providerID: "rack://7" },
    status: { conditions: [{ type: "Ready", status: ready }] },
  };
}

describe("the plan of fencing", () => {
  const cases: [string, NodeShape, number, number, FencingStep, typeof limits?][] = [
    ["a node that is well", { ready: "True", taints: [] }, 1e9, 0, { kind: "none" }],
    ["a silent node, at first", {}, 20_000, 0, { kind: "wait", ms: 40_000 }],
    ["a silent node, when its time is over", {}, 60_000, 0, { kind: "fence" }],
    ["a silent node that keeps its pods, as too much failed at once", { taints: [] }, 1e9, 1, { kind: "none" }],
    [
      "a node that an administrator has declared dead",
      { taints: [unreachable, outOfService] },
      1e9,
      1,
      { kind: "none" },
    ],
    ["a node that says that it is not ready", { ready: "False" }, 1e9, 1, { kind: "none" }],
    ["the same where that is enough", { ready: "False" }, 10, 1, { kind: "fence" }, { ...limits, notReadyMs: 5 }],
    [
      "a fenced node that has just come back",
      { ready: "True", taints: [outOfService], fenced: true },
      4_000,
      0,
      { kind: "wait", ms: 6_000 },
    ],
    [
      "one that may still run what was replaced",
      { ready: "True", taints: [outOfService], fenced: true },
      60_000,
      1,
      { kind: "wait", ms: 10_000 },
    ],
    ["one that is well again", { ready: "True", taints: [outOfService], fenced: true }, 10_000, 0, { kind: "unfence" }],
    ["one whose taint an administrator has set", { ready: "True", taints: [outOfService] }, 1e9, 0, { kind: "none" }],
  ];
  for (const [name, shape, inStateMs, endingPods, expected, given = limits] of cases) {
    it(name, () => assert.deepEqual(planFencing(nodeOf(shape), inStateMs, endingPods, given), expected));
  }
});

/** A node that is silent, its pods on their way out, and everybody who has a say in what becomes of them. */
class SilentNode implements AsyncDisposable {
  readonly cluster = new MemoryCluster();
  readonly fencedNodes: string[] = [];
  /** What the program does. */
  fence: () => Promise<void> = () => Promise.resolve();
  readonly #tasks = new TaskGroup(new AbortController().signal);

  async start(): Promise<void> {
    this.cluster.podsEndSlowly = true;
    this.cluster.create<Node>(nodes, nodeOf({}));
    this.cluster.create(leases, { metadata: { name: "n", namespace: "kube-node-lease" }, spec: {} });
    const tolerations = [{ key: unreachable.key, operator: "Exists" } as const];
    const spec = { nodeName: "n", containers: [], tolerations };
    this.cluster.create<Pod>(pods, { metadata: { namespace: "ns", name: "db-0" }, spec, status: { phase: "Running" } });
    const context = await this.cluster.context();
    const fence = async (node: Node) => {
      this.fencedNodes.push(`${node.metadata.name} ${node.spec.providerID}`);
      await this.fence();
    };
    const controllers = [
      new FencingController(context, fence, limits),
      new TaintEvictionController(context),
      new PodGarbageCollector(context),
    ];
    for (const controller of controllers) this.#tasks.start((signal) => controller.run(signal));
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) await this.cluster.clock.advance(1_000);
  }

  get isOutOfService(): boolean {
    return (this.cluster.get(nodes, "n").spec.taints ?? []).some(({ key }) => key === outOfService.key);
  }

  get pods(): string[] {
    return this.cluster
      .list(pods)
      .map(({ metadata }) => `${metadata.name}${metadata.deletionTimestamp ? " ending" : ""}`);
  }

  get reasons(): string[] {
    return this.cluster.events.map(({ reason }) => reason);
  }

  renewLease(): void {
    const renewTime = formatMicroTime(this.cluster.clock.now() + 1);
    this.cluster.change(leases, "n", { spec: { renewTime } }, "kube-node-lease");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#tasks.stop();
  }
}

describe("fencing", () => {
  it("turns the machine off before pods are given up, and takes the node back when it is well", async () => {
    await using silent = new SilentNode();
    await silent.start();
    await silent.pass(50);
    assert.deepEqual(silent.fencedNodes, []);
    assert.deepEqual(silent.pods, ["db-0"]);
    await silent.pass(15);
    assert.deepEqual(silent.fencedNodes, ["n rack://7"]);
    assert.equal(silent.isOutOfService, true);
    await silent.pass(40);
    assert.deepEqual(silent.pods, []);
    silent.cluster.change(nodes, "n", { status: { conditions: [{ type: "Ready", status: "True" }] } });
    await silent.pass(5);
    assert.equal(silent.isOutOfService, true);
    await silent.pass(10);
    assert.equal(silent.isOutOfService, false);
    assert.deepEqual(silent.fencedNodes.length, 1);
    assert.equal(silent.cluster.get(nodes, "n").metadata.annotations?.[fencedAnnotation], undefined);
    const told = ["FencingNode", "NodeFenced", "NodeUnfenced", "TaintManagerEviction"];
    assert.deepEqual(silent.reasons.toSorted(), told);
  });

  it("gives up no pod while the machine may run, and goes on trying", async () => {
    await using silent = new SilentNode();
    silent.fence = () => Promise.reject(new Error("no answer from the controller"));
    await silent.start();
    silent.cluster.change(nodes, "n", { spec: { taints: [unreachable, { key: "gone", effect: "NoExecute" }] } });
    await silent.pass(600);
    assert.ok(silent.fencedNodes.length > 10, `${silent.fencedNodes.length} attempts`);
    assert.equal(silent.isOutOfService, false);
    assert.deepEqual(silent.pods, ["db-0 ending"]);
    assert.ok(silent.reasons.includes("FencingFailed"));
    silent.fence = () => Promise.resolve();
    await silent.pass(80);
    assert.deepEqual(silent.pods, []);
  });

  it("leaves a node alone that comes back in time", async () => {
    await using silent = new SilentNode();
    await silent.start();
    await silent.pass(50);
    silent.cluster.change(nodes, "n", {
      spec: { taints: [] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    await silent.pass(200);
    assert.deepEqual(silent.fencedNodes, []);
    assert.deepEqual(silent.pods, ["db-0"]);
  });

  it("does not believe a program when the machine speaks afterwards", async () => {
    await using silent = new SilentNode();
    silent.fence = async () => silent.renewLease();
    await silent.start();
    await silent.pass(70);
    assert.equal(silent.fencedNodes.length, 1);
    assert.equal(silent.isOutOfService, false);
    assert.ok(silent.reasons.includes("FencingRefuted"));
    silent.fence = () => Promise.resolve();
    await silent.pass(30);
    assert.equal(silent.isOutOfService, true);
  });
});
