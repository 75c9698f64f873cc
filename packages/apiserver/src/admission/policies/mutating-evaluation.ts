import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from "@kube-ts/api/admissionregistration/v1";
import { CelEvaluationError } from "@kube-ts/api/cel/evaluation-error";
import { toJson } from "@kube-ts/api/cel/native-value";
import { TypedValueError } from "@kube-ts/api/apply/list-element";
import { type JsonObject, cloneJson, isJsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { patchProblem } from "@kube-ts/api/patch/patch-error";
import { findApiError } from "@kube-ts/api/status-error";
import {
  type CompiledExpression,
  type ExpressionInput,
  ExpressionRun,
  OutOfBudgetError,
} from "../matching/expression-run.ts";
import type { AdmissionForm } from "../matching/served-forms.ts";
import { MutationError, applyOver } from "./apply-mutation.ts";
import { type CompiledPolicy, PolicyCompiler, type PolicyHook } from "./policy-hook.ts";

export interface CompiledMutation {
  readonly patchType: "JSONPatch" | "ApplyConfiguration";
  readonly expression: CompiledExpression;
}

export interface CompiledMutatingPolicy extends CompiledPolicy {
  readonly mutations: readonly CompiledMutation[];
}

export type MutatingHook = PolicyHook<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutatingPolicy>;

/** What one mutation may cost. */
const mutationBudget = 10_000_000;

export function compileMutatingPolicy(policy: MutatingAdmissionPolicy): CompiledMutatingPolicy {
  const compiler = new PolicyCompiler(policy);
  return {
    ...compiler.common,
    mutations: (policy.spec.mutations ?? []).map((mutation) => compileMutation(mutation, compiler)),
  };
}

function compileMutation(
  { patchType, jsonPatch, applyConfiguration }: Mutation,
  compiler: PolicyCompiler,
): CompiledMutation {
  return patchType === "JSONPatch"
    ? { patchType, expression: compiler.expression(jsonPatch?.expression ?? "", "patch") }
    : {
        patchType: "ApplyConfiguration",
        expression: compiler.expression(applyConfiguration?.expression ?? "", "applyConfiguration"),
      };
}

/** The object as a mutation makes it; undefined when it leaves it alone. Throws `MutationError`. */
export function mutated(
  { patchType, expression }: CompiledMutation,
  input: ExpressionInput & { readonly object: KubeObject },
  form: AdmissionForm,
): JsonObject | undefined {
  const result = resultOf(expression, input);
  try {
    if (patchType === "ApplyConfiguration") {
      if (!isJsonObject(result)) throw new MutationError("the expression made no configuration");
      return applyOver(input.object, result, form.schema);
    }
    const operations = Array.isArray(result) ? result : [];
    if (operations.length === 0) return undefined;
    return applyJsonPatch(cloneJson(input.object) as unknown as JsonObject, operations);
  } catch (error) {
    if (error instanceof MutationError) throw error;
    const problem = patchProblem(error);
    // A patch whose own test does not hold asks for nothing.
    if (problem?.isFailedTest) return undefined;
    const known = findApiError(error) ?? (error instanceof TypedValueError ? error : undefined);
    if (!known) throw error;
    const what = patchType === "JSONPatch" ? "JSON Patch" : "failed to convert patch object to typed object";
    throw new MutationError(`${what}: ${(problem ?? known).message}`, { cause: error });
  }
}

function resultOf(expression: CompiledExpression, input: ExpressionInput): unknown {
  try {
    const outcome = new ExpressionRun(input, mutationBudget).evaluate(expression);
    if ("error" in outcome) throw new MutationError(outcome.error);
    return toJson(outcome.value);
  } catch (error) {
    if (error instanceof OutOfBudgetError || error instanceof CelEvaluationError) {
      throw new MutationError(error.message, { cause: error });
    }
    throw error;
  }
}
