import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Node } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { EvictionQueues } from "./eviction-queues.ts";
import { evictionRate, isEverythingDisrupted, zonesOf } from "./zone-health.ts";
import type { ZoneHealth } from "./zone-health.ts";

const limits = { rate: 0.1, secondaryRate: 0.01, unhealthyZoneThreshold: 0.55, largeClusterSize: 50 };

function zone(name: string, ready: number, failed: number): Node[] {
  const labels: Record<string, string> = name === "" ? {} : { "topology.kubernetes.io/zone": name };
  return Array.from({ length: ready + failed }, (_, index): Node => {
    const status = index < ready ? "True" : "Unknown";
    return {
      metadata: { name: `${name}${index}`, labels },
      spec: {},
      status: { conditions: [{ type: "Ready", status }] },
    };
  });
}

describe("zones", () => {
  const cases: [string, number, number, ZoneHealth["state"], number][] = [
    ["all ready", 3, 0, "normal", 0.1],
    ["two failures are nothing", 1, 2, "normal", 0.1],
    ["most of a small zone failed", 2, 3, "partialDisruption", 0],
    ["most of a large zone failed", 40, 60, "partialDisruption", 0.01],
    ["half of it is not most", 50, 50, "normal", 0.1],
    ["all failed", 0, 1, "fullDisruption", 0.1],
  ];
  for (const [name, ready, failed, state, rate] of cases) {
    test(name, () => {
      const [health] = zonesOf(zone("a", ready, failed), limits.unhealthyZoneThreshold).values();
      assert.deepEqual(health, { state, size: ready + failed, failed });
      assert.equal(evictionRate(health, limits), rate);
    });
  }

  test("only when no zone works is everything disrupted", () => {
    const disrupted = (nodes: Node[]) => isEverythingDisrupted(zonesOf(nodes, 0.55));
    assert.equal(disrupted([...zone("a", 0, 2), ...zone("b", 0, 1)]), true);
    assert.equal(disrupted([...zone("a", 0, 2), ...zone("b", 1, 0)]), false);
    assert.equal(disrupted([]), false);
  });

  test("nodes without a say do not count", () => {
    const silent: Node = { metadata: { name: "new" }, spec: {}, status: {} };
    const excluded = zone("", 0, 1).map((node) => ({
      ...node,
      metadata: { ...node.metadata, labels: { "node.kubernetes.io/exclude-disruption": "" } },
    }));
    assert.deepEqual(zonesOf([silent, ...excluded, ...zone("", 1, 0)], 0.55).get(""), {
      state: "normal",
      size: 1,
      failed: 0,
    });
  });
});

test("each zone evicts at its own rate, and a zone without one not at all", async () => {
  const clock = new FakeClock();
  const queues = new EvictionQueues(clock);
  queues.setRate("a", 0.1);
  queues.setRate("b", 0);
  for (const name of ["a1", "a2", "a3"]) queues.add("a", name);
  queues.add("b", "b1");
  assert.deepEqual(queues.take(), ["a1"]);
  assert.deepEqual(queues.take(), []);
  await clock.advance(10_000);
  assert.deepEqual(queues.take(), ["a2"]);
  queues.remove("a3");
  queues.setRate("b", 1);
  await clock.advance(10_000);
  assert.deepEqual(queues.take(), ["b1"]);
});
