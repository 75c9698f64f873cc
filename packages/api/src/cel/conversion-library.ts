import { checkedInt, checkedTimestamp, checkedUint, doubleToInt, doubleToUint, formatDouble } from "./arithmetic.ts";
import { fn, method, type CelLibrary, type Overload } from "./declarations.ts";
import { CelEvaluationError } from "./evaluation-error.ts";
import { epochMs, formatDuration, formatTimestamp, inZone, parseDuration, parseTimestamp } from "./time-values.ts";
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  stringType,
  timestampType,
  typeOfType,
  typeParam,
  uintType,
  type CelType,
} from "./types.ts";
import { CelDuration, CelTimestamp, CelTypeValue, CelUint, typeNameOf, type Value } from "./values.ts";

const a = typeParam("A");
const identity = (value: Value): Value => value;
const second = 1_000_000_000n;

function failed(from: string, to: string): CelEvaluationError {
  return new CelEvaluationError(`type conversion error from '${from}' to '${to}'`);
}

function stringToInt(text: string): bigint {
  if (text.length > 32 || !/^[+-]?[0-9]+$/.test(text)) throw failed("string", "int");
  const value = BigInt(text.replace("+", ""));
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw failed("string", "int");
  return value;
}

function stringToUint(text: string): CelUint {
  if (text.length > 32 || !/^[0-9]+$/.test(text) || BigInt(text) >= 2n ** 64n) throw failed("string", "uint");
  return new CelUint(BigInt(text));
}

function stringToDouble(text: string): number {
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) throw failed("string", "double");
  const value = Number(text);
  if (!Number.isFinite(value)) throw failed("string", "double");
  return value;
}

const trueTexts = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falseTexts = new Set(["0", "f", "F", "false", "FALSE", "False"]);

function stringToBool(text: string): boolean {
  if (trueTexts.has(text)) return true;
  if (falseTexts.has(text)) return false;
  throw failed("string", "bool");
}

function bytesToString(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CelEvaluationError("invalid UTF-8 in bytes, cannot convert to string");
  }
}

function stringToDuration(text: string): CelDuration {
  const ns = parseDuration(text);
  if (ns === undefined) throw failed("string", "google.protobuf.Duration");
  return new CelDuration(ns);
}

function stringToTimestamp(text: string): CelTimestamp {
  const ns = parseTimestamp(text);
  if (ns === undefined) throw failed("string", "google.protobuf.Timestamp");
  return new CelTimestamp(ns);
}

function floorSeconds(value: CelTimestamp): bigint {
  return (value.ns - (((value.ns % second) + second) % second)) / second;
}

const scalars: readonly Overload[] = [
  fn("bool", "bool_to_bool", [boolType], boolType, identity),
  fn("bool", "string_to_bool", [stringType], boolType, stringToBool),
  fn("bytes", "bytes_to_bytes", [bytesType], bytesType, identity),
  fn("bytes", "string_to_bytes", [stringType], bytesType, (text: string) => new TextEncoder().encode(text)),
  fn("double", "double_to_double", [doubleType], doubleType, identity),
  fn("double", "int64_to_double", [intType], doubleType, (value: bigint) => Number(value)),
  fn("double", "uint64_to_double", [uintType], doubleType, (value: CelUint) => Number(value.value)),
  fn("double", "string_to_double", [stringType], doubleType, stringToDouble),
  fn("int", "int64_to_int64", [intType], intType, identity),
  fn("int", "double_to_int64", [doubleType], intType, doubleToInt),
  fn("int", "uint64_to_int64", [uintType], intType, (value: CelUint) => checkedInt(value.value)),
  fn("int", "string_to_int64", [stringType], intType, stringToInt),
  fn("int", "timestamp_to_int64", [timestampType], intType, floorSeconds),
  fn("int", "duration_to_int64", [durationType], intType, (value: CelDuration) => value.ns),
  fn("uint", "uint64_to_uint64", [uintType], uintType, identity),
  fn("uint", "int64_to_uint64", [intType], uintType, checkedUint),
  fn("uint", "double_to_uint64", [doubleType], uintType, doubleToUint),
  fn("uint", "string_to_uint64", [stringType], uintType, stringToUint),
  fn("dyn", "to_dyn", [a], dynType, identity),
  fn("type", "type", [a], typeOfType(a), (value: Value) => new CelTypeValue(typeNameOf(value))),
];

