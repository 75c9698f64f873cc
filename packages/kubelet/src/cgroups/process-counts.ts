import { readFileSync, readdirSync, readlinkSync } from "node:fs";

/** What the processes of a cgroup hold open. */
export interface ProcessCounts {
  readonly processes: number;
  readonly fileDescriptors: number;
  readonly sockets: number;
}

/** So that looking at a cgroup costs no more than this; what is beyond is not counted. */
const maxProcesses = 256;
const maxDescriptors = 4096;

/**
 * Counts the open files of the processes of one cgroup, given its `cgroup.procs`. Synchronous: the kernel answers from
 * memory, and waiting for each answer would cost more than the answer.
 */
export function processCounts(procs: string | undefined, proc = "/proc"): ProcessCounts {
  const pids = (procs ?? "").split("\n").filter((line) => line !== "");
  let fileDescriptors = 0;
  let sockets = 0;
  for (const pid of pids.slice(0, maxProcesses)) {
    const directory = `${proc}/${pid}/fd`;
    for (const name of entriesOf(directory)) {
      if (fileDescriptors >= maxDescriptors) break;
      fileDescriptors += 1;
      if (isSocket(`${directory}/${name}`)) sockets += 1;
    }
  }
  return { processes: pids.length, fileDescriptors, sockets };
}

/** The file's text, trimmed; undefined when it cannot be read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** A process may end while it is looked at. */
function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith("socket:");
  } catch {
    return false;
  }
}
