import { cpuWeight } from "./cgroup-plan.ts";
import type { CgroupValues } from "./cgroup-plan.ts";

/** One file of a cgroup and what it is to hold. */
export interface CgroupFile {
  /** Empty in version 2. */
  readonly controller: string;
  readonly file: string;
  readonly value: string;
}

/** What each limit is called, and how it is written, by version. */
export function cgroupFiles(values: CgroupValues, version: 1 | 2): CgroupFile[] {
  const { cpuQuotaUs, cpuPeriodUs, memoryLimitBytes, pidsLimit } = values;
  if (version === 2) {
    return [
      { controller: "", file: "cpu.weight", value: String(cpuWeight(values.cpuShares)) },
      { controller: "", file: "cpu.max", value: `${cpuQuotaUs ?? "max"} ${cpuPeriodUs}` },
      { controller: "", file: "memory.max", value: String(memoryLimitBytes ?? "max") },
      { controller: "", file: "pids.max", value: String(pidsLimit ?? "max") },
    ];
  }
  return [
    { controller: "cpu", file: "cpu.shares", value: String(values.cpuShares) },
    { controller: "cpu", file: "cpu.cfs_period_us", value: String(cpuPeriodUs) },
    { controller: "cpu", file: "cpu.cfs_quota_us", value: String(cpuQuotaUs ?? -1) },
    { controller: "memory", file: "memory.limit_in_bytes", value: String(memoryLimitBytes ?? -1) },
    { controller: "pids", file: "pids.max", value: String(pidsLimit ?? "max") },
  ];
}

/** Memory limits from here on mean none: version 1 reads an absent limit back as the largest page count. */
const unlimitedBytes = 2 ** 62;

/** Whether the file already says so, in the kernel's own spelling. */
export function isInForce(file: CgroupFile, current: string): boolean {
  if (current === file.value) return true;
  return file.file === "memory.limit_in_bytes" && file.value === "-1" && Number(current) >= unlimitedBytes;
}
