import type { JSONSchemaProps } from "../apiextensions/v1.ts";

/** Compiles expressions of the Common Expression Language for validation rules. */
export interface CelCompiler {
  /** Throws a CelCompileError when the expression does not parse or its types do not fit. */
  compile(expression: string, environment: CelEnvironment): CelProgram;
}

/** What an expression may refer to, and what it has to make. */
export interface CelEnvironment {
  readonly variables: Readonly<Record<string, CelVariable>>;
  readonly result: "bool" | "string";
}

/** A variable whose type a schema declares. */
export interface CelVariable {
  readonly schema: JSONSchemaProps;
  /** Whether it is an object with apiVersion, kind and metadata besides what the schema declares. */
  readonly isObject: boolean;
  /** Whether it is an optional value. */
  readonly isOptional: boolean;
}

export interface CelProgram {
  /** The most that one evaluation can cost, going by the limits that the schemas declare. */
  readonly maxCost: number;
  /** The variables that the expression uses. */
  readonly uses: ReadonlySet<string>;
  /** The result for the variables' JSON values. Throws a CelEvaluationError, also when the budget does not suffice. */
  evaluate(variables: Readonly<Record<string, unknown>>, budget: CelBudget): unknown;
}

/** What evaluations may still cost together; each lowers it. */
export interface CelBudget {
  remaining: number;
}

/** An expression that cannot be compiled; the message is upstream's. */
export class CelCompileError extends Error {
  override readonly name = "CelCompileError";
}

/** An expression that has no result for some values; the message is upstream's. */
export class CelEvaluationError extends Error {
  override readonly name = "CelEvaluationError";
  readonly exceededBudget: boolean;

  constructor(message: string, exceededBudget: boolean, options?: ErrorOptions) {
    super(message, options);
    this.exceededBudget = exceededBudget;
  }
}
