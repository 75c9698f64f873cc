import { formatDouble } from "../arithmetic.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { goQuote } from "../../go-quote.ts";
import { formatDuration, formatTimestamp } from "../time-values.ts";
import {
  CelDuration,
  CelList,
  CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  typeNameOf,
  type Value,
} from "../values.ts";

const defaultPrecision = 6;
const maxPrecision = 100;
const clause = /%(?:\.(\d*))?([^]?)/g;

/** `text.format(args)`: each clause takes the next argument. Throws `CelEvaluationError`. */
export function formatText(text: string, args: CelList): string {
  let next = 0;
  return text.replaceAll(clause, (whole, precision: string | undefined, verb: string) => {
    if (whole === "%%") return "%";
    if (verb === "") throw new CelEvaluationError("unexpected end of string");
    if (next >= args.size) throw new CelEvaluationError(`index ${next} out of range`);
    const arg = args.at(next++);
    try {
      return formatClause(verb, parsePrecision(precision), arg);
    } catch (error) {
      if (!(error instanceof CelEvaluationError)) throw error;
      throw new CelEvaluationError(`error during formatting: ${error.message}`);
    }
  });
}

function parsePrecision(text: string | undefined): number {
  if (text === undefined || text === "") return defaultPrecision;
  const precision = Number(text);
  if (precision > maxPrecision) throw new CelEvaluationError("precision is too large");
  return precision;
}

function formatClause(verb: string, precision: number, arg: Value): string {
  switch (verb) {
    case "s":
      return asString(arg);
    case "d":
      return String(integer(arg, "decimal clause can only be used on integers"));
    case "f":
      return fixed(double(arg, "fixed-point clause can only be used on doubles"), precision);
    case "e":
      return scientific(double(arg, "scientific clause can only be used on doubles"), precision);
    case "b":
      if (typeof arg === "boolean") return arg ? "1" : "0";
      return integer(arg, "only integers and bools can be formatted as binary").toString(2);
    case "x":
      return hex(arg);
    case "X":
      return hex(arg).toUpperCase();
    case "o":
      return integer(arg, "octal clause can only be used on integers").toString(8);
    default:
      throw new CelEvaluationError(
        `could not parse formatting clause: unrecognized formatting clause ${goQuote(verb)}`,
      );
  }
}

function given(message: string, arg: Value): CelEvaluationError {
  return new CelEvaluationError(`${message}, was given ${typeNameOf(arg)}`);
}

function integer(arg: Value, message: string): bigint {
  if (typeof arg === "bigint") return arg;
  if (arg instanceof CelUint) return arg.value;
  throw given(message, arg);
}

function double(arg: Value, message: string): number {
  if (typeof arg === "number") return arg;
  if (arg === "NaN" || arg === "Infinity" || arg === "-Infinity") return Number(arg);
  throw given(message, arg);
}

/** The English spelling: thousands are grouped. */
function fixed(value: number, precision: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (Math.abs(value) >= 1e21) return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const [whole = "", fraction] = halfToEven(value, precision).toFixed(precision).split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A value halfway between two that can be shown becomes the even one. */
function halfToEven(value: number, precision: number): number {
  const scale = 10 ** precision;
  const below = Math.floor(value * scale);
  if (value * scale - below !== 0.5 || (below + 0.5) / scale !== value) return value;
  return (below % 2 === 0 ? below : below + 1) / scale;
}

function scientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return fixed(value, precision);
  const [mantissa = "", exponent = "0"] = value.toExponential(precision).split("e");
  const power = Number(exponent);
  const digits = String(Math.abs(power)).padStart(2, "0");
  const superscript = Array.from(digits, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit))).join("");
  return `${mantissa}\u202f×\u202f10${power < 0 ? "⁻" : ""}${superscript}`;
}

function hex(arg: Value): string {
  if (typeof arg === "string") return Buffer.from(arg).toString("hex");
  if (arg instanceof Uint8Array) return Buffer.from(arg).toString("hex");
  return integer(arg, "only integers, byte buffers, and strings can be formatted as hex").toString(16);
}

/** The value as `%s` prints it. */
function asString(arg: Value): string {
  if (arg === null) return "null";
  switch (typeof arg) {
    case "string":
      return arg;
    case "boolean":
    case "bigint":
      return String(arg);
    case "number":
      return formatDouble(arg);
    default:
  }
  if (arg instanceof CelUint) return String(arg.value);
  if (arg instanceof Uint8Array) return Buffer.from(arg).toString("utf8");
  if (arg instanceof CelTimestamp) return formatTimestamp(arg.ns);
  if (arg instanceof CelDuration) return formatDuration(arg.ns);
  if (arg instanceof CelTypeValue) return arg.typeName;
  if (arg instanceof CelList) return `[${arg.toArray().map(nested).join(", ")}]`;
  if (arg instanceof CelMap) return mapText(arg);
  throw given(
    "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
    arg,
  );
}

function mapText(map: CelMap): string {
  const entries = map.keys().map((key) => [nested(key), nested(map.get(key) ?? null)] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(", ")}}`;
}

/** A value within a list or map is written as a literal. */
function nested(value: Value): string {
  if (typeof value === "string") return goQuote(value);
  if (value instanceof Uint8Array) return `b${goQuote(Buffer.from(value).toString("utf8"))}`;
  if (value instanceof CelTimestamp) return `timestamp(${goQuote(formatTimestamp(value.ns))})`;
  if (value instanceof CelDuration) return `duration(${goQuote(formatDuration(value.ns))})`;
  if (typeof value === "number")
    return Number.isFinite(value) ? value.toFixed(defaultPrecision) : goQuote(formatDouble(value));
  return asString(value);
}
