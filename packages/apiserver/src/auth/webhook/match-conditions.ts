import type { SubjectAccessReviewSpec } from "@kube-ts/api/authorization/v1";
import { type CelProgram, compileCel, resultTypeError } from "@kube-ts/api/cel/compile";
import { CelEnvironment } from "@kube-ts/api/cel/environment";
import { accessReviewVariable } from "@kube-ts/api/cel/known-variables";
import { boolType } from "@kube-ts/api/cel/types";
import { type FieldError, duplicateField, invalidField, requiredField, tooManyField } from "@kube-ts/api/field-error";
import { aggregate } from "../tokens/token-authenticator.ts";

const maxConditions = 64;
const environment = new CelEnvironment({ variables: { request: accessReviewVariable } });

/** Compiles the conditions under which a webhook is asked; adds what is wrong with them to `errors`. */
export function compileMatchConditions(
  expressions: readonly string[],
  path: string,
  errors: FieldError[],
): readonly CelProgram[] {
  if (expressions.length > maxConditions) {
    errors.push(tooManyField(`${path}.matchConditions`, expressions.length, maxConditions));
    return [];
  }
  return expressions.flatMap((expression, index) => {
    const at = `${path}.matchConditions[${index}].expression`;
    if (expression.trim() === "") errors.push(requiredField(at));
    else if (expressions.indexOf(expression) < index) errors.push(duplicateField(at, expression));
    else {
      const compiled = compileCel(expression, environment);
      if ("errors" in compiled) {
        errors.push(invalidField(at, expression, `compilation failed: ${compiled.errors.message}`));
        return [];
      }
      const problem = resultTypeError(compiled.ok, [boolType]);
      if (problem === undefined) return [compiled.ok];
      errors.push(invalidField(at, expression, problem));
    }
    return [];
  });
}

export type MatchOutcome = { readonly matches: boolean } | { readonly error: string };

/** Whether all conditions hold. One that does not decides, whatever is wrong with others. */
export function matchesConditions(conditions: readonly CelProgram[], spec: SubjectAccessReviewSpec): MatchOutcome {
  if (conditions.length === 0) return { matches: true };
  const problems: string[] = [];
  const request = expressionInput(spec);
  for (const program of conditions) {
    const result = program.evaluate({ request });
    if (!result.ok)
      problems.push(`cel evaluation error: expression '${program.source}' resulted in error: ${result.error.message}`);
    else if (result.value !== true) return { matches: false };
  }
  return problems.length === 0 ? { matches: true } : { error: aggregate(problems) };
}

/** Expressions may read any field of what there is, so that absent texts are empty. */
function expressionInput(spec: SubjectAccessReviewSpec): object {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  const { fieldSelector, labelSelector } = resource ?? {};
  const noTexts = { namespace: "", verb: "", group: "", version: "", resource: "", subresource: "", name: "" };
  return {
    user: spec.user ?? "",
    groups: spec.groups ?? [],
    uid: spec.uid ?? "",
    extra: spec.extra ?? {},
    ...(resource && {
      resourceAttributes: {
        ...noTexts,
        ...resource,
        ...(fieldSelector && { fieldSelector: { rawSelector: "", requirements: [], ...fieldSelector } }),
        ...(labelSelector && { labelSelector: { rawSelector: "", requirements: [], ...labelSelector } }),
      },
    }),
    ...(path && { nonResourceAttributes: { path: "", verb: "", ...path } }),
  };
}
