import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { ContainerInspectInfo } from "dockerode";
import type { ContainerConfig, LinuxResources, StringMap } from "../config.ts";
import { podOfLabels } from "../labels.ts";
import type { ContainerStatus, ContainerSummary, RuntimeFilter } from "../runtime.ts";
import { RuntimeError, isNotFound } from "../runtime-error.ts";
import { containerOptions } from "./container-options.ts";
import type { JoinedSandbox, LogRotation } from "./container-options.ts";
import { containerStatus, containerSummary } from "./container-view.ts";
import { createNamed, removeForced } from "./create-named.ts";
import { dockerLabels, labelFilters } from "./docker-labels.ts";
import type { DockerEngine } from "./engine.ts";
import type { EngineTraitsReader } from "./engine-traits.ts";
import { resourceOptions } from "./host-config.ts";
import { readSeccompProfiles } from "./seccomp-profiles.ts";

export interface ContainerServiceOptions {
  readonly engine: DockerEngine;
  readonly traits: EngineTraitsReader;
  readonly rotation: LogRotation;
}

/** What killing takes after the grace is over. */
const stopMarginMs = 60_000;

/** The containers of pods, inside their sandboxes. */
export class ContainerService {
  readonly #engine: DockerEngine;
  readonly #traits: EngineTraitsReader;
  readonly #rotation: LogRotation;

  constructor(options: ContainerServiceOptions) {
    this.#engine = options.engine;
    this.#traits = options.traits;
    this.#rotation = options.rotation;
  }

  async create(sandboxId: string, config: ContainerConfig, signal: AbortSignal): Promise<string> {
    const sandbox = joinedSandbox(await this.inspect(sandboxId, signal));
    const profiles = await readSeccompProfiles(config.security, signal);
    const { traits } = await this.#traits.read(signal);
    const options = containerOptions(sandbox, config, this.#rotation, profiles, traits);
    return await createNamed(this.#engine, options, signal);
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    await this.#engine.call((docker, abortSignal) => docker.getContainer(id).start({ abortSignal }), signal);
    // The engine names the log file when it opens it.
    const started = await this.inspect(id, signal);
    const link = started.Config.Labels[dockerLabels.logPath];
    if (link === undefined || started.LogPath === "") return;
    await mkdir(dirname(link), { recursive: true, mode: 0o755 });
    await rm(link, { force: true });
    await symlink(started.LogPath, link);
  }

  async stop(id: string, graceSeconds: number, signal: AbortSignal): Promise<void> {
    const seconds = Math.max(0, Math.ceil(graceSeconds));
    try {
      await this.#engine.call(
        (docker, abortSignal) => docker.getContainer(id).stop({ t: seconds, abortSignal }),
        signal,
        seconds * 1000 + stopMarginMs,
      );
    } catch (error) {
      const notModified = (error as { cause?: { statusCode?: number } }).cause?.statusCode === 304;
      if (!isNotFound(error) && !notModified) throw error;
    }
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    const found = await this.find(id, signal);
    if (!found) return;
    await removeForced(this.#engine, id, signal);
    const link = found.Config.Labels[dockerLabels.logPath];
    if (link !== undefined) await rm(link, { force: true });
  }

  async updateResources(id: string, resources: LinuxResources, signal: AbortSignal): Promise<void> {
    const { traits } = await this.#traits.read(signal);
    const { OomScoreAdj: _fixed, ...options } = resourceOptions(resources, traits);
    await this.#engine.call(
      (docker, abortSignal) => docker.getContainer(id).update({ ...options, abortSignal }),
      signal,
    );
  }

  async status(id: string, signal: AbortSignal): Promise<ContainerStatus | undefined> {
    const found = await this.find(id, signal);
    if (!found || found.Config.Labels[dockerLabels.type] !== "container") return undefined;
    return containerStatus(found, await this.#imageDigests(found.Image, signal));
  }

  async list(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly ContainerSummary[]> {
    const sandbox: StringMap =
      filter.podSandboxId === undefined ? {} : { [dockerLabels.sandboxId]: filter.podSandboxId };
    const filters: Record<string, string[]> = { label: labelFilters("container", { ...filter.labels, ...sandbox }) };
    if (filter.id !== undefined) filters["id"] = [filter.id];
    const found = await this.#engine.call(
      (docker, abortSignal) => docker.listContainers({ all: true, filters, abortSignal }),
      signal,
    );
    return found.map(containerSummary).filter((summary) => summary !== undefined);
  }

  /** Code NotFound when there is none. */
  inspect(id: string, signal: AbortSignal): Promise<ContainerInspectInfo> {
    return this.#engine.call((docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }), signal);
  }

  async find(id: string, signal: AbortSignal): Promise<ContainerInspectInfo | undefined> {
    try {
      return await this.inspect(id, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** An image can be gone while its containers still run. */
  async #imageDigests(imageId: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const image = await this.#engine.call((docker) => docker.getImage(imageId).inspect(), signal);
      return image.RepoDigests ?? [];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

function joinedSandbox(info: ContainerInspectInfo): JoinedSandbox {
  const packed = info.Config.Labels;
  const pod = podOfLabels(packed);
  if (!pod || packed[dockerLabels.type] !== "podsandbox") {
    throw new RuntimeError("InvalidArgument", `container ${info.Id} is not a sandbox`);
  }
  return {
    id: info.Id,
    pod,
    hostNetwork: info.HostConfig.NetworkMode === "host",
    hostIpc: info.HostConfig.IpcMode === "host",
    cgroupParent: info.HostConfig.CgroupParent ?? "",
    logDirectory: packed[dockerLabels.logDirectory],
    // The engine has written down which one it took.
    ...(info.HostConfig.Runtime ? { runtime: info.HostConfig.Runtime } : {}),
  };
}
