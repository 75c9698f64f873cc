import { readFile, statfs } from "node:fs/promises";
import { parseStats, readCgroupUsage, uniformPaths } from "../../cgroups/cgroup-usage.ts";
import { cgroupHierarchy } from "../../cgroups/hierarchy.ts";
import { networkCounters } from "../../runtime/network-counters.ts";
import { UsageRates } from "../../runtime/usage-rates.ts";
import type { CpuStats, InterfaceStats, MemoryStats } from "../../runtime/stats.ts";
import type { Clock } from "@kube-ts/std/clock";

export interface DiskUsage {
  readonly timestampMs: number;
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly usedBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

/** What the machine as a whole uses. */
export interface NodeUsage {
  readonly bootTimeMs: number;
  readonly cpu: CpuStats;
  readonly memory: MemoryStats;
  readonly swapTotalBytes: number;
  readonly disk: DiskUsage;
  readonly interfaces: readonly InterfaceStats[];
  /** The interface of the default route. */
  readonly defaultInterface: string;
  readonly maxProcesses: number;
  readonly processes: number;
}

/** Reads the machine's usage from the kernel. */
export class NodeUsageReader {
  readonly #rootDirectory: string;
  readonly #clock: Clock;
  readonly #rates = new UsageRates();

  /** `rootDirectory` lies on the node's own file system. */
  constructor(rootDirectory: string, clock: Clock) {
    this.#rootDirectory = rootDirectory;
    this.#clock = clock;
  }

  async read(): Promise<NodeUsage> {
    const [memory, vmstat, stat, netDev, route, loadavg, pidMax, mountInfo] = await Promise.all(
      ["meminfo", "vmstat", "stat", "net/dev", "net/route", "loadavg", "sys/kernel/pid_max", "self/mountinfo"].map(
        readProc,
      ),
    );
    const timestampMs = this.#clock.now();
    const cpuNanoSeconds = await totalCpu(mountInfo ?? "", stat ?? "");
    const rate = this.#rates.note("node", timestampMs, cpuNanoSeconds);
    const meminfo = parseMeminfo(memory ?? "");
    return {
      bootTimeMs: Number(/^btime (\d+)$/m.exec(stat ?? "")?.[1] ?? 0) * 1000,
      cpu: {
        timestampMs,
        usageCoreNanoSeconds: cpuNanoSeconds,
        ...(rate === undefined ? {} : { usageNanoCores: rate }),
      },
      memory: memoryStats(meminfo, parseStats(vmstat), timestampMs),
      swapTotalBytes: meminfo.get("SwapTotal") ?? 0,
      disk: await diskUsage(this.#rootDirectory, timestampMs),
      interfaces: networkCounters(netDev ?? ""),
      defaultInterface: /^(\S+)\s+00000000\s/m.exec(route ?? "")?.[1] ?? "",
      maxProcesses: Number(pidMax ?? 0),
      processes: Number(/\d+\/(\d+)/.exec(loadavg ?? "")?.[1] ?? 0),
    };
  }
}

/** The file system that a path is on. */
export async function diskUsage(path: string, timestampMs: number): Promise<DiskUsage> {
  const stats = await statfs(path);
  return {
    timestampMs,
    capacityBytes: stats.blocks * stats.bsize,
    availableBytes: stats.bavail * stats.bsize,
    usedBytes: (stats.blocks - stats.bfree) * stats.bsize,
    inodes: stats.files,
    inodesFree: stats.ffree,
  };
}

/** The root cgroup counts every process; `/proc/stat` in hundredths of seconds stands in where it cannot be read. */
async function totalCpu(mountInfo: string, stat: string): Promise<number> {
  const usage = await readCgroupUsage(cgroupHierarchy(mountInfo), uniformPaths("/"));
  if (usage) return usage.cpuNanoSeconds;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] =
    /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ").map(Number) ?? [];
  return (user + nice + system + irq + softirq) * 10_000_000;
}

function memoryStats(
  meminfo: ReadonlyMap<string, number>,
  vmstat: ReadonlyMap<string, number>,
  timestampMs: number,
): MemoryStats {
  const at = (name: string) => meminfo.get(name) ?? 0;
  const usageBytes = at("MemTotal") - at("MemFree");
  const workingSetBytes = Math.max(0, usageBytes - at("Inactive(file)"));
  return {
    timestampMs,
    usageBytes,
    workingSetBytes,
    rssBytes: at("AnonPages"),
    availableBytes: at("MemTotal") - workingSetBytes,
    pageFaults: vmstat.get("pgfault") ?? 0,
    majorPageFaults: vmstat.get("pgmajfault") ?? 0,
    swapUsageBytes: at("SwapTotal") - at("SwapFree"),
  };
}

/** Bytes by name. */
function parseMeminfo(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^([^:\n]+):\s+(\d+) kB$/gm)].map((match) => [match[1] ?? "", Number(match[2]) * 1024]),
  );
}

async function readProc(name: string): Promise<string> {
  return await readFile(`/proc/${name}`, "utf8").catch(() => "");
}
