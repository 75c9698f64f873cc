import type { Container, Pod, PodQOSClass, ResourceRequirements } from "./core/v1.ts";
import { findCondition } from "./conditions.ts";
import type { Quantity } from "./quantity.ts";
import { type ResourceAmounts, addResources, maxResources, parseResources } from "./resource-amounts.ts";

export interface PodResourceOptions {
  /** Counts what the kubelet has allocated to and actuated for resized containers, where that is more. */
  readonly useStatus?: boolean;
  /** Leaves the pod's overhead out. */
  readonly excludeOverhead?: boolean;
  /** Amounts to count for containers that request none of a resource. */
  readonly defaultRequests?: ReadonlyMap<string, Quantity>;
}

/**
 * What a pod needs of each resource: the sum of its containers and sidecars, or the largest need during
 * initialization where that is more, then pod-level requests in place of the sum, then overhead.
 */
export function podRequests(pod: Pod, options: PodResourceOptions = {}): ResourceAmounts {
  const requests = aggregate(pod, (container) => containerRequests(pod, container, options));
  replaceByPodLevel(requests, pod.spec.resources, "requests");
  if (!options.excludeOverhead && pod.spec.overhead) addResources(requests, parseResources(pod.spec.overhead));
  return requests;
}

/** What a pod may use at most of each resource for which there are limits. Computed like `podRequests`. */
export function podLimits(pod: Pod, options: Pick<PodResourceOptions, "excludeOverhead"> = {}): ResourceAmounts {
  const limits = aggregate(pod, (container) => parseResources(container.resources?.limits));
  replaceByPodLevel(limits, pod.spec.resources, "limits");
  if (options.excludeOverhead) return limits;
  for (const [name, overhead] of parseResources(pod.spec.overhead)) {
    const limit = limits.get(name);
    if (limit && !limit.isZero()) limits.set(name, limit.add(overhead));
  }
  return limits;
}

/** An init container that keeps running beside the regular containers. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

function aggregate(pod: Pod, amountsOf: (container: Container) => ResourceAmounts): ResourceAmounts {
  const total: ResourceAmounts = new Map();
  for (const container of pod.spec.containers) addResources(total, amountsOf(container));
  if (!pod.spec.initContainers?.length) return total;
  const sidecars: ResourceAmounts = new Map();
  const initialization: ResourceAmounts = new Map();
  for (const container of pod.spec.initContainers) {
    const amounts = amountsOf(container);
    if (isSidecar(container)) {
      addResources(total, amounts);
      addResources(sidecars, amounts);
      maxResources(initialization, sidecars);
    } else {
      addResources(amounts, sidecars);
      maxResources(initialization, amounts);
    }
  }
  maxResources(total, initialization);
  return total;
}

function containerRequests(pod: Pod, container: Container, options: PodResourceOptions): ResourceAmounts {
  let requests = parseResources(container.resources?.requests);
  const status = options.useStatus ? containerStatus(pod, container.name) : undefined;
  if (status) {
    if (isResizeInfeasible(pod)) requests = new Map();
    maxResources(requests, parseResources(status.resources?.requests));
    maxResources(requests, parseResources(status.allocatedResources));
  }
  for (const [name, amount] of options.defaultRequests ?? []) {
    if (!requests.has(name)) requests.set(name, amount);
  }
  return requests;
}

function containerStatus(pod: Pod, name: string) {
  const byName = (status: { name: string }) => status.name === name;
  return pod.status?.containerStatuses?.find(byName) ?? pod.status?.initContainerStatuses?.find(byName);
}

function isResizeInfeasible(pod: Pod): boolean {
  return findCondition(pod.status?.conditions, "PodResizePending")?.reason === "Infeasible";
}

function supportsPodLevel(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

function replaceByPodLevel(
  total: ResourceAmounts,
  resources: ResourceRequirements | undefined,
  which: "requests" | "limits",
): void {
  for (const [name, amount] of parseResources(resources?.[which])) {
    if (supportsPodLevel(name)) total.set(name, amount);
  }
}

/**
 * The quality-of-service class that follows from cpu and memory: Guaranteed when every container limits both and
 * requests just as much, BestEffort when none asks for anything.
 */
export function podQosClass(pod: Pod): PodQOSClass {
  const podLevel = pod.spec.resources;
  const hasPodLevel =
    Object.keys(podLevel?.requests ?? {}).some(supportsPodLevel) ||
    Object.keys(podLevel?.limits ?? {}).some(supportsPodLevel);
  const claims = hasPodLevel
    ? [podLevel]
    : [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((container) => container.resources);
  const requests: ResourceAmounts = new Map();
  const limits: ResourceAmounts = new Map();
  let guaranteed = true;
  for (const claim of claims) {
    addResources(requests, computeAmounts(claim?.requests));
    const claimLimits = computeAmounts(claim?.limits);
    addResources(limits, claimLimits);
    if (claimLimits.size < 2) guaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const equal =
    requests.size === limits.size && [...requests].every(([name, amount]) => limits.get(name)?.equals(amount) === true);
  return guaranteed && equal ? "Guaranteed" : "Burstable";
}

/** The amounts of cpu and memory that are above zero. */
function computeAmounts(list: ResourceRequirements["limits"]): ResourceAmounts {
  const amounts = parseResources(list);
  for (const [name, amount] of amounts) {
    if ((name !== "cpu" && name !== "memory") || amount.sign() <= 0) amounts.delete(name);
  }
  return amounts;
}
