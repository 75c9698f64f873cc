/** The answer of `/stats/summary` (`stats.k8s.io/v1alpha1`). Times are RFC 3339. */
export interface Summary {
  readonly node: NodeSummary;
  readonly pods: readonly PodSummary[];
}

export interface NodeSummary {
  readonly nodeName: string;
  readonly startTime: string;
  readonly cpu: CpuSummary;
  readonly memory: MemorySummary;
  readonly network?: NetworkSummary;
  readonly fs?: FsSummary;
  readonly runtime?: { readonly imageFs: FsSummary; readonly containerFs: FsSummary };
  readonly rlimit?: { readonly time: string; readonly maxpid: number; readonly curproc: number };
  readonly swap?: SwapSummary;
}

export interface PodSummary {
  readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly startTime: string;
  readonly containers: readonly ContainerSummary[];
  readonly cpu: CpuSummary;
  readonly memory: MemorySummary;
  readonly network?: NetworkSummary;
  readonly volume?: readonly VolumeSummary[];
  readonly "ephemeral-storage"?: FsSummary;
  readonly process_stats?: { readonly process_count: number };
  readonly swap?: SwapSummary;
}

export interface ContainerSummary {
  readonly name: string;
  readonly startTime: string;
  readonly cpu: CpuSummary;
  readonly memory: MemorySummary;
  readonly rootfs?: FsSummary;
  readonly logs?: FsSummary;
  readonly swap?: SwapSummary;
}

export interface CpuSummary {
  readonly time: string;
  readonly usageNanoCores?: number;
  readonly usageCoreNanoSeconds: number;
}

export interface MemorySummary {
  readonly time: string;
  readonly availableBytes?: number;
  readonly usageBytes: number;
  readonly workingSetBytes: number;
  readonly rssBytes: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
}

export interface SwapSummary {
  readonly time: string;
  readonly swapAvailableBytes?: number;
  readonly swapUsageBytes: number;
}

export interface InterfaceSummary {
  readonly name: string;
  readonly rxBytes: number;
  readonly rxErrors: number;
  readonly txBytes: number;
  readonly txErrors: number;
}

/** The default interface's counters, then every interface's. */
export interface NetworkSummary extends InterfaceSummary {
  readonly time: string;
  readonly interfaces: readonly InterfaceSummary[];
}

export interface FsSummary {
  readonly time: string;
  readonly availableBytes?: number;
  readonly capacityBytes?: number;
  readonly usedBytes?: number;
  readonly inodesFree?: number;
  readonly inodes?: number;
  readonly inodesUsed?: number;
}

export interface VolumeSummary extends FsSummary {
  readonly name: string;
  readonly pvcRef?: { readonly name: string; readonly namespace: string };
}
