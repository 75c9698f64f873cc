import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Clock } from "@kube-ts/std/clock";
import { readCgroupUsage } from "../../cgroups/cgroup-usage.ts";
import type { CgroupUsage } from "../../cgroups/cgroup-usage.ts";
import { cgroupHierarchy } from "../../cgroups/hierarchy.ts";
import type { CgroupHierarchy } from "../../cgroups/hierarchy.ts";
import type { RuntimeFilter } from "../runtime.ts";
import type { ContainerStats, CpuStats, MemoryStats, SandboxStats } from "../stats.ts";
import { ContainerPlaces } from "./container-places.ts";
import type { ContainerService } from "./container-service.ts";
import type { LayerSizes } from "./layer-sizes.ts";
import { networkCounters } from "../network-counters.ts";
import type { SandboxService } from "./sandbox-service.ts";
import { UsageRates } from "../usage-rates.ts";

/** What containers and pods use, read from their cgroups rather than asked of the engine, which takes a second for each. */
export class StatsService {
  readonly #containers: ContainerService;
  readonly #sandboxes: SandboxService;
  readonly #layers: LayerSizes;
  readonly #clock: Clock;
  readonly #rates = new UsageRates();
  readonly #podRates = new UsageRates();
  readonly #containerPlaces: ContainerPlaces;
  readonly #sandboxPlaces: ContainerPlaces;
  #hierarchy: CgroupHierarchy | undefined;

  constructor(containers: ContainerService, sandboxes: SandboxService, layers: LayerSizes, clock: Clock) {
    this.#containers = containers;
    this.#sandboxes = sandboxes;
    this.#layers = layers;
    this.#clock = clock;
    this.#containerPlaces = new ContainerPlaces(containers);
    this.#sandboxPlaces = new ContainerPlaces(containers);
  }

  async containers(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly ContainerStats[]> {
    const listed = await this.#containers.list(filter, signal);
    const running = listed.filter((container) => container.state === "running");
    const sizes = this.#layers.current();
    const stats: ContainerStats[] = [];
    for (const container of running) {
      const located = await this.#containerPlaces.find(container.id, signal);
      const usage = located && (await this.#usage(located.cgroups));
      if (!located || !usage) continue;
      const timestampMs = this.#clock.now();
      stats.push({
        id: container.id,
        pod: container.pod,
        name: container.name,
        attempt: container.attempt,
        podSandboxId: container.podSandboxId,
        labels: container.labels,
        image: container.image,
        startedAtMs: located.startedAtMs,
        cpu: cpuStats(this.#rates, container.id, usage, timestampMs),
        memory: memoryStats(usage, timestampMs),
        rootfs: { timestampMs, usedBytes: sizes.get(container.id) ?? 0 },
        logs: { timestampMs, usedBytes: await logBytes(located.logPath) },
        processes: usage.processes,
      });
    }
    if (Object.keys(filter).length === 0) this.#forgetExcept(this.#containerPlaces, this.#rates, running);
    return stats;
  }

  async sandboxes(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly SandboxStats[]> {
    const listed = await this.#sandboxes.list(filter, signal);
    const ready = listed.filter((sandbox) => sandbox.state === "ready");
    const stats: SandboxStats[] = [];
    for (const sandbox of ready) {
      const located = await this.#sandboxPlaces.find(sandbox.id, signal);
      if (!located) continue;
      const usage = await this.#usage(located.ownCgroupParent ? parentsOf(located.cgroups) : located.cgroups);
      if (!usage) continue;
      const timestampMs = this.#clock.now();
      stats.push({
        id: sandbox.id,
        pod: sandbox.pod,
        timestampMs,
        cpu: cpuStats(this.#podRates, sandbox.id, usage, timestampMs),
        memory: memoryStats(usage, timestampMs),
        interfaces: located.hostNetwork ? [] : await interfacesOf(located.pid),
        processes: usage.processes,
      });
    }
    if (Object.keys(filter).length === 0) this.#forgetExcept(this.#sandboxPlaces, this.#podRates, ready);
    return stats;
  }

  async #usage(paths: ReadonlyMap<string, string>): Promise<CgroupUsage | undefined> {
    this.#hierarchy ??= cgroupHierarchy(await readFile("/proc/self/mountinfo", "utf8"));
    return await readCgroupUsage(this.#hierarchy, paths);
  }

  #forgetExcept(places: ContainerPlaces, rates: UsageRates, present: readonly { readonly id: string }[]): void {
    const ids = new Set(present.map(({ id }) => id));
    rates.keepOnly(ids);
    places.keepOnly(ids);
  }
}

function parentsOf(paths: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...paths].map(([controller, path]) => [controller, dirname(path)]));
}

function cpuStats(rates: UsageRates, id: string, usage: CgroupUsage, timestampMs: number): CpuStats {
  const rate = rates.note(id, timestampMs, usage.cpuNanoSeconds);
  const total = { timestampMs, usageCoreNanoSeconds: usage.cpuNanoSeconds };
  return rate === undefined ? total : { ...total, usageNanoCores: rate };
}

function memoryStats(usage: CgroupUsage, timestampMs: number): MemoryStats {
  const { memoryLimitBytes, workingSetBytes } = usage;
  return {
    timestampMs,
    usageBytes: usage.memoryBytes,
    workingSetBytes,
    rssBytes: usage.rssBytes,
    pageFaults: usage.pageFaults,
    majorPageFaults: usage.majorPageFaults,
    swapUsageBytes: usage.swapBytes,
    ...(memoryLimitBytes === undefined ? {} : { availableBytes: Math.max(0, memoryLimitBytes - workingSetBytes) }),
  };
}

async function interfacesOf(pid: number) {
  const text = await readFile(`/proc/${pid}/net/dev`, "utf8").catch(() => "");
  return networkCounters(text);
}

async function logBytes(path: string): Promise<number> {
  if (path === "") return 0;
  const names = await readdir(dirname(path)).catch(() => []);
  const logs = names.filter((name) => name.startsWith(basename(path)));
  const sizes = await Promise.all(
    logs.map((name) =>
      stat(join(dirname(path), name))
        .then((info) => info.size)
        .catch(() => 0),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
