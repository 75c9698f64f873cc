import { qualifiedNameErrors } from "@kube-ts/api/names";

const hugePagePrefix = "hugepages-";
const defaultNamespacePrefix = "kubernetes.io/";
const requestsPrefix = "requests.";

const containerResources = new Set(["cpu", "memory", "ephemeral-storage"]);
const objectCounts = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];
const quotaResources = new Set([
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  ...objectCounts,
]);
const standardResources = new Set([...quotaResources, "storage"]);
const integerResources = new Set(objectCounts);

export function isHugePageResource(name: string): boolean {
  return name.startsWith(hugePagePrefix);
}

/** Whether a name of a container's resource without a prefix is one that upstream knows. */
export function isStandardContainerResource(name: string): boolean {
  return containerResources.has(name) || isHugePageResource(name);
}

/** Whether a name without a prefix is a resource that upstream knows. */
export function isStandardResource(name: string): boolean {
  return standardResources.has(name) || isQuotaHugePageResource(name);
}

/** Whether a name without a prefix may be limited by a quota. */
export function isStandardQuotaResource(name: string): boolean {
  return quotaResources.has(name) || isQuotaHugePageResource(name);
}

function isQuotaHugePageResource(name: string): boolean {
  return isHugePageResource(name) || name.startsWith(requestsPrefix + hugePagePrefix);
}

/** Whether the resource belongs to Kubernetes itself: it has no prefix, or one of kubernetes.io. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || name.includes(defaultNamespacePrefix);
}

/** Whether containers may together be promised more of the resource than there is. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePageResource(name);
}

/** Whether the name may be a resource that nodes advertise and upstream does not know. */
export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith(requestsPrefix)) return false;
  return qualifiedNameErrors(requestsPrefix + name).length === 0;
}

/** Whether amounts of the resource are whole numbers. */
export function isIntegerResource(name: string): boolean {
  return integerResources.has(name) || isExtendedResource(name);
}

export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePageResource(name);
}

export const podLevelResources: readonly string[] = ["cpu", "hugepages-", "memory"];
