import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { CgroupFilesystem } from "./cgroup-filesystem.ts";
import { readCgroupUsage } from "./cgroup-usage.ts";
import { cgroupHierarchy } from "./hierarchy.ts";

const uniformPaths = (path: string) =>
  new Map(["", "cpuacct", "memory", "pids"].map((controller) => [controller, path]));

const signal = AbortSignal.timeout(30_000);
const hierarchy = cgroupHierarchy(readFileSync("/proc/self/mountinfo", "utf8"));
const store = new CgroupFilesystem(hierarchy, "cgroupfs", systemClock, silentLogger);
const top = [`kube-ts-test-${process.pid}`];
const podName = [...top, "poduid-1"];

function directory(name: readonly string[]): string {
  const root = hierarchy.version === 2 ? hierarchy.root : (hierarchy.controllers.get("memory") ?? "");
  return join(root, store.path(name));
}

after(() => store.remove(top, signal));

test("cgroups are made, limited, used and removed with what runs in them", async () => {
  await store.apply(top, { cpuShares: 1024, cpuPeriodUs: 100_000 }, signal);
  const values = {
    cpuShares: 512,
    cpuQuotaUs: 50_000,
    cpuPeriodUs: 100_000,
    memoryLimitBytes: 64 << 20,
    pidsLimit: 20,
  };
  for (let round = 0; round < 2; round++) await store.apply(podName, values, signal);
  assert.deepEqual(await store.podUids(top), ["uid-1"]);

  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  await once(child, "spawn");
  const ended = once(child, "exit");
  writeFileSync(join(directory(podName), "cgroup.procs"), String(child.pid));
  const usage = await readCgroupUsage(hierarchy, uniformPaths(store.path(podName)));
  assert.equal(usage?.memoryLimitBytes, 64 << 20);
  assert.ok((usage?.memoryBytes ?? 0) >= (usage?.workingSetBytes ?? 0));

  await store.apply(podName, { cpuShares: 2, cpuPeriodUs: 100_000 }, signal);
  assert.equal((await readCgroupUsage(hierarchy, uniformPaths(store.path(podName))))?.memoryLimitBytes, undefined);

  await store.remove(podName, signal);
  assert.deepEqual((await ended)[1], "SIGKILL");
  assert.equal(existsSync(directory(podName)), false);
  await store.remove(podName, signal);
  assert.equal(await readCgroupUsage(hierarchy, uniformPaths(store.path(podName))), undefined);
});
