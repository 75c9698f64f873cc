import type { CgroupName } from "./cgroup-name.ts";
import type { CgroupValues } from "./cgroup-plan.ts";

/** Makes and removes cgroups, directly or through systemd. Every call may be repeated. */
export interface CgroupStore {
  /** Creates the cgroup, its parents being there, and brings its limits to the values. */
  apply(name: CgroupName, values: CgroupValues, signal: AbortSignal): Promise<void>;
  /** Kills what runs in the cgroup or below it and removes it. Success when there is none. */
  remove(name: CgroupName, signal: AbortSignal): Promise<void>;
  /** The uids of pods that have a cgroup directly below `parent`. */
  podUids(parent: CgroupName): Promise<readonly string[]>;
  /** Path of the cgroup below the root of the hierarchy, as the container runtime wants it. */
  path(name: CgroupName): string;
}
