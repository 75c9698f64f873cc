import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "@kube-ts/std/metrics";
import { NodeMetrics } from "./node-metrics.ts";
import type { ZoneHealth } from "./zone-health.ts";

const zone = (size: number, failed: number): ZoneHealth => ({ state: "normal", size, failed });

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("zones that are gone count as empty and well, and those without nodes that count are left out", async () => {
  const registry = new Registry();
  const metrics = new NodeMetrics(registry);
  metrics.zonesSeen(
    new Map([
      ["a", zone(4, 1)],
      ["b", zone(2, 2)],
      ["excluded", zone(0, 0)],
    ]),
  );
  metrics.zonesSeen(new Map([["a", zone(4, 0)]]));
  metrics.evicted("a");
  const zones = lines(await registry.metrics()).filter((line) => line.includes("zone="));
  assert.deepEqual(zones.toSorted(), [
    'node_collector_evictions_total{zone="a"} 1',
    'node_collector_evictions_total{zone="b"} 0',
    'node_collector_unhealthy_nodes_in_zone{zone="a"} 0',
    'node_collector_unhealthy_nodes_in_zone{zone="b"} 0',
    'node_collector_zone_health{zone="a"} 100',
    'node_collector_zone_health{zone="b"} 100',
    'node_collector_zone_size{zone="a"} 4',
    'node_collector_zone_size{zone="b"} 0',
  ]);
});

test("the buckets are upstream's", async () => {
  const registry = new Registry();
  const metrics = new NodeMetrics(registry);
  metrics.nodeChecked(0.5);
  metrics.allNodesChecked(2);
  const bounds = (text: string, name: string) =>
    [...text.matchAll(new RegExp(`${name}_bucket\\{le="([^"]+)"\\}`, "g"))].map(([, bound]) => Number(bound));
  const text = (await registry.metrics()).replaceAll("+Inf", "Infinity");
  assert.deepEqual(bounds(text, "node_collector_update_node_health_duration_seconds"), [
    0.001,
    0.004,
    0.016,
    0.064,
    0.256,
    1.024,
    4.096,
    16.384,
    Infinity,
  ]);
  assert.deepEqual(bounds(text, "node_collector_update_all_nodes_health_duration_seconds"), [
    0.01,
    0.04,
    0.16,
    0.64,
    2.56,
    10.24,
    40.96,
    163.84,
    Infinity,
  ]);
});
