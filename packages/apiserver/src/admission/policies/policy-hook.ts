import type {
  MatchCondition,
  MatchResources,
  ParamKind,
  ParamRef,
  Variable,
} from "@kube-ts/api/admissionregistration/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { compileAdmission } from "../../registry/meta/cel-compiler.ts";
import type { AdmissionExpressionUse } from "../../registry/meta/compile-expression.ts";
import type { CompiledExpression, NamedProgram } from "../matching/expression-run.ts";
import type { Hook } from "../matching/hook-index.ts";
import { compileConditions } from "../matching/match-conditions.ts";
import { type MatchCriteria, policyCriteria } from "../matching/match-criteria.ts";

/** What both kinds of policy have. */
export interface Policy extends KubeObject {
  readonly spec: {
    readonly matchConstraints?: MatchResources;
    readonly paramKind?: ParamKind;
    readonly matchConditions?: MatchCondition[];
    readonly variables?: Variable[];
    readonly failurePolicy?: string;
  };
}

/** What both kinds of binding have. */
export interface Binding extends KubeObject {
  readonly spec: {
    readonly policyName?: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
  };
}

export interface BoundTo<B extends Binding> {
  readonly name: string;
  readonly binding: B;
  readonly criteria: MatchCriteria;
}

/** What every policy compiles to. */
export interface CompiledPolicy {
  readonly conditions: readonly NamedProgram[];
  readonly variables: readonly NamedProgram[];
}

/** A policy with its bindings, ready to be matched. */
export interface PolicyHook<P extends Policy, B extends Binding, C extends CompiledPolicy> extends Hook {
  readonly name: string;
  readonly policy: P;
  readonly bindings: readonly BoundTo<B>[];
  /** Compiles on the first call. */
  readonly compiled: () => C;
}

/** Makes hooks of policies; what one compiled to stays as long as the policy is of the same generation. */
export class PolicyHooks<P extends Policy, B extends Binding, C extends CompiledPolicy> {
  readonly #compile: (policy: P) => C;
  #compiled = new Map<string, () => C>();

  constructor(compile: (policy: P) => C) {
    this.#compile = compile;
  }

  /** The policies that are bound to something, in the order of their names. */
  of(policies: readonly P[], bindings: readonly B[]): PolicyHook<P, B, C>[] {
    const before = this.#compiled;
    this.#compiled = new Map();
    return policies.toSorted(byName).flatMap((policy) => {
      const name = policy.metadata.name ?? "";
      const bound = bindings.filter(({ spec }) => spec.policyName === name).toSorted(byName);
      if (bound.length === 0) return [];
      const { uid = "", generation = 0 } = policy.metadata;
      const key = `${uid}/${generation}`;
      const compiled = before.get(key) ?? once(() => this.#compile(policy));
      this.#compiled.set(key, compiled);
      const criteria = policyCriteria(policy.spec.matchConstraints);
      return [{ name, policy, bindings: bound.map(boundTo), criteria, compiled }];
    });
  }
}

function boundTo<B extends Binding>(binding: B): BoundTo<B> {
  const { metadata, spec } = binding;
  return { name: metadata.name ?? "", binding, criteria: policyCriteria(spec.matchResources) };
}

function byName(a: KubeObject, b: KubeObject): number {
  const [left, right] = [a.metadata.name ?? "", b.metadata.name ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Compiles the expressions of one policy. */
export class PolicyCompiler {
  readonly #hasParams: boolean;
  readonly #variables: readonly Variable[];
  readonly common: CompiledPolicy;

  constructor({ spec }: Policy) {
    this.#hasParams = spec.paramKind !== undefined;
    this.#variables = spec.variables ?? [];
    this.common = {
      conditions: compileConditions(spec.matchConditions, this.#hasParams),
      variables: this.#variables.map(({ name, expression }, index) => ({
        name,
        ...this.expression(expression, "any", { count: index }),
      })),
    };
  }

  expression(
    source: string,
    result: AdmissionExpressionUse["result"],
    { count = this.#variables.length, hasAuthorizer = true } = {},
  ): CompiledExpression {
    const program = compileAdmission(source, {
      environment: "admission",
      result,
      hasParams: this.#hasParams,
      hasAuthorizer,
      variables: { all: this.#variables, count },
    });
    return { source, program };
  }
}
