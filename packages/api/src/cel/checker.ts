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
import type { Overload } from "./declarations.ts";
import type { CelEnvironment } from "./environment.ts";
import { IssueList } from "./source-error.ts";
import { formatSignature, mostGeneral, TypeSubstitution } from "./type-substitution.ts";
import {
  boolType,
  bytesType,
  doubleType,
  dynType,
  errorType,
  formatType,
  intType,
  isDynOrError,
  isOptional,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  uintType,
  type CelType,
} from "./types.ts";

/** An expression with what the check found out, by node id. */
export interface CheckedExpression {
  readonly expr: Expr;
  readonly types: readonly CelType[];
  /** For calls: the signatures that may apply. */
  readonly overloads: ReadonlyMap<number, readonly Overload[]>;
  /** For identifiers and qualified names: the variable or type that is meant. */
  readonly names: ReadonlyMap<number, string>;
  /** The variables of the environment that the expression refers to. */
  readonly variables: ReadonlySet<string>;
}

/** Checks types as upstream does and says what is wrong in its words. */
export function checkExpression(
  expr: Expr,
  nodeCount: number,
  environment: CelEnvironment,
): CheckedExpression | { issues: IssueList["issues"] } {
  const checker = new Checker(environment, nodeCount);
  checker.check(expr);
  if (checker.issues.issues.length > 0) return { issues: checker.issues.issues };
  return checker.result(expr);
}

type Scope = ReadonlyMap<string, CelType>;

class Checker {
  readonly issues = new IssueList();
  readonly #environment: CelEnvironment;
  readonly #substitution = new TypeSubstitution();
  readonly #types: CelType[];
  readonly #overloads = new Map<number, readonly Overload[]>();
  readonly #names = new Map<number, string>();
  readonly #variables = new Set<string>();
  readonly #scopes: Scope[] = [];

  constructor(environment: CelEnvironment, nodeCount: number) {
    this.#environment = environment;
    this.#types = Array.from({ length: nodeCount }, () => dynType);
  }

  result(expr: Expr): CheckedExpression {
    return {
      expr,
      types: this.#types.map((type) => this.#substitution.apply(type, true)),
      overloads: this.#overloads,
      names: this.#names,
      variables: this.#variables,
    };
  }

  check(expr: Expr): CelType {
    const type = this.#infer(expr);
    this.#types[expr.id] = type;
    return type;
  }

