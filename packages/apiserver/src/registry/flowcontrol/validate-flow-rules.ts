import type {
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  ServiceAccountSubject,
  Subject,
} from "@kube-ts/api/flowcontrol/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { labelName, subdomainName } from "../meta/object-names.ts";
import { checkTexts } from "../meta/validate-fields.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
const subjectKinds = ["Group", "ServiceAccount", "User"];
const subjectFields = [
  { kind: "ServiceAccount", field: "serviceAccount" },
  { kind: "User", field: "user" },
  { kind: "Group", field: "group" },
] as const;

/** Which requests a rule matches. */
export function checkFlowRule(rule: PolicyRulesWithSubjects, path: FieldPath, errors: FieldError[]): void {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  for (const [index, subject] of subjects.entries()) {
    checkSubject(subject, path.child("subjects").index(index), errors);
  }
  if (subjects.length === 0) {
    errors.push(requiredField(path.child("subjects"), "subjects must contain at least one value"));
  }
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    errors.push(requiredField(path, "at least one of resourceRules and nonResourceRules has to be non-empty"));
  }
  for (const [index, inner] of resourceRules.entries()) {
    checkResourceRule(inner, path.child("resourceRules").index(index), errors);
  }
  for (const [index, inner] of nonResourceRules.entries()) {
    checkNonResourceRule(inner, path.child("nonResourceRules").index(index), errors);
  }
}

function checkSubject(subject: Subject, path: FieldPath, errors: FieldError[]): void {
  if (!subjectKinds.includes(subject.kind)) {
    errors.push(notSupportedField(path.child("kind"), subject.kind, subjectKinds));
    return;
  }
  for (const { kind, field } of subjectFields) {
    if (kind === subject.kind) checkNamed(subject, kind, field, path.child(field), errors);
  }
  for (const { kind, field } of subjectFields) {
    if (kind === subject.kind || subject[field] === undefined) continue;
    errors.push(forbiddenField(path.child(field), `${field} is forbidden when subject kind is not '${kind}'`));
  }
}

function checkNamed(
  subject: Subject,
  kind: string,
  field: (typeof subjectFields)[number]["field"],
  path: FieldPath,
  errors: FieldError[],
): void {
  const named = subject[field];
  if (named === undefined) {
    errors.push(requiredField(path, `${field} is required when subject kind is '${kind}'`));
    return;
  }
  if (named.name === "") errors.push(requiredField(path.child("name"), ""));
  if (subject.serviceAccount && field === "serviceAccount") checkServiceAccount(subject.serviceAccount, path, errors);
}

function checkServiceAccount({ namespace, name }: ServiceAccountSubject, path: FieldPath, errors: FieldError[]): void {
  if (name !== "" && name !== "*") checkTexts(subdomainName(name, false), name, path.child("name"), errors);
  if (namespace === "") {
    errors.push(requiredField(path.child("namespace"), "must specify namespace for service account"));
  } else {
    checkTexts(labelName(namespace, false), namespace, path.child("namespace"), errors);
  }
}

function checkResourceRule(rule: ResourcePolicyRule, path: FieldPath, errors: FieldError[]): void {
  checkVerbs(rule.verbs, path.child("verbs"), errors);
  const { apiGroups = [], resources = [] } = rule;
  const namespaces = rule.namespaces ?? [];
  if (apiGroups.length === 0) {
    errors.push(requiredField(path.child("apiGroups"), "resource rules must supply at least one api group"));
  } else checkWildcardAlone(apiGroups, "api groups", path.child("apiGroups"), errors);
  if (resources.length === 0) {
    errors.push(requiredField(path.child("resources"), "resource rules must supply at least one resource"));
  } else checkWildcardAlone(resources, "resources", path.child("resources"), errors);
  const namespacesPath = path.child("namespaces");
  if (namespaces.length === 0 && !rule.clusterScope) {
    const text = "resource rules that are not cluster scoped must supply at least one namespace";
    errors.push(requiredField(namespacesPath, text));
  } else if (namespaces.includes("*")) {
    checkWildcardAlone(namespaces, "namespaces", namespacesPath, errors);
  } else {
    for (const [index, namespace] of namespaces.entries()) {
      const texts = labelName(namespace, false).map(
        (text) => `each member of this list must be '*' or a DNS-1123 label; ${text}`,
      );
      checkTexts(texts, namespace, namespacesPath.index(index), errors);
    }
  }
}

function checkNonResourceRule(rule: NonResourcePolicyRule, path: FieldPath, errors: FieldError[]): void {
  checkVerbs(rule.verbs, path.child("verbs"), errors);
  const urls = rule.nonResourceURLs ?? [];
  const urlsPath = path.child("nonResourceURLs");
  if (urls.length === 0) {
    errors.push(requiredField(urlsPath, "nonResourceURLs must contain at least one value"));
  } else if (urls.includes("*")) {
    checkWildcardAlone(urls, "non-resource URLs", urlsPath, errors);
  } else {
    for (const [index, url] of urls.entries()) {
      const problem = pathProblem(url);
      if (problem !== undefined) errors.push(invalidField(urlsPath.index(index), url, problem));
    }
  }
}

function checkVerbs(given: readonly string[] | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!given?.length) errors.push(requiredField(path, "verbs must contain at least one value"));
  else if (given.includes("*")) checkWildcardAlone(given, "verbs", path, errors);
  else if (!given.every((verb) => verbs.includes(verb))) errors.push(notSupportedField(path, given, verbs));
}

function checkWildcardAlone(values: readonly string[], what: string, path: FieldPath, errors: FieldError[]): void {
  if (values.length < 2 || !values.includes("*")) return;
  errors.push(invalidField(path, values, `if '*' is present, must not specify other ${what}`));
}

/** What is wrong with the path of requests that are not for resources. */
function pathProblem(path: string): string | undefined {
  if (path === "") return "must not be empty";
  if (path === "/") return undefined;
  if (!path.startsWith("/")) return "must start with slash";
  if (path.includes(" ")) return "must not contain white-space";
  if (path.includes("//")) return "must not contain double slash";
  const wildcards = path.split("*").length - 1;
  if (wildcards > 1 || (wildcards === 1 && !path.endsWith("/*"))) return "wildcard can only do suffix matching";
  return undefined;
}
