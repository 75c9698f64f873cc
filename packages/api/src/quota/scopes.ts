import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from "../core/v1.ts";
import type { KubeObject } from "../object.ts";
import { podQosClass } from "../pod-resources.ts";
import type { GroupResource } from "./usage.ts";

/** Whether the object falls under all scopes of the quota. Only pods and claims fall under any. */
export function matchesScopes(quota: ResourceQuota, type: GroupResource, object: KubeObject): boolean {
  return scopesOf(quota).every((scope) => matchesScope(scope, type, object));
}

/** All scopes of the quota as requirements. */
export function scopesOf({ spec }: ResourceQuota): readonly ScopedResourceSelectorRequirement[] {
  const named = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" as const }));
  return [...named, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

export function matchesScope(
  scope: ScopedResourceSelectorRequirement,
  { group, plural }: GroupResource,
  object: KubeObject,
): boolean {
  if (group !== "") return false;
  if (plural === "pods") return podMatches(scope, object as Pod);
  return plural === "persistentvolumeclaims" && claimMatches(scope, object as PersistentVolumeClaim);
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
      return matchesNames(scope, [pod.spec.priorityClassName ?? ""]);
    case "CrossNamespacePodAffinity":
      return affinityTerms(pod).some((term) => term.namespaces?.length || term.namespaceSelector);
    default:
      return false;
  }
}

/** A claim falls under the classes that it asks for, that it has and that it is being changed to. */
function claimMatches(scope: ScopedResourceSelectorRequirement, { spec, status }: PersistentVolumeClaim): boolean {
  if (scope.scopeName !== "VolumeAttributesClass") return false;
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name !== undefined && name !== "");
  return matchesNames(scope, names.length === 0 ? [""] : names.map(String));
}

/** Whether a pod ends by itself, which quotas of some scopes care about. */
export function isTerminating({ spec }: Pod): boolean {
  return (spec.activeDeadlineSeconds ?? -1) >= 0;
}

/** Whether one of the names meets the requirement; an empty one stands for none. */
function matchesNames({ operator, values = [] }: ScopedResourceSelectorRequirement, names: readonly string[]): boolean {
  switch (operator) {
    case "Exists":
      return names.some((name) => name !== "");
    case "DoesNotExist":
      return names.every((name) => name === "");
    case "In":
      return names.some((name) => name !== "" && values.includes(name));
    case "NotIn":
      return names.some((name) => !values.includes(name));
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
