import { readFile } from "node:fs/promises";
import { parseMeminfo } from "../node/machine.ts";

/** What the whole machine uses now. */
export interface NodeUsage {
  /** Total over all cores since the start of the machine. */
  readonly cpuCoreNanoSeconds: number;
  readonly memory: NodeMemory;
  readonly processes: number;
  readonly maxProcesses: number;
}

export interface NodeMemory {
  readonly capacityBytes: number;
  readonly usageBytes: number;
  /** Usage without what the kernel could drop at once. */
  readonly workingSetBytes: number;
  readonly rssBytes: number;
}

/** The kernel counts processor time in ticks of a hundredth of a second. */
const nanosecondsPerTick = 10_000_000;

export async function readNodeUsage(): Promise<NodeUsage> {
  const [stat, meminfo, loadavg, pidMax, threadsMax] = await Promise.all([
    readFile("/proc/stat", "utf8"),
    readFile("/proc/meminfo", "utf8"),
    readFile("/proc/loadavg", "utf8"),
    readFile("/proc/sys/kernel/pid_max", "utf8"),
    readFile("/proc/sys/kernel/threads-max", "utf8"),
  ]);
  return {
    cpuCoreNanoSeconds: cpuTicks(stat) * nanosecondsPerTick,
    memory: nodeMemory(meminfo),
    processes: Number(/\d+\/(\d+)/.exec(loadavg)?.[1] ?? 0),
    maxProcesses: Math.min(Number(pidMax), Number(threadsMax)),
  };
}

/** Ticks of all cores that were not idle, from the text of /proc/stat. */
export function cpuTicks(stat: string): number {
  const fields = (/^cpu\s+(.*)$/m.exec(stat)?.[1] ?? "").split(/\s+/).map(Number);
  // user nice system idle iowait irq softirq steal; guest time is part of user time.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return user + nice + system + irq + softirq + steal;
}

export function nodeMemory(meminfo: string): NodeMemory {
  const bytes = parseMeminfo(meminfo);
  const of = (name: string) => bytes.get(name) ?? 0;
  const usageBytes = of("MemTotal") - of("MemFree");
  return {
    capacityBytes: of("MemTotal"),
    usageBytes,
    workingSetBytes: Math.max(0, usageBytes - of("Inactive(file)")),
    rssBytes: of("AnonPages"),
  };
}
