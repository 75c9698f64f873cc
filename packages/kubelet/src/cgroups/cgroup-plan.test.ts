import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "@kube-ts/api/core/v1";
import { cgroupFiles, isInForce } from "./cgroup-files.ts";
import { cgroupPath, podCgroup, podUidOfDirectory, qosCgroup } from "./cgroup-name.ts";
import { cpuWeight, planParents, podShare } from "./cgroup-plan.ts";
import { cgroupHierarchy, processCgroups } from "./hierarchy.ts";
import { sliceProperties } from "./systemd-slices.ts";

const policy = { allocatable: { cpuMilli: 2000, memoryBytes: 1 << 30 }, cpuQuota: true, cpuPeriodUs: 100_000 };

function pod(uid: string, ...resources: readonly Container["resources"][]): Pod {
  return {
    metadata: { uid, name: uid, namespace: "default" },
    spec: { containers: resources.map((each, index) => ({ name: `c${index}`, resources: each })) },
  };
}

const guaranteed = pod("g", { requests: { cpu: "500m", memory: "64Mi" }, limits: { cpu: "500m", memory: "64Mi" } });
const burstable = pod("b", { requests: { cpu: "250m" }, limits: { memory: "32Mi" } }, { limits: { memory: "32Mi" } });
const halfLimited = pod("h", { requests: { cpu: "1" }, limits: { memory: "32Mi" } }, {});
const bestEffort = pod("e", {});

test("a pod's cgroup is limited only where every container is", () => {
  const cases: readonly (readonly [Pod, unknown])[] = [
    [guaranteed, { cpuShares: 512, cpuPeriodUs: 100_000, cpuQuotaUs: 50_000, memoryLimitBytes: 64 << 20 }],
    [burstable, { cpuShares: 256, cpuPeriodUs: 100_000, memoryLimitBytes: 64 << 20 }],
    [halfLimited, { cpuShares: 1024, cpuPeriodUs: 100_000 }],
    [bestEffort, { cpuShares: 2, cpuPeriodUs: 100_000 }],
  ];
  for (const [each, values] of cases) assert.deepEqual(podShare(each, policy).values, values, each.metadata.uid ?? "");
  assert.equal(podShare(guaranteed, { ...policy, cpuQuota: false }).values.cpuQuotaUs, undefined);
  assert.equal(podShare(bestEffort, { ...policy, podPidsLimit: 50 }).values.pidsLimit, 50);
});

test("parents come first and weigh their class", () => {
  const shares = [guaranteed, burstable, halfLimited, bestEffort].map((each) => podShare(each, policy));
  const plan = planParents(shares, policy).map(({ name, values }) => [name.join("/"), values.cpuShares]);
  assert.deepEqual(plan, [
    ["kubepods", 2048],
    ["kubepods/burstable", 1280],
    ["kubepods/besteffort", 2],
  ]);
});

test("names follow the driver", () => {
  const name = podCgroup("Burstable", "1a-2b");
  assert.equal(cgroupPath(name, "cgroupfs"), "/kubepods/burstable/pod1a-2b");
  const slice = "kubepods-burstable-pod1a_2b.slice";
  assert.equal(cgroupPath(name, "systemd"), `/kubepods.slice/kubepods-burstable.slice/${slice}`);
  assert.equal(podUidOfDirectory(slice, qosCgroup("Burstable"), "systemd"), "1a-2b");
  assert.equal(podUidOfDirectory("kubepods-burstable.slice", qosCgroup("Guaranteed"), "systemd"), undefined);
  assert.equal(podUidOfDirectory("pod1a-2b", qosCgroup("Burstable"), "cgroupfs"), "1a-2b");
  assert.equal(podUidOfDirectory("burstable", qosCgroup("Guaranteed"), "cgroupfs"), undefined);
});

test("values are written as each version wants them", () => {
  const limited = { cpuShares: 1024, cpuQuotaUs: 50_000, cpuPeriodUs: 100_000, memoryLimitBytes: 4096, pidsLimit: 9 };
  const open = { cpuShares: 2, cpuPeriodUs: 100_000 };
  const text = (values: typeof open, version: 1 | 2) =>
    cgroupFiles(values, version).map(({ file, value }) => `${file}=${value}`);
  assert.deepEqual(text(limited, 2), ["cpu.weight=39", "cpu.max=50000 100000", "memory.max=4096", "pids.max=9"]);
  assert.deepEqual(text(open, 2), ["cpu.weight=1", "cpu.max=max 100000", "memory.max=max", "pids.max=max"]);
  assert.deepEqual(text(open, 1), [
    "cpu.shares=2",
    "cpu.cfs_period_us=100000",
    "cpu.cfs_quota_us=-1",
    "memory.limit_in_bytes=-1",
    "pids.max=max",
  ]);
  assert.deepEqual(sliceProperties(limited, 2), ["CPUWeight=39", "CPUQuota=50%", "MemoryMax=4096", "TasksMax=9"]);
  assert.deepEqual(sliceProperties(open, 1), ["CPUShares=2", "CPUQuota=", "MemoryLimit=infinity", "TasksMax=infinity"]);
  assert.deepEqual([cpuWeight(2), cpuWeight(262_144)], [1, 10_000]);
  const unlimited = { controller: "memory", file: "memory.limit_in_bytes", value: "-1" };
  assert.equal(isInForce(unlimited, "9223372036854771712"), true);
  assert.equal(isInForce(unlimited, "4096"), false);
});

test("the hierarchy is read from the mounts", () => {
  const version1 = [
    "30 24 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
    "31 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
    "32 24 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
  ].join("\n");
  const hierarchy = cgroupHierarchy(version1);
  assert.ok(hierarchy.version === 1);
  assert.equal(hierarchy.controllers.get("cpuacct"), "/sys/fs/cgroup/cpu,cpuacct");
  assert.deepEqual(cgroupHierarchy("25 24 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"), {
    version: 2,
    root: "/sys/fs/cgroup",
  });
  assert.throws(() => cgroupHierarchy(""), /no cgroup hierarchy/);
  assert.equal(processCgroups("4:cpu,cpuacct:/a/b\n1:name=systemd:/x\n0::/c").get("cpuacct"), "/a/b");
});
