import type { Expr } from "./ast.ts";
import { checkExpression, type CheckedExpression } from "./checker.ts";
import type { CelEnvironment } from "./environment.ts";
import { CelEvaluationError } from "./evaluation-error.ts";
import { Frame, type CelBindings, type Evaluate, type VariableSlot } from "./frame.ts";
import { literalIssues } from "./literal-check.ts";
import { parseExpression } from "./parser.ts";
import { Planner } from "./planner.ts";
import { formatIssues, type CelIssue } from "./source-error.ts";
import { boolType, formatType, sameType, type CelType } from "./types.ts";
import type { Value } from "./values.ts";

/** What one evaluation may cost. */
export const perCallLimit = 1_000_000;

/** Why an expression is not accepted; `message` is the whole text as upstream prints it. */
export interface CelCompileFailure {
  readonly issues: readonly CelIssue[];
  readonly message: string;
}

export type CelCompilation = { readonly ok: CelProgram } | { readonly errors: CelCompileFailure };

/** The outcome of an evaluation and what it cost. */
export type CelResult =
  | { readonly ok: true; readonly value: Value; readonly cost: number }
  | { readonly ok: false; readonly error: CelEvaluationError; readonly cost: number };

/** An expression ready to be evaluated any number of times. Immutable. */
export class CelProgram {
  readonly source: string;
  readonly checked: CheckedExpression;
  readonly #slots: readonly VariableSlot[];
  readonly #evaluate: Evaluate;

  constructor(source: string, checked: CheckedExpression, environment: CelEnvironment) {
    const planner = new Planner(checked, environment);
    this.source = source;
    this.checked = checked;
    this.#evaluate = planner.plan(checked.expr);
    this.#slots = planner.slots;
  }

  get expr(): Expr {
    return this.checked.expr;
  }

  /** The static type of the result. */
  get type(): CelType {
    return this.checked.types[this.expr.id] ?? boolType;
  }

  /** Whether the expression refers to the variable. */
  uses(variable: string): boolean {
    return this.checked.variables.has(variable);
  }

  /** Evaluates with the variables bound to JSON data or values. Only defects of the engine throw. */
  evaluate(bindings: CelBindings, costLimit: number = perCallLimit): CelResult {
    const frame = new Frame(this.#slots, bindings, costLimit);
    try {
      return { ok: true, value: this.#evaluate(frame), cost: frame.cost };
    } catch (error) {
      if (error instanceof CelEvaluationError) return { ok: false, error, cost: frame.cost };
      throw error;
    }
  }
}

/**
 * Parses, checks and plans an expression. The message of a failure is upstream's, with the caret below the place; how
 * it is introduced (`compilation failed: …`) is up to the caller.
 */
export function compileCel(source: string, environment: CelEnvironment): CelCompilation {
  const parsed = parseExpression(source);
  if ("issues" in parsed) return failure(source, parsed.issues);
  const checked = checkExpression(parsed.expr, parsed.nodeCount, environment);
  if ("issues" in checked) return failure(source, checked.issues);
  const issues = literalIssues(checked);
  if (issues.length > 0) return failure(source, issues);
  return { ok: new CelProgram(source, checked, environment) };
}

function failure(source: string, issues: readonly CelIssue[]): CelCompilation {
  return { errors: { issues, message: formatIssues(source, issues) } };
}

/** Undefined when the result has one of the types; else upstream's complaint. */
export function resultTypeError(program: CelProgram, types: readonly CelType[]): string | undefined {
  if (types.some((type) => sameType(type, program.type))) return undefined;
  const [only] = types;
  if (types.length === 1 && only) return `must evaluate to ${formatType(only)}`;
  return `must evaluate to one of [${types.map(formatType).join(" ")}]`;
}
