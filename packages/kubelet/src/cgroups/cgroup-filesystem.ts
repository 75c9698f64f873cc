import { mkdir, readFile, readdir, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { CgroupStore } from "./cgroup-driver.ts";
import { cgroupFiles, isInForce } from "./cgroup-files.ts";
import { cgroupPath, podUidOfDirectory } from "./cgroup-name.ts";
import type { CgroupDriver, CgroupName } from "./cgroup-name.ts";
import type { CgroupValues } from "./cgroup-plan.ts";
import { neededControllers } from "./hierarchy.ts";
import type { CgroupHierarchy } from "./hierarchy.ts";

const removeTimeoutMs = 10_000;
const removePollMs = 50;
const version2Controllers = ["cpu", "memory", "pids", "cpuset", "io"];

/** Cgroups as directories. */
export class CgroupFilesystem implements CgroupStore {
  readonly #hierarchy: CgroupHierarchy;
  readonly #driver: CgroupDriver;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(hierarchy: CgroupHierarchy, driver: CgroupDriver, clock: Clock, log: Logger) {
    this.#hierarchy = hierarchy;
    this.#driver = driver;
    this.#clock = clock;
    this.#log = log;
  }

  path(name: CgroupName): string {
    return cgroupPath(name, this.#driver);
  }

  async apply(name: CgroupName, values: CgroupValues, signal: AbortSignal): Promise<void> {
    for (const directory of this.#directories(name, neededControllers)) {
      signal.throwIfAborted();
      if (this.#hierarchy.version === 2) await this.#enableControllers(dirname(directory));
      await mkdir(directory, { recursive: true });
    }
    if (this.#hierarchy.version === 1) await this.#copyCpuset(name);
    for (const file of cgroupFiles(values, this.#hierarchy.version)) {
      const mount = this.#mount(file.controller);
      if (mount === undefined) continue;
      const path = join(mount, this.path(name), file.file);
      const current = await readFile(path, "utf8").catch(() => undefined);
      if (current === undefined || isInForce(file, current.trim())) continue;
      await writeFile(path, file.value).catch((error: unknown) => {
        // A memory limit below what is in use is refused; the next round tries again.
        this.#log.warn("cgroup limit cannot be set", { path, value: file.value, error });
      });
    }
  }

  async remove(name: CgroupName, signal: AbortSignal): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + removeTimeoutMs;
    for (;;) {
      const left = await Promise.all(this.#directories(name).map(removeTree));
      if (left.every((gone) => gone)) return;
      if (this.#clock.monotonicMs() > deadlineMs) throw new Error(`cgroup ${this.path(name)} cannot be removed`);
      await this.#clock.sleep(removePollMs, signal);
    }
  }

  async podUids(parent: CgroupName): Promise<readonly string[]> {
    const uids = new Set<string>();
    for (const directory of this.#directories(parent)) {
      for (const child of await subdirectories(directory)) {
        const uid = podUidOfDirectory(child, parent, this.#driver);
        if (uid) uids.add(uid);
      }
    }
    return [...uids];
  }

  /**
   * The directories that make up the cgroup for these controllers, or for all that there are: the container
   * runtime makes its cgroups, and with them ours, in every tree. Controllers mounted together share one.
   */
  #directories(name: CgroupName, controllers?: readonly string[]): string[] {
    const hierarchy = this.#hierarchy;
    if (hierarchy.version === 2) return [join(hierarchy.root, this.path(name))];
    const wanted = controllers ?? [...hierarchy.controllers.keys()];
    const roots = new Set(wanted.map((controller) => this.#mount(controller)).filter((root) => root !== undefined));
    return [...roots].map((root) => join(root, this.path(name)));
  }

  #mount(controller: string): string | undefined {
    return this.#hierarchy.version === 2 ? this.#hierarchy.root : this.#hierarchy.controllers.get(controller);
  }

  /** One by one: a controller that the machine lacks must not keep the others from its children. */
  async #enableControllers(parent: string): Promise<void> {
    await mkdir(parent, { recursive: true });
    const enabled = (await readFile(join(parent, "cgroup.subtree_control"), "utf8").catch(() => "")).split(/\s+/);
    for (const controller of version2Controllers) {
      if (enabled.includes(controller)) continue;
      await writeFile(join(parent, "cgroup.subtree_control"), `+${controller}`).catch((error: unknown) => {
        this.#log.debug("cgroup controller is not available", { parent, controller, error });
      });
    }
  }

  /** Version 1 gives a new cpuset nothing to run on. */
  async #copyCpuset(name: CgroupName): Promise<void> {
    const mount = this.#mount("cpuset");
    if (mount === undefined) return;
    for (let depth = 1; depth <= name.length; depth++) {
      const directory = join(mount, this.path(name.slice(0, depth)));
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        if ((await readFile(join(directory, file), "utf8").catch(() => "-")).trim() !== "") continue;
        await writeFile(join(directory, file), await readFile(join(dirname(directory), file), "utf8"));
      }
    }
  }
}

/** Kills and removes as far as it goes; true when the directory is gone. */
async function removeTree(directory: string): Promise<boolean> {
  const children = await subdirectories(directory);
  await Promise.all(children.map((child) => removeTree(join(directory, child))));
  const processes = await readFile(join(directory, "cgroup.procs"), "utf8").catch(() => "");
  for (const line of processes.split("\n")) if (Number(line) > 1) kill(Number(line));
  try {
    await rmdir(directory);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "ENOENT";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

async function subdirectories(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
