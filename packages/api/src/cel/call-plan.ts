import { operators, type CallExpr, type Expr } from "./ast.ts";
import { callCostOf, equalityCost, patternCost, resultCostOf, unitCosts } from "./call-cost.ts";
import type { Overload } from "./declarations.ts";
import { isAbsorbable, noSuchOverload } from "./evaluation-error.ts";
import { Frame, type Evaluate } from "./frame.ts";
import type { Planner } from "./planner.ts";
import type { CelType } from "./types.ts";
import { indexValue, optionalIndex } from "./value-access.ts";
import { contains, equals } from "./value-equality.ts";
import {
  CelDuration,
  CelList,
  CelMap,
  CelOpaque,
  CelOptional,
  CelStruct,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type Value,
} from "./values.ts";

/** Plans the call of a function or operator whose arguments are all computed first. */
export function planCall(planner: Planner, expr: CallExpr): Evaluate {
  switch (expr.fn) {
    case operators.equals:
      return equality(planner, expr, false);
    case operators.notEquals:
      return equality(planner, expr, true);
    case operators.in:
      return membership(planner, expr);
    case operators.index:
      return indexing(planner, expr, indexValue);
    case operators.optionalIndex:
      return indexing(planner, expr, optionalIndex);
    default:
      return functionCall(planner, expr);
  }
}

function equality(planner: Planner, expr: CallExpr, negated: boolean): Evaluate {
  const [left, right] = planner.operands(expr);
  return (frame) => {
    const [a, b] = [left(frame), right(frame)];
    frame.charge(equalityCost([a, b]));
    return equals(a, b) !== negated;
  };
}

/** Looking into a literal list costs nothing. */
function membership(planner: Planner, expr: CallExpr): Evaluate {
  const [left, right] = planner.operands(expr);
  const isFree = expr.args[1] !== undefined && isConstant(expr.args[1]);
  return (frame) => {
    const value = left(frame);
    const container = right(frame);
    if (container instanceof CelList) {
      if (!isFree) frame.charge(container.size);
      return contains(container, value);
    }
    frame.charge(1);
    if (container instanceof CelMap) return container.has(value);
    throw noSuchOverload();
  };
}

/** An index that is itself a variable or field costs nothing more. */
function indexing(planner: Planner, expr: CallExpr, access: (target: Value, index: Value) => Value): Evaluate {
  const [left, right] = planner.operands(expr);
  const isFree = expr.args[1] !== undefined && isAttribute(expr.args[1]);
  return (frame) => {
    const target = left(frame);
    const { cost } = frame;
    const index = right(frame);
    if (isFree) frame.cost = cost;
    frame.charge(unitCosts.select);
    return access(target, index);
  };
}

function isAttribute(expr: Expr): boolean {
  return expr.kind === "ident" || (expr.kind === "select" && !expr.testOnly && isAttribute(expr.operand));
}

function isConstant(expr: Expr): boolean {
  return (
    expr.kind === "literal" || (expr.kind === "list" && expr.optional.length === 0 && expr.elements.every(isConstant))
  );
}

function functionCall(planner: Planner, expr: CallExpr): Evaluate {
  const namespaced = planner.checked.names.get(expr.id);
  const isMethod = expr.target !== undefined && namespaced === undefined;
  const argExprs = isMethod && expr.target ? [expr.target, ...expr.args] : expr.args;
  const args = argExprs.map((arg) => planner.plan(arg));
  const resolved = planner.checked.overloads.get(expr.id) ?? [];
  const [only] = resolved;
  const isStatic = argExprs.every((arg) => planner.typeOf(arg)?.kind !== "dyn");
  const pattern = dynamicPattern(expr.fn, argExprs);
  if (resolved.length === 1 && only && isStatic) return folded(only, argExprs, direct(only, args, pattern));
  const name = namespaced ?? expr.fn.replace(/^\./, "");
  const overloads = (planner.environment.functionNamed(name) ?? []).filter(
    (overload) => overload.member === isMethod && overload.args.length === args.length,
  );
  return dispatched(overloads, args, pattern);
}

