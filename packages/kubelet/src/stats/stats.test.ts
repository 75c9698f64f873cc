import assert from "node:assert/strict";
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { testPod } from "../testing/pod-fixtures.ts";
import { VolumePaths } from "../volumes/volume-paths.ts";
import { directoryUsage } from "./directory-usage.ts";
import { cpuTicks, nodeMemory } from "./node-usage.ts";
import { VolumeUsage } from "./volume-usage.ts";

const signal = new AbortController().signal;

test("processor time is what was not idle, memory what the kernel cannot drop", () => {
  assert.equal(cpuTicks("cpu  1 2 3 100 50 4 5 6 7 8\ncpu0 1 2 3 4\n"), 21);
  const memory = nodeMemory("MemTotal: 100 kB\nMemFree: 30 kB\nInactive(file): 20 kB\nAnonPages: 10 kB\n");
  assert.deepEqual(memory, { capacityBytes: 102_400, usageBytes: 71_680, workingSetBytes: 51_200, rssBytes: 10_240 });
});

test("a directory's usage counts hard links once and follows no links", async () => {
  const root = await mkdtemp(join(tmpdir(), "usage-"));
  try {
    await mkdir(join(root, "sub"));
    await writeFile(join(root, "sub/file"), Buffer.alloc(100_000));
    const one = await directoryUsage(root, signal);
    await link(join(root, "sub/file"), join(root, "again"));
    await symlink("/proc", join(root, "elsewhere"));
    const two = await directoryUsage(root, signal);
    assert.ok(one.usedBytes >= 100_000);
    assert.ok(two.usedBytes - one.usedBytes < 100_000);
    assert.equal(one.inodes, 3);
    assert.equal(two.inodes, 4);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("volumes are measured by pod and name; those that are not there yet are left out", async () => {
  const root = await mkdtemp(join(tmpdir(), "usage-"));
  try {
    const paths = new VolumePaths(root);
    const directory = paths.volume("uid-1", "kubernetes.io/empty-dir", "data");
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "file"), Buffer.alloc(50_000));
    const volumes = [
      { name: "data", emptyDir: {} },
      { name: "absent", emptyDir: {} },
      { name: "host", hostPath: { path: "/" } },
    ];
    const usage = new VolumeUsage({
      paths,
      clock: new FakeClock(),
      log: silentLogger,
      periodMs: 1,
      pods: () => [testPod({ volumes })],
    });
    await usage.refresh(signal);
    assert.deepEqual([...usage.of("uid-1").keys()], ["data"]);
    assert.ok((usage.of("uid-1").get("data")?.usedBytes ?? 0) >= 50_000);
    assert.equal(usage.of("other").size, 0);
  } finally {
    await rm(root, { recursive: true });
  }
});
