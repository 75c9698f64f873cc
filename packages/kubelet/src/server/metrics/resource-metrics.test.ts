import assert from "node:assert/strict";
import { test } from "node:test";
import type { Summary } from "../../stats/summary-api.ts";
import { cpuAndMemoryOf } from "../cpu-and-memory.ts";
import { exposition } from "./exposition.ts";
import { resourceMetrics } from "./resource-metrics.ts";

const time = "2026-01-01T00:00:00Z";
const cpu = { time, usageCoreNanoSeconds: 2_500_000_000 };
const memory = { time, workingSetBytes: 80 };
const summary: Summary = {
  node: { nodeName: "node-1", startTime: time, cpu, memory, fs: { time, usedBytes: 1 } },
  pods: [
    {
      podRef: { name: "web", namespace: "default", uid: "u" },
      startTime: time,
      containers: [{ name: 'a"b', startTime: time, cpu, memory, rootfs: { time, usedBytes: 1 } }],
      memory,
      volume: [{ time, name: "v" }],
    },
  ],
};

test("resource metrics are written as scrapers read them", () => {
  const text = exposition(resourceMetrics(summary));
  const container = '\\{container="a\\\\"b",namespace="default",pod="web"\\}';
  const lines = [
    "# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total 2.5 1767225600000",
    "node_memory_working_set_bytes 80 1767225600000",
    `container_cpu_usage_seconds_total${container} 2.5 1767225600000`,
    `container_start_time_seconds${container} 1767225600`,
    'pod_memory_working_set_bytes\\{namespace="default",pod="web"\\} 80 1767225600000',
    "resource_scrape_error 0",
  ];
  for (const line of lines) assert.match(text, new RegExp(`^${line}$`, "m"));
  assert.doesNotMatch(text, /pod_cpu/);
  assert.equal(exposition(resourceMetrics(undefined)).split("\n").at(-2), "resource_scrape_error 1");
});

test("cpu and memory alone leave the rest out", () => {
  const small = cpuAndMemoryOf(summary);
  assert.deepEqual(small.node, { nodeName: "node-1", startTime: time, cpu, memory });
  assert.deepEqual(small.pods, [
    {
      podRef: { name: "web", namespace: "default", uid: "u" },
      startTime: time,
      containers: [{ name: 'a"b', startTime: time, cpu, memory }],
      memory,
    },
  ]);
});
