import type { Job, JobSpec, SuccessPolicyRule } from "@kube-ts/api/batch/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  invalidField,
  notSupportedField,
  requiredField,
  tooLongField,
  tooManyField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import {
  jobControllerUidLabel,
  jobNameLabel,
  legacyJobControllerUidLabel,
  legacyJobNameLabel,
} from "@kube-ts/api/well-known-labels";
import { matcherOf } from "../apps/validate-template.ts";
import { checkPodTemplate } from "../core/validate-pod-template.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkImmutable, checkNonNegative, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { countIndexes } from "./completed-indexes.ts";
import { checkPodFailurePolicy } from "./validate-pod-failure-policy.ts";

const specPath = fieldPath("spec");
const maxIndexedParallelism = 100_000;
const maxFailedIndexes = 100_000;
const manyCompletions = 100_000;
const maxForManyCompletions = 10_000;
const maxManagedByLength = 63;
const maxSuccessRules = 20;
const maxSucceededIndexesLength = 64 * 1024;

export function validateJob(job: Job): FieldError[] {
  const errors = validateObjectMeta(job.metadata, "Namespaced", subdomainName);
  checkGeneratedSelector(job, errors);
  checkFullSpec(job.spec, errors);
  const { completionMode, completions = 0 } = job.spec;
  if (completionMode === "Indexed" && completions > 0) {
    const hostname = `${job.metadata.name ?? ""}-${completions - 1}`;
    if (dns1123LabelErrors(hostname).length > 0) {
      const text = `will not able to create pod with invalid DNS label: ${hostname}`;
      errors.push(invalidField("metadata.name", job.metadata.name ?? "", text));
    }
  }
  return errors;
}

export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const errors = validateObjectMetaUpdate(job.metadata, old.metadata);
  checkFullSpec(job.spec, errors);
  checkCompletionsChange(job.spec, old.spec, errors);
  checkImmutable(job.spec.selector, old.spec.selector, specPath.child("selector"), errors);
  checkTemplateChange(job, old, errors);
  for (const field of [
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
  ] as const) {
    checkImmutable(job.spec[field], old.spec[field], specPath.child(field), errors);
  }
  return errors;
}

/** The rules of a job's spec that hold in the template of a cron job, too. */
export function checkJobSpec(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  for (const field of [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
  ] as const) {
    checkNonNegative(spec[field], path.child(field), errors);
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(requiredField(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
  }
  if (spec.managedBy !== undefined) checkManagedBy(spec.managedBy, path.child("managedBy"), errors);
  checkChoice(spec.completionMode, ["NonIndexed", "Indexed"], path.child("completionMode"), errors);
  if (spec.completionMode === "Indexed") checkIndexed(spec, path, errors);
  else if (spec.completionMode === undefined || spec.completionMode === "NonIndexed") {
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"] as const) {
      const value = spec[field];
      if (value === undefined) continue;
      errors.push(invalidField(path.child(field), value, "requires indexed completion mode"));
    }
  }
  if (spec.podFailurePolicy) checkPodFailurePolicy(spec, path.child("podFailurePolicy"), errors);
  if (spec.successPolicy) checkSuccessPolicy(spec, path.child("successPolicy"), errors);
  const replacements = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  checkChoice(spec.podReplacementPolicy, replacements, path.child("podReplacementPolicy"), errors);
  checkPodTemplate(spec.template, path.child("template"), errors);
  checkRestartPolicy(spec, path.child("template", "spec", "restartPolicy"), errors);
}

function checkFullSpec(spec: JobSpec, errors: FieldError[]): void {
  checkJobSpec(spec, specPath, errors);
  if (spec.selector === undefined) errors.push(requiredField(specPath.child("selector"), ""));
  else errors.push(...validateLabelSelector(spec.selector, specPath.child("selector")));
  const labels = spec.template.metadata?.labels;
  const selector = matcherOf(spec.selector);
  if (selector === undefined || selector.matches(labels)) return;
  const text = "`selector` does not match template `labels`";
  errors.push(invalidField(specPath.child("template", "metadata", "labels"), labels ?? null, text));
}

function checkGeneratedSelector(job: Job, errors: FieldError[]): void {
  if (job.spec.manualSelector || job.spec.selector === undefined) return;
  const { name = "", uid = "" } = job.metadata;
  if (uid === "") errors.push(requiredField("metadata.uid", ""));
  const expected: Record<string, string> = {
    [legacyJobControllerUidLabel]: uid,
    [legacyJobNameLabel]: name,
    [jobControllerUidLabel]: uid,
    [jobNameLabel]: name,
  };
  const labels = job.spec.template.metadata?.labels;
  const labelsPath = specPath.child("template", "metadata", "labels");
  for (const [key, value] of Object.entries(expected)) {
    const found = labels?.[key];
    const text = `must be '${value}'`;
    if (found === undefined) errors.push(requiredField(labelsPath.key(key), text));
    else if (found !== value) errors.push(invalidField(labelsPath.key(key), labels, text));
  }
  const selector = matcherOf(job.spec.selector);
  if (selector && !selector.matches(expected)) {
    errors.push(invalidField(specPath.child("selector"), job.spec.selector, "`selector` not auto-generated"));
  }
}

function checkManagedBy(name: string, path: FieldPath, errors: FieldError[]): void {
  const slash = name.indexOf("/");
  const domain = slash < 0 ? "" : name.slice(0, slash);
  const rest = slash < 0 ? "" : name.slice(slash + 1);
  if (name === "") {
    errors.push(requiredField(path, ""));
  } else if (domain === "" || rest === "") {
    const text = 'must be a domain-prefixed path (such as "acme.io/foo")';
    errors.push(invalidField(path, name, text));
  } else {
    checkTexts(dns1123SubdomainErrors(domain), domain, path, errors);
    if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest)) {
      const text = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
      errors.push(invalidField(path, rest, text));
    }
  }
  if (name.length > maxManagedByLength) errors.push(tooLongField(path, maxManagedByLength));
}

