import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from "@kube-ts/api/batch/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
  tooManyField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];
const maxRules = 20;
const maxExitCodes = 255;
const maxPatterns = 20;

/** What is done about pods that fail in a certain way. */
export function checkPodFailurePolicy(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const rulesPath = path.child("rules");
  if (rules.length > maxRules) errors.push(tooManyField(rulesPath, rules.length, maxRules));
  const pod = spec.template.spec;
  const names = new Set([...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name));
  for (const [index, rule] of rules.entries()) checkRule(rule, spec, names, rulesPath.index(index), errors);
}

function checkRule(
  rule: PodFailurePolicyRule,
  spec: JobSpec,
  names: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const actionPath = path.child("action");
  if (isBlank(action)) {
    errors.push(requiredField(actionPath, validValues(actions)));
  } else if (action === "FailIndex") {
    if (spec.backoffLimitPerIndex === undefined) {
      errors.push(invalidField(actionPath, action, "requires the backoffLimitPerIndex to be set"));
    }
  } else if (!actions.includes(action)) {
    errors.push(notSupportedField(actionPath, action, actions));
  }
  if (onExitCodes) checkExitCodes(onExitCodes, names, path.child("onExitCodes"), errors);
  if (onPodConditions.length > 0) checkPatterns(onPodConditions, path.child("onPodConditions"), errors);
  if (onExitCodes && onPodConditions.length > 0) {
    errors.push(withoutValue(path, "specifying both OnExitCodes and OnPodConditions is not supported"));
  }
  if (!onExitCodes && onPodConditions.length === 0) {
    errors.push(withoutValue(path, "specifying one of OnExitCodes and OnPodConditions is required"));
  }
}

/** An error about a value that is not worth showing. */
export function withoutValue(path: FieldPath, detail: string): FieldError {
  return { path: path.toString(), reason: "FieldValueInvalid", detail };
}

function validValues(values: readonly string[]): string {
  return `valid values: [${values.map(goQuote).join(" ")}]`;
}

function checkPatterns(
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (patterns.length > maxPatterns) errors.push(tooManyField(path, patterns.length, maxPatterns));
  for (const [index, { type, status }] of patterns.entries()) {
    checkTexts(qualifiedNameErrors(type), type, path.index(index).child("type"), errors);
    const statusPath = path.index(index).child("status");
    if (isBlank(status)) errors.push(requiredField(statusPath, validValues(statuses)));
    else if (!statuses.includes(status)) errors.push(notSupportedField(statusPath, status, statuses));
  }
}

function checkExitCodes(
  requirement: PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { operator, containerName, values = [] } = requirement;
  const operatorPath = path.child("operator");
  if (isBlank(operator)) errors.push(requiredField(operatorPath, validValues(operators)));
  else if (!operators.includes(operator)) errors.push(notSupportedField(operatorPath, operator, operators));
  if (containerName !== undefined && !names.has(containerName)) {
    const text = "must be one of the container or initContainer names in the pod template";
    errors.push(invalidField(path.child("containerName"), containerName, text));
  }
  const valuesPath = path.child("values");
  if (values.length === 0) errors.push(invalidField(valuesPath, values, "at least one value is required"));
  else if (values.length > maxExitCodes) errors.push(tooManyField(valuesPath, values.length, maxExitCodes));
  for (const [index, code] of values.entries()) {
    if (operator === "In" && code === 0) {
      errors.push(invalidField(valuesPath.index(index), code, "must not be 0 for the In operator"));
    }
    if (values.indexOf(code) < index) errors.push(duplicateField(valuesPath.index(index), code));
  }
  if (values.some((code, index) => index > 0 && (values[index - 1] ?? 0) > code)) {
    errors.push(invalidField(valuesPath, values, "must be ordered"));
  }
}
