import { formatTime } from "@kube-ts/api/rfc3339";
import type { FilesystemInfo } from "../../runtime/image-service.ts";
import type { PodIdentity } from "../../runtime/runtime.ts";
import type { ContainerStats, CpuStats, InterfaceStats, MemoryStats, SandboxStats } from "../../runtime/stats.ts";
import type { DiskUsage, NodeUsage } from "./node-usage.ts";
import type {
  ContainerSummary,
  CpuSummary,
  FsSummary,
  InterfaceSummary,
  MemorySummary,
  NetworkSummary,
  NodeSummary,
  PodSummary,
  Summary,
  SwapSummary,
  VolumeSummary,
} from "./summary-types.ts";

/** Everything that a summary is made of. */
export interface SummaryInput {
  readonly nodeName: string;
  readonly node: NodeUsage;
  readonly containers: readonly ContainerStats[];
  readonly sandboxes: readonly SandboxStats[];
  readonly imageFs: FilesystemInfo;
  volumes(pod: PodIdentity): readonly VolumeSummary[];
}

/** The usage of the node and its pods; without disks and networks when only cpu and memory are asked for. */
export function buildSummary(input: SummaryInput, onlyCpuAndMemory: boolean): Summary {
  return {
    node: nodeSummary(input, onlyCpuAndMemory),
    pods: input.sandboxes.map((sandbox) => podSummary(sandbox, input, onlyCpuAndMemory)),
  };
}

function nodeSummary({ nodeName, node, imageFs }: SummaryInput, onlyCpuAndMemory: boolean): NodeSummary {
  const basic = {
    nodeName,
    startTime: formatTime(node.bootTimeMs),
    cpu: cpuSummary(node.cpu),
    memory: memorySummary(node.memory),
  };
  const swap = swapSummary(node.memory, node.swapTotalBytes);
  if (onlyCpuAndMemory) return { ...basic, swap };
  const network = networkSummary(node.interfaces, node.defaultInterface, node.cpu.timestampMs);
  const images: FsSummary = {
    time: formatTime(imageFs.timestampMs),
    availableBytes: imageFs.availableBytes,
    capacityBytes: imageFs.capacityBytes,
    usedBytes: imageFs.usedBytes,
    inodesFree: imageFs.inodesFree,
    inodes: imageFs.inodesTotal,
    inodesUsed: imageFs.inodesTotal - imageFs.inodesFree,
  };
  return {
    ...basic,
    ...(network === undefined ? {} : { network }),
    fs: diskSummary(node.disk),
    runtime: { imageFs: images, containerFs: images },
    rlimit: { time: formatTime(node.cpu.timestampMs), maxpid: node.maxProcesses, curproc: node.processes },
    swap,
  };
}

function podSummary(sandbox: SandboxStats, input: SummaryInput, onlyCpuAndMemory: boolean): PodSummary {
  const { name, namespace, uid } = sandbox.pod;
  const own = newestOfEach(input.containers.filter((container) => container.pod.uid === uid));
  const startMs = Math.min(sandbox.timestampMs, ...own.map((container) => container.startedAtMs));
  const basic = {
    podRef: { name, namespace, uid },
    startTime: formatTime(startMs),
    containers: own.map((container) => containerSummary(container, input.node.disk, onlyCpuAndMemory)),
    cpu: cpuSummary(sandbox.cpu),
    memory: memorySummary(sandbox.memory),
    swap: swapSummary(sandbox.memory, undefined),
  };
  if (onlyCpuAndMemory) return basic;
  const network = networkSummary(sandbox.interfaces, "eth0", sandbox.timestampMs);
  const volume = input.volumes(sandbox.pod);
  return {
    ...basic,
    ...(network === undefined ? {} : { network }),
    ...(volume.length === 0 ? {} : { volume }),
    "ephemeral-storage": ephemeralStorage(own, volume, input.node.disk),
    process_stats: { process_count: sandbox.processes },
  };
}

