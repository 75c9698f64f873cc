import { readFileSync } from "node:fs";

/** CPU time that a process has used, and its resident memory. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly rssMiB: number;
}

/** Clock ticks a second of /proc/PID/stat; 100 on every Linux that Node.js supports. */
const ticksPerSecond = 100;

/** Reads the usage of a process, threads included. Throws when it is gone. */
export function processUsage(pid: number): ProcessUsage {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return { cpuMs: (ticks * 1000) / ticksPerSecond, rssMiB: Number(rss?.[1] ?? 0) / 1024 };
}
