import type { Container, EphemeralContainer, Pod, ResourceList } from "@kube-ts/api/core/v1";
import { podQosClass } from "@kube-ts/api/pod-resources";
import { Quantity } from "@kube-ts/api/quantity";
import type { LinuxResources } from "../runtime/config.ts";
import { isSidecar } from "./pod-containers.ts";

/** What of the node decides how requests become limits. */
export interface ResourcePolicy {
  readonly memoryCapacityBytes: number;
  readonly cpuQuota: boolean;
  readonly cpuPeriodUs: number;
}

const minShares = 2;
const maxShares = 262_144;
const sharesPerCpu = 1024;
const minQuotaUs = 1000;

const guaranteedOomScore = -997;
const bestEffortOomScore = 1000;
const systemCriticalPriority = 2_000_000_000;

/** The limits of one container, from its requests and limits. */
export function containerResources(
  pod: Pod,
  container: Container | EphemeralContainer,
  policy: ResourcePolicy,
): LinuxResources {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const cpuLimitMilli = milli(limits, "cpu");
  const memoryLimitBytes = bytes(limits, "memory");
  const cpuRequestMilli = requests["cpu"] === undefined ? cpuLimitMilli : milli(requests, "cpu");
  return {
    cpuShares: cpuShares(cpuRequestMilli),
    ...(policy.cpuQuota && cpuLimitMilli > 0
      ? { cpuQuotaUs: cpuQuotaUs(cpuLimitMilli, policy.cpuPeriodUs), cpuPeriodUs: policy.cpuPeriodUs }
      : {}),
    ...(memoryLimitBytes > 0 ? { memoryLimitBytes } : {}),
    oomScoreAdj: oomScoreAdj(pod, container, policy.memoryCapacityBytes),
  };
}

export function cpuShares(milliCpu: number): number {
  return Math.min(maxShares, Math.max(minShares, Math.floor((milliCpu * sharesPerCpu) / 1000)));
}

export function cpuQuotaUs(milliCpu: number, periodUs: number): number {
  return Math.max(minQuotaUs, Math.floor((milliCpu * periodUs) / 1000));
}

/** The less of the node's memory a burstable container asks for, the sooner the kernel ends it when memory runs out. */
export function oomScoreAdj(pod: Pod, container: Container | EphemeralContainer, memoryCapacityBytes: number): number {
  if ((pod.spec.priority ?? 0) >= systemCriticalPriority) return guaranteedOomScore;
  const qos = podQosClass(pod);
  if (qos === "Guaranteed") return guaranteedOomScore;
  if (qos === "BestEffort") return bestEffortOomScore;
  const score = burstableScore(container, memoryCapacityBytes);
  // A sidecar is not to be ended before the containers that it serves.
  if (!(pod.spec.initContainers ?? []).some((init) => init.name === container.name && isSidecar(init))) return score;
  return Math.min(score, ...pod.spec.containers.map((app) => burstableScore(app, memoryCapacityBytes)));
}

function burstableScore(container: Container | EphemeralContainer, memoryCapacityBytes: number): number {
  const requestBytes = bytes(container.resources?.requests ?? {}, "memory");
  const score = bestEffortOomScore - Math.floor((bestEffortOomScore * requestBytes) / memoryCapacityBytes);
  const least = bestEffortOomScore + guaranteedOomScore;
  if (score < least) return least;
  return score === bestEffortOomScore ? score - 1 : score;
}

function milli(list: ResourceList, name: string): number {
  return Quantity.parse(String(list[name] ?? "0")).milliValue();
}

function bytes(list: ResourceList, name: string): number {
  return Quantity.parse(String(list[name] ?? "0")).value();
}
