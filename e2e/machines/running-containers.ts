import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const groups = "/sys/fs/cgroup";

/** A control group that a machine's engine made for a pod's container. */
export interface ContainerGroup {
  readonly container: string;
  readonly directory: string;
}

/**
 * The containers that a machine's kubelet has at this moment. What this computer's kernel says, whatever the machine, its
 * daemons or its network do: one that hangs still has them.
 */
export function containerGroups(machineId: string): readonly ContainerGroup[] {
  const root = podGroups(machineId);
  return root === undefined ? [] : groupsBelow(root);
}

/** Of the kubelet, in the layouts of both versions of control groups and with both of Docker's drivers. */
function podGroups(machineId: string): string | undefined {
  return [join(groups, "pids"), groups]
    .flatMap((root) => [join(root, "docker", machineId), join(root, "system.slice", `docker-${machineId}.scope`)])
    .flatMap((machine) => [join(machine, "kubepods"), join(machine, "kubepods.slice")])
    .find((directory) => existsSync(directory));
}

function groupsBelow(directory: string): readonly ContainerGroup[] {
  return entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry);
    const container = /^(?:docker-)?([0-9a-f]{64})(?:\.scope)?$/.exec(entry)?.[1];
    return container === undefined ? groupsBelow(path) : [{ container, directory: path }];
  });
}

/** One of the container's processes; undefined when it has none. */
export function processOf({ directory }: ContainerGroup): number | undefined {
  const [first] = readOrNothing(join(directory, "cgroup.procs")).split("\n");
  return first ? Number(first) : undefined;
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
