import type { Pod, PodAffinityTerm, ResourceQuota, ScopedResourceSelectorRequirement } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { podQosClass } from "@kube-ts/api/pod-resources";

/** Whether the object falls under all scopes of the quota. Only pods fall under any. */
export function matchesScopes(quota: ResourceQuota, isPod: boolean, object: KubeObject): boolean {
  return scopesOf(quota).every((scope) => isPod && podMatches(scope, object as Pod));
}

function scopesOf({ spec }: ResourceQuota): ScopedResourceSelectorRequirement[] {
  const named = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" as const }));
  return [...named, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

function podMatches(scope: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  switch (scope.scopeName) {
    case "Terminating":
      return isTerminating(pod);
    case "NotTerminating":
      return !isTerminating(pod);
    case "BestEffort":
      return podQosClass(pod) === "BestEffort";
    case "NotBestEffort":
      return podQosClass(pod) !== "BestEffort";
    case "PriorityClass":
      return matchesPriorityClass(scope, pod.spec.priorityClassName ?? "");
    case "CrossNamespacePodAffinity":
      return affinityTerms(pod).some((term) => term.namespaces?.length || term.namespaceSelector);
    default:
      return false;
  }
}

function isTerminating({ spec }: Pod): boolean {
  return (spec.activeDeadlineSeconds ?? -1) >= 0;
}

function matchesPriorityClass({ operator, values = [] }: ScopedResourceSelectorRequirement, name: string): boolean {
  switch (operator) {
    case "Exists":
      return name !== "";
    case "DoesNotExist":
      return name === "";
    case "In":
      return name !== "" && values.includes(name);
    case "NotIn":
      return !values.includes(name);
    default:
      return false;
  }
}

function affinityTerms({ spec }: Pod): PodAffinityTerm[] {
  return [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
}
