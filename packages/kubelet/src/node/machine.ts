import { readFile, statfs } from "node:fs/promises";
import { cpus, totalmem } from "node:os";

/** What the machine is; does not change while it runs. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Sizes of huge pages that the kernel offers and how many bytes are set aside for each, by resource name. */
  readonly hugepages: ReadonlyMap<string, number>;
  readonly swapBytes: number;
  readonly machineId: string;
  readonly systemUuid: string;
  readonly bootId: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  /** Go's names: amd64, arm64. */
  readonly architecture: string;
}

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

export async function readMachine(): Promise<Machine> {
  const [meminfo, machineId, systemUuid, bootId, kernelVersion, osRelease] = await Promise.all([
    readText("/proc/meminfo"),
    readText("/etc/machine-id"),
    readText("/sys/class/dmi/id/product_uuid"),
    readText("/proc/sys/kernel/random/boot_id"),
    readText("/proc/sys/kernel/osrelease"),
    readText("/etc/os-release"),
  ]);
  const memory = parseMeminfo(meminfo);
  return {
    cores: cpus().length,
    memoryBytes: memory.get("MemTotal") ?? totalmem(),
    hugepages: await readHugepages(),
    swapBytes: memory.get("SwapTotal") ?? 0,
    machineId: machineId.trim(),
    systemUuid: systemUuid.trim() || machineId.trim(),
    bootId: bootId.trim(),
    kernelVersion: kernelVersion.trim(),
    osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1] ?? "Linux",
    architecture: architectures[process.arch] ?? process.arch,
  };
}

/** Bytes by the names of /proc/meminfo. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const entries = text.split("\n").flatMap((line): [string, number][] => {
    const match = /^(\S+):\s+(\d+) kB$/.exec(line);
    return match?.[1] ? [[match[1], Number(match[2]) * 1024]] : [];
  });
  return new Map(entries);
}

const hugepageSizes = [
  { resource: "hugepages-2Mi", sizeKb: 2048 },
  { resource: "hugepages-1Gi", sizeKb: 1_048_576 },
];

async function readHugepages(): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const { resource, sizeKb } of hugepageSizes) {
    const text = await readText(`/sys/kernel/mm/hugepages/hugepages-${sizeKb}kB/nr_hugepages`);
    if (text !== "") found.set(resource, Number(text) * sizeKb * 1024);
  }
  return found;
}

export interface FilesystemSize {
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

/** The filesystem that holds the path. */
export async function filesystemSize(path: string): Promise<FilesystemSize> {
  const { blocks, bavail, bsize, files, ffree } = await statfs(path);
  return { capacityBytes: blocks * bsize, availableBytes: bavail * bsize, inodes: files, inodesFree: ffree };
}

/** Whether any swap is in use that is not merely memory compressed by the kernel. */
export async function hasSwap(): Promise<boolean> {
  const text = await readText("/proc/swaps");
  const [, ...devices] = text.trim().split("\n");
  return devices.some((line) => line.trim() !== "");
}

/** The file's text; empty when there is no such file or it may not be read. */
async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
