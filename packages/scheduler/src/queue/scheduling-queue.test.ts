import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { type ClusterEvent, interest } from "../framework/cluster-event.ts";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { PrioritySort } from "../plugins/priority-sort.ts";
import { SchedulingGates } from "../plugins/scheduling-gates.ts";
import { testNode, testPod, testPodInfo } from "../testing/objects.ts";
import type { QueuedPod } from "./queued-pod.ts";
import { RequeueRules } from "./requeue-rules.ts";
import { type Rejection, SchedulingQueue } from "./scheduling-queue.ts";

const nodeAdded: ClusterEvent = { resource: "Node", actions: ["Add"], old: undefined, current: testNode("n") };
const podGone: ClusterEvent = {
  resource: "AssignedPod",
  actions: ["Delete"],
  old: testPod("gone"),
  current: undefined,
};

function setUp() {
  const clock = new FakeClock(1_000);
  const gates = new SchedulingGates();
  const rules = new RequeueRules(
    new Map([
      ["NodeAdded", [interest("Node", ["Add"])]],
      ["Fussy", [interest("Node", ["Add"], () => "Skip")]],
      ["Broken", [interest("Node", ["Add"], () => assert.fail("broken hint"))]],
      ["SchedulingGates", gates.eventsToRegister()],
    ]),
  );
  const sort = new PrioritySort();
  const queue = new SchedulingQueue({
    clock,
    less: (a, b) => sort.less(a, b),
    preEnqueue: (pod) => gates.preEnqueue(pod),
    rulesFor: () => rules,
    initialBackoffMs: 1_000,
    maxBackoffMs: 10_000,
  });
  return { clock, queue };
}

function rejection(...plugins: string[]): Rejection {
  return { plugins: new Set(plugins), pendingPlugins: new Set(), isError: false };
}

function pop(queue: SchedulingQueue): QueuedPod {
  const queued = queue.pop();
  assert.ok(queued, "a pod must be active");
  return queued;
}

describe("scheduling queue", () => {
  it("pops by priority, then by time", async () => {
    const { queue, clock } = setUp();
    queue.add(testPodInfo("first"));
    await clock.advance(1);
    queue.add(testPodInfo("second"));
    queue.add(testPodInfo("urgent", { priority: 10 }));
    assert.deepEqual(
      [pop(queue), pop(queue), pop(queue)].map(({ pod }) => pod.name),
      ["urgent", "first", "second"],
    );
    assert.equal(queue.pop(), undefined);
  });

  it("skips pods that were deleted while they waited", () => {
    const { queue } = setUp();
    for (let index = 0; index < 200; index += 1) queue.add(testPodInfo(`p${index}`));
    for (let index = 0; index < 199; index += 1) queue.delete(`uid-p${index}`);
    assert.equal(pop(queue).pod.name, "p199");
    assert.equal(queue.pop(), undefined);
    assert.deepEqual(queue.counts(), { active: 0, backoff: 0, unschedulable: 0, gated: 0, inFlight: 1 });
  });

  it("doubles the back-off of a pod that keeps being turned down", async () => {
    const { queue, clock } = setUp();
    queue.add(testPodInfo("p"));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      queue.reject(pop(queue), rejection("NodeAdded"));
      queue.onEvent(nodeAdded);
      assert.equal(queue.place("uid-p"), "backoff");
      const startMs = clock.now();
      while (queue.place("uid-p") === "backoff") {
        await clock.advance(500);
        queue.flushBackoff();
      }
      waits.push(clock.now() - startMs);
    }
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("asks only the plugins that turned the pod down, and heeds their hints", () => {
    const { queue } = setUp();
    for (const name of ["NodeAdded", "Fussy", "Broken"]) queue.add(testPodInfo(name));
    for (let index = 0; index < 3; index += 1) {
      const queued = pop(queue);
      queue.reject(queued, rejection(queued.pod.name));
    }
    queue.onEvent(podGone);
    assert.equal(queue.counts().unschedulable, 3);
    queue.onEvent(nodeAdded);
    assert.equal(queue.place("uid-NodeAdded"), "backoff");
    assert.equal(queue.place("uid-Fussy"), "unschedulable");
    assert.equal(queue.place("uid-Broken"), "backoff", "a hint that fails must not hide the pod");
  });

  it("remembers events that come while the pod is being scheduled", () => {
    const { queue } = setUp();
    queue.add(testPodInfo("p"));
    const queued = pop(queue);
    queue.onEvent(nodeAdded);
    queue.reject(queued, rejection("NodeAdded"));
    assert.equal(queue.place("uid-p"), "backoff");
  });

  it("forgets events that came before the pod was popped", () => {
    const { queue } = setUp();
    queue.add(testPodInfo("p"));
    queue.onEvent(nodeAdded);
    queue.reject(pop(queue), rejection("NodeAdded"));
    assert.equal(queue.place("uid-p"), "unschedulable");
  });

  it("tries a pod again for which it had to drop events", () => {
    const { queue } = setUp();
    queue.add(testPodInfo("p"));
    const queued = pop(queue);
    for (let index = 0; index < 10_001; index += 1) queue.onEvent(podGone);
    queue.reject(queued, rejection("NodeAdded"));
    assert.equal(queue.place("uid-p"), "backoff");
  });

  it("backs off after errors without waiting for an event", async () => {
    const { queue, clock } = setUp();
    queue.add(testPodInfo("p"));
    queue.reject(pop(queue), { plugins: new Set(), pendingPlugins: new Set(), isError: true });
    assert.equal(queue.place("uid-p"), "backoff");
    await clock.advance(1_000);
    queue.flushBackoff();
    assert.equal(queue.place("uid-p"), "active");
  });

  it("does not let a pod wait for an event for more than five minutes", async () => {
    const { queue, clock } = setUp();
    queue.add(testPodInfo("p"));
    queue.reject(pop(queue), rejection("Fussy"));
    await clock.advance(300_000);
    queue.flushUnschedulable();
    assert.equal(queue.place("uid-p"), "unschedulable");
    await clock.advance(1);
    queue.flushUnschedulable();
    assert.equal(queue.place("uid-p"), "active");
  });

  it("holds a gated pod until its gates are gone, however long that takes", async () => {
    const { queue, clock } = setUp();
    const gated = testPod("p", { schedulingGates: [{ name: "example.com/wait" }] });
    queue.add(podInfoOf(gated));
    await clock.advance(3_600_000);
    queue.flushUnschedulable();
    queue.onEvent(nodeAdded);
    assert.equal(queue.place("uid-p"), "gated");
    const open = testPod("p");
    queue.update(
      { resource: "UnscheduledPod", actions: ["UpdatePodSchedulingGatesEliminated"], old: gated, current: open },
      podInfoOf(open),
    );
    assert.equal(queue.place("uid-p"), "active");
  });

  it("gives back nothing that was deleted in flight", () => {
    const { queue } = setUp();
    queue.add(testPodInfo("p"));
    const queued = pop(queue);
    queue.delete("uid-p");
    queue.reject(queued, rejection("NodeAdded"));
    queue.done(queued);
    assert.equal(queue.has("uid-p"), false);
    assert.deepEqual(queue.counts(), { active: 0, backoff: 0, unschedulable: 0, gated: 0, inFlight: 0 });
  });

  it("wakes who waits for a pod", async () => {
    const { queue } = setUp();
    const waiting = queue.waitForPod();
    queue.add(testPodInfo("p"));
    await waiting;
    assert.equal(pop(queue).pod.name, "p");
  });
});
