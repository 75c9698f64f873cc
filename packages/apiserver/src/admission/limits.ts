import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod, ResourceList } from "@kube-ts/api/core/v1";
import { podLimits, podRequests } from "@kube-ts/api/pod-resources";
import { type Quantity, quantityOf } from "@kube-ts/api/quantity";
import { type ResourceAmounts, parseResources } from "@kube-ts/api/resource-amounts";

const annotation = "kubernetes.io/limit-ranger";

/** What a runtime class adds is not the pod's to answer for. */
const ofSpec = { excludeOverhead: true };

/** Gives the containers of a pod the requests and limits that they lack, and notes on the pod which. */
export function applyContainerDefaults(limitRange: LimitRange, pod: Pod): void {
  const requests: ResourceList = {};
  const limits: ResourceList = {};
  for (const item of limitRange.spec.limits ?? []) {
    if (item.type !== "Container") continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(limits, item.default);
  }
  const notes: string[] = [];
  const fill = (kind: string, containers: Pod["spec"]["containers"]) => {
    for (const container of containers) {
      const given = (container.resources ??= {});
      const filled = { requests: fillIn(given, "requests", requests), limits: fillIn(given, "limits", limits) };
      if (filled.requests !== "") notes.push(`${filled.requests} request for ${kind} ${container.name}`);
      if (filled.limits !== "") notes.push(`${filled.limits} limit for ${kind} ${container.name}`);
    }
  };
  fill("container", pod.spec.containers);
  fill("init container", pod.spec.initContainers ?? []);
  if (notes.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${notes.join("; ")}`,
  };
}

/** Fills in what is missing and answers the names of what was filled in. */
function fillIn(
  resources: { requests?: ResourceList; limits?: ResourceList },
  which: "requests" | "limits",
  defaults: ResourceList,
): string {
  const missing = Object.keys(defaults).filter((name) => resources[which]?.[name] === undefined);
  if (missing.length === 0) return "";
  const added = Object.fromEntries(missing.map((name) => [name, defaults[name] ?? "0"]));
  resources[which] = { ...resources[which], ...added };
  return missing.sort().join(", ");
}

/** Everything about the pod that the limits do not allow, in upstream's words. */
export function podLimitProblems(limitRange: LimitRange, pod: Pod): string[] {
  const problems: string[] = [];
  for (const item of limitRange.spec.limits ?? []) {
    if (item.type === "Container") {
      for (const { resources } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
        problems.push(...itemProblems(item, parseResources(resources?.requests), parseResources(resources?.limits)));
      }
    }
    if (item.type === "Pod") problems.push(...itemProblems(item, podRequests(pod, ofSpec), podLimits(pod, ofSpec)));
  }
  return problems;
}

/** As `podLimitProblems`; claims have no limits, so that their requests are held against the maximum. */
export function claimLimitProblems(limitRange: LimitRange, claim: PersistentVolumeClaim): string[] {
  const requests = parseResources(claim.spec?.resources?.requests);
  return (limitRange.spec.limits ?? [])
    .filter(({ type }) => type === "PersistentVolumeClaim")
    .flatMap((item) => [
      ...eachLimit(item.min, (name, min) => minimumProblem(item.type, name, min, requests, new Map())),
      ...eachLimit(item.max, (name, max) => maximumRequestProblem(item.type, name, max, requests)),
    ]);
}

function itemProblems(item: LimitRangeItem, requests: ResourceAmounts, limits: ResourceAmounts): string[] {
  return [
    ...eachLimit(item.min, (name, min) => minimumProblem(item.type, name, min, requests, limits)),
    ...eachLimit(item.max, (name, max) => maximumProblem(item.type, name, max, requests, limits)),
    ...eachLimit(item.maxLimitRequestRatio, (name, ratio) => ratioProblem(item.type, name, ratio, requests, limits)),
  ];
}

function eachLimit(
  list: ResourceList | undefined,
  check: (name: string, enforced: Quantity) => string | undefined,
): string[] {
  const names = Object.keys(list ?? {}).sort();
  return names.flatMap((name) => check(name, quantityOf(list?.[name]?.toString())) ?? []);
}

function minimumProblem(
  type: string,
  name: string,
  min: Quantity,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `minimum ${name} usage per ${type} is ${min.toString()}`;
  if (!request) return `${rule}.  No request is specified`;
  if (request.compare(min) < 0) return `${rule}, but request is ${request.toString()}`;
  return limit && limit.compare(min) < 0 ? `${rule}, but limit is ${limit.toString()}` : undefined;
}

function maximumProblem(
  type: string,
  name: string,
  max: Quantity,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `maximum ${name} usage per ${type} is ${max.toString()}`;
  if (!limit) return `${rule}.  No limit is specified`;
  if (limit.compare(max) > 0) return `${rule}, but limit is ${limit.toString()}`;
  return request && request.compare(max) > 0 ? `${rule}, but request is ${request.toString()}` : undefined;
}

function maximumRequestProblem(
  type: string,
  name: string,
  max: Quantity,
  requests: ResourceAmounts,
): string | undefined {
  const request = requests.get(name);
  const rule = `maximum ${name} usage per ${type} is ${max.toString()}`;
  if (!request) return `${rule}.  No request is specified`;
  return request.compare(max) > 0 ? `${rule}, but request is ${request.toString()}` : undefined;
}

function ratioProblem(
  type: string,
  name: string,
  ratio: Quantity,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `${name} max limit to request ratio per ${type} is ${ratio.toString()}`;
  if (!request || request.isZero()) return `${rule}, but no request is specified or request is 0`;
  if (!limit || limit.isZero()) return `${rule}, but no limit is specified or limit is 0`;
  const provided = limit.toNumber() / request.toNumber();
  return provided > ratio.toNumber() ? `${rule}, but provided ratio is ${provided.toFixed(6)}` : undefined;
}
