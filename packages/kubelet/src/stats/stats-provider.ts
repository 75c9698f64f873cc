import { readFile } from "node:fs/promises";
import type { Pod } from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import type { Clock } from "@kube-ts/std/clock";
import { filesystemSize } from "../node/machine.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ContainerStats as RuntimeContainerStats, SandboxStats } from "../runtime/stats.ts";
import type { DirectoryUsage } from "./directory-usage.ts";
import { type NodeUsage, readNodeUsage } from "./node-usage.ts";
import type { ContainerStats, FsStats, MemoryStats, NodeStats, PodStats, Summary, VolumeStats } from "./summary-api.ts";

export interface StatsProviderOptions {
  readonly runtime: Pick<Runtime, "listContainerStats" | "listPodSandboxStats" | "images">;
  readonly nodeName: string;
  readonly rootDirectory: string;
  readonly clock: Clock;
  /** The pods of this node by uid. */
  pod(uid: string): Pod | undefined;
  /** What a pod's volumes take up, by volume name. */
  volumes(podUid: string): ReadonlyMap<string, DirectoryUsage>;
}

interface CpuSample {
  readonly atMs: number;
  readonly coreNanoSeconds: number;
}

/** Rates over less than this are noise. */
const minWindowMs = 1_000;

/** What node and pods use, as `/stats/summary` shows it. */
export class StatsProvider {
  readonly #options: StatsProviderOptions;
  #bootTimeMs: number | undefined;
  #sample: CpuSample | undefined;
  #nanoCores: number | undefined;

  constructor(options: StatsProviderOptions) {
    this.#options = options;
  }

  async summary(signal: AbortSignal): Promise<Summary> {
    const { runtime, rootDirectory } = this.#options;
    const [usage, containers, sandboxes, disk, imageFs] = await Promise.all([
      readNodeUsage(),
      runtime.listContainerStats({}, signal),
      runtime.listPodSandboxStats({}, signal),
      filesystemSize(rootDirectory),
      runtime.images.fsInfo(signal),
    ]);
    const time = formatTime(this.#options.clock.now());
    const fs: FsStats = {
      time,
      availableBytes: disk.availableBytes,
      capacityBytes: disk.capacityBytes,
      usedBytes: disk.capacityBytes - disk.availableBytes,
      inodesFree: disk.inodesFree,
      inodes: disk.inodes,
      inodesUsed: disk.inodes - disk.inodesFree,
    };
    const images: FsStats = {
      time,
      availableBytes: imageFs.availableBytes,
      capacityBytes: imageFs.capacityBytes,
      usedBytes: imageFs.usedBytes,
      inodesFree: imageFs.inodesFree,
      inodes: imageFs.inodesTotal,
      inodesUsed: imageFs.inodesTotal - imageFs.inodesFree,
    };
    return {
      node: await this.#node(usage, fs, images, time),
      pods: this.#pods(containers, sandboxes, fs, time),
    };
  }

  async #node(usage: NodeUsage, fs: FsStats, imageFs: FsStats, time: string): Promise<NodeStats> {
    const { memory, processes, maxProcesses, cpuCoreNanoSeconds } = usage;
    const nanoCores = this.#rate(cpuCoreNanoSeconds);
    return {
      nodeName: this.#options.nodeName,
      startTime: formatTime(await this.#bootTime()),
      cpu: {
        time,
        ...(nanoCores === undefined ? {} : { usageNanoCores: nanoCores }),
        usageCoreNanoSeconds: cpuCoreNanoSeconds,
      },
      memory: {
        time,
        availableBytes: memory.capacityBytes - memory.workingSetBytes,
        usageBytes: memory.usageBytes,
        workingSetBytes: memory.workingSetBytes,
        rssBytes: memory.rssBytes,
      },
      fs,
      runtime: { imageFs, containerFs: imageFs },
      rlimit: { time, maxpid: maxProcesses, curproc: processes },
    };
  }

  #rate(coreNanoSeconds: number): number | undefined {
    const atMs = this.#options.clock.monotonicMs();
    const before = this.#sample;
    if (before && atMs - before.atMs < minWindowMs) return this.#nanoCores;
    this.#sample = { atMs, coreNanoSeconds };
    if (before) {
      this.#nanoCores = Math.round(((coreNanoSeconds - before.coreNanoSeconds) * 1000) / (atMs - before.atMs));
    }
    return this.#nanoCores;
  }

