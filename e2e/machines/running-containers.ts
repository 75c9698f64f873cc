import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const groups = "/sys/fs/cgroup";

/**
 * The containers of pods that have processes on a machine at this moment, with one of these processes' ids. What this
 * computer's kernel says, whatever the machine, its daemons or its network do: one that hangs still has them.
 */
export function runningContainers(machineId: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const directory of podGroups(machineId)) collect(directory, found);
  return found;
}

/** Of kubelets, in the layouts of both versions of control groups and with both of Docker's drivers. */
function podGroups(machineId: string): readonly string[] {
  const roots = [groups, join(groups, "unified"), join(groups, "pids")];
  return roots
    .flatMap((root) => [join(root, "docker", machineId), join(root, "system.slice", `docker-${machineId}.scope`)])
    .flatMap((machine) => [join(machine, "kubepods"), join(machine, "kubepods.slice")])
    .filter((directory) => existsSync(directory));
}

function collect(directory: string, found: Map<string, number>): void {
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry);
    const id = /^(?:docker-)?([0-9a-f]{64})(?:\.scope)?$/.exec(entry)?.[1];
    if (id === undefined) collect(path, found);
    else {
      const [process] = readOrNothing(join(path, "cgroup.procs")).split("\n");
      if (process) found.set(id, Number(process));
    }
  }
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

/** A process's environment; undefined when it has ended, or is not yet what the container is to run. */
export function environmentOf(process: number): ReadonlyMap<string, string> | undefined {
  const entries = readOrNothing(`/proc/${process}/environ`).split("\0").filter(Boolean);
  const pairs = entries.map(
    (entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)] as const,
  );
  const isStarting = pairs.some(([name]) => name.startsWith("_LIBCONTAINER_"));
  return isStarting || pairs.length === 0 ? undefined : new Map(pairs);
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
