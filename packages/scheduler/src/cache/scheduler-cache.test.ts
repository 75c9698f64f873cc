import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { testNode, testPod } from "../testing/objects.ts";
import { SchedulerCache } from "./scheduler-cache.ts";
import { Snapshot } from "./snapshot.ts";

function setUp(assumedTtlMs = 0) {
  const clock = new FakeClock();
  const cache = new SchedulerCache({ clock, assumedTtlMs });
  const snapshot = new Snapshot();
  cache.setNode(testNode("a"));
  cache.setNode(testNode("b"));
  const node = (name: string) => {
    cache.updateSnapshot(snapshot);
    const found = snapshot.byName.get(name);
    assert.ok(found, `node ${name} must be known`);
    return found;
  };
  return { clock, cache, snapshot, node };
}

const on = (pod: Pod, nodeName: string): Pod => ({ ...pod, spec: { ...pod.spec, nodeName } });
const pod = testPod("p", { cpu: "1", memory: "1Gi" });

describe("scheduler cache", () => {
  it("counts an assumed pod, and no more when it is forgotten", () => {
    const { cache, node } = setUp();
    cache.assumePod(podInfoOf(pod), "a");
    assert.equal(node("a").requested.milliCpu, 1_000);
    cache.forgetPod("uid-p");
    assert.equal(node("a").requested.milliCpu, 0);
    assert.equal(cache.assumedCount, 0);
  });

  it("confirms an assumption without touching the node", () => {
    const { cache, node } = setUp();
    cache.assumePod(podInfoOf(pod), "a");
    const { generation } = node("a");
    cache.setPod(on(pod, "a"));
    assert.equal(node("a").generation, generation);
    assert.equal(cache.isAssumed("uid-p"), false);
    cache.forgetPod("uid-p");
    assert.equal(node("a").requested.milliCpu, 1_000, "what was seen is not forgotten");
  });

  it("believes the API server when the pod went elsewhere", () => {
    const { cache, node } = setUp();
    cache.assumePod(podInfoOf(pod), "a");
    cache.setPod(on(pod, "b"));
    assert.equal(node("a").pods.size, 0);
    assert.equal(node("b").requested.milliCpu, 1_000);
  });

  it("follows a pod that is resized", () => {
    const { cache, node } = setUp();
    cache.setPod(on(pod, "a"));
    cache.setPod(on(testPod("p", { cpu: "2" }), "a"));
    assert.equal(node("a").requested.milliCpu, 2_000);
    cache.removePod("uid-p");
    assert.equal(node("a").requested.milliCpu, 0);
    assert.equal(node("a").requested.memory, 0);
  });

  it("expires an assumption only after its binding has ended", async () => {
    const { cache, clock, node } = setUp(30_000);
    cache.assumePod(podInfoOf(pod), "a");
    await clock.advance(60_000);
    assert.deepEqual(cache.expireAssumed(), []);
    cache.finishBinding("uid-p");
    await clock.advance(30_000);
    assert.deepEqual(
      cache.expireAssumed().map(({ name }) => name),
      ["p"],
    );
    assert.equal(node("a").pods.size, 0);
  });

  it("keeps the pods of a node that is removed and comes back", () => {
    const { cache, snapshot, node } = setUp();
    cache.setPod(on(pod, "a"));
    cache.removeNode("a");
    cache.updateSnapshot(snapshot);
    assert.deepEqual([...snapshot.byName.keys()], ["b"]);
    cache.setNode(testNode("a"));
    assert.equal(node("a").requested.milliCpu, 1_000);
  });

  it("knows pods before their node", () => {
    const { cache, snapshot, node } = setUp();
    cache.setPod(on(pod, "late"));
    cache.updateSnapshot(snapshot);
    assert.equal(snapshot.byName.has("late"), false);
    cache.setNode(testNode("late"));
    assert.equal(node("late").pods.size, 1);
  });

  it("never repeats a generation, also when a slot is used again", () => {
    const { cache, node } = setUp();
    const before = node("b");
    cache.removeNode("b");
    cache.setNode(testNode("c"));
    const after = node("c");
    assert.equal(after.slot, before.slot);
    assert.ok(after.generation > before.generation);
  });

  it("lets zones take turns", () => {
    const { cache, snapshot } = setUp();
    const zone = "topology.kubernetes.io/zone";
    for (const [name, value] of Object.entries({ a: "x", b: "x", c: "y", d: "y" })) {
      cache.setNode(testNode(name, { labels: { [zone]: value } }));
    }
    cache.updateSnapshot(snapshot);
    assert.deepEqual(
      snapshot.nodes.map((each) => each.labels[zone]),
      ["x", "y", "x", "y"],
    );
  });
});
