import type { PersistentVolumeClaim, Pod, ResourceList, Service } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { podLimits, podRequests } from "@kube-ts/api/pod-resources";
import { Quantity, quantityOf } from "@kube-ts/api/quantity";
import { type ResourceAmounts, parseResources } from "@kube-ts/api/resource-amounts";
import type { AdmissionAttributes } from "../admission.ts";

const one = Quantity.fromInteger(1);
const requestsPrefix = "requests.";
const hugePages = "hugepages-";
const claimClassSuffix = ".storageclass.storage.k8s.io/";

type GroupResource = { readonly group: string; readonly plural: string };

/** The names under which quotas count the objects of a resource. */
export function objectCountName({ group, plural }: GroupResource): string {
  return group === "" ? `count/${plural}` : `count/${plural}.${group}`;
}

/** Core resources that quotas also count under their own name. */
const countedByName = new Set([
  "services",
  "persistentvolumeclaims",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "resourcequotas",
]);

/** Whether the write can change what quotas count. */
export function changesUsage({ operation, type, subresource }: AdmissionAttributes): boolean {
  if (type.group === "" && type.plural === "pods") {
    return subresource === "" ? operation === "CREATE" : subresource === "resize" && operation === "UPDATE";
  }
  if (subresource !== "") return false;
  const mayGrow = type.group === "" && (type.plural === "services" || type.plural === "persistentvolumeclaims");
  return operation === "CREATE" || (mayGrow && operation === "UPDATE");
}

/** What the object uses of everything that a quota may limit. */
export function usageOf(type: GroupResource, object: KubeObject): ResourceAmounts {
  const usage: ResourceAmounts = new Map([[objectCountName(type), one]]);
  if (type.group !== "") return usage;
  if (countedByName.has(type.plural)) usage.set(type.plural, one);
  if (type.plural === "services") addServiceUsage(usage, object as Service);
  if (type.plural === "persistentvolumeclaims") addClaimUsage(usage, object as PersistentVolumeClaim);
  if (type.plural === "pods") addPodUsage(usage, object as Pod);
  return usage;
}

/** Whether objects of the resource can use what a quota calls by this name. */
export function isUsedBy(type: GroupResource, name: string): boolean {
  if (name === objectCountName(type)) return true;
  if (type.group !== "") return false;
  if (countedByName.has(type.plural) && name === type.plural) return true;
  switch (type.plural) {
    case "services":
      return name === "services.nodeports" || name === "services.loadbalancers";
    case "persistentvolumeclaims":
      return (
        name === "requests.storage" ||
        name.endsWith(`${claimClassSuffix}requests.storage`) ||
        name.endsWith(`${claimClassSuffix}persistentvolumeclaims`)
      );
    case "pods":
      return isPodResource(name);
    default:
      return false;
  }
}

const computeResources = ["cpu", "memory", "ephemeral-storage"];
const podResources = new Set([
  "pods",
  ...computeResources,
  ...computeResources.map((name) => `requests.${name}`),
  ...computeResources.map((name) => `limits.${name}`),
]);

function isPodResource(name: string): boolean {
  if (podResources.has(name) || name.startsWith(hugePages) || name.startsWith(requestsPrefix + hugePages)) return true;
  return name.startsWith(requestsPrefix) && isExtended(name.slice(requestsPrefix.length));
}

/** Resources that nodes offer and Kubernetes itself does not know. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

function addServiceUsage(usage: ResourceAmounts, service: Service): void {
  const { type, ports = [], allocateLoadBalancerNodePorts } = service.spec;
  const withNodePort = ports.filter(({ nodePort }) => (nodePort ?? 0) > 0).length;
  const isBalancer = type === "LoadBalancer";
  const all = type === "NodePort" || (isBalancer && allocateLoadBalancerNodePorts !== false);
  usage.set("services.loadbalancers", Quantity.fromInteger(isBalancer ? 1 : 0));
  usage.set("services.nodeports", Quantity.fromInteger(all ? ports.length : isBalancer ? withNodePort : 0));
}

function addClaimUsage(usage: ResourceAmounts, claim: PersistentVolumeClaim): void {
  const storageClass = claim.spec?.storageClassName ?? "";
  const storage = quantityOf(claim.spec?.resources?.requests?.["storage"]?.toString());
  usage.set("requests.storage", storage);
  if (storageClass === "") return;
  usage.set(`${storageClass}${claimClassSuffix}requests.storage`, storage);
  usage.set(`${storageClass}${claimClassSuffix}persistentvolumeclaims`, one);
}

function addPodUsage(usage: ResourceAmounts, pod: Pod): void {
  usage.set("pods", one);
  for (const [name, amount] of computeUsage(podRequests(pod), podLimits(pod))) usage.set(name, amount);
}

/** Requests and limits under the names that quotas have for them. */
function computeUsage(requests: ResourceAmounts, limits: ResourceAmounts): ResourceAmounts {
  const usage: ResourceAmounts = new Map();
  for (const [name, amount] of requests) {
    if (computeResources.includes(name) || name.startsWith(hugePages)) usage.set(name, amount);
    if (usage.has(name) || isExtended(name)) usage.set(requestsPrefix + name, amount);
  }
  for (const [name, amount] of limits) if (computeResources.includes(name)) usage.set(`limits.${name}`, amount);
  return usage;
}

const requiredOfContainers = ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];

/**
 * What containers must ask for because a quota limits it, and do not: `must specify cpu for: a,b; memory for: a`.
 * Undefined when nothing is missing.
 */
export function missingRequests(pod: Pod, limited: readonly string[]): string | undefined {
  const required = requiredOfContainers.filter((name) => limited.includes(name));
  if (required.length === 0 || hasPodLevelResources(pod)) return undefined;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const given = containers.map(({ name, resources }) => ({ name, usage: containerUsage(resources) }));
  const missing = required.flatMap((resource) => {
    const names = given.filter(({ usage }) => !usage.has(resource)).map(({ name }) => name);
    return names.length === 0 ? [] : [`${resource} for: ${[...new Set(names)].sort().join(",")}`];
  });
  return missing.length === 0 ? undefined : `must specify ${missing.join("; ")}`;
}

function containerUsage(resources: { requests?: ResourceList; limits?: ResourceList } | undefined): ResourceAmounts {
  return computeUsage(parseResources(resources?.requests), parseResources(resources?.limits));
}

function hasPodLevelResources({ spec }: Pod): boolean {
  return Object.keys(spec.resources?.requests ?? {}).length > 0 || Object.keys(spec.resources?.limits ?? {}).length > 0;
}