/** Where the pattern is among the arguments when it is no literal; those were compiled before. */
function dynamicPattern(fn: string, args: readonly Expr[]): number | undefined {
  if (fn !== "matches" && fn !== "find" && fn !== "findAll") return undefined;
  return args[1]?.kind === "literal" ? undefined : 1;
}

const conversions = new Set([
  "bool",
  "bytes",
  "double",
  "duration",
  "dyn",
  "int",
  "string",
  "timestamp",
  "type",
  "uint",
]);

/** Conversions of literals are computed once and cost nothing; one that fails does so when it is evaluated. */
function folded(overload: Overload, args: readonly Expr[], evaluate: Evaluate): Evaluate {
  if (!conversions.has(overload.fn) || !args.every((arg) => arg.kind === "literal")) return evaluate;
  try {
    const value = evaluate(new Frame([], {}, Infinity));
    return () => value;
  } catch (error) {
    if (isAbsorbable(error)) return evaluate;
    throw error;
  }
}

/** A call of the one signature that fits. */
function direct(overload: Overload, args: readonly Evaluate[], pattern: number | undefined): Evaluate {
  const { impl } = overload;
  const isUnit = callCostOf(overload) === undefined && resultCostOf(overload) === undefined;
  const [first, second] = args;
  if (isUnit && args.length === 1 && first) {
    return (frame) => {
      const value = first(frame);
      frame.charge(1);
      return impl(value);
    };
  }
  if (isUnit && args.length === 2 && first && second) {
    return (frame) => {
      const a = first(frame);
      const b = second(frame);
      frame.charge(1);
      return impl(a, b);
    };
  }
  const apply = application(overload, pattern);
  return (frame) =>
    apply(
      frame,
      args.map((arg) => arg(frame)),
    );
}

type Apply = (frame: Frame, values: readonly Value[]) => Value;

/** Calls the function; what it costs is paid first where that is known. */
function application(overload: Overload, pattern: number | undefined): Apply {
  const { impl } = overload;
  const resultCost = resultCostOf(overload);
  const cost = callCostOf(overload);
  return (frame, values) => {
    if (pattern !== undefined) frame.charge(patternCost(values[pattern]));
    if (resultCost === undefined) frame.charge(cost === undefined ? 1 : cost(values));
    const result = impl(...values);
    if (resultCost !== undefined) frame.charge(resultCost(result));
    return result;
  };
}

/** A call of the first signature that fits the values; types were not known before. */
function dispatched(overloads: readonly Overload[], args: readonly Evaluate[], pattern: number | undefined): Evaluate {
  const candidates = overloads.map((overload) => ({ types: overload.args, apply: application(overload, pattern) }));
  return (frame) => {
    const values = args.map((arg) => arg(frame));
    const candidate = candidates.find(({ types }) => values.every((value, at) => fits(value, types[at])));
    if (!candidate) throw noSuchOverload();
    return candidate.apply(frame, values);
  };
}

function fits(value: Value, type: CelType | undefined): boolean {
  switch (type?.kind) {
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "bigint";
    case "uint":
      return value instanceof CelUint;
    case "double":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "bytes":
      return value instanceof Uint8Array;
    case "null":
      return value === null;
    case "timestamp":
      return value instanceof CelTimestamp;
    case "duration":
      return value instanceof CelDuration;
    case "list":
      return value instanceof CelList;
    case "map":
      return value instanceof CelMap;
    case "type":
      return value instanceof CelTypeValue;
    case "object":
    case "opaque":
      if (value instanceof CelOptional) return type.name === "optional_type";
      if (value instanceof CelStruct) return value.typeName === type.name;
      return value instanceof CelOpaque && value.type.name === type.name;
    default:
      return true;
  }
}
