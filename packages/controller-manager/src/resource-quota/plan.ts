import type { ResourceList, ResourceQuota, ResourceQuotaStatus } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { Quantity } from "@kube-ts/api/quantity";
import { matchesScopes } from "@kube-ts/api/quota/scopes";
import { type GroupResource, isUsedBy } from "@kube-ts/api/quota/usage";
import { type ResourceAmounts, addResources, formatResources, parseResources } from "@kube-ts/api/resource-amounts";

/** The objects of one resource in the quota's namespace; undefined while they are not known. */
export interface Counted {
  readonly type: GroupResource;
  readonly objects: () => readonly KubeObject[] | undefined;
}

/** What an object uses of everything that a quota may limit. */
export type UsageOf = (type: GroupResource, object: KubeObject) => ReadonlyMap<string, Quantity>;

const zero = Quantity.fromInteger(0);

/**
 * The status that the quota should have; undefined when it has it. What cannot be counted now keeps its last known
 * usage, and what nobody can count has none.
 */
export function planQuotaStatus(
  quota: ResourceQuota,
  counted: readonly Counted[],
  usageOf: UsageOf,
): ResourceQuotaStatus | undefined {
  const { hard = {} } = quota.spec;
  const usage: ResourceAmounts = new Map();
  for (const name in hard) {
    const before = quota.status?.used?.[name];
    if (before !== undefined) usage.set(name, Quantity.parse(before));
  }
  for (const { type, objects } of counted) {
    const names = Object.keys(hard).filter((name) => isUsedBy(type, name));
    const found = names.length === 0 ? undefined : objects();
    if (!found) continue;
    const total = countUsage(quota, type, found, usageOf);
    for (const name of names) usage.set(name, total.get(name) ?? zero);
  }
  const status = { hard, used: formatResources(usage) };
  return sameAmounts(status.hard, quota.status?.hard) && sameAmounts(status.used, quota.status?.used)
    ? undefined
    : status;
}

function countUsage(
  quota: ResourceQuota,
  type: GroupResource,
  objects: readonly KubeObject[],
  usageOf: UsageOf,
): ResourceAmounts {
  const total: ResourceAmounts = new Map();
  for (const object of objects) if (matchesScopes(quota, type, object)) addResources(total, usageOf(type, object));
  return total;
}

/** Whether the two say the same, however they write it; an absent list is not an empty one. */
export function sameAmounts(a: ResourceList | undefined, b: ResourceList | undefined): boolean {
  if (!a || !b) return a === b;
  const [first, second] = [parseResources(a), parseResources(b)];
  return first.size === second.size && [...first].every(([name, amount]) => second.get(name)?.equals(amount) ?? false);
}

/** Whether writes may wait for this quota: its limits were never counted, or something of it was not. */
export function lacksUsage({ spec, status }: ResourceQuota, types: readonly GroupResource[]): boolean {
  if (!sameAmounts(spec.hard ?? {}, status?.hard)) return true;
  const uncounted = Object.keys(spec.hard ?? {}).filter((name) => status?.used?.[name] === undefined);
  return uncounted.some((name) => types.some((type) => isUsedBy(type, name)));
}

const objectCount = /^count\/([^./]+)(?:\.(.+))?$/;
const alsoCountedByName = new Set(["configmaps", "secrets", "replicationcontrollers", "resourcequotas"]);

/** The resource whose objects a quota limits under this name, besides the kinds that have usages of their own. */
export function countedResource(name: string): GroupResource | undefined {
  if (alsoCountedByName.has(name)) return { group: "", plural: name };
  if (name.endsWith(".deviceclass.resource.k8s.io/devices")) {
    return { group: "resource.k8s.io", plural: "resourceclaims" };
  }
  const [, plural, group = ""] = objectCount.exec(name) ?? [];
  return plural === undefined ? undefined : { group, plural };
}
