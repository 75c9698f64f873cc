import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { boolType, dynType, listOf, optionalOf, typeParam } from "../types.ts";
import {
  ArrayList,
  CelDuration,
  CelList,
  CelMap,
  CelOptional,
  CelStruct,
  CelTimestamp,
  CelUint,
  type Value,
} from "../values.ts";

const v = typeParam("V");
const optionalOfV = optionalOf(v);

function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === "") return true;
  if (value instanceof CelList || value instanceof CelMap) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.ns === 0n;
  return value instanceof CelStruct && value.fields.size === 0;
}

function valueOf(optional: CelOptional): Value {
  if (optional.value === undefined) throw new CelEvaluationError("optional.none() dereference");
  return optional.value;
}

function unwrap(list: CelList): CelList {
  return new ArrayList(
    list.toArray().flatMap((value) => (value instanceof CelOptional && value.value !== undefined ? [value.value] : [])),
  );
}

/** Values that may be absent. `or` and `orValue` are known to the evaluator, which skips what they do not need. */
export const optionalsLibrary: CelLibrary = {
  overloads: [
    fn("optional.of", "optional_of", [v], optionalOfV, (value: Value) => new CelOptional(value)),
    fn("optional.ofNonZeroValue", "optional_ofNonZeroValue", [v], optionalOfV, (value: Value) =>
      isZero(value) ? CelOptional.none : new CelOptional(value),
    ),
    fn("optional.none", "optional_none", [], optionalOfV, () => CelOptional.none),
    fn("optional.unwrap", "optional_unwrap", [listOf(optionalOfV)], listOf(v), unwrap),
    method("unwrapOpt", "optional_unwrapOpt", [listOf(optionalOfV)], listOf(v), unwrap),
    method("value", "optional_value", [optionalOfV], v, valueOf),
    method(
      "hasValue",
      "optional_hasValue",
      [optionalOfV],
      boolType,
      (optional: CelOptional) => optional.value !== undefined,
    ),
    method("or", "optional_or_optional", [optionalOfV, optionalOfV], optionalOfV, (a: CelOptional, b: CelOptional) =>
      a.value === undefined ? b : a,
    ),
    method(
      "orValue",
      "optional_orValue_value",
      [optionalOfV, v],
      v,
      (optional: CelOptional, other: Value) => optional.value ?? other,
    ),
  ],
  typeNames: [["optional_type", optionalOf(dynType)]],
};
