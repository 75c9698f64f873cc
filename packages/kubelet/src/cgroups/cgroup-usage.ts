import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CgroupHierarchy } from "./hierarchy.ts";

/** What a cgroup and those below it use now. */
export interface CgroupUsage {
  readonly cpuNanoSeconds: number;
  readonly memoryBytes: number;
  /** Without inactive file pages, which the kernel drops first. */
  readonly workingSetBytes: number;
  readonly rssBytes: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
  readonly swapBytes: number;
  /** Undefined without a limit. */
  readonly memoryLimitBytes: number | undefined;
  readonly processes: number;
}

const unlimitedBytes = 2 ** 62;

/**
 * Reads the usage of a cgroup. `paths` names it by controller, as `processCgroups` gives it; undefined when the
 * cgroup is gone.
 */
export async function readCgroupUsage(
  hierarchy: CgroupHierarchy,
  paths: ReadonlyMap<string, string>,
): Promise<CgroupUsage | undefined> {
  return hierarchy.version === 2
    ? await readVersion2(hierarchy.root, paths)
    : await readVersion1(hierarchy.controllers, paths);
}

async function readVersion1(
  mounts: ReadonlyMap<string, string>,
  paths: ReadonlyMap<string, string>,
): Promise<CgroupUsage | undefined> {
  const file = (controller: string, name: string) =>
    readText(join(mounts.get(controller) ?? "/nonexistent", paths.get(controller) ?? "", name));
  const [cpu, memory, limit, stat, processes] = await Promise.all([
    file("cpuacct", "cpuacct.usage"),
    file("memory", "memory.usage_in_bytes"),
    file("memory", "memory.limit_in_bytes"),
    file("memory", "memory.stat"),
    file("pids", "pids.current"),
  ]);
  if (cpu === undefined || memory === undefined) return undefined;
  const stats = parseStats(stat);
  const limitBytes = Number(limit ?? unlimitedBytes);
  return {
    cpuNanoSeconds: Number(cpu),
    ...memoryUsage(Number(memory), stats.get("total_inactive_file")),
    rssBytes: stats.get("total_rss") ?? 0,
    pageFaults: stats.get("total_pgfault") ?? 0,
    majorPageFaults: stats.get("total_pgmajfault") ?? 0,
    swapBytes: stats.get("total_swap") ?? 0,
    memoryLimitBytes: limitBytes >= unlimitedBytes ? undefined : limitBytes,
    processes: Number(processes ?? 0),
  };
}

async function readVersion2(root: string, paths: ReadonlyMap<string, string>): Promise<CgroupUsage | undefined> {
  const directory = join(root, paths.get("") ?? "");
  const file = (name: string) => readText(join(directory, name));
  const [cpu, memory, limit, stat, swap, processes] = await Promise.all([
    file("cpu.stat"),
    file("memory.current"),
    file("memory.max"),
    file("memory.stat"),
    file("memory.swap.current"),
    file("pids.current"),
  ]);
  if (cpu === undefined || memory === undefined) return undefined;
  const stats = parseStats(stat);
  return {
    cpuNanoSeconds: (parseStats(cpu).get("usage_usec") ?? 0) * 1000,
    ...memoryUsage(Number(memory), stats.get("inactive_file")),
    rssBytes: stats.get("anon") ?? 0,
    pageFaults: stats.get("pgfault") ?? 0,
    majorPageFaults: stats.get("pgmajfault") ?? 0,
    swapBytes: Number(swap ?? 0),
    memoryLimitBytes: limit === undefined || limit === "max" ? undefined : Number(limit),
    processes: Number(processes ?? 0),
  };
}

function memoryUsage(memoryBytes: number, inactiveFileBytes = 0) {
  return { memoryBytes, workingSetBytes: Math.max(0, memoryBytes - inactiveFileBytes) };
}

/** Files of `name value` lines, which memory.stat and cpu.stat are. */
function parseStats(text: string | undefined): ReadonlyMap<string, number> {
  const stats = new Map<string, number>();
  for (const line of (text ?? "").split("\n")) {
    const [name, value] = line.split(" ");
    if (name && value !== undefined) stats.set(name, Number(value));
  }
  return stats;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return undefined;
  }
}
