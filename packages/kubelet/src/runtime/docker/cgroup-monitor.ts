import { readlinkSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate as yieldTurn } from "node:timers/promises";
import type { Clock } from "@kube-ts/std/clock";
import { type CgroupCounters, type CgroupReader, cgroupCounters } from "../../cgroups/cgroup-counters.ts";
import { type CgroupHierarchy, cgroupHierarchy } from "../../cgroups/hierarchy.ts";
import { processCounts, readIfThere } from "../../cgroups/process-counts.ts";
import { nodeMemory } from "../../stats/node-usage.ts";
import { networkCounters } from "../network-counters.ts";
import type { CgroupFilesystem, CgroupStats } from "../stats.ts";
import type { PodIdentity } from "../runtime.ts";
import { type ContainerPlace, ContainerPlaces } from "./container-places.ts";
import type { ContainerService } from "./container-service.ts";
import type { LayerSizes } from "./layer-sizes.ts";
import { mountSource } from "./mount-source.ts";
import { sandboxContainerName } from "./names.ts";
import type { SandboxService } from "./sandbox-service.ts";

export interface CgroupMonitorOptions {
  readonly containers: ContainerService;
  readonly sandboxes: SandboxService;
  readonly layers: LayerSizes;
  readonly clock: Clock;
  readonly pauseImage: string;
  /** Where the engine keeps images and containers. */
  engineDirectory(signal: AbortSignal): Promise<string>;
}

type Paths = ReadonlyMap<string, string>;

/** What is read of a cgroup, and whose it is. */
interface Subject {
  readonly paths: Paths;
  readonly pod?: PodIdentity;
  readonly container?: string;
  readonly image?: string;
  readonly place?: ContainerPlace;
  readonly writtenBytes?: number;
}

/** Reads all cgroups of pods when monitoring asks. Nothing is kept but where containers are. */
export class CgroupMonitor {
  readonly #options: CgroupMonitorOptions;
  readonly #places: ContainerPlaces;
  readonly #devices = new Map<string, string>();
  #hierarchy: CgroupHierarchy | undefined;

  constructor(options: CgroupMonitorOptions) {
    this.#options = options;
    this.#places = new ContainerPlaces(options.containers);
  }

  async list(signal: AbortSignal): Promise<readonly CgroupStats[]> {
    this.#hierarchy ??= cgroupHierarchy(await readFile("/proc/self/mountinfo", "utf8"));
    const disk = await this.#disk(signal);
    const stats: CgroupStats[] = [];
    for (const subject of await this.#subjects(signal)) {
      const found = this.#read(this.#hierarchy, subject, disk);
      if (found) stats.push(found);
      await yieldTurn();
    }
    return [...stats, ...(await this.#above(this.#hierarchy, stats, disk))];
  }

  /** Containers, sandboxes, and the cgroups of their pods. */
  async #subjects(signal: AbortSignal): Promise<readonly Subject[]> {
    const { containers, sandboxes, layers, pauseImage } = this.#options;
    const running = (await containers.list({}, signal)).filter(({ state }) => state === "running");
    const ready = (await sandboxes.list({}, signal)).filter(({ state }) => state === "ready");
    const sizes = layers.current();
    const subjects: Subject[] = [];
    for (const { id, pod, name, image } of running) {
      const place = await this.#places.find(id, signal);
      if (!place) continue;
      const writtenBytes = sizes.get(id) ?? 0;
      subjects.push({ paths: place.cgroups, pod, container: name, image, place, writtenBytes });
    }
    for (const { id, pod } of ready) {
      const place = await this.#places.find(id, signal);
      if (!place) continue;
      subjects.push({ paths: place.cgroups, pod, container: sandboxContainerName, image: pauseImage, place });
      if (place.ownCgroupParent) subjects.push({ paths: parentsOf(place.cgroups), pod });
    }
    this.#places.keepOnly(new Set([...running, ...ready].map(({ id }) => id)));
    return subjects;
  }

  #read(hierarchy: CgroupHierarchy, subject: Subject, disk: CgroupFilesystem | undefined): CgroupStats | undefined {
    const { paths, pod, place, container = "", image = "", writtenBytes } = subject;
    const read = readerOf(hierarchy, paths);
    const counters = cgroupCounters(hierarchy.version, read);
    if (!counters) return undefined;
    const isSandbox = container === sandboxContainerName;
    return {
      cgroup: nameOf(paths),
      pod,
      container,
      name: place?.name ?? "",
      image,
      timestampMs: this.#options.clock.now(),
      startedAtMs: place?.startedAtMs,
      counters: this.#named(counters),
      processes: place ? processCounts(read(hierarchy.version === 2 ? "" : "cpuacct", "cgroup.procs")) : undefined,
      interfaces:
        place && isSandbox && !place.hostNetwork
          ? networkCounters(readIfThere(`/proc/${place.pid}/net/dev`) ?? "")
          : [],
      filesystem: disk && writtenBytes !== undefined ? { ...disk, usedBytes: writtenBytes } : undefined,
    };
  }

