import type { ResourceList, ResourceQuota, ResourceQuotaSpec } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { parseQuantity } from "@kube-ts/api/quantity";
import { subdomainName } from "../meta/object-names.ts";
import { immutableText } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { isStandardQuotaResource } from "./resource-names.ts";
import { checkAmount, checkResourceName } from "./validate-resources.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const existsOnlyScopes = new Set([
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
]);
const scopes = new Set([...existsOnlyScopes, "PriorityClass", "VolumeAttributesClass"]);
const conflictingScopes = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;
const podComputeResources = new Set([
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
]);

export function validateResourceQuota(quota: ResourceQuota): FieldError[] {
  const errors = validateObjectMeta(quota.metadata, "Namespaced", subdomainName);
  checkSpec(quota.spec, errors);
  checkStatus(quota, errors);
  return errors;
}

export function validateResourceQuotaUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const errors = validateObjectMetaUpdate(quota.metadata, old.metadata);
  checkSpec(quota.spec, errors);
  const now = new Set<string>(quota.spec.scopes);
  const before = new Set<string>(old.spec.scopes);
  if (now.size !== before.size || [...now].some((scope) => !before.has(scope))) {
    errors.push(invalidField(specPath.child("scopes"), quota.spec.scopes ?? null, immutableText));
  }
  return errors;
}

export function validateResourceQuotaStatusUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const errors = validateObjectMetaUpdate(quota.metadata, old.metadata);
  checkStatus(quota, errors);
  return errors;
}

function checkSpec(spec: ResourceQuotaSpec, errors: FieldError[]): void {
  checkLimits(spec.hard, specPath.child("hard"), errors);
  checkScopes(spec, errors);
  if (spec.scopeSelector) checkScopeSelector(spec, errors);
}

function checkStatus(quota: ResourceQuota, errors: FieldError[]): void {
  checkLimits(quota.status?.hard, statusPath.child("hard"), errors);
  checkLimits(quota.status?.used, statusPath.child("used"), errors);
}

function checkLimits(list: ResourceList | undefined, path: FieldPath, errors: FieldError[]): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    const namePath = path.key(name);
    checkResourceName(name, namePath, errors);
    if (!name.includes("/") && !isStandardQuotaResource(name)) {
      errors.push(invalidField(namePath, name, "must be a standard resource for quota"));
    }
    checkAmount(name, parseQuantity(text), namePath, errors);
  }
}

/** Whether a scope says anything about what a limit counts. */
function appliesTo(scope: string, resource: string): boolean {
  switch (scope) {
    case "Terminating":
    case "NotTerminating":
    case "NotBestEffort":
    case "PriorityClass":
    case "CrossNamespacePodAffinity":
      return resource === "pods" || podComputeResources.has(resource);
    case "BestEffort":
      return resource === "pods";
    case "VolumeAttributesClass":
      return resource === "persistentvolumeclaims" || resource === "requests.storage";
    default:
      return true;
  }
}

function misappliedResources(scope: string, spec: ResourceQuotaSpec): string[] {
  const resources = Object.keys(spec.hard ?? {}).sort();
  return resources.filter((resource) => isStandardQuotaResource(resource) && !appliesTo(scope, resource));
}

function checkScopes(spec: ResourceQuotaSpec, errors: FieldError[]): void {
  const list = spec.scopes ?? [];
  const path = specPath.child("scopes");
  for (const scope of list) {
    if (!scopes.has(scope)) errors.push(invalidField(path, list, "unsupported scope"));
    for (const _resource of misappliedResources(scope, spec)) {
      errors.push(invalidField(path, list, "unsupported scope applied to resource"));
    }
  }
  checkConflicts(list, path, list, errors);
}

function checkConflicts(list: readonly string[], path: FieldPath, value: unknown, errors: FieldError[]): void {
  for (const [one, other] of conflictingScopes) {
    if (list.includes(one) && list.includes(other)) errors.push(invalidField(path, value, "conflicting scopes"));
  }
}

function checkScopeSelector(spec: ResourceQuotaSpec, errors: FieldError[]): void {
  const path = specPath.child("scopeSelector", "matchExpressions");
  const expressions = spec.scopeSelector?.matchExpressions ?? [];
  for (const { scopeName, operator, values = [] } of expressions) {
    if (!scopes.has(scopeName)) errors.push(invalidField(path.child("scopeName"), scopeName, "unsupported scope"));
    for (const _resource of misappliedResources(scopeName, spec)) {
      errors.push(invalidField(path, spec.scopeSelector, "unsupported scope applied to resource"));
    }
    if (existsOnlyScopes.has(scopeName) && operator !== "Exists") {
      const text =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      errors.push(invalidField(path.child("operator"), operator, text));
    }
    checkOperator(operator, values, path, errors);
  }
  const names = expressions.map((expression) => expression.scopeName);
  checkConflicts(names, path, spec.scopes ?? null, errors);
}

function checkOperator(operator: string, values: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (operator === "In" || operator === "NotIn") {
    if (values.length > 0) return;
    const text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    errors.push(requiredField(path.child("values"), text));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length === 0) return;
    const text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    errors.push(invalidField(path.child("values"), values, text));
  } else {
    errors.push(invalidField(path.child("operator"), operator, "not a valid selector operator"));
  }
}
