import { type JsonObject, cloneJson, jsonEqual } from "@kube-ts/api/json-value";
import type { StatusReason } from "@kube-ts/api/meta/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { mutatingAdmissionPolicies, mutatingAdmissionPolicyBindings } from "@kube-ts/api/resource-types";
import { apiErrorFromStatus, findApiError } from "@kube-ts/api/status-error";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden } from "../forbidden.ts";
import { type Candidate, type HookIndex, isExempt } from "../matching/hook-index.ts";
import { LiveHooks } from "../matching/live-hooks.ts";
import { evaluateConditions } from "../matching/match-conditions.ts";
import type { Reinvocations } from "../matching/reinvocation.ts";
import { MutationError } from "./apply-mutation.ts";
import { type CompiledMutation, type MutatingHook, compileMutatingPolicy, mutated } from "./mutating-evaluation.ts";
import { PolicyHooks } from "./policy-hook.ts";
import {
  type BrokenPolicy,
  type Invocation,
  type PolicyParts,
  evaluateInvocation,
  matchPolicies,
} from "./policy-match.ts";

/** A failure of a policy in the words that the client gets. */
interface Failure {
  readonly message: string;
  readonly reason: StatusReason | undefined;
}

/** Changes what is written as policies made of expressions say. */
export class MutatingAdmissionPolicyPlugin implements AdmissionPlugin, Disposable {
  readonly name = "MutatingAdmissionPolicy";
  readonly #parts: PolicyParts;
  readonly #hooks: LiveHooks<MutatingHook>;
  readonly #reinvocations: Reinvocations;

  constructor(parts: PolicyParts, reinvocations: Reinvocations) {
    const { source, forms } = parts;
    this.#parts = parts;
    this.#reinvocations = reinvocations;
    const hooks = new PolicyHooks(compileMutatingPolicy);
    this.#hooks = new LiveHooks<MutatingHook>(
      source,
      forms,
      [mutatingAdmissionPolicies, mutatingAdmissionPolicyBindings],
      () => hooks.of(source.list(mutatingAdmissionPolicies), source.list(mutatingAdmissionPolicyBindings)),
    );
  }

  [Symbol.dispose](): void {
    this.#hooks[Symbol.dispose]();
  }

  handles(operation: AdmissionOperation): boolean {
    return operation !== "DELETE";
  }

  admit(write: AdmissionAttributes, signal: AbortSignal): Promise<void> | void {
    const { index } = this.#hooks;
    if (index.isEmpty || !write.object || isExempt(write)) return undefined;
    const candidates = index.candidates(write);
    return candidates.length === 0 ? undefined : this.#admit(candidates, index, write, signal);
  }

  async #admit(
    candidates: readonly Candidate<MutatingHook>[],
    index: HookIndex<MutatingHook>,
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<void> {
    const { invocations, broken } = await matchPolicies(candidates, index, write, this.#parts, signal);
    const failures = broken.filter(({ hook }) => isStrict(hook)).map(brokenFailure);
    const rounds = this.#reinvocations.of(this.name, write);
    rounds.begin(write.object);
    for (const invocation of invocations) {
      const { hook, bound, paramIndex } = invocation;
      const id = `${hook.name}/${bound.name}/${paramIndex}`;
      if (rounds.skips(id)) continue;
      const outcome = await this.#run(invocation, write, signal);
      if (outcome.failure !== undefined && isStrict(hook)) failures.push(failureOf(invocation, outcome.failure));
      if (!outcome.isMatch) continue;
      const wantsAgain = hook.policy.spec.reinvocationPolicy === "IfNeeded";
      rounds.saw(id, { changed: outcome.changed, wantsAgain });
    }
    rounds.end(write.object);
    const [first] = failures;
    if (first) throw refused(write, failures, first);
  }

  /** Lets one policy change the object, mutation by mutation. */
  async #run(
    invocation: Invocation<MutatingHook>,
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<{ isMatch: boolean; changed: boolean; failure?: string }> {
    const { conditions, mutations } = invocation.hook.compiled();
    const { failurePolicy } = invocation.hook.policy.spec;
    let changed = false;
    if (conditions.length > 0) {
      const outcome = await evaluateInvocation(
        invocation,
        write,
        this.#parts,
        ({ variables: _unknown, namespaceObject: _unseen, ...input }) =>
          evaluateConditions(conditions, input, failurePolicy),
        signal,
      );
      if ("error" in outcome) return { isMatch: false, changed, failure: outcome.error };
      if (!outcome.matches) return { isMatch: false, changed };
    }
    for (const mutation of mutations) {
      try {
        if (await this.#mutate(mutation, invocation, write, signal)) changed = true;
      } catch (error) {
        if (!(error instanceof MutationError)) throw error;
        return { isMatch: true, changed, failure: error.message };
      }
    }
    return { isMatch: true, changed };
  }

  /** Tells whether the object is another one then. Throws `MutationError`. */
  async #mutate(
    mutation: CompiledMutation,
    invocation: Invocation<MutatingHook>,
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { form } = invocation;
    const { object } = write;
    if (!object) return false;
    const result = await evaluateInvocation(
      invocation,
      write,
      this.#parts,
      (input) => {
        if (!input.object) return undefined;
        const before = cloneJson(input.object) as unknown as JsonObject;
        const after = mutated(mutation, { ...input, object: input.object }, form);
        return after && { before, after };
      },
      signal,
    );
    if (!result || jsonEqual(result.before, result.after)) return false;
    try {
      await form.take(object, result.after, signal);
    } catch (error) {
      const known = findApiError(error);
      if (!known || signal.aborted) throw error;
      throw new MutationError(known.message, { cause: error });
    }
    return !jsonEqual(result.before, await form.show(object, signal));
  }
}

function isStrict({ policy }: MutatingHook): boolean {
  return policy.spec.failurePolicy !== "Ignore";
}

function brokenFailure({ hook, bound, problem }: BrokenPolicy<MutatingHook>): Failure {
  const whose = bound ? `policy '${hook.name}' with binding '${bound.name}'` : `policy ${goQuote(hook.name)}`;
  const what = bound ? "failed to configure binding" : "failed to configure policy";
  return { message: `${whose} denied request: ${what}: ${problem}`, reason: undefined };
}

function failureOf({ hook, bound }: Invocation<MutatingHook>, problem: string): Failure {
  return {
    message: `policy '${hook.name}' with binding '${bound.name}' denied request: ${problem}`,
    reason: "Invalid",
  };
}

function refused(write: AdmissionAttributes, failures: readonly Failure[], { message, reason }: Failure): Error {
  const { status } = admissionForbidden(write, message);
  const causes = [...(status.details?.causes ?? []), ...failures.map((failure) => ({ message: failure.message }))];
  const details = { ...status.details, causes };
  return apiErrorFromStatus({ ...status, message, details, reason: reason ?? status.reason ?? "Forbidden" });
}
