import { release } from "node:os";
import type { KernelFacts } from "../machine-view.ts";
import { readNames, readText } from "./read-file.ts";

const sysctlNames = [
  "net.ipv4.ip_forward",
  "net.bridge.bridge-nf-call-iptables",
  "net.netfilter.nf_conntrack_max",
  "fs.inotify.max_user_instances",
  "fs.inotify.max_user_watches",
  "vm.max_map_count",
  "kernel.pid_max",
];

export function kernelFacts(): KernelFacts {
  const sysctls = sysctlNames.flatMap((name): [string, string][] => {
    const value = readText(`/proc/sys/${name.replaceAll(".", "/")}`);
    return value === undefined ? [] : [[name, value]];
  });
  const conntrack = readText("/proc/sys/net/netfilter/nf_conntrack_count");
  return {
    release: release(),
    namespaces: readNames("/proc/self/ns"),
    ...controlGroups(),
    filesystems: (readText("/proc/filesystems") ?? "").split("\n").map((line) => line.split("\t").at(-1) ?? ""),
    modules: readNames("/sys/module"),
    sysctls: new Map(sysctls),
    conntrackEntries: conntrack === undefined ? undefined : Number(conntrack),
    hasSwap: (readText("/proc/swaps") ?? "").split("\n").length > 1,
  };
}

/** In version 2 the root lists its controllers; in version 1 each has a hierarchy that must be mounted. */
function controlGroups(): Pick<KernelFacts, "cgroupVersion" | "cgroupControllers"> {
  const unified = readText("/sys/fs/cgroup/cgroup.controllers");
  if (unified !== undefined) return { cgroupVersion: 2, cgroupControllers: [...unified.split(" "), "devices"] };
  const mounts = (readText("/proc/self/mounts") ?? "").split("\n").map((line) => line.split(" "));
  const options = mounts.filter(([, , type]) => type === "cgroup").flatMap(([, , , text = ""]) => text.split(","));
  return { cgroupVersion: options.length > 0 ? 1 : undefined, cgroupControllers: options };
}
