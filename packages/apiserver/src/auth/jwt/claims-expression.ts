import { type CelProgram, compileCel, resultTypeError } from "@kube-ts/api/cel/compile";
import { CelEvaluationError } from "@kube-ts/api/cel/evaluation-error";
import { CelEnvironment } from "@kube-ts/api/cel/environment";
import { claimsVariable, userVariable } from "@kube-ts/api/cel/known-variables";
import { boolType } from "@kube-ts/api/cel/types";
import { toJson } from "@kube-ts/api/cel/native-value";

const claimsEnvironment = new CelEnvironment({ variables: { claims: claimsVariable } });
const userEnvironment = new CelEnvironment({ variables: { user: userVariable } });

/** An expression that cannot be evaluated; the message says which and why, in upstream's words. */
export class ExpressionError extends Error {}

export type CompiledExpression = { readonly ok: CelProgram } | { readonly problem: string };

/** An expression about the claims of a token, with a result of any type. */
export function compileClaimMapping(expression: string): CompiledExpression {
  return compile(expression, claimsEnvironment, false);
}

/** A condition on the claims of a token. */
export function compileClaimCondition(expression: string): CompiledExpression {
  return compile(expression, claimsEnvironment, true);
}

/** A condition on the user that claims were mapped to. */
export function compileUserCondition(expression: string): CompiledExpression {
  return compile(expression, userEnvironment, true);
}

function compile(expression: string, environment: CelEnvironment, isCondition: boolean): CompiledExpression {
  const compiled = compileCel(expression, environment);
  if ("errors" in compiled) return { problem: `compilation failed: ${compiled.errors.message}` };
  const problem = isCondition ? resultTypeError(compiled.ok, [boolType]) : undefined;
  return problem === undefined ? compiled : { problem };
}

/** The result as JSON. Throws an ExpressionError. */
export function evaluate(program: CelProgram, bindings: Readonly<Record<string, unknown>>): unknown {
  const result = program.evaluate(bindings);
  if (!result.ok) throw failure(program, result.error);
  try {
    return toJson(result.value);
  } catch (error) {
    if (error instanceof CelEvaluationError) throw failure(program, error);
    throw error;
  }
}

function failure({ source }: CelProgram, { message }: CelEvaluationError): ExpressionError {
  return new ExpressionError(`expression '${source}' resulted in error: ${message}`);
}
