import type { ClusterRole, PolicyRule, Role, RoleRef, Subject } from "@kube-ts/api/rbac/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import type { KubeObject } from "@kube-ts/api/object";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import { pathSegmentName, subdomainName } from "../meta/object-names.ts";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";

export const rbacGroup = "rbac.authorization.k8s.io";
const subjectKinds = ["ServiceAccount", "User", "Group"];
const rulesPath = fieldPath("rules");
const roleRefPath = fieldPath("roleRef");

interface Binding extends KubeObject {
  subjects?: Subject[];
  roleRef: RoleRef;
}

export function validateRole(role: Role): FieldError[] {
  const errors = validateObjectMeta(role.metadata, "Namespaced", pathSegmentName);
  checkRules(role.rules ?? [], true, errors);
  return errors;
}

export function validateClusterRole(role: ClusterRole): FieldError[] {
  const errors = validateObjectMeta(role.metadata, "Cluster", pathSegmentName);
  checkRules(role.rules ?? [], false, errors);
  if (role.aggregationRule === undefined) return errors;
  const selectors = role.aggregationRule.clusterRoleSelectors ?? [];
  const path = fieldPath("aggregationRule", "clusterRoleSelectors");
  if (selectors.length === 0) {
    const text = "at least one clusterRoleSelector required if aggregationRule is non-nil";
    errors.push(requiredField(path, text));
  }
  for (const [index, selector] of selectors.entries()) {
    errors.push(...validateLabelSelector(selector, path.index(index)));
  }
  return errors;
}

export function validateRoleUpdate(role: Role, old: Role): FieldError[] {
  return [...validateRole(role), ...validateObjectMetaUpdate(role.metadata, old.metadata)];
}

export function validateClusterRoleUpdate(role: ClusterRole, old: ClusterRole): FieldError[] {
  return [...validateClusterRole(role), ...validateObjectMetaUpdate(role.metadata, old.metadata)];
}

export function validateBinding(binding: Binding, scope: "Namespaced" | "Cluster"): FieldError[] {
  const errors = validateObjectMeta(binding.metadata, scope, pathSegmentName);
  const { apiGroup = "", kind = "", name = "" } = binding.roleRef;
  if (apiGroup !== rbacGroup) errors.push(notSupportedField(roleRefPath.child("apiGroup"), apiGroup, [rbacGroup]));
  const kinds = scope === "Namespaced" ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(kind)) errors.push(notSupportedField(roleRefPath.child("kind"), kind, kinds));
  if (isBlank(name)) errors.push(requiredField(roleRefPath.child("name"), ""));
  else checkTexts(pathSegmentName(name, false), name, roleRefPath.child("name"), errors);
  for (const [index, subject] of (binding.subjects ?? []).entries()) {
    checkSubject(subject, scope, fieldPath("subjects").index(index), errors);
  }
  return errors;
}

export function validateBindingUpdate(binding: Binding, old: Binding, scope: "Namespaced" | "Cluster"): FieldError[] {
  const errors = validateBinding(binding, scope);
  errors.push(...validateObjectMetaUpdate(binding.metadata, old.metadata));
  if (!semanticEqual(binding.roleRef, old.roleRef)) {
    errors.push(invalidField(roleRefPath, binding.roleRef, "cannot change roleRef"));
  }
  return errors;
}

function checkRules(rules: readonly PolicyRule[], isNamespaced: boolean, errors: FieldError[]): void {
  for (const [index, rule] of rules.entries()) checkRule(rule, isNamespaced, rulesPath.index(index), errors);
}

function checkRule(rule: PolicyRule, isNamespaced: boolean, path: FieldPath, errors: FieldError[]): void {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  if (!verbs?.length) errors.push(requiredField(path.child("verbs"), "verbs must contain at least one value"));
  if (nonResourceURLs?.length) {
    const urlsPath = path.child("nonResourceURLs");
    if (isNamespaced) {
      const text = "namespaced rules cannot apply to non-resource URLs";
      errors.push(invalidField(urlsPath, nonResourceURLs, text));
    }
    if (apiGroups?.length || resources?.length || resourceNames?.length) {
      const text = "rules cannot apply to both regular resources and non-resource URLs";
      errors.push(invalidField(urlsPath, nonResourceURLs, text));
    }
    return;
  }
  if (!apiGroups?.length) {
    errors.push(requiredField(path.child("apiGroups"), "resource rules must supply at least one api group"));
  }
  if (!resources?.length) {
    errors.push(requiredField(path.child("resources"), "resource rules must supply at least one resource"));
  }
}

function checkSubject(subject: Subject, scope: "Namespaced" | "Cluster", path: FieldPath, errors: FieldError[]): void {
  const { kind, apiGroup = "", name, namespace } = subject;
  if (isBlank(name)) errors.push(requiredField(path.child("name"), ""));
  switch (kind) {
    case "ServiceAccount":
      if (!isBlank(name)) checkTexts(subdomainName(name, false), name, path.child("name"), errors);
      if (apiGroup !== "") errors.push(notSupportedField(path.child("apiGroup"), apiGroup, [""]));
      if (scope === "Cluster" && isBlank(namespace)) errors.push(requiredField(path.child("namespace"), ""));
      break;
    case "User":
    case "Group":
      if (apiGroup !== rbacGroup) errors.push(notSupportedField(path.child("apiGroup"), apiGroup, [rbacGroup]));
      break;
    default:
      errors.push(notSupportedField(path.child("kind"), kind ?? "", subjectKinds));
  }
}
