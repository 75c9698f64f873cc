import {
  checkedDuration,
  checkedInt,
  checkedTimestamp,
  checkedUint,
  divideInt,
  divideUint,
  moduloInt,
  moduloUint,
} from "./arithmetic.ts";
import { operators } from "./ast.ts";
import { fn, method, type CelLibrary, type Overload } from "./declarations.ts";
import { noSuchOverload } from "./evaluation-error.ts";
import { regexMatches } from "./regex.ts";
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  timestampType,
  typeOfType,
  typeParam,
  uintType,
  type CelType,
} from "./types.ts";
import { compare, concatenate } from "./value-equality.ts";
import {
  codePointCount,
  CelList,
  type CelDuration,
  type CelMap,
  type CelTimestamp,
  type CelUint,
  type Value,
} from "./values.ts";

const a = typeParam("A");
const b = typeParam("B");
const listOfA = listOf(a);
const mapOfAB = mapOf(a, b);

/** Operators that the evaluator knows by heart; what is here is for checking types. */
function builtIn(): never {
  throw noSuchOverload();
}

function operator(name: string, id: string, args: readonly CelType[], result: CelType): Overload {
  return fn(name, id, args, result, builtIn);
}

const logic: readonly Overload[] = [
  operator(operators.conditional, "conditional", [boolType, a, a], a),
  operator(operators.and, "logical_and", [boolType, boolType], boolType),
  operator(operators.or, "logical_or", [boolType, boolType], boolType),
  operator(operators.equals, "equals", [a, a], boolType),
  operator(operators.notEquals, "not_equals", [a, a], boolType),
  fn(operators.not, "logical_not", [boolType], boolType, (value: boolean) => !value),
  operator(operators.notStrictlyFalse, "not_strictly_false", [boolType], boolType),
  operator(operators.in, "in_list", [a, listOfA], boolType),
  operator(operators.in, "in_map", [a, mapOfAB], boolType),
  operator(operators.index, "index_list", [listOfA, intType], a),
  operator(operators.index, "index_map", [mapOfAB, a], b),
  operator(operators.index, "optional_list_index_int", [optionalOf(listOfA), intType], optionalOf(a)),
  operator(operators.index, "optional_map_index_value", [optionalOf(mapOfAB), a], optionalOf(b)),
  operator(operators.optionalIndex, "list_optindex_optional_int", [listOfA, intType], optionalOf(a)),
  operator(
    operators.optionalIndex,
    "optional_list_optindex_optional_int",
    [optionalOf(listOfA), intType],
    optionalOf(a),
  ),
  operator(operators.optionalIndex, "map_optindex_optional_value", [mapOfAB, a], optionalOf(b)),
  operator(operators.optionalIndex, "optional_map_optindex_optional_value", [optionalOf(mapOfAB), a], optionalOf(b)),
  operator(operators.mapInsert, "cel_@mapInsert_map_key_value", [mapOfAB, a, b], mapOfAB),
  operator(operators.mapInsert, "cel_@mapInsert_map_map", [mapOfAB, mapOfAB], mapOfAB),
];

function concatenateBytes(x: Uint8Array, y: Uint8Array): Value {
  return new Uint8Array(Buffer.concat([x, y]));
}

const sums: readonly Overload[] = [
  fn(operators.add, "add_int64", [intType, intType], intType, (x: bigint, y: bigint) => checkedInt(x + y)),
  fn(operators.add, "add_uint64", [uintType, uintType], uintType, (x: CelUint, y: CelUint) =>
    checkedUint(x.value + y.value),
  ),
  fn(operators.add, "add_double", [doubleType, doubleType], doubleType, (x: number, y: number) => x + y),
  fn(operators.add, "add_string", [stringType, stringType], stringType, (x: string, y: string) => x + y),
  fn(operators.add, "add_bytes", [bytesType, bytesType], bytesType, concatenateBytes),
  fn(operators.add, "add_list", [listOfA, listOfA], listOfA, concatenate),
  fn(
    operators.add,
    "add_duration_duration",
    [durationType, durationType],
    durationType,
    (x: CelDuration, y: CelDuration) => checkedDuration(x.ns + y.ns),
  ),
  fn(
    operators.add,
    "add_duration_timestamp",
    [durationType, timestampType],
    timestampType,
    (x: CelDuration, y: CelTimestamp) => checkedTimestamp(x.ns + y.ns),
  ),
  fn(
    operators.add,
    "add_timestamp_duration",
    [timestampType, durationType],
    timestampType,
    (x: CelTimestamp, y: CelDuration) => checkedTimestamp(x.ns + y.ns),
  ),
  fn(operators.subtract, "subtract_int64", [intType, intType], intType, (x: bigint, y: bigint) => checkedInt(x - y)),
  fn(operators.subtract, "subtract_uint64", [uintType, uintType], uintType, (x: CelUint, y: CelUint) =>
    checkedUint(x.value - y.value),
  ),
  fn(operators.subtract, "subtract_double", [doubleType, doubleType], doubleType, (x: number, y: number) => x - y),
  fn(
    operators.subtract,
    "subtract_duration_duration",
    [durationType, durationType],
    durationType,
    (x: CelDuration, y: CelDuration) => checkedDuration(x.ns - y.ns),
  ),
  fn(
    operators.subtract,
    "subtract_timestamp_duration",
    [timestampType, durationType],
    timestampType,
    (x: CelTimestamp, y: CelDuration) => checkedTimestamp(x.ns - y.ns),
  ),
  fn(
    operators.subtract,
    "subtract_timestamp_timestamp",
    [timestampType, timestampType],
    durationType,
    (x: CelTimestamp, y: CelTimestamp) => checkedDuration(x.ns - y.ns),
  ),
];

