import { evaluateWithAnswers } from "@kube-ts/api/cel/authorizer-answers";
import type { AskAuthorizer } from "@kube-ts/api/cel/library/authorizer";
import type { Namespace } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { findApiError } from "@kube-ts/api/status-error";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { admissionRequest, showObjects } from "../matching/admission-request.ts";
import type { ExpressionInput } from "../matching/expression-run.ts";
import type { Candidate, HookIndex } from "../matching/hook-index.ts";
import { findNamespace, isNamespace, labelsMatch } from "../matching/label-scope.ts";
import { requestAuthorizer } from "../matching/request-authorizer.ts";
import type { AdmissionForm, ParamResource, ServedForms } from "../matching/served-forms.ts";
import type { Binding, BoundTo, CompiledPolicy, Policy, PolicyHook } from "./policy-hook.ts";
import { ConfigurationError, collectParams, paramResource } from "./policy-params.ts";

export interface PolicyParts {
  readonly source: ObjectSource;
  readonly forms: ServedForms;
  readonly authorizer: Authorizer | undefined;
}

/** One binding of a policy with one of its parameters, for one write. */
export interface Invocation<H> {
  readonly hook: H;
  readonly bound: BoundTo<Binding>;
  readonly form: AdmissionForm;
  readonly param: KubeObject | null;
  /** The place of the parameter among those of the binding. */
  readonly paramIndex: number;
}

/** Something is wrong with a policy, or with one of its bindings, so that it cannot be asked about the write. */
export interface BrokenPolicy<H> {
  readonly hook: H;
  readonly bound: BoundTo<Binding> | undefined;
  readonly problem: string;
}

export interface MatchedPolicies<H> {
  /** In the order of policies, bindings and parameters. */
  readonly invocations: readonly Invocation<H>[];
  readonly broken: readonly BrokenPolicy<H>[];
}

type AnyHook = PolicyHook<Policy, Binding, CompiledPolicy>;

/** Finds the policies, bindings and parameters that a write concerns. */
export async function matchPolicies<H extends AnyHook>(
  candidates: readonly Candidate<H>[],
  index: HookIndex<H>,
  write: AdmissionAttributes,
  parts: PolicyParts,
  signal: AbortSignal,
): Promise<MatchedPolicies<H>> {
  const invocations: Invocation<H>[] = [];
  const broken: BrokenPolicy<H>[] = [];
  for (const { hook, form } of candidates) {
    const matches = await labelsOrProblem(hook.criteria, write, parts, signal);
    if (typeof matches === "string") broken.push({ hook, bound: undefined, problem: matches });
    if (matches !== true) continue;
    const resource = paramsOf(hook, parts.forms);
    if (typeof resource === "string") {
      broken.push({ hook, bound: undefined, problem: resource });
      continue;
    }
    for (const bound of hook.bindings) {
      const found = await matchBinding(bound, index, resource, write, parts, signal);
      if (typeof found === "string") broken.push({ hook, bound, problem: found });
      else
        for (const [paramIndex, param] of found.entries()) invocations.push({ hook, bound, form, param, paramIndex });
    }
  }
  return { invocations, broken };
}

/** The parameters with which a binding applies; a text that says why it cannot be told. */
async function matchBinding<H extends AnyHook>(
  { criteria, binding }: BoundTo<Binding>,
  index: HookIndex<H>,
  resource: ParamResource | undefined,
  write: AdmissionAttributes,
  parts: PolicyParts,
  signal: AbortSignal,
): Promise<readonly (KubeObject | null)[] | string> {
  if (!index.match(criteria, write)) return [];
  const matches = await labelsOrProblem(criteria, write, parts, signal);
  if (typeof matches === "string") return matches;
  return matches ? orProblem(() => collectParams(resource, binding.spec.paramRef, write.namespace)) : [];
}

function paramsOf({ policy }: AnyHook, forms: ServedForms): ParamResource | undefined | string {
  const { paramKind } = policy.spec;
  return paramKind && orProblem(() => paramResource(paramKind, forms));
}

function orProblem<T>(find: () => T): T | string {
  try {
    return find();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

async function labelsOrProblem(
  criteria: AnyHook["criteria"],
  write: AdmissionAttributes,
  { source }: PolicyParts,
  signal: AbortSignal,
): Promise<boolean | string> {
  try {
    return await labelsMatch(criteria, write, source, signal);
  } catch (error) {
    const known = findApiError(error);
    if (!known || signal.aborted) throw error;
    return known.message;
  }
}

/** The namespace that expressions see: none for what lies in none, and for a namespace itself. */
export function namespaceObject(
  write: AdmissionAttributes,
  source: ObjectSource,
  signal: AbortSignal,
): Namespace | Promise<Namespace> | undefined {
  return write.namespace === "" || isNamespace(write) ? undefined : findNamespace(write.namespace, source, signal);
}

/** Evaluates the policy of an invocation on the write as it is now. */
export async function evaluateInvocation<T>(
  { hook, form, param }: Invocation<AnyHook>,
  write: AdmissionAttributes,
  { source, forms, authorizer }: PolicyParts,
  evaluate: (input: ExpressionInput) => T,
  signal: AbortSignal,
): Promise<T> {
  const shown = await showObjects(write, form, signal);
  const input = {
    ...shown,
    request: admissionRequest(write, form, forms.requested(write.type, write.subresource)),
    namespaceObject: await namespaceObject(write, source, signal),
    params: param,
    variables: hook.compiled().variables,
  };
  const evaluated = (ask: AskAuthorizer) => evaluate({ ...input, ask });
  return evaluateWithAnswers(evaluated, requestAuthorizer(authorizer, write.user), signal);
}
