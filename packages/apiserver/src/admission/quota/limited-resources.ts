import type { ResourceQuota, ScopedResourceSelectorRequirement } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { matchesScope, scopesOf } from "@kube-ts/api/quota/scopes";
import type { GroupResource } from "@kube-ts/api/quota/usage";
import type { ResourceAmounts } from "@kube-ts/api/resource-amounts";
import { limitedNames } from "./quota-charge.ts";

/** A resource that nobody may use without a quota for it; `limitedResources` of the plugin's configuration. */
export interface LimitedResource {
  readonly apiGroup: string;
  readonly resource: string;
  /** Every usage whose name contains one of these needs a quota. */
  readonly matchContains: readonly string[];
  /** Every object that falls under one of these scopes needs a quota of that scope. */
  readonly matchScopes: readonly ScopedResourceSelectorRequirement[];
}

/** Why the object may not be made, there being no quota for what it uses; undefined when there is. Upstream's words. */
export function uncoveredProblem(
  limited: readonly LimitedResource[],
  quotas: readonly ResourceQuota[],
  type: GroupResource,
  object: KubeObject,
  usage: ResourceAmounts,
): string | undefined {
  if (limited.length === 0) return undefined;
  const names = namesInNeed(limited, type, usage);
  const covered = new Set(quotas.flatMap((quota) => limitedNames(quota, type, object)));
  const uncovered = names.filter((name) => !covered.has(name));
  if (uncovered.length > 0) return `insufficient quota to consume: ${uncovered.join(",")}`;
  const scopes = uncoveredScopes(limited, quotas, type, object);
  return scopes.length === 0 ? undefined : `insufficient quota to match these scopes: [${scopes.map(show).join(" ")}]`;
}

function namesInNeed(limited: readonly LimitedResource[], type: GroupResource, usage: ResourceAmounts): string[] {
  const needles = limited
    .filter(({ apiGroup, resource }) => apiGroup === type.group && resource === type.plural)
    .flatMap(({ matchContains }) => matchContains);
  const used = [...usage].filter(([, amount]) => amount.sign() > 0).map(([name]) => name);
  return used.filter((name) => needles.some((needle) => name.includes(needle))).sort();
}

function uncoveredScopes(
  limited: readonly LimitedResource[],
  quotas: readonly ResourceQuota[],
  type: GroupResource,
  object: KubeObject,
): ScopedResourceSelectorRequirement[] {
  const matched = limited
    .flatMap(({ matchScopes }) => matchScopes)
    .filter((scope) => matchesScope(scope, type, object));
  if (matched.length === 0) return [];
  const ofQuotas = quotas.flatMap(scopesOf).filter((scope) => matchesScope(scope, type, object));
  const covered = new Set(ofQuotas.map(({ scopeName }) => scopeName));
  return matched.filter(({ scopeName }) => !covered.has(scopeName));
}

function show({ scopeName, operator, values = [] }: ScopedResourceSelectorRequirement): string {
  return `{${scopeName} ${operator} [${values.join(" ")}]}`;
}
