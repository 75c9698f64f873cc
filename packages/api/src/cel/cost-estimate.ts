import {
  accumulator,
  operators,
  UintLiteral,
  type CallExpr,
  type ComprehensionExpr,
  type Expr,
  type ListExpr,
  type LiteralExpr,
  type MapExpr,
  type SelectExpr,
} from "./ast.ts";
import { unitCosts } from "./call-cost.ts";
import { estimateCall, type CostNode } from "./call-estimate.ts";
import type { CheckedExpression } from "./checker.ts";
import { exactly, hull, noCost, plus, sum, times, unbounded, unknownSize, type Range } from "./cost-amounts.ts";
import type { Overload } from "./declarations.ts";
import type { SchemaDecl } from "./schema-decl.ts";
import { dynType, isOptional, type CelType } from "./types.ts";
import { codePointCount } from "./values.ts";

/**
 * The least and most an expression can cost to evaluate, from the bounds that the schema of its variables `self` and
 * `oldSelf` sets. This is upstream's estimate; it decides which rules a custom resource definition may have.
 */
export function estimateCost(checked: CheckedExpression, root: SchemaDecl): Range {
  return new Estimator(checked, root).cost(checked.expr);
}

type Path = readonly string[];

/** Sizes of the keys (or indexes) and values of a list or map. */
interface EntrySizes {
  readonly container: "list" | "map";
  readonly key: Range;
  readonly value: Range;
}

interface LocalVariable {
  readonly path: Path | undefined;
  readonly size: Range | undefined;
  readonly entries: EntrySizes | undefined;
}

class Estimator {
  readonly #checked: CheckedExpression;
  readonly #root: SchemaDecl;
  readonly #paths = new Map<number, Path>();
  readonly #sizes = new Map<number, Range>();
  readonly #entries = new Map<number, EntrySizes>();
  readonly #locals = new Map<string, LocalVariable[]>();

