import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerStats, SandboxStats } from "../../runtime/stats.ts";
import { exposition } from "../metrics/exposition.ts";
import { resourceMetrics } from "../metrics/resource-metrics.ts";
import { buildSummary } from "./build-summary.ts";
import type { NodeUsage } from "./node-usage.ts";

const timestampMs = Date.parse("2026-01-01T00:00:00Z");
const pod = { name: "web", namespace: "default", uid: "u" };
const cpu = { timestampMs, usageCoreNanoSeconds: 2_500_000_000 };
const memory = { timestampMs, usageBytes: 100, workingSetBytes: 80, rssBytes: 50, pageFaults: 1, majorPageFaults: 0 };

function container(name: string, attempt: number, usedBytes: number): ContainerStats {
  return {
    id: `${name}-${attempt}`,
    pod,
    name,
    attempt,
    podSandboxId: "s",
    labels: {},
    image: "demo:v1",
    startedAtMs: timestampMs - 1000 * (5 - attempt),
    cpu,
    memory,
    rootfs: { timestampMs, usedBytes },
    logs: { timestampMs, usedBytes: 1 },
    processes: 1,
  };
}

const sandbox: SandboxStats = { id: "s", pod, timestampMs, cpu, memory, interfaces: [], processes: 3 };
const node: NodeUsage = {
  bootTimeMs: 0,
  cpu: { ...cpu, usageNanoCores: 7 },
  memory,
  swapTotalBytes: 0,
  disk: { timestampMs, capacityBytes: 1000, availableBytes: 400, usedBytes: 600, inodes: 10, inodesFree: 4 },
  interfaces: [
    {
      name: "ens3",
      rxBytes: 1,
      rxErrors: 0,
      rxPackets: 1,
      rxDropped: 0,
      txBytes: 2,
      txErrors: 0,
      txPackets: 1,
      txDropped: 0,
    },
  ],
  defaultInterface: "ens3",
  maxProcesses: 100,
  processes: 5,
};
const imageFs = {
  mountpoint: "/",
  timestampMs,
  capacityBytes: 1,
  availableBytes: 1,
  usedBytes: 0,
  inodesTotal: 1,
  inodesFree: 1,
};
const input = {
  nodeName: "node-1",
  node,
  containers: [container("app", 0, 5), container("app", 1, 10), container("side", 0, 20)],
  sandboxes: [sandbox],
  imageFs,
  volumes: () => [
    { name: "scratch", time: "2026-01-01T00:00:00Z", usedBytes: 100, inodesUsed: 2 },
    { name: "claim", time: "2026-01-01T00:00:00Z", usedBytes: 5000, pvcRef: { name: "c", namespace: "default" } },
  ],
};

test("a pod has its newest containers, and its storage is what goes with it", () => {
  const summary = buildSummary(input, false);
  const [served] = summary.pods;
  assert.deepEqual(
    served?.containers.map(({ name, startTime }) => [name, startTime]),
    [
      ["app", "2025-12-31T23:59:56Z"],
      ["side", "2025-12-31T23:59:55Z"],
    ],
  );
  assert.equal(served?.startTime, "2025-12-31T23:59:55Z");
  assert.equal(served?.["ephemeral-storage"]?.usedBytes, 10 + 20 + 2 + 100);
  assert.equal(served?.volume?.length, 2);
  assert.equal(summary.node.network?.name, "ens3");
  assert.equal(summary.node.fs?.usedBytes, 600);
});

test("cpu and memory alone leave the rest out", () => {
  const summary = buildSummary(input, true);
  assert.deepEqual(Object.keys(summary.node).sort(), ["cpu", "memory", "nodeName", "startTime", "swap"]);
  assert.deepEqual(Object.keys(summary.pods[0] ?? {}).sort(), [
    "containers",
    "cpu",
    "memory",
    "podRef",
    "startTime",
    "swap",
  ]);
});

test("resource metrics are written as scrapers read them", () => {
  const text = exposition(resourceMetrics({ node, containers: [container('a"b', 0, 1)], sandboxes: [] }));
  assert.match(text, /^# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total 2.5 1767225600000$/m);
  assert.match(
    text,
    /^container_cpu_usage_seconds_total\{container="a\\"b",namespace="default",pod="web"\} 2.5 1767225600000$/m,
  );
  assert.match(text, /^resource_scrape_error 0$/m);
  assert.doesNotMatch(text, /pod_cpu/);
  assert.equal(exposition(resourceMetrics(undefined)).split("\n").at(-2), "resource_scrape_error 1");
});
