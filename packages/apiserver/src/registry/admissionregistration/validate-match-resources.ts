import type { MatchResources, ParamKind, ParamRef } from "@kube-ts/api/admissionregistration/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1035LabelErrors, dns1123SubdomainErrors, pathSegmentNameErrors } from "@kube-ts/api/names";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import { subdomainName } from "../meta/object-names.ts";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkNamedRule, defaultRules } from "./validate-rule.ts";

export function defaultMatchResources(resources: MatchResources | undefined): void {
  if (!resources) return;
  resources.matchPolicy ??= "Equivalent";
  resources.namespaceSelector ??= {};
  resources.objectSelector ??= {};
  defaultRules(resources.resourceRules);
  defaultRules(resources.excludeResourceRules);
}

/** Which requests a policy is for; without a rule there would be no types to check it against. */
export function checkMatchConstraints(
  constraints: MatchResources | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!constraints) {
    errors.push(requiredField(path, ""));
    return;
  }
  checkMatchResources(constraints, path, errors);
  if (!constraints.resourceRules?.length) errors.push(requiredField(path.child("resourceRules"), ""));
}

/** Which requests match. */
export function checkMatchResources(
  resources: MatchResources | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!resources) return;
  checkRequiredChoice(resources.matchPolicy, ["Equivalent", "Exact"], path.child("matchPolicy"), errors);
  for (const field of ["namespaceSelector", "objectSelector"] as const) {
    if (resources[field] === undefined) errors.push(requiredField(path.child(field), ""));
    else errors.push(...validateLabelSelector(resources[field], path.child(field)));
  }
  for (const field of ["resourceRules", "excludeResourceRules"] as const) {
    for (const [index, rule] of (resources[field] ?? []).entries()) {
      checkNamedRule(rule, path.child(field).index(index), errors);
    }
  }
}

/** The kind of a policy's parameters, by group version and name. */
export function checkParamKind({ apiVersion = "", kind = "" }: ParamKind, path: FieldPath, errors: FieldError[]): void {
  checkGroupVersion(apiVersion, path.child("apiVersion"), errors);
  const kindPath = path.child("kind");
  const texts = dns1035LabelErrors(kind.toLowerCase());
  if (kind === "") errors.push(requiredField(kindPath, ""));
  else if (texts.length > 0) {
    errors.push(invalidField(kindPath, kind, `may have mixed case, but should otherwise match: ${texts.join(",")}`));
  }
}

function checkGroupVersion(apiVersion: string, path: FieldPath, errors: FieldError[]): void {
  if (apiVersion === "") {
    errors.push(requiredField(path, ""));
    return;
  }
  const parts = apiVersion.split("/");
  if (parts.length > 2) {
    errors.push(invalidField(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
    return;
  }
  const [version = "", group = ""] = parts.toReversed();
  const groupTexts = group === "" ? [] : dns1123SubdomainErrors(group);
  if (groupTexts.length > 0) errors.push(invalidField(path, group, groupTexts.join(",")));
  const versionTexts = dns1035LabelErrors(version);
  if (version === "") errors.push(invalidField(path, apiVersion, "version must be specified"));
  else if (versionTexts.length > 0) errors.push(invalidField(path, version, versionTexts.join(",")));
}

/** The policy that a binding names. */
export function checkPolicyName(name: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(name)) errors.push(requiredField(path, ""));
  else checkTexts(subdomainName(name, false), name, path, errors);
}

/** The parameters that a binding names. */
export function checkParamRef(ref: ParamRef | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!ref) return;
  const { name = "", selector, parameterNotFoundAction: action } = ref;
  const exclusive = "name and selector are mutually exclusive";
  if (name !== "") {
    checkTexts(pathSegmentNameErrors(name), name, path.child("name"), errors);
    if (selector) errors.push(forbiddenField(path.child("name"), exclusive));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, path.child("selector")));
    if (name !== "") errors.push(forbiddenField(path.child("selector"), exclusive));
  }
  if (name === "" && !selector) errors.push(requiredField(path, "one of name or selector must be specified"));
  const actionPath = path.child("parameterNotFoundAction");
  const actions = ["Deny", "Allow"];
  if (isBlank(action)) errors.push(requiredField(actionPath, ""));
  else if (!actions.includes(action)) errors.push(notSupportedField(actionPath, action, actions));
}

/** What tables show of a binding's parameters. Whether the kind has namespaces is not known here. */
export function paramRefText(ref: ParamRef | undefined): string {
  if (ref?.name) return `${ref.namespace || "*"}/${ref.name}`;
  return ref?.selector ? selectorText(ref.selector) : "<unset>";
}

/** The selector as Go prints the structure. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: NonNullable<ParamRef["selector"]>): string {
  const labels = Object.keys(matchLabels)
    .toSorted()
    .map((key) => `${key}: ${matchLabels[key] ?? ""},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}
