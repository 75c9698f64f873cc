import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
  tooLongField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import type { Condition } from "@kube-ts/api/meta/v1";
import { qualifiedNameErrors, regexError } from "@kube-ts/api/names";
import { checkNonNegative, checkTexts, isBlank } from "./validate-fields.ts";

const statuses = ["False", "True", "Unknown"];
const maxReasonLength = 1024;
const maxMessageLength = 32 * 1024;
const reasonPattern = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const reasonRegExp = new RegExp(`^${reasonPattern}$`);

/** Conditions in the form that all API groups share. */
export function checkConditions(conditions: readonly Condition[], path: FieldPath, errors: FieldError[]): void {
  const types = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    if (types.has(condition.type)) errors.push(duplicateField(path.index(index).child("type"), condition.type));
    types.add(condition.type);
    checkCondition(condition, path.index(index), errors);
  }
}

function checkCondition(condition: Condition, path: FieldPath, errors: FieldError[]): void {
  const { type, status, observedGeneration, lastTransitionTime, reason, message } = condition;
  if (isBlank(type)) errors.push(requiredField(path.child("type"), "must be set"));
  else checkTexts(qualifiedNameErrors(type), type, path.child("type"), errors);
  if (!statuses.includes(status)) errors.push(notSupportedField(path.child("status"), status ?? "", statuses));
  checkNonNegative(observedGeneration, path.child("observedGeneration"), errors);
  if (lastTransitionTime === undefined) errors.push(requiredField(path.child("lastTransitionTime"), "must be set"));
  if (isBlank(reason)) {
    errors.push(requiredField(path.child("reason"), "must be set"));
  } else {
    if (!reasonRegExp.test(reason)) {
      const rule =
        "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
      errors.push(
        invalidField(
          path.child("reason"),
          reason,
          regexError(rule, reasonPattern, "my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"),
        ),
      );
    }
    if (reason.length > maxReasonLength) errors.push(tooLongField(path.child("reason"), maxReasonLength));
  }
  if ((message ?? "").length > maxMessageLength) errors.push(tooLongField(path.child("message"), maxMessageLength));
}
