import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cgroupCounters } from "./cgroup-counters.ts";
import { cpuWeight, sharesOfWeight } from "./cgroup-plan.ts";
import { processCounts } from "./process-counts.ts";

const unlimited = "9223372036854771712";

const version1: Readonly<Record<string, string>> = {
  "cpuacct/cpuacct.usage": "2500000000",
  "cpuacct/cpuacct.stat": "user 150\nsystem 100",
  "cpu/cpu.stat": "nr_periods 10\nnr_throttled 4\nthrottled_time 1500000000",
  "cpu/cpu.cfs_quota_us": "50000",
  "cpu/cpu.cfs_period_us": "100000",
  "cpu/cpu.shares": "512",
  "memory/memory.usage_in_bytes": "1000",
  "memory/memory.stat":
    "cache 1\npgfault 5\npgmajfault 1\ntotal_cache 300\ntotal_rss 400\ntotal_inactive_file 250\n" +
    "total_active_file 50\ntotal_mapped_file 20\ntotal_swap 7\ntotal_pgfault 9\ntotal_pgmajfault 2",
  "memory/memory.limit_in_bytes": "4096",
  "memory/memory.soft_limit_in_bytes": unlimited,
  "memory/memory.max_usage_in_bytes": "2000",
  "memory/memory.failcnt": "3",
  "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2",
  "pids/pids.current": "6",
  "pids/pids.max": "max",
  "blkio/blkio.throttle.io_service_bytes_recursive":
    "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 1\n8:0 Total 12288\nTotal 12288",
  "blkio/blkio.throttle.io_serviced_recursive": "8:0 Read 1\n8:0 Write 2\nTotal 3",
};

const version2: Readonly<Record<string, string>> = {
  "/cpu.stat":
    "usage_usec 2500000\nuser_usec 1500000\nsystem_usec 1000000\nnr_periods 10\nnr_throttled 4\nthrottled_usec 1500000",
  "/cpu.max": "50000 100000",
  "/cpu.weight": "20",
  "/memory.current": "1000",
  "/memory.stat":
    "anon 400\nfile 300\nkernel 30\nfile_mapped 20\ninactive_file 250\nactive_file 50\npgfault 9\npgmajfault 2",
  "/memory.max": "4096",
  "/memory.high": "max",
  "/memory.peak": "2000",
  "/memory.events": "low 0\nhigh 0\nmax 3\noom 2\noom_kill 2",
  "/memory.swap.current": "7",
  "/memory.swap.max": "max",
  "/pids.current": "6",
  "/pids.max": "max",
  "/io.stat": "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n7:0",
  "/cpu.pressure": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 total=0",
  "/memory.pressure": "some avg10=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=250000",
  "/io.pressure": "some avg10=0.00 total=0\nfull avg10=0.00 total=0",
};

function counters(version: 1 | 2, files: Readonly<Record<string, string>>) {
  return cgroupCounters(version, (controller, file) => files[`${controller}/${file}`]);
}

/** What both versions tell of the same cgroup. */
const same = {
  cpuSeconds: 2.5,
  cpuUserSeconds: 1.5,
  cpuSystemSeconds: 1,
  throttling: { periods: 10, throttledPeriods: 4, throttledSeconds: 1.5 },
  cpuPeriodUs: 100_000,
  cpuQuotaUs: 50_000,
  memoryBytes: 1000,
  workingSetBytes: 750,
  rssBytes: 400,
  cacheBytes: 300,
  mappedFileBytes: 20,
  swapBytes: 7,
  activeFileBytes: 50,
  inactiveFileBytes: 250,
  maxMemoryBytes: 2000,
  memoryFailures: 3,
  oomKills: 2,
  memoryLimitBytes: 4096,
  memoryReservationBytes: 0,
  swapLimitBytes: 0,
  threads: 6,
  maxThreads: 0,
  devices: [{ device: "8:0", readBytes: 4096, writeBytes: 8192, reads: 1, writes: 2 }],
};

test("both versions of cgroups are read", () => {
  assert.deepEqual(counters(1, version1), {
    ...same,
    cpuShares: 512,
    kernelBytes: 0,
    pageFaults: { own: 5, all: 9 },
    majorPageFaults: { own: 1, all: 2 },
  });
  assert.deepEqual(counters(2, version2), {
    ...same,
    cpuShares: 500,
    kernelBytes: 30,
    pageFaults: { own: 9, all: 9 },
    majorPageFaults: { own: 2, all: 2 },
    pressure: {
      cpu: { someSeconds: 1.5, fullSeconds: 0 },
      memory: { someSeconds: 0, fullSeconds: 0.25 },
      io: { someSeconds: 0, fullSeconds: 0 },
    },
  });
});

test("without a quota nothing is said of throttling, and a cgroup that is gone is not there", () => {
  const free1 = counters(1, { ...version1, "cpu/cpu.cfs_quota_us": "-1" });
  const free2 = counters(2, { ...version2, "/cpu.max": "max 100000" });
  for (const free of [free1, free2]) {
    assert.ok(free);
    assert.equal("throttling" in free, false);
    assert.equal("cpuQuotaUs" in free, false);
    assert.equal(free.cpuPeriodUs, 100_000);
  }
  assert.equal(counters(1, {}), undefined);
  assert.equal(counters(2, {}), undefined);
});

test("weights and shares stand for each other", () => {
  for (const shares of [2, 1024, 262_144]) assert.ok(Math.abs(sharesOfWeight(cpuWeight(shares)) - shares) <= 27);
  assert.equal(sharesOfWeight(0), 0);
});

test("open files are counted, and processes that are gone have none", async () => {
  const proc = await mkdtemp(join(tmpdir(), "proc-"));
  try {
    await mkdir(join(proc, "7", "fd"), { recursive: true });
    await symlink("socket:[1]", join(proc, "7", "fd", "0"));
    await symlink("/dev/null", join(proc, "7", "fd", "1"));
    assert.deepEqual(processCounts("7\n8", proc), { processes: 2, fileDescriptors: 2, sockets: 1 });
    assert.deepEqual(processCounts(undefined, proc), { processes: 0, fileDescriptors: 0, sockets: 0 });
  } finally {
    await rm(proc, { recursive: true });
  }
});
