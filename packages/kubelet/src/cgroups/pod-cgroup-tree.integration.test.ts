import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { CgroupFilesystem } from "./cgroup-filesystem.ts";
import { cgroupHierarchy } from "./hierarchy.ts";
import { PodCgroupTree } from "./pod-cgroup-tree.ts";
import type { CgroupName } from "./cgroup-name.ts";
import type { CgroupStore } from "./cgroup-driver.ts";

const signal = AbortSignal.timeout(60_000);
const hierarchy = cgroupHierarchy(readFileSync("/proc/self/mountinfo", "utf8"));
const files = new CgroupFilesystem(hierarchy, "cgroupfs", systemClock, silentLogger);
const top = `kube-ts-tree-${process.pid}`;

/** The tree below a cgroup of the test's own, as a node's real one may be there too. */
const store: CgroupStore = {
  apply: async (name, values, stop) => {
    await files.apply([top], { cpuShares: 1024, cpuPeriodUs: 100_000 }, stop);
    await files.apply([top, ...name], values, stop);
  },
  remove: (name, stop) => files.remove([top, ...name], stop),
  podUids: (parent) => files.podUids([top, ...parent]),
  path: (name) => files.path([top, ...name]),
};
const policy = { allocatable: { cpuMilli: 1000, memoryBytes: 1 << 30 }, cpuQuota: true, cpuPeriodUs: 100_000 };

afterEach(() => files.remove([top], signal));

function pod(uid: string, cpu?: string): Pod {
  const resources = cpu === undefined ? {} : { requests: { cpu } };
  return {
    metadata: { uid, name: uid, namespace: "default" },
    spec: { containers: [{ name: "c", resources }] },
  };
}

function exists(path: string): boolean {
  const root = hierarchy.version === 2 ? hierarchy.root : (hierarchy.controllers.get("memory") ?? "");
  return existsSync(join(root, path));
}

function weight(name: CgroupName): number {
  if (hierarchy.version === 2)
    return Number(readFileSync(join(hierarchy.root, store.path(name), "cpu.weight"), "utf8"));
  return Number(readFileSync(join(hierarchy.controllers.get("cpu") ?? "", store.path(name), "cpu.shares"), "utf8"));
}

test("pods get cgroups, classes their weight, and what is left over goes", async () => {
  const tree = new PodCgroupTree(store, policy);
  const first = await tree.ensure(pod("a", "500m"), signal);
  const second = await tree.ensure(pod("b", "250m"), signal);
  const third = await tree.ensure(pod("c"), signal);
  assert.ok([first, second, third].every(exists));
  assert.ok(weight(["kubepods", "burstable"]) > weight(["kubepods", "burstable", "poda"]));
  const before = weight(["kubepods", "burstable"]);
  await tree.remove("b", signal);
  assert.equal(exists(second), false);
  assert.ok(weight(["kubepods", "burstable"]) < before);

  // A kubelet that was restarted knows only the pods that are still wanted.
  const restarted = new PodCgroupTree(store, policy);
  await restarted.reconcile([pod("c")], signal);
  assert.deepEqual([exists(first), exists(third)], [false, true]);
  // A pod whose class has changed has left its old place.
  await restarted.reconcile([pod("c", "100m")], signal);
  assert.deepEqual([exists(third), exists(store.path(["kubepods", "burstable", "podc"]))], [false, true]);
});
