import type { Pod, ResourceList } from "@kube-ts/api/core/v1";
import { podQosClass, podRequests } from "@kube-ts/api/pod-resources";
import { Quantity } from "@kube-ts/api/quantity";
import { addResources } from "@kube-ts/api/resource-amounts";
import { isStaticPod } from "./config-annotations.ts";

/** Which pods make room for a critical one, or what cannot be made room for. */
export type Preemption =
  | { readonly type: "victims"; readonly pods: readonly Pod[]; readonly resource: string }
  | { readonly type: "impossible"; readonly message: string };

const systemCriticalPriority = 2_000_000_000;

/** Amounts by resource: thousandths of processors, bytes, or numbers. */
type Amounts = ReadonlyMap<string, number>;

function isCriticalPod(pod: Pod): boolean {
  return isStaticPod(pod) || (pod.spec.priority ?? 0) >= systemCriticalPriority;
}

/**
 * Which of the others must go so that a critical pod fits: as few as possible of the better classes, and of each class
 * those that come nearest to what is missing. Undefined when the pod is not critical or nothing is missing.
 */
export function planPreemption(pod: Pod, others: readonly Pod[], allocatable: ResourceList): Preemption | undefined {
  if (!isCriticalPod(pod)) return undefined;
  const missing = missingAmounts(pod, others, allocatable);
  const [resource] = missing.keys();
  if (resource === undefined) return undefined;
  const yielding = others.filter((other) => yields(other, pod));
  const ofClass = (qos: string) => yielding.filter((other) => podQosClass(other) === qos);
  const [bestEffort, burstable, guaranteed] = [ofClass("BestEffort"), ofClass("Burstable"), ofClass("Guaranteed")];
  const short = without(missing, yielding);
  if (short.size > 0) {
    const amounts = [...short].map(([name, amount]) => `(res: ${name}, q: ${amount}), `).join("");
    return { type: "impossible", message: `no set of running pods found to reclaim resources: [${amounts}]` };
  }
  const first = nearest(guaranteed, without(missing, [...burstable, ...bestEffort]));
  const second = nearest(burstable, without(missing, [...bestEffort, ...first]));
  const third = nearest(bestEffort, without(missing, [...second, ...first]));
  return { type: "victims", pods: [...third, ...second, ...first], resource };
}

function yields(other: Pod, pod: Pod): boolean {
  return !isCriticalPod(other) || (pod.spec.priority ?? 0) > (other.spec.priority ?? 0);
}

function missingAmounts(pod: Pod, others: readonly Pod[], allocatable: ResourceList): Amounts {
  const used = new Map<string, Quantity>();
  for (const other of others) addResources(used, podRequests(other, { useStatus: true }));
  const missing = new Map<string, number>();
  for (const [name, requested] of podRequests(pod)) {
    if (requested.isZero() || allocatable[name] === undefined) continue;
    const room =
      amount(name, Quantity.parse(String(allocatable[name]))) - amount(name, used.get(name) ?? Quantity.zero);
    const lacking = amount(name, requested) - Math.max(0, room);
    if (lacking > 0) missing.set(name, lacking);
  }
  const places = Quantity.parse(String(allocatable["pods"] ?? "0")).value();
  if (others.length + 1 > places) missing.set("pods", others.length + 1 - places);
  return missing;
}

/** What is still missing when these pods are gone. */
function without(missing: Amounts, pods: readonly Pod[]): Amounts {
  const left = new Map<string, number>();
  for (const [name, lacking] of missing) {
    const rest = lacking - pods.reduce((sum, pod) => sum + requestOf(pod, name), 0);
    if (rest > 0) left.set(name, rest);
  }
  return left;
}

/** Takes the pod that leaves the least missing, and of those the smallest, until nothing is. */
function nearest(pods: readonly Pod[], missing: Amounts): readonly Pod[] {
  const taken: Pod[] = [];
  for (let left = missing; left.size > 0; left = without(missing, taken)) {
    const candidates = pods.filter((pod) => !taken.includes(pod));
    if (candidates.length === 0) break;
    const best = candidates.reduce((one, other) => (isNearer(other, one, left) ? other : one));
    taken.push(best);
  }
  return taken;
}

function isNearer(pod: Pod, than: Pod, missing: Amounts): boolean {
  const [here, there] = [distance(pod, missing), distance(than, missing)];
  if (here !== there) return here < there;
  return requestOf(pod, "memory") < requestOf(than, "memory") || requestOf(pod, "cpu") < requestOf(than, "cpu");
}

function distance(pod: Pod, missing: Amounts): number {
  return [...missing].reduce((sum, [name, lacking]) => {
    const rest = Math.max(0, lacking - requestOf(pod, name)) / lacking;
    return sum + rest * rest;
  }, 0);
}

function requestOf(pod: Pod, name: string): number {
  return name === "pods" ? 1 : amount(name, podRequests(pod, { useStatus: true }).get(name) ?? Quantity.zero);
}

function amount(name: string, quantity: Quantity): number {
  return name === "cpu" ? quantity.milliValue() : quantity.value();
}
