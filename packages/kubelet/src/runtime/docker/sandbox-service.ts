import { open, realpath } from "node:fs/promises";
import { constants } from "node:fs";
import { sep } from "node:path";
import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import type { Logger } from "@kube-ts/std/log";
import type { DnsConfig, SandboxConfig } from "../config.ts";
import type { ImageService } from "../image-service.ts";
import { podOfLabels } from "../labels.ts";
import type { PodNetwork } from "../pod-network.ts";
import type { RuntimeFilter, SandboxStatus, SandboxSummary } from "../runtime.ts";
import { RuntimeError, isNotFound } from "../runtime-error.ts";
import { createNamed, killNow, removeForced } from "./create-named.ts";
import { dockerLabels, labelFilters, unpackLabels } from "./docker-labels.ts";
import type { DockerEngine } from "./engine.ts";
import { parseEngineTime } from "./engine-time.ts";
import type { EngineTraitsReader } from "./engine-traits.ts";
import { parseDockerName } from "./names.ts";
import { sandboxOptions } from "./sandbox-options.ts";
import { readSeccompProfiles } from "./seccomp-profiles.ts";

export interface SandboxServiceOptions {
  readonly engine: DockerEngine;
  readonly traits: EngineTraitsReader;
  readonly images: ImageService;
  readonly network: PodNetwork;
  readonly log: Logger;
  /** What the pause container runs. */
  readonly pauseImage: string;
}

/** Cleaning up after a failure has its own time: the caller's signal may be what failed. */
const cleanupTimeoutMs = 60_000;

/** Sandboxes as pause containers that hold a pod's namespaces. */
export class SandboxService {
  readonly #options: SandboxServiceOptions;

  constructor(options: SandboxServiceOptions) {
    this.#options = options;
  }

  async run(config: SandboxConfig, signal: AbortSignal): Promise<string> {
    const { engine, traits, images, pauseImage } = this.#options;
    if ((await images.status(pauseImage, signal)) === undefined) await images.pull(pauseImage, {}, signal);
    const profiles = await readSeccompProfiles(config.security, signal);
    const info = await traits.read(signal);
    const id = await createNamed(engine, sandboxOptions(config, pauseImage, profiles, info.traits), signal);
    try {
      await engine.call((docker, abortSignal) => docker.getContainer(id).start({ abortSignal }), signal);
      const started = await this.#inspect(id, signal);
      if (config.dns) await writeResolvConf(started.ResolvConfPath, info.rootDirectory, config.dns);
      if (config.namespaces.network === "pod") await this.#connect(config, started, signal);
      return id;
    } catch (error) {
      await this.#discard(id);
      throw error;
    }
  }

