import type { CallExpr, Expr } from "./ast.ts";
import type { CheckedExpression } from "./checker.ts";
import { CelEvaluationError } from "./evaluation-error.ts";
import { compileRegex } from "./regex.ts";
import type { CelIssue } from "./source-error.ts";
import { parseDuration, parseTimestamp } from "./time-values.ts";
import { TypeSubstitution } from "./type-substitution.ts";
import { dynType, formatType, isOptional, type CelType } from "./types.ts";

/**
 * What is wrong with literals: durations, timestamps and patterns that could never be read, lists and maps that mix
 * types (the arguments of `format` may).
 */
export function literalIssues(checked: CheckedExpression): CelIssue[] {
  const issues: CelIssue[] = [];
  const exempt = new Set<Expr>();
  for (const expr of descendants(checked.expr)) {
    if (expr.kind === "call") {
      if (expr.fn === "format") for (const arg of expr.args) exempt.add(arg);
      const issue = callIssue(expr);
      if (issue) issues.push(issue);
    }
    if (exempt.has(expr)) continue;
    if (expr.kind === "list") issues.push(...mixedTypes(checked, expr.elements));
    if (expr.kind !== "map") continue;
    issues.push(
      ...mixedTypes(
        checked,
        expr.entries.map((entry) => entry.key),
      ),
    );
    issues.push(
      ...mixedTypes(
        checked,
        expr.entries.map((entry) => entry.value),
      ),
    );
  }
  return issues.sort((a, b) => a.offset - b.offset);
}

function mixedTypes(checked: CheckedExpression, elements: readonly Expr[]): CelIssue[] {
  const types = new TypeSubstitution();
  let first: CelType | undefined;
  for (const element of elements) {
    const given = checked.types[element.id] ?? dynType;
    const type = isOptional(given) ? (given.params[0] ?? dynType) : given;
    if (first === undefined) first = type;
    else if (!types.isAssignable(first, type)) {
      const message = `expected type '${formatType(first)}' but found '${formatType(type)}'`;
      return [{ offset: element.offset, message }];
    }
  }
  return [];
}

function callIssue(call: CallExpr): CelIssue | undefined {
  const [first, second] = call.args;
  switch (call.fn) {
    case "duration":
      return check(first, "duration", (text) => parseDuration(text) !== undefined);
    case "timestamp":
      return check(first, "timestamp", (text) => parseTimestamp(text) !== undefined);
    case "matches":
      return check(call.target ? first : second, "matches", isRegex);
    default:
      return undefined;
  }
}

function check(arg: Expr | undefined, fn: string, valid: (text: string) => boolean): CelIssue | undefined {
  if (arg?.kind !== "literal" || typeof arg.value !== "string" || valid(arg.value)) return undefined;
  return { offset: arg.offset, message: `invalid ${fn} argument` };
}

function isRegex(pattern: string): boolean {
  try {
    compileRegex(pattern);
    return true;
  } catch (error) {
    if (error instanceof CelEvaluationError) return false;
    throw error;
  }
}

/** Every node, each once. */
function* descendants(root: Expr): Generator<Expr> {
  const pending = [root];
  const seen = new Set<number>();
  for (let expr = pending.pop(); expr; expr = pending.pop()) {
    if (seen.has(expr.id)) continue;
    seen.add(expr.id);
    yield expr;
    pending.push(...childrenOf(expr));
  }
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "select":
      return [expr.operand];
    case "call":
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case "list":
      return expr.elements;
    case "map":
      return expr.entries.flatMap((entry) => [entry.key, entry.value]);
    case "struct":
      return expr.fields.map((field) => field.value);
    case "comprehension":
      return [expr.range, expr.accuInit, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
