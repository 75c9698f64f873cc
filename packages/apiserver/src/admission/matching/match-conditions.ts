import type { MatchCondition } from "@kube-ts/api/admissionregistration/v1";
import { compileAdmission } from "../../registry/meta/cel-compiler.ts";
import { ExpressionRun, type ExpressionInput, type NamedProgram, OutOfBudgetError } from "./expression-run.ts";

/** What all match conditions of one hook may cost. */
const conditionBudget = 2_500_000;

export type ConditionOutcome = { readonly matches: boolean } | { readonly error: string };

export function compileConditions(
  conditions: readonly MatchCondition[] | undefined,
  hasParams: boolean,
): readonly NamedProgram[] {
  const use = { environment: "admission", result: "bool", hasParams, hasAuthorizer: true } as const;
  return (conditions ?? []).map(({ name, expression }) => ({
    name,
    source: expression,
    program: compileAdmission(expression, use),
  }));
}

/**
 * Whether all conditions hold. One that does not decides, whatever is wrong with the others; else an error makes the
 * hook fail, or be left out when failures are ignored.
 */
export function evaluateConditions(
  conditions: readonly NamedProgram[],
  input: ExpressionInput,
  failurePolicy: string | undefined,
): ConditionOutcome {
  const failed = (error: string): ConditionOutcome => (failurePolicy === "Ignore" ? { matches: false } : { error });
  const run = new ExpressionRun(input, conditionBudget);
  const errors: string[] = [];
  try {
    for (const condition of conditions) {
      const outcome = run.evaluate(condition);
      if ("error" in outcome) errors.push(outcome.error);
      else if (outcome.value === false) return { matches: false };
    }
  } catch (error) {
    if (!(error instanceof OutOfBudgetError)) throw error;
    return failed(error.message);
  }
  if (errors.length === 0) return { matches: true };
  const [only] = errors;
  return failed(errors.length === 1 && only !== undefined ? only : `[${errors.join(", ")}]`);
}
