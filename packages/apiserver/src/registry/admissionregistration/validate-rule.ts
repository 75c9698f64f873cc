import type { NamedRuleWithOperations, Rule, RuleWithOperations } from "@kube-ts/api/admissionregistration/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { pathSegmentNameErrors } from "@kube-ts/api/names";
import { checkChoice, checkTexts } from "../meta/validate-fields.ts";

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];

/** Rules match resources of every scope unless they say otherwise. */
export function defaultRules(rules: readonly Rule[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= "*";
}

export function checkNamedRule(rule: NamedRuleWithOperations, path: FieldPath, errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [index, name] of (rule.resourceNames ?? []).entries()) {
    const namePath = path.child("resourceNames").index(index);
    checkTexts(pathSegmentNameErrors(name), name, namePath, errors);
    if (names.has(name)) errors.push(duplicateField(namePath, name));
    names.add(name);
  }
  checkRule(rule, path, errors);
}

/** Which operations on which resources match. */
export function checkRule(rule: RuleWithOperations, path: FieldPath, errors: FieldError[]): void {
  const operationsPath = path.child("operations");
  checkList(rule.operations, "operations", operationsPath, errors);
  for (const [index, operation] of (rule.operations ?? []).entries()) {
    if (!operations.includes(operation)) {
      errors.push(notSupportedField(operationsPath.index(index), operation, operations));
    }
  }
  checkList(rule.apiGroups, "API groups", path.child("apiGroups"), errors);
  const versionsPath = path.child("apiVersions");
  checkList(rule.apiVersions, "API versions", versionsPath, errors);
  for (const [index, version] of (rule.apiVersions ?? []).entries()) {
    if (version === "") errors.push(requiredField(versionsPath.index(index), ""));
  }
  checkResources(rule.resources ?? [], path.child("resources"), errors);
  checkChoice(rule.scope, scopes, path.child("scope"), errors);
}

/** A list that is not empty, and in which the wildcard is alone. */
function checkList(values: readonly string[] | undefined, what: string, path: FieldPath, errors: FieldError[]): void {
  if (!values?.length) errors.push(requiredField(path, ""));
  else if (values.length > 1 && values.includes("*")) {
    errors.push(invalidField(path, values, `if '*' is present, must not specify other ${what}`));
  }
}

/** Resources and subresources, none of which is covered by a wildcard before it. */
function checkResources(resources: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (resources.length === 0) errors.push(requiredField(path, ""));
  const wholeResources = new Set<string>();
  const wholeSubresources = new Set<string>();
  for (const [index, text] of resources.entries()) {
    const itemPath = path.index(index);
    if (text === "") errors.push(requiredField(itemPath, ""));
    const slash = text.indexOf("/");
    if (slash < 0) continue;
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wholeResources.has(resource)) {
      errors.push(invalidField(itemPath, text, `if '${resource}/*' is present, must not specify ${text}`));
    }
    if (wholeSubresources.has(subresource)) {
      errors.push(invalidField(itemPath, text, `if '*/${subresource}' is present, must not specify ${text}`));
    }
    if (subresource === "*") wholeResources.add(resource);
    if (resource === "*") wholeSubresources.add(subresource);
  }
  if (resources.length > 1 && resources.includes("*/*")) {
    errors.push(invalidField(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  // As upstream has it, only the last resource without a subresource counts.
  const last = resources.findLast((text) => text !== "" && !text.includes("/"));
  if (resources.includes("*") && last !== "*") {
    const text = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalidField(path, resources, text));
  }
}
