import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { leases, nodes, pods } from "@kube-ts/api/resource-types";
import { formatMicroTime, formatTime } from "@kube-ts/api/rfc3339";
import { eventually } from "@kube-ts/client/testing/eventually";
import { Registry } from "@kube-ts/std/metrics";
import { TaskGroup } from "@kube-ts/std/task-group";
import { TaintEvictionController } from "../taint-eviction/taint-eviction-controller.ts";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { NodeLifecycleController } from "./node-lifecycle-controller.ts";

/** A cluster whose nodes renew their leases as long as they are told to. */
class NodesUnderWatch implements AsyncDisposable {
  readonly cluster = new MemoryCluster();
  readonly #tasks = new TaskGroup(new AbortController().signal);
  readonly #alive = new Set<string>();
  #registry = new Registry();

  async start(): Promise<void> {
    const context = await this.cluster.context();
    this.#registry = context.metrics;
    const controllers = [new NodeLifecycleController(context), new TaintEvictionController(context)];
    for (const controller of controllers) this.#tasks.start((signal) => controller.run(signal));
  }

  addNode(name: string): void {
    const now = formatTime(this.cluster.clock.now());
    const ready = { type: "Ready", status: "True", lastHeartbeatTime: now, lastTransitionTime: now } as const;
    this.cluster.create<Node>(nodes, { metadata: { name }, spec: {}, status: { conditions: [ready] } });
    this.cluster.create(leases, { metadata: { name, namespace: "kube-node-lease" }, spec: {} });
    this.#alive.add(name);
  }

  addPod(name: string, nodeName: string, tolerationSeconds?: number): void {
    const toleration = { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" } as const;
    const tolerations = tolerationSeconds === undefined ? [] : [{ ...toleration, tolerationSeconds }];
    const conditions = [{ type: "Ready", status: "True" } as const];
    const spec = { nodeName, containers: [], tolerations };
    this.cluster.create<Pod>(pods, { metadata: { namespace: "ns", name }, spec, status: { conditions } });
  }

  cutOff(name: string): void {
    this.#alive.delete(name);
  }

  /** Lets time pass, with every node that is alive renewing its lease. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      for (const name of this.#alive) {
        const renewTime = formatMicroTime(this.cluster.clock.now());
        this.cluster.change(leases, name, { spec: { renewTime } }, "kube-node-lease");
      }
      await this.cluster.clock.advance(1_000);
    }
  }

  taintsOf(name: string): string[] {
    const { spec } = this.cluster.get(nodes, name);
    return (spec.taints ?? [])
      .map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`)
      .toSorted();
  }

  metrics(): Promise<string> {
    return this.#registry.metrics();
  }

  readyOf(name: string): string | undefined {
    return findCondition(this.cluster.get(nodes, name).status?.conditions, "Ready")?.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#tasks.stop();
  }
}

describe("a node that falls silent", () => {
  test("is given up after the grace period, loses its pods in time, and is taken back", async () => {
    await using watch = new NodesUnderWatch();
    for (const name of ["a", "b"]) watch.addNode(name);
    watch.addPod("leaves", "a", 300);
    watch.addPod("goes", "a");
    watch.addPod("elsewhere", "b");
    await watch.start();
    await watch.pass(100);
    assert.equal(watch.readyOf("a"), "True");
    watch.cutOff("a");
    await watch.pass(45);
    assert.equal(watch.readyOf("a"), "True");
    await watch.pass(15);
    assert.equal(watch.readyOf("a"), "Unknown");
    assert.deepEqual(watch.taintsOf("a"), ["unreachable:NoExecute", "unreachable:NoSchedule"]);
    const ofZones = await watch.metrics();
    assert.match(ofZones, /^node_collector_zone_size\{zone=""\} 2$/m);
    assert.match(ofZones, /^node_collector_unhealthy_nodes_in_zone\{zone=""\} 1$/m);
    assert.match(ofZones, /^node_collector_zone_health\{zone=""\} 50$/m);
    assert.match(ofZones, /^node_collector_evictions_total\{zone=""\} 1$/m);
    assert.equal(findCondition(watch.cluster.get(pods, "leaves").status?.conditions, "Ready")?.status, "False");
    const names = () => watch.cluster.list(pods).map(({ metadata }) => metadata.name);
    assert.deepEqual(names(), ["leaves", "elsewhere"]);
    await watch.pass(280);
    assert.deepEqual(names(), ["leaves", "elsewhere"]);
    await watch.pass(30);
    assert.deepEqual(names(), ["elsewhere"]);
    const ofEvictions = await watch.metrics();
    assert.match(ofEvictions, /^taint_eviction_controller_pod_deletions_total 2$/m);
    assert.match(ofEvictions, /^taint_eviction_controller_pod_deletion_duration_seconds_bucket\{le="240"\} 2$/m);
    const now = formatTime(watch.cluster.clock.now());
    const back = { type: "Ready", status: "True", lastHeartbeatTime: now };
    watch.cluster.change(nodes, "a", { status: { conditions: [back] } });
    await watch.pass(6);
    assert.deepEqual(watch.taintsOf("a"), []);
    const afterwards = await watch.metrics();
    assert.match(afterwards, /^node_collector_zone_health\{zone=""\} 100$/m);
    assert.match(afterwards, /^node_collector_evictions_total\{zone=""\} 1$/m);
    const reasons = new Set(watch.cluster.events.map(({ reason }) => reason));
    assert.deepEqual([...reasons].toSorted(), ["NodeNotReady", "RegisteredNode", "TaintManagerEviction"]);
  });

  test("that comes back in time keeps its pods", async () => {
    await using watch = new NodesUnderWatch();
    for (const name of ["a", "b"]) watch.addNode(name);
    watch.addPod("stays", "a", 300);
    await watch.start();
    watch.cutOff("a");
    await watch.pass(60);
    assert.deepEqual(watch.taintsOf("a"), ["unreachable:NoExecute", "unreachable:NoSchedule"]);
    const now = formatTime(watch.cluster.clock.now());
    watch.cluster.change(nodes, "a", {
      status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: now }] },
    });
    await watch.pass(6);
    watch.cutOff("nobody");
    await eventually(() => assert.deepEqual(watch.taintsOf("a"), []));
    assert.ok(watch.cluster.events.some(({ message }) => message === "Cancelling deletion of Pod ns/stays"));
    assert.equal(watch.cluster.list(pods).length, 1);
  });

  test("loses nothing when all nodes fall silent at once", async () => {
    await using watch = new NodesUnderWatch();
    for (const name of ["a", "b", "c"]) watch.addNode(name);
    watch.addPod("p", "a");
    await watch.start();
    await watch.pass(10);
    for (const name of ["a", "b", "c"]) watch.cutOff(name);
    await watch.pass(600);
    for (const name of ["a", "b", "c"]) assert.deepEqual(watch.taintsOf(name), ["unreachable:NoSchedule"]);
    assert.equal(watch.cluster.list(pods).length, 1);
  });

  test("is evicted after others that failed before it, at the rate of its zone", async () => {
    await using watch = new NodesUnderWatch();
    const all = Array.from({ length: 10 }, (_, index) => `n${index}`);
    for (const name of all) watch.addNode(name);
    await watch.start();
    await watch.pass(10);
    for (const name of ["n0", "n1", "n2"]) watch.cutOff(name);
    await watch.pass(60);
    const evicted = () => all.filter((name) => watch.taintsOf(name).includes("unreachable:NoExecute")).length;
    assert.equal(evicted(), 1);
    await watch.pass(10);
    assert.equal(evicted(), 2);
    await watch.pass(10);
    assert.equal(evicted(), 3);
  });
});