  async #bootTime(): Promise<number> {
    if (this.#bootTimeMs === undefined) {
      const stat = await readFile("/proc/stat", "utf8");
      this.#bootTimeMs = Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0) * 1000;
    }
    return this.#bootTimeMs;
  }

  #pods(
    containers: readonly RuntimeContainerStats[],
    sandboxes: readonly SandboxStats[],
    fs: FsStats,
    time: string,
  ): PodStats[] {
    return sandboxes.map((sandbox) => {
      const { uid } = sandbox.pod;
      const own = containers.filter((container) => container.pod.uid === uid);
      const volumes = [...this.#options.volumes(uid)].map(([name, usage]) => volumeStats(name, usage, fs, time));
      const emptyDirs = this.#diskVolumes(uid);
      const writtenBytes = own.reduce((sum, one) => sum + one.rootfs.usedBytes + one.logs.usedBytes, 0);
      const volumeBytes = volumes
        .filter(({ name }) => emptyDirs.has(name))
        .reduce((sum, one) => sum + (one.usedBytes ?? 0), 0);
      return {
        podRef: { name: sandbox.pod.name, namespace: sandbox.pod.namespace, uid },
        startTime: this.#options.pod(uid)?.status?.startTime ?? formatTime(sandbox.timestampMs),
        containers: own.map(containerStats),
        cpu: {
          time: formatTime(sandbox.cpu.timestampMs),
          ...(sandbox.cpu.usageNanoCores === undefined ? {} : { usageNanoCores: sandbox.cpu.usageNanoCores }),
          usageCoreNanoSeconds: sandbox.cpu.usageCoreNanoSeconds,
        },
        memory: memoryStats(sandbox.memory),
        ...networkOf(sandbox),
        volume: volumes,
        "ephemeral-storage": { ...fs, usedBytes: writtenBytes + volumeBytes },
        process_stats: { process_count: sandbox.processes },
      };
    });
  }

  /** The pod's empty directories on disk: what is in them counts as its ephemeral storage. */
  #diskVolumes(uid: string): ReadonlySet<string> {
    const volumes = this.#options.pod(uid)?.spec.volumes ?? [];
    return new Set(volumes.filter(({ emptyDir }) => emptyDir && emptyDir.medium !== "Memory").map(({ name }) => name));
  }
}

function containerStats(stats: RuntimeContainerStats): ContainerStats {
  const { cpu, rootfs, logs } = stats;
  return {
    name: stats.name,
    startTime: formatTime(stats.startedAtMs),
    cpu: {
      time: formatTime(cpu.timestampMs),
      ...(cpu.usageNanoCores === undefined ? {} : { usageNanoCores: cpu.usageNanoCores }),
      usageCoreNanoSeconds: cpu.usageCoreNanoSeconds,
    },
    memory: memoryStats(stats.memory),
    rootfs: usedStats(rootfs),
    logs: usedStats(logs),
  };
}

function usedStats({ timestampMs, usedBytes, inodesUsed }: RuntimeContainerStats["rootfs"]): FsStats {
  return { time: formatTime(timestampMs), usedBytes, ...(inodesUsed === undefined ? {} : { inodesUsed }) };
}

function memoryStats(memory: SandboxStats["memory"]): MemoryStats {
  return {
    time: formatTime(memory.timestampMs),
    ...(memory.availableBytes === undefined ? {} : { availableBytes: memory.availableBytes }),
    usageBytes: memory.usageBytes,
    workingSetBytes: memory.workingSetBytes,
    rssBytes: memory.rssBytes,
    pageFaults: memory.pageFaults,
    majorPageFaults: memory.majorPageFaults,
  };
}

function networkOf({ interfaces, timestampMs }: SandboxStats): Pick<PodStats, "network"> {
  const listed = interfaces.map(({ name, rxBytes, rxErrors, txBytes, txErrors }) => ({
    name,
    rxBytes,
    rxErrors,
    txBytes,
    txErrors,
  }));
  const main = listed.find(({ name }) => name === "eth0") ?? listed[0];
  return main ? { network: { time: formatTime(timestampMs), ...main, interfaces: listed } } : {};
}

function volumeStats(name: string, { usedBytes, inodes }: DirectoryUsage, fs: FsStats, time: string): VolumeStats {
  return { ...fs, time, name, usedBytes, inodesUsed: inodes };
}
