/**
 * Where the machine's cgroups are. Version 1 has one directory tree for each controller, and often a tree of
 * version 2 without any, under the empty name.
 */
export type CgroupHierarchy =
  | { readonly version: 2; readonly root: string }
  | { readonly version: 1; readonly controllers: ReadonlyMap<string, string> };

/** Controllers that pods' cgroups need where version 1 keeps them apart. */
export const neededControllers: readonly string[] = ["cpu", "cpuacct", "cpuset", "memory", "pids"];

const unifiedMount = "/sys/fs/cgroup";

/** Reads `/proc/self/mountinfo`. Throws when no cgroups are mounted. */
export function cgroupHierarchy(mountInfo: string): CgroupHierarchy {
  const controllers = new Map<string, string>();
  for (const line of mountInfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const mountPoint = before.split(" ")[4] ?? "";
    const [type, , options = ""] = after.split(" ");
    if (type === "cgroup2" && mountPoint === unifiedMount) return { version: 2, root: unifiedMount };
    if (type === "cgroup2") controllers.set("", mountPoint);
    if (type !== "cgroup") continue;
    for (const option of options.split(",")) {
      if (!controllers.has(option) && !["rw", "ro", "xattr"].includes(option)) controllers.set(option, mountPoint);
    }
  }
  if (!controllers.has("memory") || !controllers.has("cpu")) {
    throw new Error("no cgroup hierarchy with the cpu and memory controllers is mounted");
  }
  return { version: 1, controllers };
}

/** The cgroup of a process by controller, from its `/proc/<pid>/cgroup`; version 2 is the empty controller. */
export function processCgroups(procCgroup: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of procCgroup.split("\n")) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    if (!match) continue;
    for (const controller of (match[1] ?? "").split(",")) paths.set(controller, match[2] ?? "");
  }
  return paths;
}
