import { validatingAdmissionPolicies, validatingAdmissionPolicyBindings } from "@kube-ts/api/resource-types";
import type { ValidatingAdmissionPolicyBinding } from "@kube-ts/api/admissionregistration/v1";
import { apiErrorFromStatus } from "@kube-ts/api/status-error";
import type { AdmissionAttributes, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden } from "../forbidden.ts";
import { type Candidate, type HookIndex, isExempt } from "../matching/hook-index.ts";
import { LiveHooks } from "../matching/live-hooks.ts";
import { PolicyHooks } from "./policy-hook.ts";
import { type Invocation, type PolicyParts, evaluateInvocation, matchPolicies } from "./policy-match.ts";
import {
  type Denial,
  type ValidatingHook,
  type Verdict,
  compileValidatingPolicy,
  evaluatePolicy,
} from "./validating-evaluation.ts";

/** A refusal in the words that the client gets. */
interface Refusal {
  readonly message: string;
  readonly reason: string | undefined;
}

const codes: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };
const invalidCode = 422;
const maxAnnotationBytes = 10 * 1024;

/** Refuses writes that policies made of expressions are against. */
export class ValidatingAdmissionPolicyPlugin implements AdmissionPlugin, Disposable {
  readonly name = "ValidatingAdmissionPolicy";
  readonly #parts: PolicyParts;
  readonly #hooks: LiveHooks<ValidatingHook>;

  constructor(parts: PolicyParts) {
    const { source, forms } = parts;
    this.#parts = parts;
    const hooks = new PolicyHooks(compileValidatingPolicy);
    this.#hooks = new LiveHooks<ValidatingHook>(
      source,
      forms,
      [validatingAdmissionPolicies, validatingAdmissionPolicyBindings],
      () => hooks.of(source.list(validatingAdmissionPolicies), source.list(validatingAdmissionPolicyBindings)),
    );
  }

  [Symbol.dispose](): void {
    this.#hooks[Symbol.dispose]();
  }

  handles(): boolean {
    return true;
  }

  validate(write: AdmissionAttributes, signal: AbortSignal): Promise<void> | void {
    const { index } = this.#hooks;
    if (index.isEmpty || isExempt(write)) return undefined;
    const candidates = index.candidates(write);
    return candidates.length === 0 ? undefined : this.#validate(candidates, index, write, signal);
  }

  async #validate(
    candidates: readonly Candidate<ValidatingHook>[],
    index: HookIndex<ValidatingHook>,
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<void> {
    const { invocations, broken } = await matchPolicies(candidates, index, write, this.#parts, signal);
    const refusals: Refusal[] = [];
    for (const { hook, bound, problem } of broken) {
      if (hook.policy.spec.failurePolicy === "Ignore") continue;
      const what = bound ? "binding" : "policy";
      refusals.push(refusalOf(hook.name, bound?.name, `failed to configure ${what}: ${problem}`, undefined));
    }
    const annotations = new Map<string, Set<string>>();
    for (const invocation of invocations) {
      const verdict = await this.#evaluate(invocation, write, signal);
      refusals.push(...enforce(invocation, verdict, write));
      for (const { key, value } of verdict.annotations) collect(annotations, `${invocation.hook.name}/${key}`, value);
    }
    for (const [key, values] of annotations) write.annotate?.(key, [...values].join(", "));
    const [first] = refusals;
    if (first) throw refused(write, first);
  }

  #evaluate(invocation: Invocation<ValidatingHook>, write: AdmissionAttributes, signal: AbortSignal): Promise<Verdict> {
    const { policy, compiled } = invocation.hook;
    const { failurePolicy } = policy.spec;
    return evaluateInvocation(
      invocation,
      write,
      this.#parts,
      (input) => evaluatePolicy(compiled(), input, failurePolicy),
      signal,
    );
  }
}

/** Does what the binding says about denials; returns those that refuse the write. */
function enforce(
  { hook, bound }: Invocation<ValidatingHook>,
  { denials, failures }: Verdict,
  write: AdmissionAttributes,
): Refusal[] {
  const actions = (bound.binding as ValidatingAdmissionPolicyBinding).spec.validationActions ?? [];
  const refusals: Refusal[] = [];
  for (const denial of denials) {
    if (actions.includes("Deny")) refusals.push(refusalOf(hook.name, bound.name, denial.message, denial.reason));
    if (actions.includes("Audit")) audit(write, hook.name, bound.name, denial, actions);
    if (actions.includes("Warn")) {
      write.warn(
        `Validation failed for ValidatingAdmissionPolicy '${hook.name}' with binding '${bound.name}': ${denial.message}`,
      );
    }
  }
  for (const failure of failures) refusals.push(refusalOf(hook.name, bound.name, failure, undefined));
  return refusals;
}

function refusalOf(policy: string, binding: string | undefined, problem: string, reason: string | undefined): Refusal {
  const whose = binding === undefined ? `'${policy}'` : `'${policy}' with binding '${binding}'`;
  return { message: `ValidatingAdmissionPolicy ${whose} denied request: ${problem}`, reason };
}

function audit(
  write: AdmissionAttributes,
  policy: string,
  binding: string,
  { message, expressionIndex }: Denial,
  validationActions: readonly string[],
): void {
  const failure = { message, policy, binding, expressionIndex, validationActions };
  write.annotate?.("validation.policy.admission.k8s.io/validation_failure", JSON.stringify([failure]));
}

function collect(annotations: Map<string, Set<string>>, key: string, value: string): void {
  const values = annotations.get(key);
  const bounded = value.slice(0, maxAnnotationBytes);
  if (values) values.add(bounded);
  else annotations.set(key, new Set([bounded]));
}

function refused(write: AdmissionAttributes, { message, reason = "Invalid" }: Refusal): Error {
  const { status } = admissionForbidden(write, message);
  const details = { ...status.details, causes: [...(status.details?.causes ?? []), { message }] };
  const code = codes[reason] ?? invalidCode;
  return apiErrorFromStatus({ ...status, details, reason: reason, code });
}