const products: readonly Overload[] = [
  fn(operators.multiply, "multiply_int64", [intType, intType], intType, (x: bigint, y: bigint) => checkedInt(x * y)),
  fn(operators.multiply, "multiply_uint64", [uintType, uintType], uintType, (x: CelUint, y: CelUint) =>
    checkedUint(x.value * y.value),
  ),
  fn(operators.multiply, "multiply_double", [doubleType, doubleType], doubleType, (x: number, y: number) => x * y),
  fn(operators.divide, "divide_int64", [intType, intType], intType, divideInt),
  fn(operators.divide, "divide_uint64", [uintType, uintType], uintType, divideUint),
  fn(operators.divide, "divide_double", [doubleType, doubleType], doubleType, (x: number, y: number) => x / y),
  fn(operators.modulo, "modulo_int64", [intType, intType], intType, moduloInt),
  fn(operators.modulo, "modulo_uint64", [uintType, uintType], uintType, moduloUint),
  fn(operators.negate, "negate_int64", [intType], intType, (x: bigint) => checkedInt(-x)),
  fn(operators.negate, "negate_double", [doubleType], doubleType, (x: number) => -x),
];

const comparisonTests: readonly (readonly [name: string, id: string, test: (order: number) => boolean])[] = [
  [operators.less, "less", (order) => order < 0],
  [operators.lessEquals, "less_equals", (order) => order <= 0],
  [operators.greater, "greater", (order) => order > 0],
  [operators.greaterEquals, "greater_equals", (order) => order >= 0],
];
const comparedTypes: readonly (readonly [suffix: string, left: CelType, right: CelType])[] = [
  ["bool", boolType, boolType],
  ["int64", intType, intType],
  ["int64_double", intType, doubleType],
  ["int64_uint64", intType, uintType],
  ["uint64", uintType, uintType],
  ["uint64_double", uintType, doubleType],
  ["uint64_int64", uintType, intType],
  ["double", doubleType, doubleType],
  ["double_int64", doubleType, intType],
  ["double_uint64", doubleType, uintType],
  ["string", stringType, stringType],
  ["bytes", bytesType, bytesType],
  ["timestamp", timestampType, timestampType],
  ["duration", durationType, durationType],
];
const comparisons: readonly Overload[] = comparisonTests.flatMap(([name, id, test]) =>
  comparedTypes.map(([suffix, left, right]) =>
    fn(name, `${id}_${suffix}`, [left, right], boolType, (x: Value, y: Value) => test(compare(x, y))),
  ),
);

function sizeOf(value: Value): bigint {
  if (typeof value === "string") return BigInt(codePointCount(value));
  if (value instanceof Uint8Array) return BigInt(value.length);
  if (value instanceof CelList) return BigInt(value.size);
  return BigInt((value as CelMap).size);
}

const sized: readonly (readonly [id: string, type: CelType])[] = [
  ["string", stringType],
  ["bytes", bytesType],
  ["list", listOfA],
  ["map", mapOfAB],
];
const sizes: readonly Overload[] = sized.flatMap(([id, type]) => [
  fn("size", `size_${id}`, [type], intType, sizeOf),
  method("size", `${id}_size`, [type], intType, sizeOf),
]);

const texts: readonly Overload[] = [
  method("contains", "contains_string", [stringType, stringType], boolType, (x: string, y: string) => x.includes(y)),
  method("startsWith", "starts_with_string", [stringType, stringType], boolType, (x: string, y: string) =>
    x.startsWith(y),
  ),
  method("endsWith", "ends_with_string", [stringType, stringType], boolType, (x: string, y: string) => x.endsWith(y)),
  method("matches", "matches_string", [stringType, stringType], boolType, regexMatches),
  fn("matches", "matches", [stringType, stringType], boolType, regexMatches),
];

/** Operators, comparison, size, substring and pattern tests, and the names of the types. */
export const standardLibrary: CelLibrary = {
  overloads: [...logic, ...sums, ...products, ...comparisons, ...sizes, ...texts],
  typeNames: [
    ["bool", boolType],
    ["bytes", bytesType],
    ["double", doubleType],
    ["int", intType],
    ["list", listOf(dynType)],
    ["map", mapOf(dynType, dynType)],
    ["null_type", nullType],
    ["string", stringType],
    ["type", typeOfType(undefined)],
    ["uint", uintType],
    ["google.protobuf.Timestamp", timestampType],
    ["google.protobuf.Duration", durationType],
  ],
};
