import {
  operators,
  UintLiteral,
  type CallExpr,
  type ComprehensionExpr,
  type Expr,
  type IdentExpr,
  type ListExpr,
  type LiteralValue,
  type MapExpr,
  type SelectExpr,
  type StructExpr,
} from "./ast.ts";
import { unitCosts } from "./call-cost.ts";
import { planCall } from "./call-plan.ts";
import type { CheckedExpression } from "./checker.ts";
import type { CelEnvironment } from "./environment.ts";
import { CelEvaluationError, isAbsorbable, noSuchOverload } from "./evaluation-error.ts";
import type { Evaluate, VariableSlot } from "./frame.ts";
import { planLoop } from "./loop-plan.ts";
import { fieldOf } from "./schema-decl.ts";
import { isOptional, type CelType } from "./types.ts";
import { hasField, optionalField, selectField } from "./value-access.ts";
import { ArrayList, CelOptional, CelStruct, CelTypeValue, CelUint, EntryMap, mapKey, type Value } from "./values.ts";

/** Where a local variable is kept; one that is bound is computed when it is first read. */
interface Local {
  readonly index: number;
  readonly init: Evaluate | undefined;
}

/** Turns a checked expression into closures, once; they are then called for every evaluation. */
export class Planner {
  readonly slots: VariableSlot[] = [];
  readonly checked: CheckedExpression;
  readonly environment: CelEnvironment;
  readonly #locals: Map<string, Local>[] = [];
  #localCount = 0;

  constructor(checked: CheckedExpression, environment: CelEnvironment) {
    this.checked = checked;
    this.environment = environment;
  }

  typeOf(expr: Expr): CelType | undefined {
    return this.checked.types[expr.id];
  }

  plan(expr: Expr): Evaluate {
    switch (expr.kind) {
      case "literal":
        return constant(literalValue(expr.value));
      case "ident":
        return this.#ident(expr);
      case "select":
        return this.#select(expr);
      case "call":
        return this.#call(expr);
      case "list":
        return this.#list(expr);
      case "map":
        return this.#map(expr);
      case "struct":
        return this.#struct(expr);
      case "comprehension":
        return expr.macro === "bind" ? this.#bind(expr) : planLoop(this, expr);
    }
  }

  /** Plans within a scope of new local variables; the names must differ. */
  scoped<T>(names: readonly string[], within: (indexes: readonly number[]) => T): T {
    const indexes = names.map(() => this.#localCount++);
    this.#locals.push(new Map(names.map((name, at) => [name, { index: indexes[at] ?? 0, init: undefined }])));
    const result = within(indexes);
    this.#locals.pop();
    return result;
  }

  #local(name: string): Local | undefined {
    for (let at = this.#locals.length - 1; at >= 0; at--) {
      const local = this.#locals[at]?.get(name);
      if (local) return local;
    }
    return undefined;
  }

