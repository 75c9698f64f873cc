import type { Pod, PodQOSClass } from "@kube-ts/api/core/v1";
import { podLimits, podQosClass, podRequests } from "@kube-ts/api/pod-resources";
import { cpuQuotaUs, cpuShares } from "../pods/linux-resources.ts";
import { kubepods, qosCgroup } from "./cgroup-name.ts";
import type { CgroupName } from "./cgroup-name.ts";

/** Limits of one cgroup; what is absent is not limited. */
export interface CgroupValues {
  readonly cpuShares: number;
  readonly cpuQuotaUs?: number;
  readonly cpuPeriodUs: number;
  readonly memoryLimitBytes?: number;
  readonly pidsLimit?: number;
}

export interface PlannedCgroup {
  readonly name: CgroupName;
  readonly values: CgroupValues;
}

/** What of the node all pods together may use; absent parts are not enforced. */
export interface NodeAllocatable {
  readonly cpuMilli?: number;
  readonly memoryBytes?: number;
  readonly pids?: number;
}

export interface CgroupPolicy {
  readonly allocatable: NodeAllocatable;
  /** Whether cpu limits are enforced (`--cpu-cfs-quota`). */
  readonly cpuQuota: boolean;
  readonly cpuPeriodUs: number;
  /** Processes of one pod (`--pod-max-pids`); absent for no limit. */
  readonly podPidsLimit?: number;
}

/** What counts of one pod. */
export interface PodShare {
  readonly uid: string;
  readonly qos: PodQOSClass;
  readonly cpuRequestMilli: number;
  readonly values: CgroupValues;
}

const minShares = 2;

/** The limits of a pod's own cgroup: each only when every container has it, as the sum would else be no limit. */
export function podShare(pod: Pod, policy: CgroupPolicy): PodShare {
  const qos = podQosClass(pod);
  const cpuRequestMilli = podRequests(pod).get("cpu")?.milliValue() ?? 0;
  const limits = podLimits(pod);
  const cpuLimitMilli = isLimited(pod, "cpu") ? (limits.get("cpu")?.milliValue() ?? 0) : 0;
  const memoryLimitBytes = isLimited(pod, "memory") ? (limits.get("memory")?.value() ?? 0) : 0;
  const { cpuPeriodUs } = policy;
  return {
    uid: pod.metadata.uid ?? "",
    qos,
    cpuRequestMilli,
    values: {
      cpuShares: qos === "BestEffort" ? minShares : cpuShares(cpuRequestMilli),
      cpuPeriodUs,
      ...(policy.cpuQuota && cpuLimitMilli > 0 ? { cpuQuotaUs: cpuQuotaUs(cpuLimitMilli, cpuPeriodUs) } : {}),
      ...(memoryLimitBytes > 0 ? { memoryLimitBytes } : {}),
      ...(policy.podPidsLimit === undefined ? {} : { pidsLimit: policy.podPidsLimit }),
    },
  };
}

/** The cgroups that pods share, parents first: their weights follow from the pods. */
export function planParents(pods: readonly PodShare[], policy: CgroupPolicy): PlannedCgroup[] {
  const { allocatable, cpuPeriodUs } = policy;
  const burstableMilli = pods
    .filter((pod) => pod.qos === "Burstable")
    .reduce((sum, pod) => sum + pod.cpuRequestMilli, 0);
  const top: CgroupValues = {
    cpuShares: allocatable.cpuMilli === undefined ? 1024 : cpuShares(allocatable.cpuMilli),
    cpuPeriodUs,
    ...(allocatable.memoryBytes === undefined ? {} : { memoryLimitBytes: allocatable.memoryBytes }),
    ...(allocatable.pids === undefined ? {} : { pidsLimit: allocatable.pids }),
  };
  return [
    { name: kubepods, values: top },
    { name: qosCgroup("Burstable"), values: { cpuShares: cpuShares(burstableMilli), cpuPeriodUs } },
    { name: qosCgroup("BestEffort"), values: { cpuShares: minShares, cpuPeriodUs } },
  ];
}

/** Version 2 weighs cpu from 1 to 10000 where version 1 has shares from 2 to 262144. */
export function cpuWeight(shares: number): number {
  return shares < minShares ? 1 : Math.floor(1 + ((shares - 2) * 9999) / 262_142);
}

/** The shares that a weight stands for. */
export function sharesOfWeight(weight: number): number {
  return weight < 1 ? 0 : Math.floor(2 + ((weight - 1) * 262_142) / 9999);
}

function isLimited(pod: Pod, resource: string): boolean {
  if (pod.spec.resources?.limits?.[resource] !== undefined) return true;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return containers.every((container) => container.resources?.limits?.[resource] !== undefined);
}
