import type { PersistentVolumeClaim, Pod, ResourceList, Service } from "../core/v1.ts";
import type { KubeObject } from "../object.ts";
import { podLimits, podRequests } from "../pod-resources.ts";
import { Quantity, quantityOf } from "../quantity.ts";
import { type ResourceAmounts, parseResources } from "../resource-amounts.ts";
import type { ResourceClaim } from "../resource/v1.ts";
import { timeMs } from "../rfc3339.ts";
import { deviceClassSuffix, deviceUsage } from "./device-usage.ts";

const one = Quantity.fromInteger(1);
const requestsPrefix = "requests.";
const hugePages = "hugepages-";
const claimClassSuffix = ".storageclass.storage.k8s.io/";
const storageClassAnnotation = "volume.beta.kubernetes.io/storage-class";
const implicitDevices = "deviceclass.resource.kubernetes.io/";

/** A resource as quotas know it: objects are counted once, whatever version they are written in. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

/** The name under which quotas count the objects of a resource. */
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

/**
 * What the object uses of everything that a quota may limit. Pods that have ended use nothing but their count; those
 * that should be gone by `nowMs` count as ended, too.
 */
export function usageOf(type: GroupResource, object: KubeObject, nowMs: number = -Infinity): ResourceAmounts {
  const usage: ResourceAmounts = new Map([[objectCountName(type), one]]);
  if (type.group === "resource.k8s.io" && type.plural === "resourceclaims") {
    for (const [name, count] of deviceUsage(object as ResourceClaim)) usage.set(name, Quantity.fromInteger(count));
  }
  if (type.group !== "") return usage;
  if (countedByName.has(type.plural)) usage.set(type.plural, one);
  if (type.plural === "services") addServiceUsage(usage, object as Service);
  if (type.plural === "persistentvolumeclaims") addClaimUsage(usage, object as PersistentVolumeClaim);
  if (type.plural === "pods" && !hasEnded(object as Pod, nowMs)) addPodUsage(usage, object as Pod);
  return usage;
}

/** Whether objects of the resource can use what a quota calls by this name. */
export function isUsedBy(type: GroupResource, name: string): boolean {
  if (name === objectCountName(type)) return true;
  if (type.group !== "") {
    const isClaim = type.group === "resource.k8s.io" && type.plural === "resourceclaims";
    return isClaim && name.endsWith(deviceClassSuffix);
  }
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

/** Resources that nodes offer and Kubernetes itself does not know, and devices that are asked for like them. */
function isExtended(name: string): boolean {
  if (name.startsWith(implicitDevices)) return true;
  return name.includes("/") && !name.includes("kubernetes.io/");
}

function hasEnded({ status, metadata }: Pod, nowMs: number): boolean {
  if (status?.phase === "Failed" || status?.phase === "Succeeded") return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return nowMs > timeMs(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
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
  const { spec, metadata } = claim;
  const storageClass = metadata.annotations?.[storageClassAnnotation] ?? spec?.storageClassName ?? "";
  const storage = claimedStorage(claim);
  if (storage) usage.set("requests.storage", storage);
  if (storageClass === "") return;
  if (storage) usage.set(`${storageClass}${claimClassSuffix}requests.storage`, storage);
  usage.set(`${storageClass}${claimClassSuffix}persistentvolumeclaims`, one);
}

/** In whole bytes: what is asked for, or what is set aside for the claim while it is being expanded, if that is more. */
function claimedStorage({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const requested = spec?.resources?.requests?.["storage"];
  if (requested === undefined) return undefined;
  const request = quantityOf(requested.toString());
  const allocated = quantityOf(status?.allocatedResources?.["storage"]?.toString());
  return wholeBytes(allocated.compare(request) > 0 ? allocated : request);
}

function wholeBytes(amount: Quantity): Quantity {
  const whole = Quantity.fromInteger(amount.scaledValue(0), amount.format);
  return whole.equals(amount) ? amount : whole;
}

function addPodUsage(usage: ResourceAmounts, pod: Pod): void {
  usage.set("pods", one);
  const requests = podRequests(pod, { useStatus: true });
  for (const [name, amount] of computeUsage(requests, podLimits(pod))) usage.set(name, amount);
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
