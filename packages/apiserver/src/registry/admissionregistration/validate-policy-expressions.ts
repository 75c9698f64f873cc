import type { AuditAnnotation, Validation, Variable } from "@kube-ts/api/admissionregistration/v1";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import {
  type AdmissionExpressionUse,
  type CompileExpression,
  type NamedExpression,
  checkExpression,
} from "../meta/compile-expression.ts";
import { checkTexts } from "../meta/validate-fields.ts";

const maxAuditExpressionBytes = 5 * 1024;
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reservedWords = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** What the expressions of one policy have in common. */
export interface PolicyExpressions {
  readonly compile: CompileExpression;
  readonly hasParams: boolean;
  readonly variables: readonly NamedExpression[];
}

/** How an expression of the policy is used that comes after the first `variableCount` variables. */
export function expressionUse(
  policy: PolicyExpressions,
  result: AdmissionExpressionUse["result"],
  variableCount = policy.variables.length,
): AdmissionExpressionUse {
  return {
    environment: "admission",
    result,
    hasParams: policy.hasParams,
    hasAuthorizer: true,
    variables: { all: policy.variables, count: variableCount },
  };
}

export function checkVariables(
  variables: readonly Variable[],
  policy: PolicyExpressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [index, { name, expression }] of variables.entries()) {
    const namePath = path.index(index).child("name");
    if (name.trim() === "") errors.push(requiredField(namePath, "name is not specified"));
    else if (!identifier.test(name) || reservedWords.has(name)) {
      errors.push(invalidField(namePath, name, "must be a valid CEL identifier"));
    }
    const expressionPath = path.index(index).child("expression");
    if (expression.trim() === "") {
      errors.push(requiredField(expressionPath, "expression is not specified"));
    } else {
      const use = expressionUse(policy, "any", index);
      checkExpression(policy.compile, expression, use, expressionPath, errors);
    }
  }
}

export function checkValidation(
  validation: Validation,
  policy: PolicyExpressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { expression, message = "", messageExpression = "", reason } = validation;
  const expressionPath = path.child("expression");
  if (expression.trim() === "") errors.push(requiredField(expressionPath, "expression is not specified"));
  else checkExpression(policy.compile, expression, expressionUse(policy, "bool"), expressionPath, errors);
  checkMessageExpression(messageExpression, policy, path.child("messageExpression"), errors);
  if (message !== "" && message.trim() === "") {
    errors.push(invalidField(path.child("message"), message, "must be non-empty if specified"));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalidField(path.child("message"), message, "must not contain line breaks"));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(notSupportedField(path.child("reason"), reason, reasons));
  }
}

function checkMessageExpression(
  expression: string,
  policy: PolicyExpressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (expression === "") return;
  if (expression.trim() === "") errors.push(invalidField(path, expression, "must be non-empty if specified"));
  else {
    const use = { ...expressionUse(policy, "string"), hasAuthorizer: false };
    checkExpression(policy.compile, expression, use, path, errors);
  }
}

export function checkAuditAnnotation(
  { key, valueExpression }: AuditAnnotation,
  policyName: string,
  policy: PolicyExpressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const keyPath = path.child("key");
  if (policyName === "") errors.push(invalidField(keyPath, key, "requires metadata.name be non-empty"));
  else checkTexts(qualifiedNameErrors(`${policyName}/${key}`), `${policyName}/${key}`, keyPath, errors);
  const trimmed = valueExpression.trim();
  const valuePath = path.child("valueExpression");
  if (trimmed === "") {
    errors.push(requiredField(valuePath, "valueExpression is not specified"));
  } else if (Buffer.byteLength(trimmed) > maxAuditExpressionBytes) {
    errors.push(requiredField(valuePath, `must not exceed ${maxAuditExpressionBytes} bytes in length`));
  } else {
    const use = expressionUse(policy, "stringOrNull");
    checkExpression(policy.compile, valueExpression, use, valuePath, errors);
  }
}
