import type { CgroupCounters } from "../cgroups/cgroup-counters.ts";
import type { ProcessCounts } from "../cgroups/process-counts.ts";
import type { PodIdentity } from "./runtime.ts";

export interface CpuStats {
  readonly timestampMs: number;
  /** Total over all cores since the start. */
  readonly usageCoreNanoSeconds: number;
  /** Rate over the last sampling window; absent until there are two samples. */
  readonly usageNanoCores?: number;
}

export interface MemoryStats {
  readonly timestampMs: number;
  readonly usageBytes: number;
  /** Usage without what the kernel could drop at once (inactive file pages). */
  readonly workingSetBytes: number;
  readonly rssBytes: number;
  /** Limit minus working set; absent without a limit. */
  readonly availableBytes?: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
  readonly swapUsageBytes?: number;
}

export interface FilesystemUsage {
  readonly timestampMs: number;
  readonly usedBytes: number;
  readonly inodesUsed?: number;
}

export interface ContainerStats {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly name: string;
  readonly attempt: number;
  readonly podSandboxId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly startedAtMs: number;
  readonly cpu: CpuStats;
  readonly memory: MemoryStats;
  /** The writable layer. */
  readonly rootfs: FilesystemUsage;
  readonly logs: FilesystemUsage;
  readonly processes: number;
}

export interface InterfaceStats {
  readonly name: string;
  readonly rxBytes: number;
  readonly rxErrors: number;
  readonly rxPackets: number;
  readonly rxDropped: number;
  readonly txBytes: number;
  readonly txErrors: number;
  readonly txPackets: number;
  readonly txDropped: number;
}

export interface SandboxStats {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly timestampMs: number;
  readonly cpu: CpuStats;
  readonly memory: MemoryStats;
  /** Of the sandbox's network namespace without loopback; empty on host network. */
  readonly interfaces: readonly InterfaceStats[];
  readonly processes: number;
}

/** The disk that a cgroup's files are on. */
export interface CgroupFilesystem {
  readonly device: string;
  readonly usedBytes: number;
  readonly capacityBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

/** One cgroup as monitoring sees it: a container, a sandbox (whose container name is `POD`), a pod, or what is above. */
export interface CgroupStats {
  /** Its path below the root of the hierarchy. */
  readonly cgroup: string;
  /** Undefined above pods. */
  readonly pod: PodIdentity | undefined;
  /** Empty where no container is meant; so are the two that follow. */
  readonly container: string;
  readonly name: string;
  readonly image: string;
  readonly timestampMs: number;
  /** Undefined where nobody knows. */
  readonly startedAtMs: number | undefined;
  readonly counters: CgroupCounters;
  /** Undefined where there is no container. */
  readonly processes: ProcessCounts | undefined;
  /** Of the sandbox's network, or the machine's; empty elsewhere. */
  readonly interfaces: readonly InterfaceStats[];
  readonly filesystem: CgroupFilesystem | undefined;
}
