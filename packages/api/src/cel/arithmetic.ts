import { CelEvaluationError } from "./evaluation-error.ts";
import { inRange } from "./time-values.ts";
import { CelDuration, CelTimestamp, CelUint } from "./values.ts";

const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;
const maxUint = 2n ** 64n - 1n;

/** The integer, if 64 bits hold it. */
export function checkedInt(value: bigint): bigint {
  if (value < minInt || value > maxInt) throw new CelEvaluationError("integer overflow");
  return value;
}

export function checkedUint(value: bigint): CelUint {
  if (value < 0n || value > maxUint) throw new CelEvaluationError("unsigned integer overflow");
  return new CelUint(value);
}

export function checkedDuration(ns: bigint): CelDuration {
  if (ns < minInt || ns > maxInt) throw new CelEvaluationError("duration overflow");
  return new CelDuration(ns);
}

export function checkedTimestamp(ns: bigint): CelTimestamp {
  if (inRange(ns) === undefined) throw new CelEvaluationError("timestamp overflow");
  return new CelTimestamp(ns);
}

export function divideInt(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new CelEvaluationError("division by zero");
  return checkedInt(a / b);
}

export function moduloInt(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new CelEvaluationError("modulus by zero");
  if (a === minInt && b === -1n) throw new CelEvaluationError("integer overflow");
  return a % b;
}

export function divideUint(a: CelUint, b: CelUint): CelUint {
  if (b.value === 0n) throw new CelEvaluationError("division by zero");
  return new CelUint(a.value / b.value);
}

export function moduloUint(a: CelUint, b: CelUint): CelUint {
  if (b.value === 0n) throw new CelEvaluationError("modulus by zero");
  return new CelUint(a.value % b.value);
}

/** The whole part of a double as an integer. */
export function doubleToInt(value: number): bigint {
  if (Number.isNaN(value) || value <= -(2 ** 63) || value >= 2 ** 63) throw new CelEvaluationError("integer overflow");
  return BigInt(Math.trunc(value));
}

export function doubleToUint(value: number): CelUint {
  if (Number.isNaN(value) || value < 0 || value >= 2 ** 64) throw new CelEvaluationError("unsigned integer overflow");
  return new CelUint(BigInt(Math.trunc(value)));
}

/** A number as Go's `%g` with the fewest digits writes it, which is how `string(double)` reads. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plainDecimal(value, mantissa, power);
  const digits = String(Math.abs(power)).padStart(2, "0");
  return `${mantissa}e${power < 0 ? "-" : "+"}${digits}`;
}

function plainDecimal(value: number, mantissa: string, power: number): string {
  if (power >= 0) return value.toString();
  const digits = mantissa.replace("-", "").replace(".", "");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(-power - 1)}${digits}`;
}