/** A container that is being replaced can be seen twice. */
function newestOfEach(containers: readonly ContainerStats[]): readonly ContainerStats[] {
  const newest = new Map<string, ContainerStats>();
  for (const container of containers) {
    const known = newest.get(container.name);
    if (!known || known.attempt < container.attempt) newest.set(container.name, container);
  }
  return [...newest.values()];
}

function containerSummary(container: ContainerStats, disk: DiskUsage, onlyCpuAndMemory: boolean): ContainerSummary {
  const basic = {
    name: container.name,
    startTime: formatTime(container.startedAtMs),
    cpu: cpuSummary(container.cpu),
    memory: memorySummary(container.memory),
    swap: swapSummary(container.memory, undefined),
  };
  if (onlyCpuAndMemory) return basic;
  const shared = diskSummary(disk);
  return {
    ...basic,
    rootfs: { ...shared, usedBytes: container.rootfs.usedBytes, inodesUsed: container.rootfs.inodesUsed ?? 0 },
    logs: { ...shared, usedBytes: container.logs.usedBytes, inodesUsed: container.logs.inodesUsed ?? 0 },
  };
}

/** Layers, logs and the pod's own volumes: all that goes with the pod. */
function ephemeralStorage(
  containers: readonly ContainerStats[],
  volumes: readonly VolumeSummary[],
  disk: DiskUsage,
): FsSummary {
  const ofContainers = containers.reduce((sum, each) => sum + each.rootfs.usedBytes + each.logs.usedBytes, 0);
  const local = volumes.filter((volume) => volume.pvcRef === undefined);
  const usedBytes = local.reduce((sum, volume) => sum + (volume.usedBytes ?? 0), ofContainers);
  const inodesUsed = local.reduce((sum, volume) => sum + (volume.inodesUsed ?? 0), 0);
  return { ...diskSummary(disk), usedBytes, inodesUsed };
}

function cpuSummary(cpu: CpuStats): CpuSummary {
  const { usageNanoCores, usageCoreNanoSeconds } = cpu;
  const time = formatTime(cpu.timestampMs);
  return { time, ...(usageNanoCores === undefined ? {} : { usageNanoCores }), usageCoreNanoSeconds };
}

function memorySummary(memory: MemoryStats): MemorySummary {
  const { availableBytes, usageBytes, workingSetBytes, rssBytes, pageFaults, majorPageFaults } = memory;
  return {
    time: formatTime(memory.timestampMs),
    ...(availableBytes === undefined ? {} : { availableBytes }),
    usageBytes,
    workingSetBytes,
    rssBytes,
    pageFaults,
    majorPageFaults,
  };
}

function swapSummary(memory: MemoryStats, totalBytes: number | undefined): SwapSummary {
  const swapUsageBytes = memory.swapUsageBytes ?? 0;
  const time = formatTime(memory.timestampMs);
  return totalBytes === undefined
    ? { time, swapUsageBytes }
    : { time, swapAvailableBytes: totalBytes - swapUsageBytes, swapUsageBytes };
}

function networkSummary(
  interfaces: readonly InterfaceStats[],
  defaultName: string,
  timestampMs: number,
): NetworkSummary | undefined {
  const all = interfaces.map(interfaceSummary);
  const main = all.find((each) => each.name === defaultName) ?? all[0];
  return main && { time: formatTime(timestampMs), ...main, interfaces: all };
}

function interfaceSummary(stats: InterfaceStats): InterfaceSummary {
  const { name, rxBytes, rxErrors, txBytes, txErrors } = stats;
  return { name, rxBytes, rxErrors, txBytes, txErrors };
}

function diskSummary(disk: DiskUsage): FsSummary {
  return {
    time: formatTime(disk.timestampMs),
    availableBytes: disk.availableBytes,
    capacityBytes: disk.capacityBytes,
    usedBytes: disk.usedBytes,
    inodesFree: disk.inodesFree,
    inodes: disk.inodes,
    inodesUsed: disk.inodes - disk.inodesFree,
  };
}
