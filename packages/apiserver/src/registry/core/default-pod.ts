import type { Container, ContainerStatus, Pod, PodStatus, ResourceList } from "@kube-ts/api/core/v1";
import { isSidecar } from "@kube-ts/api/pod-resources";
import {
  type ResourceAmounts,
  addResources,
  formatResources,
  maxResources,
  parseResources,
} from "@kube-ts/api/resource-amounts";
import { canonicalizeResources, copyMissingResources } from "./canonical-resources.ts";
import { defaultPodSpec } from "./default-pod-spec.ts";
import { isHugePageResource, isOvercommitAllowed, isPodLevelResource } from "./resource-names.ts";

/**
 * All defaults of a pod, in upstream's order: of its spec, of requests from limits, of pod-level resources, of host
 * ports. Pure, and free of what only the server has. Throws `QuantityError` for an amount that is none.
 */
export function defaultPod(pod: Pod): void {
  const spec = (pod.spec ??= { containers: [] });
  spec.containers ??= [];
  defaultPodSpec(spec);
  for (const container of spec.containers) requestLimits(container);
  for (const container of spec.initContainers ?? []) requestLimits(container);
  if (spec.resources) {
    defaultHugePageLimits(pod);
    defaultPodLevelRequests(pod);
    defaultPodLevelLimits(pod);
  }
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) {
    for (const container of spec.containers) mapHostPorts(container);
    for (const container of spec.initContainers ?? []) mapHostPorts(container);
  }
  pod.status ??= {};
  defaultPodStatus(pod.status);
}

/** Fills in a status what upstream always serves, and keeps the pod's first address in both of its fields. */
function defaultPodStatus(status: PodStatus): void {
  const { podIP, podIPs } = status;
  if (podIP && podIPs?.[0]?.ip !== podIP) status.podIPs = [{ ip: podIP }];
  else if (!podIP && podIPs?.[0]) status.podIP = podIPs[0].ip;
  for (const container of status.containerStatuses ?? []) defaultContainerStatus(container);
  for (const container of status.initContainerStatuses ?? []) defaultContainerStatus(container);
  for (const container of status.ephemeralContainerStatuses ?? []) defaultContainerStatus(container);
}

function defaultContainerStatus(status: ContainerStatus): void {
  status.state ??= {};
  status.lastState ??= {};
  canonicalizeResources(status.allocatedResources);
  canonicalizeResources(status.resources?.limits);
  canonicalizeResources(status.resources?.requests);
}

function requestLimits(container: Container): void {
  const resources = container.resources;
  if (resources?.limits === undefined) return;
  resources.requests ??= {};
  copyMissingResources(resources.requests, resources.limits);
}

function mapHostPorts(container: Container): void {
  for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
}

/** The largest need at any time of the containers' requests or limits, which pod-level resources have to cover. */
export function aggregateContainers(pod: Pod, which: "requests" | "limits"): ResourceAmounts {
  const total: ResourceAmounts = new Map();
  for (const container of pod.spec.containers) addResources(total, parseResources(container.resources?.[which]));
  const sidecars: ResourceAmounts = new Map();
  const peak: ResourceAmounts = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const amounts = parseResources(container.resources?.[which]);
    if (isSidecar(container)) {
      addResources(total, amounts);
      addResources(sidecars, amounts);
      maxResources(peak, sidecars);
    } else {
      addResources(amounts, sidecars);
      maxResources(peak, amounts);
    }
  }
  maxResources(total, peak);
  return total;
}

function isEmpty(list: ResourceList | undefined): boolean {
  return list === undefined || Object.keys(list).length === 0;
}

function defaultHugePageLimits(pod: Pod): void {
  const resources = pod.spec.resources;
  if (resources === undefined || (isEmpty(resources.limits) && isEmpty(resources.requests))) return;
  const limits = { ...resources.limits };
  for (const [name, text] of Object.entries(formatResources(aggregateContainers(pod, "limits")))) {
    if (isHugePageResource(name) && resources.requests?.[name] === undefined) limits[name] ??= text;
  }
  if (!isEmpty(limits)) resources.limits = limits;
}

function defaultPodLevelRequests(pod: Pod): void {
  const resources = pod.spec.resources;
  if (resources === undefined || isEmpty(resources.limits)) return;
  const requests = { ...resources.requests };
  for (const [name, text] of Object.entries(formatResources(aggregateContainers(pod, "requests")))) {
    if (isPodLevelResource(name) && isOvercommitAllowed(name)) requests[name] ??= text;
  }
  for (const [name, text] of Object.entries(resources.limits ?? {})) {
    if (isPodLevelResource(name)) requests[name] ??= text;
  }
  if (!isEmpty(requests)) resources.requests = requests;
}

function defaultPodLevelLimits(pod: Pod): void {
  const resources = pod.spec.resources;
  if (resources === undefined || hasPodLevel(resources.limits) || !hasPodLevel(resources.requests)) return;
  const limits = { ...resources.limits };
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  for (const [name, text] of Object.entries(formatResources(aggregateContainers(pod, "limits")))) {
    if (!isPodLevelResource(name) || !isOvercommitAllowed(name)) continue;
    if (containers.every((container) => container.resources?.limits?.[name] !== undefined)) limits[name] ??= text;
  }
  if (!isEmpty(limits)) resources.limits = limits;
}

function hasPodLevel(list: ResourceList | undefined): boolean {
  return Object.keys(list ?? {}).some(isPodLevelResource);
}
