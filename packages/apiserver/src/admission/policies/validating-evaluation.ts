import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from "@kube-ts/api/admissionregistration/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import {
  type CompiledExpression,
  type ExpressionInput,
  ExpressionRun,
  OutOfBudgetError,
} from "../matching/expression-run.ts";
import { evaluateConditions } from "../matching/match-conditions.ts";
import { type CompiledPolicy, PolicyCompiler, type PolicyHook } from "./policy-hook.ts";

export interface CompiledValidation {
  readonly validation: Validation;
  readonly condition: CompiledExpression;
  readonly message: CompiledExpression | undefined;
}

export interface CompiledAnnotation {
  readonly key: string;
  readonly value: CompiledExpression;
}

export interface CompiledValidatingPolicy extends CompiledPolicy {
  readonly validations: readonly CompiledValidation[];
  readonly annotations: readonly CompiledAnnotation[];
}

export type ValidatingHook = PolicyHook<
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  CompiledValidatingPolicy
>;

/** What one evaluation of a policy has against the write. */
export interface Denial {
  readonly message: string;
  /** The reason that the client is told; absent for the usual one. */
  readonly reason?: string | undefined;
  /** The place of the validation in the policy. */
  readonly expressionIndex: number;
}

export interface Verdict {
  readonly denials: readonly Denial[];
  /** Failures of annotations, which deny whatever the binding says. */
  readonly failures: readonly string[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
}

/** What all validations of a policy may cost together, and all annotations. */
const policyBudget = 10_000_000;
const maxMessageBytes = 5 * 1024;

export function compileValidatingPolicy(policy: ValidatingAdmissionPolicy): CompiledValidatingPolicy {
  const compiler = new PolicyCompiler(policy);
  const { validations = [], auditAnnotations = [] } = policy.spec;
  return {
    ...compiler.common,
    validations: validations.map((validation) => ({
      validation,
      condition: compiler.expression(validation.expression, "bool"),
      message: validation.messageExpression
        ? compiler.expression(validation.messageExpression, "string", { hasAuthorizer: false })
        : undefined,
    })),
    annotations: auditAnnotations.map(({ key, valueExpression }) => ({
      key,
      value: compiler.expression(valueExpression, "stringOrNull"),
    })),
  };
}

/** Evaluates a policy on a write. Errors deny, unless the policy says that failures are to be ignored. */
export function evaluatePolicy(
  policy: CompiledValidatingPolicy,
  input: ExpressionInput,
  failurePolicy: string | undefined,
): Verdict {
  const failed = (message: string): Verdict => ({
    denials: failurePolicy === "Ignore" ? [] : [{ message, expressionIndex: 0 }],
    failures: [],
    annotations: [],
  });
  if (policy.conditions.length > 0) {
    const { namespaceObject: _unseen, variables: _unknown, ...bare } = input;
    const outcome = evaluateConditions(policy.conditions, bare, failurePolicy);
    if ("error" in outcome) return failed(outcome.error);
    if (!outcome.matches) return { denials: [], failures: [], annotations: [] };
  }
  try {
    const denials = denialsOf(policy.validations, new ExpressionRun(input, policyBudget), failurePolicy === "Ignore");
    const annotated = annotationsOf(policy.annotations, new ExpressionRun(input, policyBudget), failurePolicy);
    return { denials, ...annotated };
  } catch (error) {
    if (error instanceof OutOfBudgetError) return failed(error.message);
    throw error;
  }
}

function denialsOf(
  validations: readonly CompiledValidation[],
  run: ExpressionRun,
  ignoresFailures: boolean,
): readonly Denial[] {
  const outcomes = validations.map(({ condition }) => run.evaluate(condition));
  return outcomes.flatMap((outcome, expressionIndex): Denial[] => {
    const compiled = validations[expressionIndex];
    if (!compiled) return [];
    if ("error" in outcome) return ignoresFailures ? [] : [{ message: outcome.error, expressionIndex }];
    if (outcome.value === true) return [];
    const message = messageOf(compiled, run);
    if ("failure" in message) return ignoresFailures ? [] : [{ message: message.failure, expressionIndex }];
    return [{ message: message.text, reason: compiled.validation.reason, expressionIndex }];
  });
}

function messageOf(
  { validation, message }: CompiledValidation,
  run: ExpressionRun,
): { readonly text: string } | { readonly failure: string } {
  try {
    const text = message ? madeMessage(message, run) : "";
    const fallback = validation.message?.trim() ?? "";
    return { text: text || fallback || `failed expression: ${validation.expression.trim()}` };
  } catch (error) {
    if (error instanceof OutOfBudgetError) return { failure: `failed messageExpression: ${error.message}` };
    throw error;
  }
}

/** Empty when the expression makes no message that can be shown. */
function madeMessage(message: CompiledExpression, run: ExpressionRun): string {
  const outcome = run.evaluate(message);
  if ("error" in outcome || typeof outcome.value !== "string") return "";
  const text = outcome.value.trim();
  return Buffer.byteLength(text) > maxMessageBytes || text.includes("\n") ? "" : text;
}

function annotationsOf(
  annotations: readonly CompiledAnnotation[],
  run: ExpressionRun,
  failurePolicy: string | undefined,
): Pick<Verdict, "failures" | "annotations"> {
  const failures: string[] = [];
  const values: { key: string; value: string }[] = [];
  for (const { key, value } of annotations) {
    const outcome = run.evaluate(value);
    if ("error" in outcome) failures.push(outcome.error);
    else if (typeof outcome.value === "string") {
      const text = outcome.value.trim();
      if (text !== "") values.push({ key, value: text });
    } else if (outcome.value !== null) {
      failures.push(
        `valueExpression ${goQuote(value.source)} resulted in unsupported return type. Return type must be either string or null.`,
      );
    }
  }
  return { failures: failurePolicy === "Ignore" ? [] : failures, annotations: values };
}
