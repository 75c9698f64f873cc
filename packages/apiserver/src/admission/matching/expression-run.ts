import type { AdmissionRequest } from "@kube-ts/api/admission/v1";
import type { Namespace } from "@kube-ts/api/core/v1";
import { type CelProgram, perCallLimit } from "@kube-ts/api/cel/compile";
import { CelCostError, CelEvaluationError } from "@kube-ts/api/cel/evaluation-error";
import { type AskAuthorizer, CelAuthorizer, CelResourceCheck } from "@kube-ts/api/cel/library/authorizer";
import { LazyMap } from "@kube-ts/api/cel/native-value";
import type { Value } from "@kube-ts/api/cel/values";
import type { KubeObject } from "@kube-ts/api/object";

/** What an expression resulted in. */
export type Outcome = { readonly value: Value } | { readonly error: string };

/** All expressions together cost more than they may. */
export class OutOfBudgetError extends Error {
  constructor() {
    super("validation failed due to running out of cost budget, no further validation rules will be run");
  }
}

/** An expression as it was written, and what it was compiled to or why it cannot be. */
export interface CompiledExpression {
  readonly source: string;
  readonly program: CelProgram | string;
}

export interface NamedProgram extends CompiledExpression {
  readonly name: string;
}

/** What expressions about a write can refer to. */
export interface ExpressionInput {
  readonly request: AdmissionRequest;
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
  readonly namespaceObject?: Namespace | undefined;
  /** Absent where there are no parameters. */
  readonly params?: KubeObject | null;
  readonly variables?: readonly NamedProgram[];
  readonly ask: AskAuthorizer;
}

/** Evaluates the expressions about one write within one budget. */
export class ExpressionRun {
  readonly #bindings: Record<string, unknown>;
  readonly #limit: number;
  #spent = 0;

  constructor(input: ExpressionInput, budget: number) {
    this.#limit = budget;
    const authorizer = new CelAuthorizer(input.ask);
    const { request } = input;
    this.#bindings = {
      object: input.object,
      oldObject: input.oldObject,
      request,
      namespaceObject: input.namespaceObject ?? null,
      params: input.params ?? null,
      authorizer,
      "authorizer.requestResource": new CelResourceCheck(authorizer, {
        group: request.resource?.group ?? "",
        resource: request.resource?.resource ?? "",
        ...(request.subResource && { subresource: request.subResource }),
        ...(request.namespace && { namespace: request.namespace }),
        ...(request.name && { name: request.name }),
      }),
    };
    this.#bindings["variables"] = this.#variables(input.variables ?? []);
  }

  /** Throws `OutOfBudgetError` when nothing is left of the budget. */
  evaluate({ source, program }: CompiledExpression): Outcome {
    if (typeof program === "string") return { error: `compilation error: ${program}` };
    const before = this.#spent;
    const room = this.#limit - before;
    const result = program.evaluate(this.#bindings, Math.min(perCallLimit, room));
    this.#spent += result.cost;
    if (this.#spent > this.#limit) throw new OutOfBudgetError();
    if (result.ok) return { value: result.value };
    if (result.error instanceof CelCostError && room < perCallLimit) throw new OutOfBudgetError();
    return { error: `expression '${source}' resulted in error: ${result.error.message}` };
  }

  /** Variables are evaluated when they are first read. */
  #variables(variables: readonly NamedProgram[]): LazyMap {
    const fields: Record<string, () => Value> = {};
    for (const { name, program } of variables) fields[name] = () => this.#variable(name, program);
    return new LazyMap(fields);
  }

  #variable(name: string, program: CelProgram | string): Value {
    const fail = (problem: string): never => {
      throw new CelEvaluationError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${problem}`);
    };
    if (typeof program === "string") return fail(`compilation error: ${program}`);
    const result = program.evaluate(this.#bindings, Math.min(perCallLimit, Math.max(0, this.#limit - this.#spent)));
    this.#spent += result.cost;
    if (result.ok) return result.value;
    if (result.error instanceof CelCostError) throw result.error;
    return fail(result.error.message);
  }
}
