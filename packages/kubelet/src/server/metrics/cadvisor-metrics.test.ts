import assert from "node:assert/strict";
import { test } from "node:test";
import { mountSource } from "../../runtime/docker/mount-source.ts";
import type { CgroupStats } from "../../runtime/stats.ts";
import { cadvisorMetrics } from "./cadvisor-metrics.ts";
import { exposition } from "./exposition.ts";

const machine = { cores: 2, memoryBytes: 1024, swapBytes: 0, bootId: "b", machineId: "m", systemUuid: "s" };
const pod = { name: "web", namespace: "default", uid: "u" };

const counters: CgroupStats["counters"] = {
  cpuSeconds: 2.5,
  cpuUserSeconds: 1.5,
  cpuSystemSeconds: 1,
  throttling: { periods: 10, throttledPeriods: 4, throttledSeconds: 1.5 },
  cpuPeriodUs: 100_000,
  cpuQuotaUs: 50_000,
  cpuShares: 512,
  memoryBytes: 1000,
  workingSetBytes: 750,
  rssBytes: 400,
  cacheBytes: 300,
  mappedFileBytes: 20,
  kernelBytes: 30,
  swapBytes: 7,
  activeFileBytes: 50,
  inactiveFileBytes: 250,
  maxMemoryBytes: 2000,
  memoryFailures: 3,
  pageFaults: { own: 5, all: 9 },
  majorPageFaults: { own: 1, all: 2 },
  oomKills: 2,
  memoryLimitBytes: 4096,
  memoryReservationBytes: 0,
  swapLimitBytes: 0,
  threads: 6,
  maxThreads: 0,
  devices: [{ device: "/dev/sda", readBytes: 4096, writeBytes: 8192, reads: 1, writes: 2 }],
};

const container: CgroupStats = {
  cgroup: "/kubepods/podu/c1",
  pod,
  container: "app",
  name: "k8s_app_web_default_u_0",
  image: "demo:v1",
  timestampMs: 5_000,
  startedAtMs: 1_000,
  counters,
  processes: { processes: 3, fileDescriptors: 11, sockets: 4 },
  interfaces: [],
  filesystem: { device: "/dev/sda1", usedBytes: 10, capacityBytes: 100, inodes: 8, inodesFree: 5 },
};
const wire = {
  name: "eth0",
  rxBytes: 1,
  rxErrors: 2,
  rxPackets: 3,
  rxDropped: 4,
  txBytes: 5,
  txErrors: 6,
  txPackets: 7,
  txDropped: 8,
};
const sandbox: CgroupStats = {
  ...container,
  cgroup: "/kubepods/podu/s1",
  container: "POD",
  image: "pause",
  name: "k8s_POD_web_default_u_0",
  interfaces: [wire],
  filesystem: undefined,
};
const { throttling: _throttling, cpuQuotaUs: _quota, ...free } = counters;
const above: CgroupStats = {
  ...sandbox,
  cgroup: "/kubepods",
  pod: undefined,
  container: "",
  image: "",
  name: "",
  counters: free,
  processes: undefined,
  startedAtMs: undefined,
  interfaces: [],
};

/** What the rules and dashboards of the Kubernetes mixin ask of `/metrics/cadvisor`. */
const asked = [
  "container_cpu_usage_seconds_total",
  "container_cpu_cfs_periods_total",
  "container_cpu_cfs_throttled_periods_total",
  "container_memory_working_set_bytes",
  "container_memory_rss",
  "container_memory_cache",
  "container_memory_swap",
  "container_memory_usage_bytes",
  "container_fs_reads_total",
  "container_fs_writes_total",
  "container_fs_reads_bytes_total",
  "container_fs_writes_bytes_total",
  ...["receive", "transmit"].flatMap((direction) =>
    ["bytes", "packets", "packets_dropped"].map((what) => `container_network_${direction}_${what}_total`),
  ),
];

test("what dashboards ask for is there, with the labels by which they sum", () => {
  const text = exposition(cadvisorMetrics([container, sandbox], machine));
  for (const name of asked) assert.match(text, new RegExp(`^${name}\\{[^}]*namespace="default",pod="web"`, "m"), name);
  const owner = 'container="app",id="/kubepods/podu/c1",image="demo:v1",name="k8s_app_web_default_u_0"';
  const lines = [
    `container_cpu_usage_seconds_total{${owner},namespace="default",pod="web",cpu="total"} 2.5 5000`,
    `container_cpu_cfs_throttled_seconds_total{${owner},namespace="default",pod="web"} 1.5 5000`,
    `container_fs_reads_bytes_total{${owner},namespace="default",pod="web",device="/dev/sda"} 4096 5000`,
    `container_fs_limit_bytes{${owner},namespace="default",pod="web",device="/dev/sda1"} 100 5000`,
    `container_start_time_seconds{${owner},namespace="default",pod="web"} 1 5000`,
    `container_processes{${owner},namespace="default",pod="web"} 3 5000`,
    `container_sockets{${owner},namespace="default",pod="web"} 4 5000`,
    `machine_memory_bytes{boot_id="b",machine_id="m",system_uuid="s"} 1024`,
  ];
  for (const line of lines) assert.ok(text.includes(`\n${line}\n`), line);
  assert.match(text, /^container_network_receive_bytes_total\{container="POD".*interface="eth0"\} 1 5000$/m);
  assert.doesNotMatch(text, /pressure/);
});

test("every series of a family has the same labels, and what does not apply is left out", () => {
  const metrics = [...cadvisorMetrics([container, sandbox, above], machine)];
  for (const { name, samples } of metrics) {
    assert.equal(new Set(samples.map(({ labels }) => Object.keys(labels).join())).size <= 1, true, name);
  }
  const of = (name: string) =>
    metrics.find((metric) => metric.name === name)?.samples.map(({ labels }) => labels["id"]);
  assert.deepEqual(of("container_cpu_cfs_periods_total"), [container.cgroup, sandbox.cgroup]);
  assert.deepEqual(of("container_processes"), [container.cgroup, sandbox.cgroup]);
  assert.deepEqual(of("container_memory_rss"), [container.cgroup, sandbox.cgroup, above.cgroup]);
  assert.deepEqual(of("container_fs_usage_bytes"), [container.cgroup]);
});

test("the device of a path is that of the innermost mount", () => {
  const mounts = [
    "1 0 8:1 / / rw - ext4 /dev/sda1 rw",
    "2 1 8:2 / /var rw shared:1 - ext4 /dev/sda2 rw",
    "3 1 0:5 / /va rw - tmpfs tmpfs rw",
  ].join("\n");
  assert.equal(mountSource(mounts, "/var/lib/docker"), "/dev/sda2");
  assert.equal(mountSource(mounts, "/opt"), "/dev/sda1");
  assert.equal(mountSource("", "/opt"), "");
});
