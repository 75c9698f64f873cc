import { rm } from "node:fs/promises";
import type { Pod } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { Runtime } from "../runtime/runtime.ts";
import { type PodVolumes, VolumesError } from "../volumes/pod-volumes.ts";
import type { NodePolicy } from "./node-policy.ts";
import { podDns } from "./pod-dns.ts";
import type { PodAction, ResizeContainer, StartContainer } from "./pod-action.ts";
import { findContainer } from "./pod-containers.ts";
import type { PodEvents } from "./pod-events.ts";
import type { PodCgroups } from "./pod-machine.ts";
import type { PodMetrics } from "./pod-metrics.ts";
import { podLogDirectory, sandboxConfig } from "./sandbox-config.ts";
import type { ContainerStarter, StartSituation } from "./start-container.ts";
import { StartError } from "./start-error.ts";
import type { ContainerStopper } from "./stop-container.ts";

export interface PodExecutorOptions {
  readonly runtime: Runtime;
  readonly cgroups: PodCgroups;
  readonly volumes: PodVolumes;
  readonly starter: ContainerStarter;
  readonly stopper: ContainerStopper;
  readonly events: PodEvents;
  readonly policy: NodePolicy;
  readonly metrics: PodMetrics;
  /** The handler of a runtime class; rejects when there is no such class. */
  runtimeHandler(className: string, signal: AbortSignal): Promise<string>;
  /** Makes the final status known and then removes the pod's object; success when it is gone. */
  deletePod(pod: Pod, signal: AbortSignal): Promise<void>;
}

export interface Situation extends StartSituation {
  /** The instances whose preStop hook was begun. */
  readonly hooked: Set<string>;
}

export interface Prepared {
  readonly directories: ReadonlyMap<string, string>;
  readonly refreshAtMs: number | undefined;
}

/** Carries out what a plan asks for. Every action may be repeated, and has succeeded when its goal is reached. */
export class PodExecutor {
  readonly #options: PodExecutorOptions;

  constructor(options: PodExecutorOptions) {
    this.#options = options;
  }

  /** Answers what `prepare` found; nothing for other actions. */
  async run(action: PodAction, situation: Situation, signal: AbortSignal): Promise<Prepared | undefined> {
    const { runtime, stopper, deletePod } = this.#options;
    const { pod, observed, hooked } = situation;
    switch (action.type) {
      case "prepare":
        return this.#prepare(pod, signal);
      case "createSandbox":
        await this.#createSandbox(pod, action.attempt, signal);
        return undefined;
      case "stopSandbox":
        if (action.replaced) {
          const text = "Pod sandbox changed, it will be killed and re-created.";
          this.#options.events.pod(pod, "Normal", "SandboxChanged", text);
        }
        await runtime.stopPodSandbox(action.sandboxId, signal);
        return undefined;
      case "removeSandbox":
        await runtime.removePodSandbox(action.sandboxId, signal);
        return undefined;
      case "startContainer":
        await this.#startContainer(action, situation, signal);
        return undefined;
      case "stopContainer":
        await stopper.stop(action, pod, observed, hooked, signal);
        return undefined;
      case "removeContainer":
        await runtime.removeContainer(action.containerId, signal);
        return undefined;
      case "resizeContainer":
        await this.#resize(action, pod, signal);
        return undefined;
      case "tearDown":
        await this.#tearDown(pod, signal);
        return undefined;
      case "deletePod":
        await deletePod(pod, signal);
        return undefined;
    }
  }

  /** Removes what outlives the containers: the directory of their logs. */
  async forget(pod: Pod): Promise<void> {
    await rm(podLogDirectory(pod, this.#options.policy.podLogsDirectory), { recursive: true, force: true });
  }

  async #prepare(pod: Pod, signal: AbortSignal): Promise<Prepared> {
    const { cgroups, volumes, events } = this.#options;
    await cgroups.ensure(pod, signal);
    try {
      return await volumes.setUp(pod, signal);
    } catch (error) {
      if (error instanceof VolumesError) {
        for (const { volume, message } of error.errors) {
          events.pod(pod, "Warning", "FailedMount", `MountVolume.SetUp failed for volume "${volume}" : ${message}`);
        }
      }
      throw error;
    }
  }

  async #createSandbox(pod: Pod, attempt: number, signal: AbortSignal): Promise<void> {
    const { runtime, cgroups, events, policy, metrics } = this.#options;
    for (const { reason, message } of podDns(pod, policy.dns).warnings) events.pod(pod, "Warning", reason, message);
    try {
      const className = pod.spec.runtimeClassName;
      const handler = className ? await this.#options.runtimeHandler(className, signal) : "";
      const cgroupParent = await cgroups.ensure(pod, signal);
      await runtime.runPodSandbox(sandboxConfig(pod, attempt, cgroupParent, policy, handler), signal);
      metrics.sandboxStarted(false);
    } catch (error) {
      signal.throwIfAborted();
      metrics.sandboxStarted(true);
      const reason = error instanceof Error ? error.message : String(error);
      events.pod(pod, "Warning", "FailedCreatePodSandBox", `Failed to create pod sandbox: ${reason}`);
      throw error;
    }
  }

  async #startContainer(action: StartContainer, situation: Situation, signal: AbortSignal): Promise<void> {
    const { starter, metrics } = this.#options;
    const kind = findContainer(situation.pod, action.name)?.kind ?? "app";
    try {
      await starter.start(action, situation, signal);
      metrics.containerStarted(kind, undefined);
    } catch (error) {
      signal.throwIfAborted();
      metrics.containerStarted(kind, error instanceof StartError ? error.reason : "Unknown");
      throw error;
    }
  }

  async #resize({ name, containerId, resources }: ResizeContainer, pod: Pod, signal: AbortSignal): Promise<void> {
    const { runtime, cgroups } = this.#options;
    const { memoryLimitBytes } = resources;
    if (memoryLimitBytes !== undefined) {
      const [stats] = await runtime.listContainerStats({ id: containerId }, signal);
      const used = stats?.memory.usageBytes ?? 0;
      if (used > memoryLimitBytes) {
        throw new Error(
          `cannot decrease memory limits: attempting to set container ${goQuote(name)} memory limit ` +
            `(${memoryLimitBytes}) below current usage (${used})`,
        );
      }
    }
    // The pod's own limit is raised before and lowered after: in between it fits both.
    await cgroups.ensure(pod, signal);
    await runtime.updateContainerResources(containerId, resources, signal);
    await cgroups.ensure(pod, signal);
  }

  async #tearDown(pod: Pod, signal: AbortSignal): Promise<void> {
    const { volumes, cgroups } = this.#options;
    const uid = pod.metadata.uid ?? "";
    await volumes.tearDown(uid, signal);
    await cgroups.remove(uid, signal);
  }
}