  #ident(expr: IdentExpr): Evaluate {
    const local = this.#local(expr.name);
    if (local === undefined) return this.#named(expr);
    const { index, init } = local;
    return (frame) => {
      frame.charge(unitCosts.select);
      const value = frame.locals[index];
      if (value !== undefined) return value;
      if (init === undefined) throw new CelEvaluationError(`no such attribute(s): ${expr.name}`);
      const computed = init(frame);
      frame.locals[index] = computed;
      return computed;
    };
  }

  /** A declared variable or the name of a type. */
  #named(expr: Expr): Evaluate {
    const name = this.checked.names.get(expr.id) ?? "";
    const variable = this.environment.variable(name);
    if (!variable) {
      const type = this.environment.typeNamed(name)?.params[0];
      return constant(new CelTypeValue(type?.name ?? "type"));
    }
    let index = this.slots.findIndex((slot) => slot.name === name);
    if (index < 0) index = this.slots.push({ name, variable }) - 1;
    return (frame) => {
      frame.charge(unitCosts.select);
      return frame.variable(index);
    };
  }

  #select(expr: SelectExpr): Evaluate {
    if (this.checked.names.has(expr.id)) return this.#named(expr);
    const operand = this.plan(expr.operand);
    const name = expr.field;
    if (expr.testOnly) return (frame) => hasField(operand(frame), name);
    const decl = this.typeOf(expr.operand)?.decl;
    const field = decl && fieldOf(decl, name);
    return (frame) => {
      const target = operand(frame);
      frame.charge(unitCosts.select);
      return selectField(target, name, field);
    };
  }

  #call(expr: CallExpr): Evaluate {
    switch (expr.fn) {
      case operators.and:
        return this.#logical(expr, false);
      case operators.or:
        return this.#logical(expr, true);
      case operators.conditional:
        return this.#conditional(expr);
      case operators.optionalSelect:
        return this.#optionalSelect(expr);
      default:
        return (this.#alternative(expr) ?? planCall)(this, expr);
    }
  }

  /** `&&` ends at false and `||` at true; an error on either side counts only when the other does not decide. */
  #logical(expr: CallExpr, decisive: boolean): Evaluate {
    const [left, right] = this.operands(expr);
    return (frame) => {
      let failure: CelEvaluationError | undefined;
      try {
        const value = left(frame);
        if (value === decisive) return decisive;
        if (typeof value !== "boolean") failure = noSuchOverload();
      } catch (error) {
        if (!isAbsorbable(error)) throw error;
        failure = error;
      }
      const value = right(frame);
      if (value === decisive) return decisive;
      if (failure) throw failure;
      if (typeof value !== "boolean") throw noSuchOverload();
      return value;
    };
  }

  /** The first two arguments. */
  operands(expr: CallExpr): [Evaluate, Evaluate] {
    const [left, right] = expr.args;
    if (left === undefined || right === undefined) throw new TypeError(`${expr.fn} takes two operands`);
    return [this.plan(left), this.plan(right)];
  }

  #conditional(expr: CallExpr): Evaluate {
    const [condition, whenTrue] = this.operands(expr);
    const [, , last] = expr.args;
    if (last === undefined) throw new TypeError("a conditional takes three operands");
    const whenFalse = this.plan(last);
    return (frame) => {
      const value = condition(frame);
      if (typeof value !== "boolean") throw noSuchOverload();
      return value ? whenTrue(frame) : whenFalse(frame);
    };
  }

  #optionalSelect(expr: CallExpr): Evaluate {
    const [operand, field] = expr.args;
    if (operand === undefined || field?.kind !== "literal") throw new TypeError("not a field selection");
    const target = this.plan(operand);
    const name = String(field.value);
    return (frame) => {
      frame.charge(unitCosts.select);
      return optionalField(target(frame), name);
    };
  }

  /** `or` and `orValue` compute the alternative only when there is no value. */
  #alternative(expr: CallExpr): ((planner: Planner, expr: CallExpr) => Evaluate) | undefined {
    const target = expr.target && this.typeOf(expr.target);
    if ((expr.fn !== "or" && expr.fn !== "orValue") || target === undefined || !isOptional(target)) return undefined;
    return planAlternative;
  }

  #list(expr: ListExpr): Evaluate {
    if (expr.optional.length === 0 && expr.elements.every((element) => element.kind === "literal")) {
      return constant(
        new ArrayList(expr.elements.map((element) => literalValue((element as { value: LiteralValue }).value))),
      );
    }
    const elements = expr.elements.map((element) => this.plan(element));
    const optional = new Set(expr.optional);
    return (frame) => {
      const values: Value[] = [];
      for (const [index, element] of elements.entries()) {
        const value = element(frame);
        if (!optional.has(index)) values.push(value);
        else if (!(value instanceof CelOptional)) throw noSuchOverload();
        else if (value.value !== undefined) values.push(value.value);
      }
      frame.charge(unitCosts.list);
      return new ArrayList(values);
    };
  }

  #map(expr: MapExpr): Evaluate {
    const entries = expr.entries.map((entry) => ({
      key: this.plan(entry.key),
      value: this.plan(entry.value),
      optional: entry.optional,
    }));
    const isConstant = expr.entries.every(({ key, value }) => key.kind === "literal" && value.kind === "literal");
    return (frame) => {
      const values = new Map<string, readonly [Value, Value]>();
      for (const entry of entries) {
        const key = entry.key(frame);
        const value = entry.value(frame);
        const text = mapKey(key);
        if (text === undefined) throw new CelEvaluationError("unsupported key type");
        if (!entry.optional) values.set(text, [key, value]);
        else if (!(value instanceof CelOptional)) throw noSuchOverload();
        else if (value.value !== undefined) values.set(text, [key, value.value]);
      }
      if (!isConstant) frame.charge(unitCosts.map);
      return new EntryMap(values);
    };
  }

  #struct(expr: StructExpr): Evaluate {
    const typeName = expr.typeName.replace(/^\./, "");
    const fields = expr.fields.map(({ name, value, optional }) => ({ name, value: this.plan(value), optional }));
    return (frame) => {
      const values = new Map<string, Value>();
      for (const { name, value, optional } of fields) {
        const given = value(frame);
        if (!optional) values.set(name, given);
        else if (given instanceof CelOptional && given.value !== undefined) values.set(name, given.value);
      }
      frame.charge(unitCosts.struct);
      return new CelStruct(typeName, values);
    };
  }

  #bind(expr: ComprehensionExpr): Evaluate {
    const init = this.plan(expr.accuInit);
    const index = this.#localCount++;
    this.#locals.push(new Map([[expr.accuVar, { index, init }]]));
    const result = this.plan(expr.result);
    this.#locals.pop();
    return (frame) => {
      frame.charge(unitCosts.list);
      frame.locals[index] = undefined;
      return result(frame);
    };
  }
}

function planAlternative(planner: Planner, expr: CallExpr): Evaluate {
  const [arg] = expr.args;
  if (expr.target === undefined || arg === undefined) throw new TypeError(`${expr.fn} takes one operand`);
  const target = planner.plan(expr.target);
  const alternative = planner.plan(arg);
  const unwraps = expr.fn === "orValue";
  return (frame) => {
    const optional = target(frame);
    frame.charge(1);
    if (!(optional instanceof CelOptional)) throw noSuchOverload();
    if (optional.value === undefined) return alternative(frame);
    return unwraps ? optional.value : optional;
  };
}

function constant(value: Value): Evaluate {
  return () => value;
}

function literalValue(value: LiteralValue): Value {
  return value instanceof UintLiteral ? new CelUint(value.value) : value;
}
