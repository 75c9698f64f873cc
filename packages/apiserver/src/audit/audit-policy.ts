import { goQuote } from "@kube-ts/api/go-quote";
import {
  type FieldError,
  aggregateFieldErrors,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import {
  type Decoded,
  type FieldProblem,
  booleanField,
  isRecord,
  jsonField,
  listField,
  objectField,
  stringField,
} from "@kube-ts/std/config-schema";
import { parseYaml } from "@kube-ts/std/yaml";
import { type AuditLevel, type AuditStage, auditLevels, auditStages } from "./audit-event.ts";
import type { CompiledRule } from "./policy-rules.ts";

const ruleFields = objectField({
  level: stringField(),
  users: listField(stringField()),
  userGroups: listField(stringField()),
  verbs: listField(stringField()),
  resources: listField(
    objectField({
      group: stringField(),
      resources: listField(stringField()),
      resourceNames: listField(stringField()),
    }),
  ),
  namespaces: listField(stringField()),
  nonResourceURLs: listField(stringField()),
  omitStages: listField(stringField()),
  omitManagedFields: booleanField(),
});

const policyFields = objectField({
  apiVersion: stringField(),
  kind: stringField(),
  metadata: jsonField(),
  rules: listField(ruleFields),
  omitStages: listField(stringField()),
  omitManagedFields: booleanField(),
});

type PolicyRule = Decoded<typeof ruleFields>;

/** Which requests are recorded, and how much of them. */
export interface AuditPolicy {
  /** The first one that matches counts. */
  readonly rules: readonly CompiledRule[];
  /** What is wrong with the file and does no harm: fields that do not exist. */
  readonly warnings: readonly string[];
}

/** Reads a `Policy` of audit.k8s.io/v1. Throws an Error that says everything that is wrong with it. */
export function parseAuditPolicy(text: string): AuditPolicy {
  const problems: FieldProblem[] = [];
  const document = parseYaml(text, { strict: true });
  checkKind(document);
  const policy = policyFields.decode(document, "", problems);
  const bad = problems.filter(({ unknown }) => !unknown).map(({ path, message }) => `${path}: ${message}`);
  if (bad.length > 0 || !policy) throw new Error(`failed decoding: ${bad.join("; ")}`);
  const { rules = [], omitStages = [], omitManagedFields = false } = policy;
  const errors = [
    ...omitStageErrors(omitStages, "omitStages"),
    ...rules.flatMap((rule, index) => ruleErrors(rule, `rules[${index}]`)),
  ];
  if (errors.length > 0) throw new Error(aggregateFieldErrors(errors));
  if (rules.length === 0) throw new Error("loaded illegal policy with 0 rules");
  return {
    rules: rules.map((rule) => compiled(rule, omitStages, omitManagedFields)),
    warnings: problems.map(({ message }) => message),
  };
}

function checkKind(document: unknown): void {
  if (!isRecord(document)) throw new Error("failed decoding: the document must be an object");
  const { kind, apiVersion } = document;
  if (typeof kind !== "string" || kind === "") throw new Error("failed decoding: Object 'Kind' is missing");
  if (kind === "Policy" && apiVersion === "audit.k8s.io/v1") return;
  const version = goQuote(typeof apiVersion === "string" ? apiVersion : "");
  throw new Error(`failed decoding: no kind ${goQuote(kind)} is registered for version ${version}`);
}

function compiled(rule: PolicyRule, omitStages: readonly string[], omitManagedFields: boolean): CompiledRule {
  const { users = [], userGroups = [], verbs = [], resources = [], namespaces = [], nonResourceURLs = [] } = rule;
  return {
    level: rule.level as AuditLevel,
    users,
    userGroups,
    verbs,
    resources: resources.map((each) => ({
      group: each.group ?? "",
      resources: each.resources ?? [],
      resourceNames: each.resourceNames ?? [],
    })),
    namespaces,
    nonResourceUrls: nonResourceURLs,
    omitStages: new Set([...omitStages, ...(rule.omitStages ?? [])] as AuditStage[]),
    omitManagedFields: rule.omitManagedFields ?? omitManagedFields,
  };
}

function ruleErrors(rule: PolicyRule, path: string): FieldError[] {
  const { level = "", resources = [], namespaces = [], nonResourceURLs = [], omitStages = [] } = rule;
  const errors: FieldError[] = [];
  if (level === "") errors.push(requiredField(`${path}.level`));
  else if (!auditLevels.includes(level as AuditLevel)) {
    errors.push(notSupportedField(`${path}.level`, level, auditLevels));
  }
  errors.push(...urlErrors(nonResourceURLs, `${path}.nonResourceURLs`));
  errors.push(...resources.flatMap((each) => resourceErrors(each, `${path}.resources`)));
  errors.push(...omitStageErrors(omitStages, `${path}.omitStages`));
  if (nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0)) {
    const detail = "rules cannot apply to both regular resources and non-resource URLs";
    errors.push(invalidField(`${path}.nonResourceURLs`, nonResourceURLs, detail));
  }
  return errors;
}

function urlErrors(urls: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, url] of urls.entries()) {
    if (url === "*") continue;
    const at = `${path}[${index}]`;
    if (!url.startsWith("/")) {
      errors.push(invalidField(at, url, "non-resource URL rules must begin with a '/' character"));
    }
    if (url.slice(0, -1).includes("*")) {
      errors.push(invalidField(at, url, "non-resource URL wildcards '*' must be the final character of the rule"));
    }
  }
  return errors;
}

function resourceErrors(
  { group = "", resources = [], resourceNames = [] }: NonNullable<PolicyRule["resources"]>[number],
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const problems = group === "" ? [] : dns1123SubdomainErrors(group);
  if (problems.length > 0) errors.push(invalidField(`${path}.group`, group, problems.join(",")));
  if (resourceNames.length > 0 && resources.length === 0) {
    const detail = "using resourceNames requires at least one resource";
    errors.push(invalidField(`${path}.resourceNames`, resourceNames, detail));
  }
  return errors;
}

function omitStageErrors(stages: readonly string[], path: string): FieldError[] {
  return stages.flatMap((stage, index) =>
    auditStages.includes(stage as AuditStage)
      ? []
      : [invalidField(`${path}[${index}]`, stage, `allowed stages are ${auditStages.join(",")}`)],
  );
}
