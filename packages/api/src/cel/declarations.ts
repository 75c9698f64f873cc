import type { CelType } from "./types.ts";
import type { Value } from "./values.ts";

export type Implementation = (...args: readonly Value[]) => Value;

/** One signature of a function. For a method the first argument is what it is called on. */
export interface Overload {
  /** Upstream's id, by which costs are told apart. */
  readonly id: string;
  readonly fn: string;
  readonly member: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  readonly impl: Implementation;
}

/** Functions and named constants that an environment may offer. */
export interface CelLibrary {
  readonly overloads: readonly Overload[];
  /** Identifiers that are always known: the names of types. */
  readonly typeNames?: readonly (readonly [name: string, type: CelType])[];
}

/** A function. The implementation may rely on arguments being of the kinds declared, elements of lists excepted. */
export function fn(
  name: string,
  id: string,
  args: readonly CelType[],
  result: CelType,
  impl: (...args: never[]) => Value,
): Overload {
  return { id, fn: name, member: false, args, result, impl: impl as unknown as Implementation };
}

/** A method; its first argument is what it is called on. */
export function method(
  name: string,
  id: string,
  args: readonly CelType[],
  result: CelType,
  impl: (...args: never[]) => Value,
): Overload {
  return { id, fn: name, member: true, args, result, impl: impl as unknown as Implementation };
}
