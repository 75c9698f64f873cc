import type { MatchResources, Mutation } from "@kube-ts/api/admissionregistration/v1";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { type AdmissionExpressionUse, checkExpression } from "../meta/compile-expression.ts";
import { type PolicyExpressions, expressionUse } from "./validate-policy-expressions.ts";

const patchTypes = ["ApplyConfiguration", "JSONPatch"];
const operations = ["*", "CONNECT", "CREATE", "UPDATE"];

/** What is deleted cannot be changed. */
export function checkMutatingOperations(
  resources: MatchResources | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const rule of resources?.resourceRules ?? []) {
    for (const operation of rule.operations ?? []) {
      if (operations.includes(operation)) continue;
      errors.push(notSupportedField(path.child("resourceRules", "operations"), operation, operations));
    }
  }
}

/** A change has the field that its type names, and no other. */
export function checkMutation(
  mutation: Mutation,
  policy: PolicyExpressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { patchType } = mutation;
  const applyPath = path.child("applyConfiguration");
  const patchPath = path.child("jsonPatch");
  const missing = `must be specified when patchType is ${patchType}`;
  const forbidden = `must not be specified when patchType is ${patchType}`;
  if (patchType === "JSONPatch") {
    if (!mutation.jsonPatch) errors.push(requiredField(patchPath, missing));
    else checkChange(mutation.jsonPatch.expression, "patch", policy, patchPath.child("expression"), errors);
    if (mutation.applyConfiguration) errors.push(invalidField(applyPath, "{applyConfiguration}", forbidden));
  } else if (patchType === "ApplyConfiguration") {
    const { applyConfiguration } = mutation;
    const expressionPath = applyPath.child("expression");
    if (!applyConfiguration) errors.push(requiredField(applyPath, missing));
    else checkChange(applyConfiguration.expression, "applyConfiguration", policy, expressionPath, errors);
    if (mutation.jsonPatch) errors.push(invalidField(patchPath, "{jsonPatch}", forbidden));
  } else if ((patchType as string) === "") {
    errors.push(requiredField(path.child("patchType"), ""));
  } else {
    errors.push(notSupportedField(path.child("patchType"), patchType, patchTypes));
  }
}

function checkChange(
  expression: string | undefined,
  result: AdmissionExpressionUse["result"],
  policy: PolicyExpressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const trimmed = expression?.trim() ?? "";
  if (trimmed === "") errors.push(requiredField(path, ""));
  else checkExpression(policy.compile, trimmed, expressionUse(policy, result), path, errors);
}
