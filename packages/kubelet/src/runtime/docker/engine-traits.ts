import type { Logger } from "@kube-ts/std/log";
import type { DockerEngine } from "./engine.ts";
import type { EngineTraits } from "./host-config.ts";
import { readMachineLimits } from "./machine-limits.ts";

const enginePidFile = "/var/run/docker.pid";

/** What `docker info` says of interest. */
export interface EngineInfo {
  readonly traits: EngineTraits;
  readonly rootDirectory: string;
}

/** Asks the engine what it can do, once; asked again after `forget`. Warns once of what is missing. */
export class EngineTraitsReader {
  readonly #engine: DockerEngine;
  readonly #log: Logger;
  #info: EngineInfo | undefined;
  #warned = false;

  constructor(engine: DockerEngine, log: Logger) {
    this.#engine = engine;
    this.#log = log;
  }

  async read(signal: AbortSignal): Promise<EngineInfo> {
    if (this.#info) return this.#info;
    const answer = (await this.#engine.call((docker) => docker.info(), signal)) as {
      readonly CgroupDriver?: string;
      readonly CgroupVersion?: string;
      readonly SecurityOptions?: readonly string[];
      readonly DockerRootDir?: string;
      readonly Runtimes?: Readonly<Record<string, unknown>>;
    };
    const has = (name: string) => (answer.SecurityOptions ?? []).some((option) => option.includes(`name=${name}`));
    const limits = await readMachineLimits(enginePidFile);
    this.#info = {
      rootDirectory: answer.DockerRootDir ?? "/var/lib/docker",
      traits: {
        cgroupDriver: answer.CgroupDriver === "systemd" ? "systemd" : "cgroupfs",
        cgroupVersion: answer.CgroupVersion === "2" ? 2 : 1,
        apparmor: has("apparmor"),
        seccomp: has("seccomp"),
        selinux: has("selinux"),
        limits,
        runtimes: Object.keys(answer.Runtimes ?? {}),
      },
    };
    if (!this.#warned && !limits.allCapabilities) {
      this.#warned = true;
      this.#log.warn("machine withholds capabilities: privileged containers and out-of-memory scores are limited", {
        available: limits.capabilities.length,
        negativeOomScoreAdj: limits.negativeOomScoreAdj,
      });
    }
    return this.#info;
  }

  /** The engine was restarted and may have been reconfigured. */
  forget(): void {
    this.#info = undefined;
  }
}