  async stop(id: string, signal: AbortSignal): Promise<void> {
    const { engine, network } = this.#options;
    const found = await this.#find(id, signal);
    const netns = found?.State.Running ? netnsPath(found) : undefined;
    // The network goes first, while its namespace still is; the rest must not wait for it to succeed.
    const disconnected = await network.remove(id, netns, signal).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    for (const container of await this.#containersOf(id, signal)) await killNow(engine, container.Id, signal);
    await killNow(engine, id, signal);
    if (disconnected) throw disconnected.error;
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    await this.stop(id, signal);
    for (const container of await this.#containersOf(id, signal)) {
      await removeForced(this.#options.engine, container.Id, signal);
    }
    await removeForced(this.#options.engine, id, signal);
  }

  async status(id: string, signal: AbortSignal): Promise<SandboxStatus | undefined> {
    const found = await this.#find(id, signal);
    if (!found) return undefined;
    const packed = found.Config.Labels;
    const parsed = parseDockerName(found.Name);
    const pod = podOfLabels(packed);
    if (!parsed || !pod || packed[dockerLabels.type] !== "podsandbox") return undefined;
    const hostNetwork = found.HostConfig.NetworkMode === "host";
    const addresses = hostNetwork ? [] : await this.#options.network.addresses(id);
    const ready = found.State.Running && addresses !== undefined;
    return {
      id,
      pod,
      attempt: parsed.attempt,
      state: ready ? "ready" : "notready",
      createdAtMs: parseEngineTime(found.Created) ?? 0,
      ...unpackLabels(packed),
      ips: ready ? addresses : [],
      hostNetwork,
      hostPid: found.HostConfig.PidMode === "host",
      hostIpc: found.HostConfig.IpcMode === "host",
      sharePid: packed[dockerLabels.sharePid] === "true",
    };
  }

  async list(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly SandboxSummary[]> {
    const filters: Record<string, string[]> = { label: labelFilters("podsandbox", filter.labels ?? {}) };
    const id = filter.id ?? filter.podSandboxId;
    if (id !== undefined) filters["id"] = [id];
    const found = await this.#options.engine.call(
      (docker, abortSignal) => docker.listContainers({ all: true, filters, abortSignal }),
      signal,
    );
    const summaries = await Promise.all(found.map((info) => this.#summary(info)));
    return summaries.filter((summary) => summary !== undefined);
  }

  async #summary(info: ContainerInfo): Promise<SandboxSummary | undefined> {
    const parsed = info.Names.map(parseDockerName).find((name) => name !== undefined);
    const pod = podOfLabels(info.Labels);
    if (!parsed || !pod) return undefined;
    const connected =
      info.HostConfig.NetworkMode === "host" || (await this.#options.network.addresses(info.Id)) !== undefined;
    return {
      id: info.Id,
      pod,
      attempt: parsed.attempt,
      state: info.State === "running" && connected ? "ready" : "notready",
      createdAtMs: info.Created * 1000,
      ...unpackLabels(info.Labels),
    };
  }

  async #connect(config: SandboxConfig, started: ContainerInspectInfo, signal: AbortSignal): Promise<void> {
    const path = netnsPath(started);
    if (!started.State.Running || path === undefined) {
      throw new RuntimeError("Internal", `sandbox container exited with code ${started.State.ExitCode}`);
    }
    const { pod, portMappings, annotations } = config;
    const request = { sandboxId: started.Id, netnsPath: path, pod, portMappings, annotations };
    await this.#options.network.add(request, signal);
  }

  /** Removes a sandbox whose start failed; what cannot be removed now is left to the owner's next round. */
  async #discard(id: string): Promise<void> {
    const signal = AbortSignal.timeout(cleanupTimeoutMs);
    await this.remove(id, signal).catch((error: unknown) => {
      this.#options.log.warn("failed sandbox is left behind", { sandbox: id, error });
    });
  }

  #containersOf(sandboxId: string, signal: AbortSignal): Promise<ContainerInfo[]> {
    const filters = { label: labelFilters("container", { [dockerLabels.sandboxId]: sandboxId }) };
    return this.#options.engine.call(
      (docker, abortSignal) => docker.listContainers({ all: true, filters, abortSignal }),
      signal,
    );
  }

  #inspect(id: string, signal: AbortSignal): Promise<ContainerInspectInfo> {
    return this.#options.engine.call((docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }), signal);
  }

  async #find(id: string, signal: AbortSignal): Promise<ContainerInspectInfo | undefined> {
    try {
      return await this.#inspect(id, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** Where the namespace of a running container is; undefined when it has none of its own or does not run. */
export function netnsPath(info: ContainerInspectInfo): string | undefined {
  if (info.HostConfig.NetworkMode === "host" || info.State.Pid <= 0) return undefined;
  return `/proc/${info.State.Pid}/ns/net`;
}

/** The resolver file's text. */
export function resolvConf(dns: DnsConfig): string {
  const lines = dns.servers.map((server) => `nameserver ${server}`);
  if (dns.searches.length > 0) lines.push(`search ${dns.searches.join(" ")}`);
  if (dns.options.length > 0) lines.push(`options ${dns.options.join(" ")}`);
  return `${lines.join("\n")}\n`;
}

/** Every container that joins the sandbox's network is given this one file by the engine, so it is changed in place. */
async function writeResolvConf(path: string, rootDirectory: string, dns: DnsConfig): Promise<void> {
  const real = await realpath(path);
  if (!real.startsWith((await realpath(rootDirectory)) + sep)) {
    throw new RuntimeError("Internal", `the engine keeps resolv.conf outside its own directory: ${path}`);
  }
  const file = await open(real, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
  try {
    await file.writeFile(resolvConf(dns));
  } finally {
    await file.close();
  }
}