  constructor(checked: CheckedExpression, root: SchemaDecl) {
    this.#checked = checked;
    this.#root = root;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case "literal":
        return noCost;
      case "ident":
        this.#setPath(expr, this.#local(expr.name)?.path ?? [expr.name]);
        return exactly(unitCosts.select);
      case "select":
        return this.#select(expr);
      case "call":
        return this.#call(expr);
      case "list":
        return this.#list(expr);
      case "map":
        return this.#map(expr);
      case "struct":
        return plus(sum(expr.fields.map((field) => this.cost(field.value))), exactly(unitCosts.struct));
      case "comprehension":
        return expr.macro === "bind" ? this.#bind(expr) : this.#loop(expr);
    }
  }

  #typeOf(expr: Expr): CelType {
    return this.#checked.types[expr.id] ?? dynType;
  }

  #local(name: string): LocalVariable | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #push(name: string, variable: LocalVariable): void {
    const stack = this.#locals.get(name);
    if (stack) stack.push(variable);
    else this.#locals.set(name, [variable]);
  }

  #pop(name: string): void {
    this.#locals.get(name)?.pop();
  }

  #pathOf(expr: Expr): Path | undefined {
    const local = expr.kind === "ident" ? this.#local(expr.name) : undefined;
    return local ? local.path : this.#paths.get(expr.id);
  }

  #setPath(expr: Expr, path: Path | undefined): void {
    if (path) this.#paths.set(expr.id, path);
  }

  #select(expr: SelectExpr): Range {
    const named = this.#checked.names.get(expr.id);
    if (named !== undefined) {
      this.#setPath(expr, [named]);
      return exactly(unitCosts.select);
    }
    const operand = this.cost(expr.operand);
    if (expr.testOnly) return operand;
    const { kind } = this.#typeOf(expr.operand);
    const path = this.#pathOf(expr.operand);
    this.#setPath(expr, path && [...path, expr.field]);
    return kind === "map" || kind === "object" || kind === "param" ? plus(operand, exactly(unitCosts.select)) : operand;
  }

  #call(expr: CallExpr): Range {
    if (expr.fn === operators.optionalSelect) return this.#optionalSelect(expr);
    const [only] = expr.args;
    if (expr.fn === "dyn" && only) {
      const cost = plus(exactly(1), this.cost(only));
      this.#copySizes(expr, only);
      return cost;
    }
    const argCosts = expr.args.map((arg) => this.cost(arg));
    const isMethod = expr.target !== undefined && !this.#checked.names.has(expr.id);
    const targetCost = isMethod && expr.target ? this.cost(expr.target) : noCost;
    const target = isMethod && expr.target ? this.#node(expr.target) : undefined;
    const args = expr.args.map((arg) => this.#node(arg));
    let cost: Range = { min: unbounded, max: 0 };
    let size: Range | undefined;
    const overloads = this.#checked.overloads.get(expr.id) ?? [];
    for (const overload of overloads) {
      const estimate = this.#overload(expr, overload, target, args, argCosts);
      cost = hull(cost, estimate.cost);
      if (estimate.size) size = size ? hull(size, estimate.size) : estimate.size;
      size = this.#indexed(expr, overload, size) ?? this.#sizeOf(expr);
    }
    if (size) this.#sizes.set(expr.id, size);
    return overloads.length === 0 ? noCost : plus(targetCost, cost);
  }

  #optionalSelect(expr: CallExpr): Range {
    const [operand, field] = expr.args;
    if (operand === undefined || field?.kind !== "literal") return noCost;
    const cost = this.cost(operand);
    const path = this.#pathOf(operand);
    this.#setPath(expr, path && [...path, String(field.value)]);
    return plus(cost, exactly(1));
  }

  /** Where an element that is looked up lies in the schema, and its size. */
  #indexed(expr: CallExpr, overload: Overload, size: Range | undefined): Range | undefined {
    const [container] = expr.args;
    if (container === undefined || (overload.id !== "index_list" && overload.id !== "index_map")) return size;
    const path = this.#pathOf(container);
    this.#setPath(expr, path && [...path, overload.id === "index_list" ? "@items" : "@values"]);
    return this.#entriesOf(container)?.value;
  }

  #overload(
    expr: CallExpr,
    overload: Overload,
    target: CostNode | undefined,
    args: readonly CostNode[],
    argCosts: readonly Range[],
  ): { cost: Range; size?: Range | undefined } {
    const [first = noCost, second = noCost, third = noCost] = argCosts;
    const [, whenTrue, whenFalse] = expr.args;
    switch (overload.fn) {
      case operators.and:
      case operators.or:
        return { cost: { min: first.min, max: plus(first, second).max } };
      case operators.conditional: {
        const entries = whenTrue && whenFalse && unionOf(this.#entriesOf(whenTrue), this.#entriesOf(whenFalse));
        if (entries) this.#entries.set(expr.id, entries);
        return {
          cost: plus(first, hull(second, third)),
          size: hull(args[1]?.size ?? unknownSize, args[2]?.size ?? unknownSize),
        };
      }
      default: {
        if (overload.id === "add_list" && expr.args[0] && whenTrue) {
          const entries = unionOf(this.#entriesOf(expr.args[0]), this.#entriesOf(whenTrue));
          if (entries) this.#entries.set(expr.id, entries);
        }
        const estimate = estimateCall(overload, target, args);
        return { cost: plus(estimate.cost, sum(argCosts)), size: estimate.size };
      }
    }
  }

  #list(expr: ListExpr): Range {
    const cost = sum(expr.elements.map((element) => this.cost(element)));
    const value = this.#hullOfSizes(expr.elements);
    this.#entries.set(expr.id, { container: "list", key: exactly(1), value });
    return plus(cost, exactly(unitCosts.list));
  }

  #map(expr: MapExpr): Range {
    const cost = sum(expr.entries.flatMap((entry) => [this.cost(entry.key), this.cost(entry.value)]));
    this.#entries.set(expr.id, {
      container: "map",
      key: this.#hullOfSizes(expr.entries.map((entry) => entry.key)),
      value: this.#hullOfSizes(expr.entries.map((entry) => entry.value)),
    });
    return plus(cost, exactly(unitCosts.map));
  }

  #hullOfSizes(elements: readonly Expr[]): Range {
    if (elements.length === 0) return noCost;
    return elements.map((element) => this.#sizeOf(element) ?? unknownSize).reduce(hull);
  }

  #loop(expr: ComprehensionExpr): Range {
    let cost = plus(this.cost(expr.range), this.cost(expr.accuInit));
    this.#push(expr.accuVar, {
      path: this.#pathOf(expr.accuInit),
      size: this.#sizeOf(expr.accuInit),
      entries: this.#entriesOf(expr.accuInit),
    });
    this.#pushIteration(expr);
    const turn = plus(this.cost(expr.condition), this.cost(expr.step));
    this.#pop(expr.iterVar);
    if (expr.iterVar2 !== undefined) this.#pop(expr.iterVar2);
    cost = plus(cost, this.cost(expr.result));
    this.#pop(expr.accuVar);
    const count = this.#sizeOf(expr.range) ?? unknownSize;
    this.#loopSize(expr, count);
    return plus(cost, times(count, turn));
  }

  #loopSize(expr: ComprehensionExpr, count: Range): void {
    if (expr.accuInit.kind === "literal") {
      const size = this.#sizeOf(expr.accuInit);
      if (size) this.#sizes.set(expr.id, size);
      return;
    }
    this.#sizes.set(expr.id, count);
    const entries = this.#entriesOf(expr.step);
    if (entries) this.#entries.set(expr.id, entries);
  }

  #pushIteration(expr: ComprehensionExpr): void {
    const entries = this.#entriesOf(expr.range);
    const path = this.#pathOf(expr.range);
    const isList = (entries?.container ?? this.#typeOf(expr.range).kind) === "list";
    const push = (name: string, step: string, size: Range | undefined): void =>
      this.#push(name, { path: [...(path ?? []), step], size, entries: undefined });
    if (expr.iterVar2 === undefined) {
      push(expr.iterVar, isList ? "@items" : "@keys", isList ? entries?.value : entries?.key);
      return;
    }
    push(expr.iterVar, isList ? "@indices" : "@keys", entries?.key);
    push(expr.iterVar2, isList ? "@items" : "@values", entries?.value);
  }

  #bind(expr: ComprehensionExpr): Range {
    const cost = plus(this.cost(expr.range), this.cost(expr.accuInit));
    this.#push(expr.accuVar, {
      path: this.#pathOf(expr.accuInit),
      size: this.#sizeOf(expr.accuInit),
      entries: this.#entriesOf(expr.accuInit),
    });
    const result = this.cost(expr.result);
    this.#pop(expr.accuVar);
    this.#copySizes(expr, expr.result);
    return plus(cost, result);
  }

  #copySizes(to: Expr, from: Expr): void {
    const size = this.#sizeOf(from);
    if (size) this.#sizes.set(to.id, size);
    const entries = this.#entriesOf(from);
    if (entries) this.#entries.set(to.id, entries);
  }

  #node(expr: Expr): CostNode {
    const type = this.#typeOf(expr);
    const path = this.#pathOf(expr);
    const rooted = path && path[0] !== accumulator ? path : undefined;
    return {
      expr,
      type,
      size: this.#sizeOf(expr) ?? unknownSize,
      element: type.params[0] && {
        type: type.params[0],
        size: (rooted && this.#sizeAt([...rooted, "@items"])) ?? unknownSize,
      },
    };
  }

  #sizeOf(expr: Expr): Range | undefined {
    const known = this.#sizes.get(expr.id) ?? literalSize(expr);
    if (known) return known;
    const path = this.#pathOf(expr);
    const declared = path && this.#sizeAt(path);
    if (declared) {
      this.#sizes.set(expr.id, declared);
      return declared;
    }
    if (isScalar(this.#typeOf(expr))) return exactly(1);
    return expr.kind === "ident" ? this.#local(expr.name)?.size : undefined;
  }

  #entriesOf(expr: Expr): EntrySizes | undefined {
    return this.#entries.get(expr.id) ?? (expr.kind === "ident" ? this.#local(expr.name)?.entries : undefined);
  }

  /** What the schema says of the size of the value at a path. Whatever it starts at counts as the root, as upstream has it. */
  #sizeAt([root, ...steps]: Path): Range | undefined {
    let decl: SchemaDecl | undefined = root === undefined ? undefined : this.#root;
    for (const [index, step] of steps.entries()) {
      if (decl === undefined) return undefined;
      // Keys are texts that nothing bounds, which upstream counts as empty.
      if (step === "@keys") return decl.kind === "map" && index === steps.length - 1 ? noCost : undefined;
      decl = step === "@items" || step === "@values" ? decl.element : decl.fields?.get(step)?.decl;
    }
    return decl && { min: 0, max: decl.maxElements };
  }
}

function unionOf(a: EntrySizes | undefined, b: EntrySizes | undefined): EntrySizes | undefined {
  return a && b && { container: a.container, key: hull(a.key, b.key), value: hull(a.value, b.value) };
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === "list") return exactly(expr.elements.length);
  if (expr.kind === "map") return exactly(expr.entries.length);
  return expr.kind === "literal" ? exactly(sizeOfLiteral(expr)) : undefined;
}

function sizeOfLiteral({ value }: LiteralExpr): number {
  if (typeof value === "string") return codePointCount(value);
  return value instanceof Uint8Array && !(value instanceof UintLiteral) ? value.length : 1;
}

function isScalar(type: CelType): boolean {
  if (isOptional(type)) return type.params[0] !== undefined && isScalar(type.params[0]);
  return ["bool", "double", "duration", "int", "timestamp", "uint"].includes(type.kind);
}
