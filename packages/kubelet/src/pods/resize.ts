import type { Container, ContainerStatus, Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { Quantity } from "@kube-ts/api/quantity";
import type { LinuxResources } from "../runtime/config.ts";
import { lastContainerStatus } from "../status/status-view.ts";
import type { ObservedContainer } from "./observed-pod.ts";
import { type ResourcePolicy, containerResources } from "./linux-resources.ts";

/** Why a change of resources is not made: never on this node, or not now. */
export interface ResizeRefusal {
  readonly reason: "Infeasible" | "Deferred";
  readonly message: string;
}

/** A change of limits that a running container needs. */
export interface ContainerResize {
  readonly resources: LinuxResources;
  /** The container's policy wants a new instance for it. */
  readonly restart: boolean;
}

const cpuFields = ["cpuShares", "cpuQuotaUs"] as const;
const memoryFields = ["memoryLimitBytes"] as const;

/** How the limits in force differ from what the spec asks for; undefined when they do not. */
export function containerResize(
  pod: Pod,
  spec: Container,
  instance: ObservedContainer,
  policy: ResourcePolicy,
): ContainerResize | undefined {
  const wanted = containerResources(pod, spec, policy);
  const cpu = changed(wanted, instance.resources, cpuFields);
  const memory = changed(wanted, instance.resources, memoryFields);
  if (cpu.length === 0 && memory.length === 0) return undefined;
  const restartsFor = (resource: string) =>
    spec.resizePolicy?.some(
      ({ resourceName, restartPolicy }) => resourceName === resource && restartPolicy === "RestartContainer",
    ) ?? false;
  const resources = Object.fromEntries([...cpu, ...memory].map((field) => [field, wanted[field]]));
  return {
    resources: { ...resources, ...(cpu.includes("cpuQuotaUs") ? { cpuPeriodUs: policy.cpuPeriodUs } : {}) },
    restart: (cpu.length > 0 && restartsFor("cpu")) || (memory.length > 0 && restartsFor("memory")),
  };
}

/** The runtime does not tell of limits that it did not set: nothing is compared with what is not known. */
function changed<F extends keyof LinuxResources>(
  wanted: LinuxResources,
  inForce: LinuxResources,
  fields: readonly F[],
): F[] {
  if (inForce.cpuShares === undefined) return [];
  return fields.filter((field) => wanted[field] !== undefined && wanted[field] !== inForce[field]);
}

/** Whether the pod asks for more than what its containers were last allocated, so that it must be judged again. */
export function asksForMore(
  pod: Pod,
  status: { readonly containerStatuses?: ContainerStatus[]; readonly initContainerStatuses?: ContainerStatus[] },
): boolean {
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some((container) => {
    const allocated = lastContainerStatus(status, container.name)?.allocatedResources;
    const requests = container.resources?.requests;
    if (!allocated || !requests || semanticEqual(allocated, requests)) return false;
    return Object.entries(requests).some(([name, amount]) => {
      const before = Quantity.parse(String(allocated[name] ?? "0"));
      return Quantity.parse(String(amount)).compare(before) > 0;
    });
  });
}
