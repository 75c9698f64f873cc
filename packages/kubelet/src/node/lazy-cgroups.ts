import type { Pod } from "@kube-ts/api/core/v1";
import { Quantity } from "@kube-ts/api/quantity";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { CgroupFilesystem } from "../cgroups/cgroup-filesystem.ts";
import type { CgroupMetrics } from "../cgroups/cgroup-metrics.ts";
import type { CgroupPolicy, NodeAllocatable } from "../cgroups/cgroup-plan.ts";
import type { CgroupHierarchy } from "../cgroups/hierarchy.ts";
import { PodCgroupTree } from "../cgroups/pod-cgroup-tree.ts";
import { SystemdSlices } from "../cgroups/systemd-slices.ts";
import type { KubeletConfig } from "../config/kubelet-config.ts";
import type { PodCgroups } from "../pods/pod-machine.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { LocalNode } from "./local-node.ts";

export interface LazyCgroupsOptions {
  readonly runtime: Pick<Runtime, "status">;
  readonly hierarchy: CgroupHierarchy;
  readonly config: KubeletConfig;
  readonly node: Pick<LocalNode, "resources" | "machine">;
  readonly metrics: CgroupMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The runtime's driver is not the one that was asked for: a kubelet with this configuration can run nothing. */
export class CgroupDriverError extends Error {}

/** The cgroups of pods, named as the runtime's driver wants it, which is known once the runtime is up. */
export class LazyCgroups implements PodCgroups {
  readonly #options: LazyCgroupsOptions;
  #tree: PodCgroupTree | undefined;

  constructor(options: LazyCgroupsOptions) {
    this.#options = options;
  }

  async ensure(pod: Pod, signal: AbortSignal): Promise<string> {
    return (await this.#open(signal)).ensure(pod, signal);
  }

  async remove(podUid: string, signal: AbortSignal): Promise<void> {
    await (await this.#open(signal)).remove(podUid, signal);
  }

  /** Removes the cgroups of all other pods. */
  async reconcile(pods: readonly Pod[], signal: AbortSignal): Promise<void> {
    await (await this.#open(signal)).reconcile(pods, signal);
  }

  async #open(signal: AbortSignal): Promise<PodCgroupTree> {
    if (this.#tree) return this.#tree;
    const { runtime, hierarchy, config, metrics, clock, log } = this.#options;
    const { conditions, cgroupDriver } = await runtime.status(signal);
    if (!conditions.some(({ type, status }) => type === "RuntimeReady" && status)) {
      throw new Error("the container runtime is not ready");
    }
    const asked = config.runtime.cgroupDriver;
    if (asked !== undefined && asked !== cgroupDriver) {
      throw new CgroupDriverError(
        `failed to run Kubelet: misconfiguration: kubelet cgroup driver: "${asked}" is different from docker cgroup driver: "${cgroupDriver}"`,
      );
    }
    const files = new CgroupFilesystem(hierarchy, cgroupDriver, clock, log);
    const store = cgroupDriver === "systemd" ? new SystemdSlices(files, hierarchy.version) : files;
    this.#tree ??= new PodCgroupTree(metrics.timed(store, clock), this.#policy());
    return this.#tree;
  }

  #policy(): CgroupPolicy {
    const { config, node } = this.#options;
    const { cpuQuota, cpuPeriodUs, pidsLimit } = config.pods;
    return {
      allocatable: config.node.enforceAllocatable ? this.#allocatable() : { cpuMilli: node.machine.cores * 1000 },
      cpuQuota,
      cpuPeriodUs,
      ...(pidsLimit > 0 ? { podPidsLimit: pidsLimit } : {}),
    };
  }

  /** What all pods together may use: eviction defends memory beyond it, so that is not held back here. */
  #allocatable(): NodeAllocatable {
    const { machine } = this.#options.node;
    const { kubeReserved, systemReserved } = this.#options.config.node;
    const reserved = (name: string) =>
      [kubeReserved, systemReserved].reduce((sum, list) => sum.add(Quantity.parse(list[name] ?? "0")), Quantity.zero);
    return {
      cpuMilli: Math.max(0, machine.cores * 1000 - reserved("cpu").milliValue()),
      memoryBytes: Math.max(0, machine.memoryBytes - reserved("memory").value()),
    };
  }
}
