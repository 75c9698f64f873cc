import { type FieldError, forbiddenField, internalField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";

/** An expression that later ones can refer to by name. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** An expression about a request and its object, in a webhook or policy. */
export interface AdmissionExpressionUse {
  readonly environment: "admission";
  /** What it has to result in; `patch` stands for a list of JSONPatch objects. */
  readonly result: "bool" | "string" | "stringOrNull" | "any" | "applyConfiguration" | "patch";
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
  /** The variables of the policy, of which the first `count` come before it; absent where there are no variables. */
  readonly variables?: { readonly all: readonly NamedExpression[]; readonly count: number };
}

/** An expression about a device, which has to result in a bool. */
export interface DeviceExpressionUse {
  readonly environment: "device";
}

export type ExpressionUse = AdmissionExpressionUse | DeviceExpressionUse;

/** What is wrong with an expression, in the words of upstream's compiler. */
export interface ExpressionProblem {
  readonly reason: "required" | "invalid" | "forbidden" | "internal";
  readonly detail: string;
}

/** Compiles a CEL expression and judges its types and its cost; undefined when it is right. */
export type CompileExpression = (expression: string, use: ExpressionUse) => ExpressionProblem | undefined;

/** Adds an error when the expression does not compile. */
export function checkExpression(
  compile: CompileExpression,
  expression: string,
  use: ExpressionUse,
  path: FieldPath,
  errors: FieldError[],
): void {
  const problem = compile(expression, use);
  if (problem) errors.push(problemError(problem, expression, path));
}

function problemError({ reason, detail }: ExpressionProblem, expression: string, path: FieldPath): FieldError {
  switch (reason) {
    case "required":
      return requiredField(path, detail);
    case "invalid":
      return invalidField(path, expression, detail);
    case "forbidden":
      return forbiddenField(path, detail);
    case "internal":
      return internalField(path, new Error(detail));
  }
}
