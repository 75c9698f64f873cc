import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CgroupFilesystem } from "./cgroup-filesystem.ts";
import type { CgroupStore } from "./cgroup-driver.ts";
import { sliceName } from "./cgroup-name.ts";
import type { CgroupName } from "./cgroup-name.ts";
import { cpuWeight } from "./cgroup-plan.ts";
import type { CgroupValues } from "./cgroup-plan.ts";

const run = promisify(execFile);
const timeoutMs = 30_000;

/** The slice's properties as `systemctl set-property` takes them; an empty value takes a limit away. */
export function sliceProperties(values: CgroupValues, version: 1 | 2): string[] {
  const { cpuQuotaUs, cpuPeriodUs, memoryLimitBytes, pidsLimit } = values;
  const percent = cpuQuotaUs === undefined ? "" : `${Math.ceil((cpuQuotaUs * 100) / cpuPeriodUs)}%`;
  return [
    version === 2 ? `CPUWeight=${cpuWeight(values.cpuShares)}` : `CPUShares=${values.cpuShares}`,
    `CPUQuota=${percent}`,
    `${version === 2 ? "MemoryMax" : "MemoryLimit"}=${memoryLimitBytes ?? "infinity"}`,
    `TasksMax=${pidsLimit ?? "infinity"}`,
  ];
}

/** Cgroups as slices: systemd owns the tree, so it makes, limits and removes them. */
export class SystemdSlices implements CgroupStore {
  readonly #files: CgroupFilesystem;
  readonly #version: 1 | 2;
  readonly #applied = new Map<string, string>();

  /** `files` must have been made for the systemd driver. */
  constructor(files: CgroupFilesystem, version: 1 | 2) {
    this.#files = files;
    this.#version = version;
  }

  path(name: CgroupName): string {
    return this.#files.path(name);
  }

  podUids(parent: CgroupName): Promise<readonly string[]> {
    return this.#files.podUids(parent);
  }

  async apply(name: CgroupName, values: CgroupValues, signal: AbortSignal): Promise<void> {
    const slice = sliceName(name);
    const properties = sliceProperties(values, this.#version);
    // A process for each slice at each round would be too dear; a slice that was stopped by hand is remade on restart.
    if (this.#applied.get(slice) === properties.join()) return;
    await systemctl(["start", "--", slice], signal);
    await systemctl(["set-property", "--runtime", "--", slice, ...properties], signal);
    this.#applied.set(slice, properties.join());
  }

  async remove(name: CgroupName, signal: AbortSignal): Promise<void> {
    const slice = sliceName(name);
    this.#applied.delete(slice);
    await systemctl(["stop", "--", slice], signal);
    await systemctl(["revert", "--", slice], signal);
    await this.#files.remove(name, signal);
  }
}

async function systemctl(args: readonly string[], signal: AbortSignal): Promise<void> {
  await run("systemctl", [...args], { signal, timeout: timeoutMs, maxBuffer: 64 * 1024 });
}
