import { checkedDuration, checkedInt, checkedUint } from "../arithmetic.ts";
import { fn, method, type CelLibrary, type Overload } from "../declarations.ts";
import { CelEvaluationError, noSuchOverload } from "../evaluation-error.ts";
import { regexFind, regexFindAll } from "../regex.ts";
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  listOf,
  stringType,
  timestampType,
  typeParam,
  uintType,
  type CelType,
} from "../types.ts";
import { compare, contains, equals } from "../value-equality.ts";
import { ArrayList, CelDuration, CelUint, type CelList, type Value } from "../values.ts";

const t = typeParam("T");
const listOfT = listOf(t);

function isSorted(list: CelList): boolean {
  for (let index = 1; index < list.size; index++) {
    if (compare(list.at(index - 1), list.at(index)) > 0) return false;
  }
  return true;
}

function extreme(name: string, sign: 1 | -1): (list: CelList) => Value {
  return (list) => {
    if (list.size === 0) throw new CelEvaluationError(`${name} called on empty list`);
    let best = list.at(0);
    for (let index = 1; index < list.size; index++) {
      const value = list.at(index);
      if (compare(value, best) * sign < 0) best = value;
    }
    return best;
  };
}

function addTwo(a: Value, b: Value): Value {
  if (typeof a === "bigint" && typeof b === "bigint") return checkedInt(a + b);
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a instanceof CelUint && b instanceof CelUint) return checkedUint(a.value + b.value);
  if (a instanceof CelDuration && b instanceof CelDuration) return checkedDuration(a.ns + b.ns);
  throw noSuchOverload();
}

function summer(zero: Value): (list: CelList) => Value {
  return (list) => {
    let sum = zero;
    for (let index = 0; index < list.size; index++) sum = addTwo(sum, list.at(index));
    return sum;
  };
}

function indexOf(list: CelList, value: Value): bigint {
  for (let index = 0; index < list.size; index++) if (equals(list.at(index), value)) return BigInt(index);
  return -1n;
}

function lastIndexOf(list: CelList, value: Value): bigint {
  for (let index = list.size - 1; index >= 0; index--) if (equals(list.at(index), value)) return BigInt(index);
  return -1n;
}

const ordered: readonly (readonly [name: string, type: CelType])[] = [
  ["int", intType],
  ["uint", uintType],
  ["double", doubleType],
  ["bool", boolType],
  ["duration", durationType],
  ["timestamp", timestampType],
  ["string", stringType],
  ["bytes", bytesType],
];
const summable: readonly (readonly [name: string, type: CelType, zero: Value])[] = [
  ["int", intType, 0n],
  ["uint", uintType, new CelUint(0n)],
  ["double", doubleType, 0],
  ["duration", durationType, new CelDuration(0n)],
];

const orderOverloads: readonly Overload[] = ordered.flatMap(([name, type]) => [
  method("isSorted", `list_${name}_is_sorted_bool`, [listOf(type)], boolType, isSorted),
  method("min", `list_${name}_min_${name}`, [listOf(type)], type, extreme("min", 1)),
  method("max", `list_${name}_max_${name}`, [listOf(type)], type, extreme("max", -1)),
]);
const sumOverloads: readonly Overload[] = summable.map(([name, type, zero]) =>
  method("sum", `list_${name}_sum_${name}`, [listOf(type)], type, summer(zero)),
);

/** Order, sums and positions of lists. */
export const listsLibrary: CelLibrary = {
  overloads: [
    ...orderOverloads,
    ...sumOverloads,
    method("indexOf", "list_a_index_of_int", [listOfT, t], intType, indexOf),
    method("lastIndexOf", "list_a_last_index_of_int", [listOfT, t], intType, lastIndexOf),
  ],
};

/** Patterns are RE2's. */
export const regexLibrary: CelLibrary = {
  overloads: [
    method("find", "string_find_string", [stringType, stringType], stringType, regexFind),
    method(
      "findAll",
      "string_find_all_string",
      [stringType, stringType],
      listOf(stringType),
      (text: string, pattern: string) => new ArrayList(regexFindAll(text, pattern, -1)),
    ),
    method(
      "findAll",
      "string_find_all_string_int",
      [stringType, stringType, intType],
      listOf(stringType),
      (text: string, pattern: string, limit: bigint) => new ArrayList(regexFindAll(text, pattern, Number(limit))),
    ),
  ],
};

function containsAll(list: CelList, part: CelList): boolean {
  for (let index = 0; index < part.size; index++) if (!contains(list, part.at(index))) return false;
  return true;
}

function intersects(a: CelList, b: CelList): boolean {
  for (let index = 0; index < a.size; index++) if (contains(b, a.at(index))) return true;
  return false;
}

/** Lists as sets. */
export const setsLibrary: CelLibrary = {
  overloads: [
    fn("sets.contains", "list_sets_contains_list", [listOfT, listOfT], boolType, containsAll),
    fn(
      "sets.equivalent",
      "list_sets_equivalent_list",
      [listOfT, listOfT],
      boolType,
      (a: CelList, b: CelList) => containsAll(a, b) && containsAll(b, a),
    ),
    fn("sets.intersects", "list_sets_intersects_list", [listOfT, listOfT], boolType, intersects),
  ],
};
