import { readFile } from "node:fs/promises";
import { processCgroups } from "../../cgroups/hierarchy.ts";
import type { ContainerService } from "./container-service.ts";
import { parseEngineTime } from "./engine-time.ts";

/** Where a running container is. None of it changes while the container runs. */
export interface ContainerPlace {
  readonly pid: number;
  /** By controller. */
  readonly cgroups: ReadonlyMap<string, string>;
  /** The engine's name of the container. */
  readonly name: string;
  readonly startedAtMs: number;
  readonly logPath: string;
  readonly ownCgroupParent: boolean;
  readonly hostNetwork: boolean;
}

/** The places of running containers, each asked of the engine once. */
export class ContainerPlaces {
  readonly #containers: Pick<ContainerService, "find">;
  readonly #places = new Map<string, ContainerPlace>();

  constructor(containers: Pick<ContainerService, "find">) {
    this.#containers = containers;
  }

  /** Undefined when the container does not run. */
  async find(id: string, signal: AbortSignal): Promise<ContainerPlace | undefined> {
    const known = this.#places.get(id);
    if (known) return known;
    const info = await this.#containers.find(id, signal);
    if (!info || info.State.Pid <= 0) return undefined;
    const text = await readFile(`/proc/${info.State.Pid}/cgroup`, "utf8").catch(() => undefined);
    // The process id could be another's by now; the engine names cgroups after containers.
    if (!text?.includes(id)) return undefined;
    const place: ContainerPlace = {
      pid: info.State.Pid,
      cgroups: processCgroups(text),
      name: info.Name.replace(/^\//, ""),
      startedAtMs: parseEngineTime(info.State.StartedAt) ?? 0,
      logPath: info.LogPath,
      ownCgroupParent: Boolean(info.HostConfig.CgroupParent),
      hostNetwork: info.HostConfig.NetworkMode === "host",
    };
    this.#places.set(id, place);
    return place;
  }

  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#places.keys()) if (!ids.has(id)) this.#places.delete(id);
  }
}
