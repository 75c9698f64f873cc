import { dynType, formatType, isDynOrError, sameType, typeParam, type CelType } from "./types.ts";

/** What type parameters stand for so far. Assignability tests extend it, and undo what a failed test added. */
export class TypeSubstitution {
  #known = new Map<string, CelType>();
  #fresh = 0;

  /** A parameter that nothing is known of. */
  newParam(): CelType {
    return typeParam(`_var${this.#fresh++}`);
  }

  /** The type with what is known filled in; parameters that are left may be made dynamic. */
  apply(type: CelType, paramToDyn = false): CelType {
    if (type.kind === "param") {
      const known = this.#known.get(type.name);
      if (known) return this.apply(known, paramToDyn);
      return paramToDyn ? dynType : type;
    }
    if (type.params.length === 0) return type;
    return { ...type, params: type.params.map((param) => this.apply(param, paramToDyn)) };
  }

  isAssignable(from: CelType, to: CelType): boolean {
    return this.isAssignableList([from], [to]);
  }

  isAssignableList(from: readonly CelType[], to: readonly CelType[]): boolean {
    const before = new Map(this.#known);
    if (this.#listAssignable(from, to)) return true;
    this.#known = before;
    return false;
  }

  #listAssignable(a: readonly CelType[], b: readonly CelType[]): boolean {
    if (a.length !== b.length) return false;
    return a.every((type, index) => {
      const other = b[index];
      return other !== undefined && this.#assignable(type, other);
    });
  }

  #assignable(a: CelType, b: CelType): boolean {
    if (b.kind === "param") {
      const [valid, known] = this.#substitutes(a, b);
      if (valid) return true;
      if (known) return false;
    }
    if (a.kind === "param") return this.#substitutes(b, a)[0];
    if (isDynOrError(a) || isDynOrError(b)) return true;
    if (a.kind === "null") return isNullable(b);
    if (b.kind === "null") return isNullable(a);
    if (a.kind === "type") return b.kind === "type";
    return a.kind === b.kind && a.name === b.name && this.#listAssignable(a.params, b.params);
  }

  /** Whether the type may stand for the parameter, and whether something already did. */
  #substitutes(type: CelType, param: CelType): [valid: boolean, known: boolean] {
    if (type.kind === "param" && type.name === param.name) return [true, true];
    const known = this.#known.get(param.name);
    if (!known) {
      if (this.#occurs(param, type)) return [false, false];
      this.#known.set(param.name, type);
      return [true, false];
    }
    if (sameType(type, known)) return [true, true];
    if (!this.#assignable(type, known)) return [false, true];
    const general = mostGeneral(type, known);
    if (!this.#occurs(param, general)) this.#known.set(param.name, general);
    return [true, true];
  }

  #occurs(param: CelType, within: CelType): boolean {
    if (within.kind === "param") {
      if (within.name === param.name) return true;
      const known = this.#known.get(within.name);
      return known !== undefined && this.#occurs(param, known);
    }
    return within.params.some((inner) => this.#occurs(param, inner));
  }
}

function isNullable(type: CelType): boolean {
  switch (type.kind) {
    case "null":
    case "object":
    case "opaque":
    case "timestamp":
    case "duration":
      return true;
    default:
      return false;
  }
}

/** The less specific of two types. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return isEqualOrLessSpecific(a, b) ? a : b;
}

function isEqualOrLessSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === "dyn" || a.kind === "param") return true;
  if (b.kind === "dyn" || b.kind === "param" || a.kind !== b.kind) return false;
  if (a.kind === "type") return true;
  if (a.name !== b.name || a.params.length !== b.params.length) return false;
  return a.params.every((param, index) => isEqualOrLessSpecific(param, b.params[index] ?? dynType));
}

/** `(string, int)`, or `string.(int)` for a method. */
export function formatSignature(args: readonly CelType[], isMethod: boolean): string {
  const texts = args.map(formatType);
  if (!isMethod) return `(${texts.join(", ")})`;
  return `${texts[0] ?? ""}.(${texts.slice(1).join(", ")})`;
}