  /** The cgroups above the pods, up to the root, which stands for the machine. */
  async #above(
    hierarchy: CgroupHierarchy,
    pods: readonly CgroupStats[],
    disk: CgroupFilesystem | undefined,
  ): Promise<readonly CgroupStats[]> {
    const names = new Set<string>();
    for (const { cgroup, container } of pods) {
      if (container !== "") continue;
      for (let name = dirname(cgroup); name !== "/"; name = dirname(name)) names.add(name);
    }
    const stats = [...names].flatMap(
      (name) => this.#read(hierarchy, { paths: everywhere(hierarchy, name) }, disk) ?? [],
    );
    const root = await this.#root(hierarchy);
    return root ? [...stats, { ...root, filesystem: disk }] : stats;
  }

  async #root(hierarchy: CgroupHierarchy): Promise<CgroupStats | undefined> {
    const read = readerOf(hierarchy, everywhere(hierarchy, "/"));
    const { usageBytes } = nodeMemory(await readFile("/proc/meminfo", "utf8"));
    // Version 2 has no usage of the root's memory.
    const counters = cgroupCounters(hierarchy.version, (controller, file) =>
      file === "memory.current" ? String(usageBytes) : read(controller, file),
    );
    return (
      counters && {
        cgroup: "/",
        pod: undefined,
        container: "",
        name: "",
        image: "",
        timestampMs: this.#options.clock.now(),
        startedAtMs: undefined,
        counters: this.#named(counters),
        processes: undefined,
        interfaces: networkCounters(readIfThere("/proc/self/net/dev") ?? ""),
        filesystem: undefined,
      }
    );
  }

  /** Names devices as they are called below `/dev`. */
  #named(counters: CgroupCounters): CgroupCounters {
    return {
      ...counters,
      devices: counters.devices.map((each) => ({ ...each, device: this.#deviceName(each.device) })),
    };
  }

  #deviceName(numbers: string): string {
    const known = this.#devices.get(numbers);
    if (known !== undefined) return known;
    let name = numbers;
    try {
      name = `/dev/${basename(readlinkSync(`/sys/dev/block/${numbers}`))}`;
    } catch {
      // A device that is gone keeps its numbers.
    }
    this.#devices.set(numbers, name);
    return name;
  }

  async #disk(signal: AbortSignal): Promise<CgroupFilesystem | undefined> {
    try {
      const directory = await this.#options.engineDirectory(signal);
      const [stats, mounts] = await Promise.all([statfs(directory), readFile("/proc/self/mountinfo", "utf8")]);
      return {
        device: mountSource(mounts, directory),
        usedBytes: (stats.blocks - stats.bfree) * stats.bsize,
        capacityBytes: stats.blocks * stats.bsize,
        inodes: stats.files,
        inodesFree: stats.ffree,
      };
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }
}

function readerOf(hierarchy: CgroupHierarchy, paths: Paths): CgroupReader {
  if (hierarchy.version === 2) {
    const directory = join(hierarchy.root, paths.get("") ?? "");
    return (_controller, file) => readIfThere(join(directory, file));
  }
  return (controller, file) => {
    const mount = hierarchy.controllers.get(controller);
    const path = paths.get(controller);
    return mount === undefined || path === undefined ? undefined : readIfThere(join(mount, path, file));
  };
}

function nameOf(paths: Paths): string {
  return paths.get("cpu") ?? paths.get("") ?? "";
}

function parentsOf(paths: Paths): Paths {
  return new Map([...paths].map(([controller, path]) => [controller, dirname(path)]));
}

/** The same path in every hierarchy. */
function everywhere(hierarchy: CgroupHierarchy, path: string): Paths {
  const controllers = hierarchy.version === 2 ? [""] : [...hierarchy.controllers.keys()];
  return new Map(controllers.map((controller) => [controller, path]));
}
