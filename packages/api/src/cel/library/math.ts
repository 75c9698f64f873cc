import { checkedInt } from "../arithmetic.ts";
import { fn, type CelLibrary, type Overload } from "../declarations.ts";
import { CelEvaluationError, noSuchOverload } from "../evaluation-error.ts";
import {
  boolType,
  bytesType,
  doubleType,
  dynType,
  intType,
  listOf,
  stringType,
  uintType,
  type CelType,
} from "../types.ts";
import { compare } from "../value-equality.ts";
import { CelList, CelUint, type Value } from "../values.ts";

const numeric: readonly CelType[] = [intType, uintType, doubleType];

function extreme(name: string, sign: 1 | -1): (...args: readonly Value[]) => Value {
  return (...args) => {
    const [first, second] = args;
    const values = args.length === 1 && first instanceof CelList ? first.toArray() : args;
    let best = values[0];
    if (best === undefined) throw new CelEvaluationError(`math.@${name}(list) argument must not be empty`);
    for (const value of values.slice(1)) if (compare(value, best) * sign < 0) best = value;
    if (second === undefined && typeof best !== "number" && typeof best !== "bigint" && !(best instanceof CelUint)) {
      throw noSuchOverload();
    }
    return best;
  };
}

function extremes(name: "greatest" | "least", sign: 1 | -1): Overload[] {
  const impl = extreme(name === "greatest" ? "max" : "min", sign) as (...args: never[]) => Value;
  const id = `math_@${name === "greatest" ? "max" : "min"}`;
  return [
    ...numeric.map((type) => fn(`math.${name}`, `${id}_${type.name}`, [type], type, impl)),
    fn(`math.${name}`, `${id}_list`, [listOf(dynType)], dynType, impl),
    ...numeric.flatMap((a) =>
      numeric.map((b) => fn(`math.${name}`, `${id}_${a.name}_${b.name}`, [a, b], a === b ? a : dynType, impl)),
    ),
    ...[3, 4, 5, 6, 7, 8].map((count) =>
      fn(
        `math.${name}`,
        `${id}_${count}`,
        Array.from({ length: count }, () => dynType),
        dynType,
        impl,
      ),
    ),
  ];
}

function absolute(value: Value): Value {
  if (typeof value === "bigint") return checkedInt(value < 0n ? -value : value);
  return typeof value === "number" ? Math.abs(value) : value;
}

function sign(value: Value): Value {
  if (typeof value === "bigint") return value > 0n ? 1n : value < 0n ? -1n : 0n;
  if (typeof value === "number") return Math.sign(value);
  return value instanceof CelUint && value.value > 0n ? new CelUint(1n) : value;
}

/** Half away from zero. */
function round(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function double(name: string, impl: (value: number) => number): Overload {
  return fn(`math.${name}`, `math_${name}_double`, [doubleType], doubleType, impl);
}

/** Greatest, least, rounding, sign and tests of doubles. */
export const mathLibrary: CelLibrary = {
  overloads: [
    ...extremes("greatest", -1),
    ...extremes("least", 1),
    double("ceil", Math.ceil),
    double("floor", Math.floor),
    double("trunc", Math.trunc),
    double("round", round),
    ...numeric.flatMap((type) => [
      fn("math.abs", `math_abs_${type.name}`, [type], type, absolute),
      fn("math.sign", `math_sign_${type.name}`, [type], type, sign),
    ]),
    fn("math.isNaN", "math_isNaN_double", [doubleType], boolType, Number.isNaN),
    fn("math.isInf", "math_isInf_double", [doubleType], boolType, (value: number) => Math.abs(value) === Infinity),
    fn("math.isFinite", "math_isFinite_double", [doubleType], boolType, Number.isFinite),
  ],
};

function decodeBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    const offset = text.search(/[^A-Za-z0-9+/]/);
    throw new CelEvaluationError(`illegal base64 data at input byte ${offset}`);
  }
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** Base64. */
export const encodersLibrary: CelLibrary = {
  overloads: [
    fn("base64.decode", "base64_decode_string", [stringType], bytesType, decodeBase64),
    fn("base64.encode", "base64_encode_bytes", [bytesType], stringType, (bytes: Uint8Array) =>
      Buffer.from(bytes).toString("base64"),
    ),
  ],
};
