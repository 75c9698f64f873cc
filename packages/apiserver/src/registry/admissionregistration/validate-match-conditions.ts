import type { MatchCondition } from "@kube-ts/api/admissionregistration/v1";
import { type FieldError, duplicateField, requiredField, tooManyField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { type CompileExpression, checkExpression } from "../meta/compile-expression.ts";
import { checkTexts } from "../meta/validate-fields.ts";

const maxConditions = 64;

export interface MatchConditionContext {
  readonly compile: CompileExpression;
  readonly hasParams: boolean;
}

/** Conditions that requests have to meet, by name. */
export function checkMatchConditions(
  conditions: readonly MatchCondition[],
  context: MatchConditionContext,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (conditions.length > maxConditions) errors.push(tooManyField(path, conditions.length, maxConditions));
  const names = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    checkCondition(condition, context, path.index(index), errors);
    if (condition.name === "") continue;
    if (names.has(condition.name)) errors.push(duplicateField(path.index(index).child("name"), condition.name));
    names.add(condition.name);
  }
}

function checkCondition(
  { name, expression }: MatchCondition,
  { compile, hasParams }: MatchConditionContext,
  path: FieldPath,
  errors: FieldError[],
): void {
  const trimmed = expression.trim();
  const expressionPath = path.child("expression");
  if (trimmed === "") errors.push(requiredField(expressionPath, ""));
  else {
    const use = { environment: "admission", result: "bool", hasParams, hasAuthorizer: true } as const;
    checkExpression(compile, trimmed, use, expressionPath, errors);
  }
  if (name === "") errors.push(requiredField(path.child("name"), ""));
  else checkTexts(qualifiedNameErrors(name), name, path.child("name"), errors);
}