  #infer(expr: Expr): CelType {
    switch (expr.kind) {
      case "literal":
        return literalType(expr.value);
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
        return this.#comprehension(expr);
    }
  }

  #ident(expr: IdentExpr): CelType {
    const name = expr.name.startsWith(".") ? expr.name.slice(1) : expr.name;
    const found = this.#lookup(expr, name);
    if (found) return found;
    this.issues.report(expr.offset, `undeclared reference to '${name}' (in container '')`);
    return errorType;
  }

  /** The type of a local or declared variable or of a type's name. */
  #lookup(expr: Expr, name: string): CelType | undefined {
    for (let index = this.#scopes.length - 1; index >= 0; index--) {
      const local = this.#scopes[index]?.get(name);
      if (local) return local;
    }
    const variable = this.#environment.variable(name);
    if (variable) this.#variables.add(name);
    const type = variable?.type ?? this.#environment.typeNamed(name);
    if (type) this.#names.set(expr.id, name);
    return type;
  }

  #select(expr: SelectExpr): CelType {
    const qualified = expr.testOnly ? undefined : this.#qualifiedName(expr);
    const named = qualified === undefined ? undefined : this.#lookup(expr, qualified);
    if (named) return named;
    const type = this.#field(expr, expr.operand, expr.field, false);
    return expr.testOnly ? boolType : this.#substitution.apply(type);
  }

  /** `a.b.c` when that is all there is and `a` is no local variable. */
  #qualifiedName(expr: Expr): string | undefined {
    if (expr.kind === "ident") return this.#scopes.some((scope) => scope.has(expr.name)) ? undefined : expr.name;
    if (expr.kind !== "select" || expr.testOnly) return undefined;
    const prefix = this.#qualifiedName(expr.operand);
    return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
  }

  #field(expr: Expr, operand: Expr, field: string, optional: boolean): CelType {
    const operandType = this.#substitution.apply(this.check(operand));
    const [target, isOpt] = unwrapOptional(operandType);
    const type = this.#fieldOf(expr, target, field);
    return isOpt || optional ? optionalOf(type) : type;
  }

  #fieldOf(expr: Expr, target: CelType, field: string): CelType {
    switch (target.kind) {
      case "map":
        return target.params[1] ?? dynType;
      case "object": {
        const type = target.field?.(field);
        if (type) return type;
        const problem = target.field
          ? `undefined field '${field}'`
          : `unexpected failed resolution of '${target.name}'`;
        this.issues.report(expr.offset, problem);
        return errorType;
      }
      case "param":
        this.#substitution.isAssignable(dynType, target);
        return dynType;
      default:
        if (!isDynOrError(target)) {
          this.issues.report(expr.offset, `type '${formatType(target)}' does not support field selection`);
        }
        return dynType;
    }
  }

  #call(expr: CallExpr): CelType {
    if (expr.fn === operators.optionalSelect) return this.#optionalSelect(expr);
    for (const arg of expr.args) this.check(arg);
    if (expr.target === undefined) return this.#globalCall(expr, expr.fn.replace(/^\./, ""));
    const prefix = this.#qualifiedName(expr.target);
    if (prefix !== undefined && this.#environment.functionNamed(`${prefix}.${expr.fn}`)) {
      return this.#globalCall(expr, `${prefix}.${expr.fn}`);
    }
    this.check(expr.target);
    return this.#resolve(expr, expr.fn, [expr.target, ...expr.args], true);
  }

  #optionalSelect(expr: CallExpr): CelType {
    const [operand, field] = expr.args;
    if (operand === undefined || field?.kind !== "literal" || typeof field.value !== "string") return errorType;
    this.check(field);
    return this.#substitution.apply(this.#field(expr, operand, field.value, true));
  }

  #globalCall(expr: CallExpr, name: string): CelType {
    if (expr.target) this.#names.set(expr.id, name);
    return this.#resolve(expr, name, expr.args, false);
  }

  #resolve(expr: CallExpr, name: string, args: readonly Expr[], isMethod: boolean): CelType {
    const overloads = this.#environment.functionNamed(name);
    if (!overloads) {
      this.issues.report(expr.offset, `undeclared reference to '${name}' (in container '')`);
      return errorType;
    }
    const argTypes = args.map((arg) => this.#typeOf(arg));
    const matching: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.member !== isMethod || overload.args.length !== args.length) continue;
      const { args: wanted, result: given } = this.#instantiate(overload);
      if (!this.#substitution.isAssignableList(argTypes, wanted)) continue;
      matching.push(overload);
      const type = this.#substitution.apply(given);
      if (result === undefined) result = type;
      else if (result.kind !== "dyn" && formatType(result) !== formatType(type)) result = dynType;
    }
    if (result === undefined) {
      const signature = formatSignature(
        argTypes.map((type) => this.#substitution.apply(type, true)),
        isMethod,
      );
      this.issues.report(expr.offset, `found no matching overload for '${name}' applied to '${signature}'`);
      return errorType;
    }
    this.#overloads.set(expr.id, matching);
    return result;
  }

  #typeOf(expr: Expr): CelType {
    return this.#types[expr.id] ?? dynType;
  }

  /** The signature with type parameters of its own. */
  #instantiate(overload: Overload): { args: readonly CelType[]; result: CelType } {
    const fresh = new Map<string, CelType>();
    const replace = (type: CelType): CelType => {
      if (type.kind === "param") {
        const known = fresh.get(type.name) ?? this.#substitution.newParam();
        fresh.set(type.name, known);
        return known;
      }
      return type.params.length === 0 ? type : { ...type, params: type.params.map(replace) };
    };
    return { args: overload.args.map(replace), result: replace(overload.result) };
  }

  #list(expr: ListExpr): CelType {
    let element: CelType | undefined;
    for (const [index, item] of expr.elements.entries()) {
      const type = this.check(item);
      const given = expr.optional.includes(index) ? this.#unwrapped(item, type) : type;
      element = this.#join(element, given);
    }
    return listOf(element ?? this.#substitution.newParam());
  }

  #unwrapped(expr: Expr, type: CelType): CelType {
    const [inner, isOpt] = unwrapOptional(this.#substitution.apply(type));
    if (!isOpt && !isDynOrError(inner)) this.#mismatch(expr, optionalOf(inner), inner);
    return inner;
  }

  /** Elements that differ make the whole dynamic; that literals may not mix types is checked later. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    return this.#substitution.isAssignable(previous, current) ? mostGeneral(previous, current) : dynType;
  }

  #mismatch(expr: Expr, expected: CelType, actual: CelType): void {
    const [wanted, found] = [expected, actual].map((type) => formatType(this.#substitution.apply(type, true)));
    this.issues.report(expr.offset, `expected type '${wanted}' but found '${found}'`);
  }

  #map(expr: MapExpr): CelType {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of expr.entries) {
      key = this.#join(key, this.check(entry.key));
      const type = this.check(entry.value);
      value = this.#join(value, entry.optional ? this.#unwrapped(entry.value, type) : type);
    }
    return mapOf(key ?? this.#substitution.newParam(), value ?? this.#substitution.newParam());
  }

  #struct(expr: StructExpr): CelType {
    const name = expr.typeName.replace(/^\./, "");
    const type = this.#environment.structType(name);
    if (!type) {
      const isKnown = this.#environment.typeNamed(name) !== undefined;
      const problem = isKnown
        ? `'${name}' is not a message type`
        : `undeclared reference to '${name}' (in container '')`;
      this.issues.report(expr.offset, problem);
      return errorType;
    }
    for (const field of expr.fields) {
      const given = this.check(field.value);
      const wanted = type.field?.(field.name);
      if (!wanted) {
        this.issues.report(field.offset, `undefined field '${field.name}'`);
        continue;
      }
      const value = field.optional ? this.#unwrapped(field.value, given) : given;
      if (this.#substitution.isAssignable(wanted, value)) continue;
      const texts = `'${formatType(wanted)}' but provided type is '${formatType(this.#substitution.apply(value, true))}'`;
      this.issues.report(field.offset, `expected type of field '${field.name}' is ${texts}`);
    }
    return type;
  }

  #comprehension(expr: ComprehensionExpr): CelType {
    const rangeType = this.#substitution.apply(this.check(expr.range));
    const accuType = this.check(expr.accuInit);
    const [first, second] = this.#iterationTypes(expr, rangeType);
    this.#scopes.push(new Map([[expr.accuVar, accuType]]));
    const variables = new Map([[expr.iterVar, first]]);
    if (expr.iterVar2 !== undefined) variables.set(expr.iterVar2, second);
    this.#scopes.push(variables);
    this.check(expr.condition);
    this.#assert(expr.condition, boolType);
    this.check(expr.step);
    this.#assert(expr.step, accuType);
    this.#scopes.pop();
    const result = this.check(expr.result);
    this.#scopes.pop();
    return this.#substitution.apply(result);
  }

  #assert(expr: Expr, type: CelType): void {
    const actual = this.#typeOf(expr);
    if (!this.#substitution.isAssignable(type, actual)) this.#mismatch(expr, type, actual);
  }

  #iterationTypes(expr: ComprehensionExpr, range: CelType): [CelType, CelType] {
    const [first = dynType, second = dynType] = range.params;
    switch (range.kind) {
      case "list":
        return expr.iterVar2 === undefined ? [first, dynType] : [intType, first];
      case "map":
        return [first, second];
      case "dyn":
      case "error":
      case "param":
        this.#substitution.isAssignable(dynType, range);
        return [dynType, dynType];
      default:
        this.issues.report(
          expr.range.offset,
          `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        return [errorType, errorType];
    }
  }
}

function unwrapOptional(type: CelType): [CelType, boolean] {
  return isOptional(type) ? [type.params[0] ?? dynType, true] : [type, false];
}

function literalType(value: LiteralValue): CelType {
  switch (typeof value) {
    case "boolean":
      return boolType;
    case "bigint":
      return intType;
    case "number":
      return doubleType;
    case "string":
      return stringType;
    default:
      if (value === null) return nullType;
      return value instanceof UintLiteral ? uintType : bytesType;
  }
}
