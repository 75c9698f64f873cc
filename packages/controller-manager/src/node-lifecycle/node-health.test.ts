import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node, NodeCondition } from "@kube-ts/api/core/v1";
import { formatMicroTime, formatTime } from "@kube-ts/api/rfc3339";
import { FakeClock } from "@kube-ts/std/clock";
import { observeHealth, planConditions } from "./node-health.ts";
import type { HealthLimits, Moment, NodeHealth } from "./node-health.ts";

const limits: HealthLimits = { graceMs: 50_000, startupGraceMs: 60_000 };
const startMs = Date.parse("2026-01-01T00:00:00Z");

function node(conditions: NodeCondition[], createdMs = startMs): Node {
  return {
    metadata: { name: "n1", uid: "u1", creationTimestamp: formatTime(createdMs) },
    spec: {},
    status: { conditions },
  };
}

const ready = (heartbeatMs: number, status: NodeCondition["status"] = "True"): NodeCondition => ({
  type: "Ready",
  status,
  lastHeartbeatTime: formatTime(heartbeatMs),
  reason: "KubeletReady",
});

const lease = (renewedMs: number): Lease => ({ metadata: {}, spec: { renewTime: formatMicroTime(renewedMs) } });

/** Looks at a node again and again, as the controller does. */
class Watcher {
  readonly clock = new FakeClock(startMs);
  health: NodeHealth | undefined;

  look(seen: Node, held?: Lease): readonly NodeCondition[] | undefined {
    const now: Moment = { wallMs: this.clock.now(), monotonicMs: this.clock.monotonicMs() };
    this.health = observeHealth(this.health, seen, held, now);
    return planConditions(seen, this.health, limits, now, formatTime(now.wallMs));
  }
}

describe("a node's silence", () => {
  test("counts from when we saw the last sign of life, not from the node's own clock", async () => {
    const watcher = new Watcher();
    const wrongClockMs = startMs - 3_600_000;
    assert.equal(watcher.look(node([ready(wrongClockMs)])), undefined);
    await watcher.clock.advance(40_000);
    assert.equal(watcher.look(node([ready(wrongClockMs + 40_000)])), undefined);
    await watcher.clock.advance(50_000);
    assert.equal(watcher.look(node([ready(wrongClockMs + 40_000)])), undefined);
    await watcher.clock.advance(1);
    const [condition] = watcher.look(node([ready(wrongClockMs + 40_000)])) ?? [];
    assert.equal(condition?.status, "Unknown");
  });

  test("is broken by a renewed lease alone", async () => {
    const watcher = new Watcher();
    for (let round = 0; round < 10; round += 1) {
      assert.equal(watcher.look(node([ready(startMs)]), lease(startMs + round)), undefined);
      await watcher.clock.advance(40_000);
    }
    await watcher.clock.advance(10_001);
    assert.notEqual(watcher.look(node([ready(startMs)]), lease(startMs + 9)), undefined);
  });

  test("turns every reported condition Unknown, once", async () => {
    const watcher = new Watcher();
    const network: NodeCondition = { type: "NetworkUnavailable", status: "False" };
    const memory: NodeCondition = { type: "MemoryPressure", status: "False", lastHeartbeatTime: formatTime(startMs) };
    watcher.look(node([network, memory, ready(startMs)]));
    await watcher.clock.advance(60_000);
    const conditions = watcher.look(node([network, memory, ready(startMs)]));
    const now = formatTime(startMs + 60_000);
    const created = formatTime(startMs);
    const stopped = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
    const never = { reason: "NodeStatusNeverUpdated", message: "Kubelet never posted node status." };
    const unknown = { status: "Unknown", lastTransitionTime: now, lastHeartbeatTime: created } as const;
    assert.deepEqual(conditions, [
      network,
      { type: "MemoryPressure", ...unknown, ...stopped },
      { type: "Ready", ...unknown, ...stopped },
      { type: "DiskPressure", ...unknown, ...never },
      { type: "PIDPressure", ...unknown, ...never },
    ]);
    assert.equal(watcher.look(node([...(conditions ?? [])])), undefined);
  });

  test("of a node that never reported counts from its creation", async () => {
    const watcher = new Watcher();
    assert.equal(watcher.look(node([], startMs - 59_000)), undefined);
    await watcher.clock.advance(2_000);
    const conditions = watcher.look(node([], startMs - 59_000)) ?? [];
    assert.deepEqual(
      conditions.map(({ type, status, reason }) => [type, status, reason]),
      ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => [
        type,
        "Unknown",
        "NodeStatusNeverUpdated",
      ]),
    );
  });

  test("starts anew for a node that was made again under the same name", async () => {
    const watcher = new Watcher();
    watcher.look(node([ready(startMs)]));
    await watcher.clock.advance(60_000);
    const again = { ...node([ready(startMs)]), metadata: { name: "n1", uid: "u2" } };
    assert.equal(watcher.look(again), undefined);
  });
});
