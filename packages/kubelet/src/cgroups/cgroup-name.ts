import type { PodQOSClass } from "@kube-ts/api/core/v1";

export type CgroupDriver = "cgroupfs" | "systemd";

/** A cgroup by the names on the way to it, whatever the driver makes of them. */
export type CgroupName = readonly string[];

const podPrefix = "pod";

export const kubepods: CgroupName = ["kubepods"];

/** The parent of a class's pods: guaranteed pods sit at the top. */
export function qosCgroup(qos: PodQOSClass): CgroupName {
  return qos === "Guaranteed" ? kubepods : [...kubepods, qos.toLowerCase()];
}

export function podCgroup(qos: PodQOSClass, uid: string): CgroupName {
  return [...qosCgroup(qos), `${podPrefix}${uid}`];
}

/** Path below the root of the hierarchy. systemd spells the whole way in each slice's name. */
export function cgroupPath(name: CgroupName, driver: CgroupDriver): string {
  if (driver === "cgroupfs") return `/${name.join("/")}`;
  return name.map((_, index) => `/${sliceName(name.slice(0, index + 1))}`).join("");
}

/** systemd separates levels by dashes, so a dash inside a name becomes an underscore. */
export function sliceName(name: CgroupName): string {
  return `${name.map((part) => part.replaceAll("-", "_")).join("-")}.slice`;
}

/** The uid of the pod whose cgroup a directory directly below `parent` is; undefined for other directories. */
export function podUidOfDirectory(directory: string, parent: CgroupName, driver: CgroupDriver): string | undefined {
  if (driver === "cgroupfs") return directory.startsWith(podPrefix) ? directory.slice(podPrefix.length) : undefined;
  const start = `${sliceName(parent).replace(/\.slice$/, "")}-${podPrefix}`;
  if (!directory.startsWith(start) || !directory.endsWith(".slice")) return undefined;
  return directory.slice(start.length, -".slice".length).replaceAll("_", "-");
}