function checkIndexed(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { completions, parallelism, maxFailedIndexes: failed } = spec;
  if (completions === undefined) {
    errors.push(requiredField(path.child("completions"), "when completion mode is Indexed"));
  }
  if (parallelism !== undefined && parallelism > maxIndexedParallelism) {
    const text = `must be less than or equal to ${maxIndexedParallelism} when completion mode is Indexed`;
    errors.push(invalidField(path.child("parallelism"), parallelism, text));
  }
  const failedPath = path.child("maxFailedIndexes");
  if (completions !== undefined && failed !== undefined && failed > completions) {
    errors.push(invalidField(failedPath, failed, "must be less than or equal to completions"));
  }
  if (failed !== undefined && failed > maxFailedIndexes) {
    errors.push(invalidField(failedPath, failed, `must be less than or equal to ${maxFailedIndexes}`));
  }
  if (completions === undefined || completions <= manyCompletions || spec.backoffLimitPerIndex === undefined) return;
  const text = `must be less than or equal to ${maxForManyCompletions} when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (failed === undefined) {
    errors.push(requiredField(failedPath, `must be specified when completions is above ${manyCompletions}`));
  }
  if (parallelism !== undefined && parallelism > maxForManyCompletions) {
    errors.push(invalidField(path.child("parallelism"), parallelism, text));
  }
  if (failed !== undefined && failed > maxForManyCompletions) errors.push(invalidField(failedPath, failed, text));
}

function checkRestartPolicy(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const policy: string = spec.template.spec?.restartPolicy ?? "";
  if (policy === "Always" || policy === "") {
    errors.push(requiredField(path, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== "OnFailure" && policy !== "Never") {
    errors.push(notSupportedField(path, policy, ["OnFailure", "Never"]));
  } else if (spec.podFailurePolicy && policy !== "Never") {
    errors.push(invalidField(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

function checkSuccessPolicy(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const policy = spec.successPolicy;
  if (policy === undefined) return;
  if (spec.completionMode !== "Indexed") {
    errors.push(invalidField(path, policy, "requires indexed completion mode"));
    return;
  }
  const rules = policy.rules ?? [];
  const rulesPath = path.child("rules");
  if (rules.length === 0) {
    const text = "at least one rules must be specified when the successPolicy is specified";
    errors.push(requiredField(rulesPath, text));
  }
  if (rules.length > maxSuccessRules) errors.push(tooManyField(rulesPath, rules.length, maxSuccessRules));
  for (const [index, rule] of rules.entries()) {
    checkSuccessRule(rule, spec.completions ?? 0, rulesPath.index(index), errors);
  }
}

function checkSuccessRule(rule: SuccessPolicyRule, completions: number, path: FieldPath, errors: FieldError[]): void {
  const { succeededCount: count, succeededIndexes: indexes } = rule;
  if (count === undefined && indexes === undefined) {
    errors.push(requiredField(path, "at least one of succeededCount or succeededIndexes must be specified"));
  }
  let total = 0;
  if (indexes !== undefined) {
    const indexesPath = path.child("succeededIndexes");
    if (indexes.length > maxSucceededIndexesLength) errors.push(tooLongField(indexesPath, maxSucceededIndexesLength));
    try {
      total = countIndexes(indexes, completions);
    } catch (error) {
      const text = `error parsing succeededIndexes: ${(error as Error).message}`;
      errors.push(invalidField(indexesPath, indexes, text));
    }
  }
  if (count === undefined) return;
  const countPath = path.child("succeededCount");
  checkNonNegative(count, countPath, errors);
  if (count > completions) {
    const text = `must be less than or equal to ${completions} (the number of specified completions)`;
    errors.push(invalidField(countPath, count, text));
  }
  if (indexes !== undefined && count > total) {
    const text = `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`;
    errors.push(invalidField(countPath, count, text));
  }
}

/** Indexed jobs can be scaled, others are as large as they were created. */
function checkCompletionsChange(spec: JobSpec, old: JobSpec, errors: FieldError[]): void {
  const path = specPath.child("completions");
  if (spec.completionMode !== "Indexed") {
    checkImmutable(spec.completions, old.completions, path, errors);
    return;
  }
  if (spec.completions === undefined || spec.completions === old.completions) return;
  if (spec.completions !== spec.parallelism) {
    errors.push(invalidField(path, spec.completions, "can only be modified in tandem with spec.parallelism"));
  }
}

/** A template stays, but where its pods may run can be changed before a suspended job first starts. */
function checkTemplateChange(job: Job, old: Job, errors: FieldError[]): void {
  const { template } = job.spec;
  let expected = old.spec.template;
  if (old.spec.suspend && old.status?.startTime === undefined) {
    expected = structuredClone(expected);
    const placement = { ...expected.spec, containers: expected.spec?.containers ?? [] };
    for (const field of ["nodeSelector", "tolerations", "schedulingGates"] as const) {
      Object.assign(placement, { [field]: template.spec?.[field] });
    }
    const affinity = { ...placement.affinity, nodeAffinity: template.spec?.affinity?.nodeAffinity };
    Object.assign(placement, { affinity });
    const metadata = { ...expected.metadata };
    Object.assign(metadata, { labels: template.metadata?.labels, annotations: template.metadata?.annotations });
    expected = { metadata, spec: placement };
  }
  if (!semanticEqual(template, expected)) {
    errors.push(invalidField(specPath.child("template"), template, "field is immutable"));
  }
}