const strings: readonly Overload[] = [
  fn("string", "string_to_string", [stringType], stringType, identity),
  fn("string", "bool_to_string", [boolType], stringType, String),
  fn("string", "bytes_to_string", [bytesType], stringType, bytesToString),
  fn("string", "double_to_string", [doubleType], stringType, formatDouble),
  fn("string", "int64_to_string", [intType], stringType, String),
  fn("string", "uint64_to_string", [uintType], stringType, (value: CelUint) => String(value.value)),
  fn("string", "timestamp_to_string", [timestampType], stringType, (value: CelTimestamp) => formatTimestamp(value.ns)),
  fn("string", "duration_to_string", [durationType], stringType, (value: CelDuration) => formatDuration(value.ns)),
];

const times: readonly Overload[] = [
  fn("duration", "duration_to_duration", [durationType], durationType, identity),
  fn("duration", "string_to_duration", [stringType], durationType, stringToDuration),
  fn("duration", "int64_to_duration", [intType], durationType, (value: bigint) => new CelDuration(value)),
  fn("timestamp", "timestamp_to_timestamp", [timestampType], timestampType, identity),
  fn("timestamp", "string_to_timestamp", [stringType], timestampType, stringToTimestamp),
  fn("timestamp", "int64_to_timestamp", [intType], timestampType, (value: bigint) => checkedTimestamp(value * second)),
];

function dayOfYear(date: Date): number {
  return (
    Math.round((Date.UTC(2000, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(2000, 0, 1)) / 86_400_000) -
    (date.getUTCMonth() > 1 && !isLeap(date.getUTCFullYear()) ? 1 : 0)
  );
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const timestampParts: readonly (readonly [name: string, id: string, read: (date: Date) => number])[] = [
  ["getFullYear", "timestamp_to_year", (date) => date.getUTCFullYear()],
  ["getMonth", "timestamp_to_month", (date) => date.getUTCMonth()],
  ["getDayOfYear", "timestamp_to_day_of_year", dayOfYear],
  ["getDayOfMonth", "timestamp_to_day_of_month", (date) => date.getUTCDate() - 1],
  ["getDate", "timestamp_to_day_of_month_1_based", (date) => date.getUTCDate()],
  ["getDayOfWeek", "timestamp_to_day_of_week", (date) => date.getUTCDay()],
  ["getHours", "timestamp_to_hours", (date) => date.getUTCHours()],
  ["getMinutes", "timestamp_to_minutes", (date) => date.getUTCMinutes()],
  ["getSeconds", "timestamp_to_seconds", (date) => date.getUTCSeconds()],
  ["getMilliseconds", "timestamp_to_milliseconds", (date) => date.getUTCMilliseconds()],
];

function zoned(time: CelTimestamp, zone: string): Date {
  const date = inZone(time.ns, zone);
  if (!date) throw new CelEvaluationError(`unknown time zone ${zone}`);
  return date;
}

function unit(name: string, id: string, ns: bigint, type: CelType = durationType): Overload {
  return method(name, id, [type], intType, (value: CelDuration) => value.ns / ns);
}

const parts: readonly Overload[] = timestampParts.flatMap(([name, id, read]) => [
  method(name, id, [timestampType], intType, (time: CelTimestamp) => BigInt(read(new Date(epochMs(time.ns))))),
  method(name, `${id}_with_tz`, [timestampType, stringType], intType, (time: CelTimestamp, zone: string) =>
    BigInt(read(zoned(time, zone))),
  ),
]);

/** Conversions between types, and the parts of timestamps and durations. */
export const conversionLibrary: CelLibrary = {
  overloads: [
    ...scalars,
    ...strings,
    ...times,
    ...parts,
    unit("getHours", "duration_to_hours", 3600n * second),
    unit("getMinutes", "duration_to_minutes", 60n * second),
    unit("getSeconds", "duration_to_seconds", second),
    unit("getMilliseconds", "duration_to_milliseconds", 1_000_000n),
  ],
};
