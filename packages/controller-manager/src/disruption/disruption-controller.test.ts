import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import type { PodDisruptionBudgetSpec } from "@kube-ts/api/policy/v1";
import { deployments, podDisruptionBudgets, pods, replicaSets, statefulSets } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { disruptionController } from "./disruption-controller.ts";

const labels = { app: "web" };
const selector = { matchLabels: labels };

/** A deployment of so many pods, of which some are there, and a budget for them. */
class Bench {
  readonly cluster = new MemoryCluster();

  constructor(spec: PodDisruptionBudgetSpec, replicas = 4, running = 4) {
    const { cluster } = this;
    const owned = (kind: string, uid: string) => [{ apiVersion: "apps/v1", kind, name: "web", uid, controller: true }];
    const template = { spec: { containers: [] } };
    const place = { name: "web", namespace: "ns" };
    cluster.create(deployments, { metadata: { ...place, uid: "d" }, spec: { replicas, selector, template } });
    const ownerReferences = owned("Deployment", "d");
    cluster.create(replicaSets, {
      metadata: { ...place, uid: "r", ownerReferences },
      spec: { replicas: running, selector, template },
    });
    for (let index = 0; index < running; index += 1) this.addPod(`web-${index}`, owned("ReplicaSet", "r"));
    cluster.create(podDisruptionBudgets, { metadata: { name: "b", namespace: "ns" }, spec: { selector, ...spec } });
  }

  addPod(name: string, ownerReferences: Pod["metadata"]["ownerReferences"] = []): void {
    this.cluster.create(pods, {
      metadata: { name, namespace: "ns", labels, ownerReferences },
      spec: { containers: [] },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    });
  }

  start(): Promise<RunningControllers> {
    return RunningControllers.start(this.cluster, [disruptionController]);
  }

  get status() {
    return this.cluster.get(podDisruptionBudgets, "b").status;
  }

  /** `allowed of healthy, wanted/expected`. */
  get counts(): string {
    const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = this.status ?? {};
    return `${disruptionsAllowed} of ${currentHealthy}, ${desiredHealthy}/${expectedPods}`;
  }

  get reasons(): string[] {
    return [...new Set(this.cluster.events.map(({ reason }) => reason))];
  }
}

const unready = { status: { conditions: [{ type: "Ready", status: "False" }] } };

describe("a budget", () => {
  test("counts pods, and percentages of what their controllers want", async () => {
    const bench = new Bench({ maxUnavailable: "25%" }, 8, 7);
    await using controllers = await bench.start();
    assert.equal(bench.counts, "1 of 7, 6/8");
    assert.equal(bench.status?.observedGeneration, 1);
    bench.cluster.change(pods, "web-0", unready);
    await controllers.settle();
    assert.equal(bench.counts, "0 of 6, 6/8");
    assert.equal(findCondition(bench.status?.conditions, "DisruptionAllowed")?.reason, "InsufficientPods");
    bench.cluster.change(podDisruptionBudgets, "b", { spec: { maxUnavailable: null, minAvailable: 2 } });
    await controllers.settle();
    assert.deepEqual([bench.counts, bench.status?.observedGeneration], ["4 of 6, 2/7", 2]);
    const { writes } = bench.cluster;
    await bench.cluster.clock.advance(3_600_000);
    assert.equal(bench.cluster.writes, writes);
  });

  test("adds up the controllers of its pods, and tells of pods without one", async () => {
    const bench = new Bench({ minAvailable: "50%" });
    bench.cluster.create(statefulSets, {
      metadata: { name: "db", namespace: "ns", uid: "s" },
      spec: { replicas: 3, selector, template: { spec: { containers: [] } }, serviceName: "db" },
    });
    bench.addPod("db-0", [{ apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "s", controller: true }]);
    bench.addPod("alone");
    await using _controllers = await bench.start();
    assert.equal(bench.counts, "2 of 6, 4/7");
    assert.deepEqual(bench.reasons, ["UnmanagedPods"]);
  });

  test("that cannot be worked out allows nothing", async () => {
    const bench = new Bench({ maxUnavailable: 1 });
    bench.addPod("job", [{ apiVersion: "batch/v1", kind: "Job", name: "j", uid: "j", controller: true }]);
    await using controllers = await bench.start();
    const condition = findCondition(bench.status?.conditions, "DisruptionAllowed");
    assert.deepEqual([condition?.reason, condition?.message], ["SyncFailed", "not served"]);
    assert.deepEqual(bench.reasons, ["CalculateExpectedPodCountFailed"]);
    bench.cluster.remove(pods, "job");
    await controllers.settle();
    assert.equal(bench.counts, "1 of 4, 3/4");
  });

  test("without pods says so", async () => {
    const bench = new Bench({ minAvailable: 0 }, 0, 0);
    await using _controllers = await bench.start();
    assert.equal(bench.counts, "0 of 0, 0/0");
    assert.ok(bench.reasons.includes("NoPods"));
  });

  test("waits two minutes for evicted pods to go", async () => {
    const bench = new Bench({ minAvailable: 2 });
    const { cluster } = bench;
    await using controllers = await bench.start();
    const evicted = formatTime(cluster.clock.now());
    cluster.change(podDisruptionBudgets, "b", {
      status: { disruptionsAllowed: 0, disruptedPods: { "web-0": evicted, "web-1": evicted } },
    });
    await controllers.settle();
    assert.equal(bench.counts, "0 of 2, 2/4");
    cluster.remove(pods, "web-0");
    await controllers.settle();
    assert.deepEqual([bench.counts, bench.status?.disruptedPods], ["0 of 2, 2/3", { "web-1": evicted }]);
    await cluster.clock.advance(121_000);
    assert.deepEqual([bench.counts, bench.status?.disruptedPods], ["1 of 3, 2/3", undefined]);
    assert.ok(bench.reasons.includes("NotDeleted"));
  });
});

test("a pod that was to be disrupted and was not is a pod like any other after two minutes", async () => {
  const bench = new Bench({ minAvailable: 1 }, 1, 1);
  const { cluster } = bench;
  const lastTransitionTime = formatTime(cluster.clock.now());
  const condition = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler", lastTransitionTime };
  cluster.change(pods, "web-0", { status: { conditions: [condition] } });
  await using _controllers = await bench.start();
  const shown = () => findCondition(cluster.get(pods, "web-0").status?.conditions, "DisruptionTarget")?.status;
  await cluster.clock.advance(119_000);
  assert.equal(shown(), "True");
  await cluster.clock.advance(2_000);
  assert.equal(shown(), "False");
});
