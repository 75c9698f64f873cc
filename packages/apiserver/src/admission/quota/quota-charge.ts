import type { Pod, ResourceQuota } from "@kube-ts/api/core/v1";
import { type KubeObject, nameOf } from "@kube-ts/api/object";
import { Quantity } from "@kube-ts/api/quantity";
import { matchesScopes } from "@kube-ts/api/quota/scopes";
import { type GroupResource, isUsedBy, missingRequests, usageOf } from "@kube-ts/api/quota/usage";
import { type ResourceAmounts, formatResources, parseResources } from "@kube-ts/api/resource-amounts";
import type { AdmissionAttributes } from "../admission.ts";

/** What a write would use more than before. */
export interface Usage {
  /** Of the new object alone. */
  readonly full: ResourceAmounts;
  /** Beyond what the old object used; as `full` for a creation. */
  readonly added: ResourceAmounts;
}

export type Charge =
  /** The quota has nothing to do with the write, or the write uses no more of it. */
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly problem: string }
  | { readonly kind: "charged"; readonly quota: ResourceQuota };

const none: Charge = { kind: "none" };

/** What the write uses, or why that cannot be. */
export function measure(attributes: AdmissionAttributes): Usage | { readonly problem: string } {
  const { type, object, oldObject, operation } = attributes;
  if (!object) return { full: new Map(), added: new Map() };
  const full = usageOf(type, object);
  const negative = [...full].filter(([, amount]) => amount.sign() < 0).map(([name]) => name);
  if (negative.length > 0) return { problem: `quota usage is negative for resource(s): ${negative.sort().join(",")}` };
  // An update of what does not exist yet creates it.
  const replaces = operation === "UPDATE" && oldObject?.metadata.resourceVersion;
  return { full, added: replaces ? increase(full, usageOf(type, oldObject)) : full };
}

/** Charges the quota for the write if it fits; `quota` is not changed. Texts are upstream's. */
export function charge(quota: ResourceQuota, attributes: AdmissionAttributes, usage: Usage): Charge {
  const { type, object, oldObject } = attributes;
  if (!object) return none;
  const limited = limitedNames(quota, type, object);
  if (limited.length === 0) return none;
  const isPod = type.group === "" && type.plural === "pods";
  const name = nameOf(quota);
  const missing = isPod ? missingRequests(object as Pod, limited) : undefined;
  if (missing !== undefined) return { kind: "refused", problem: `failed quota: ${name}: ${missing}` };
  const unknown = limited.filter((resource) => quota.status?.used?.[resource] === undefined);
  if (unknown.length > 0) {
    return { kind: "refused", problem: `status unknown for quota: ${name}, resources: ${limited.sort().join(",")}` };
  }
  // What comes under the quota by this update was not charged before.
  const wasCounted = oldObject === undefined || matchesScopes(quota, type, oldObject);
  const requested = mask(wasCounted ? usage.added : usage.full, limited);
  // What a controller reports has already happened: it is counted, not judged.
  return addUsage(quota, requested, attributes.subresource !== "status");
}

/** The names under which the quota limits the object; none when the object does not fall under the quota. */
export function limitedNames(quota: ResourceQuota, type: GroupResource, object: KubeObject): string[] {
  const limited = Object.keys(quota.status?.hard ?? {}).filter((name) => isUsedBy(type, name));
  return limited.length === 0 || !matchesScopes(quota, type, object) ? [] : limited;
}

function addUsage(quota: ResourceQuota, requested: ResourceAmounts, isJudged: boolean): Charge {
  if (requested.size === 0) return none;
  const hard = parseResources(quota.status?.hard);
  const used = parseResources(quota.status?.used);
  const total: ResourceAmounts = new Map(used);
  const exceeded: string[] = [];
  for (const [name, amount] of requested) {
    const sum = (used.get(name) ?? Quantity.zero).add(amount);
    total.set(name, sum);
    if (isJudged && sum.compare(hard.get(name) ?? Quantity.zero) > 0) exceeded.push(name);
  }
  if (exceeded.length === 0) {
    return { kind: "charged", quota: { ...quota, status: { ...quota.status, used: formatResources(total) } } };
  }
  const show = (amounts: ResourceAmounts) =>
    exceeded
      .sort()
      .map((name) => `${name}=${(amounts.get(name) ?? Quantity.zero).toString()}`)
      .join(",");
  const problem = `exceeded quota: ${nameOf(quota)}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`;
  return { kind: "refused", problem };
}

/** The quota with the charge taken back. */
export function refund(quota: ResourceQuota, amounts: ResourceAmounts): ResourceQuota {
  const used = parseResources(quota.status?.used);
  for (const [name, amount] of amounts) {
    const rest = (used.get(name) ?? Quantity.zero).sub(amount);
    if (used.has(name)) used.set(name, rest.sign() < 0 ? Quantity.zero : rest);
  }
  return { ...quota, status: { ...quota.status, used: formatResources(used) } };
}

/** What `after` uses more than `before`, of quotas' resources. */
export function usedMore(before: ResourceQuota, after: ResourceQuota): ResourceAmounts {
  return increase(parseResources(after.status?.used), parseResources(before.status?.used));
}

function increase(now: ResourceAmounts, before: ResourceAmounts): ResourceAmounts {
  const more: ResourceAmounts = new Map();
  for (const [name, amount] of now) {
    const difference = amount.sub(before.get(name) ?? Quantity.zero);
    if (difference.sign() > 0) more.set(name, difference);
  }
  return more;
}

function mask(amounts: ResourceAmounts, names: readonly string[]): ResourceAmounts {
  return new Map([...amounts].filter(([name, amount]) => names.includes(name) && !amount.isZero()));
}
