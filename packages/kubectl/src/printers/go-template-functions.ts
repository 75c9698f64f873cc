import { isRecord } from "@kube-ts/std/config-schema";
import { goQuote } from "@kube-ts/api/go-quote";
import { TemplateError } from "./go-template-lexer.ts";

/** Whether a value counts as true: not zero, empty or missing. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as templates print it. */
export function templateText(value: unknown): string {
  if (value === undefined || value === null) return "<no value>";
  return innerText(value);
}

function innerText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "number") return numberText(value);
  if (Array.isArray(value)) return `[${value.map(innerText).join(" ")}]`;
  if (!isRecord(value)) return String(value);
  const keys = Object.keys(value).toSorted();
  return `map[${keys.map((key) => `${key}:${innerText(value[key])}`).join(" ")}]`;
}

/** Numbers of an object are floating-point to a template, and large ones print with an exponent. */
function numberText(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 6) return String(value);
  return value.toExponential().replace(/e([-+])(\d)$/, "e$10$2");
}

type TemplateFunction = (...args: unknown[]) => unknown;

export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["and", (...args) => args.find((arg) => !isTruthy(arg)) ?? args.at(-1)],
  ["or", (...args) => args.find((arg) => isTruthy(arg)) ?? args.at(-1)],
  ["not", (value) => !isTruthy(value)],
  ["len", (value) => lengthOf(value)],
  ["index", (value, ...keys) => keys.reduce<unknown>(indexInto, value)],
  ["slice", (value, from, to) => sliceInto(value, from, to)],
  ["print", (...args) => args.map(innerText).join("")],
  ["println", (...args) => `${args.map(innerText).join(" ")}\n`],
  ["printf", (format, ...args) => formatText(String(format), args)],
  ["eq", (first, ...others) => others.some((other) => isEqual(first, other))],
  ["ne", (first, second) => !isEqual(first, second)],
  ["lt", (first, second) => order(first, second) < 0],
  ["le", (first, second) => order(first, second) <= 0],
  ["gt", (first, second) => order(first, second) > 0],
  ["ge", (first, second) => order(first, second) >= 0],
  ["html", (...args) => escapeHtml(args.map(innerText).join(""))],
  ["js", (...args) => JSON.stringify(args.map(innerText).join("")).slice(1, -1)],
  ["urlquery", (...args) => encodeURIComponent(args.map(innerText).join("")).replaceAll("%20", "+")],
  ["exists", (value, ...keys) => exists(value, keys)],
  ["base64decode", (value) => Buffer.from(String(value), "base64").toString("utf8")],
]);

function lengthOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (isRecord(value)) return Object.keys(value).length;
  throw new TemplateError("error calling len: reflect: call of reflect.Value.Type on zero Value");
}

function indexInto(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    if (typeof key !== "number")
      throw new TemplateError("error calling index: cannot index slice/array with type string");
    if (key < 0 || key >= value.length) throw new TemplateError(`error calling index: index out of range: ${key}`);
    return value[key];
  }
  if (isRecord(value)) return Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
  if (value === undefined || value === null) throw new TemplateError("error calling index: index of untyped nil");
  throw new TemplateError(`error calling index: can't index item of type ${typeof value}`);
}

function sliceInto(value: unknown, from: unknown, to: unknown): unknown {
  const start = typeof from === "number" ? from : 0;
  const end = typeof to === "number" ? to : undefined;
  if (typeof value === "string" || Array.isArray(value)) return value.slice(start, end);
  throw new TemplateError("error calling slice: can't slice item");
}

function exists(value: unknown, keys: readonly unknown[]): boolean {
  try {
    const found = keys.reduce<unknown>(indexInto, value);
    return found !== undefined && found !== null;
  } catch {
    return false;
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null);
  if (typeof a !== typeof b) throw new TemplateError("error calling eq: incompatible types for comparison");
  return a === b;
}

function order(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  throw new TemplateError("error calling lt: incompatible types for comparison");
}

const htmlCodes: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&#34;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => htmlCodes[character] ?? character);
}

/** Go's `Sprintf` for the verbs that make sense with JSON values. */
function formatText(format: string, args: readonly unknown[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+# 0]*)(\d+|\*)?(?:\.(\d+))?([a-zA-Z%])/g,
    (all, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      const fixedWidth = width === "*" ? Number(args[next++]) : Number(width ?? 0);
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const body = formatVerb(verb, args[next++], precision === undefined ? undefined : Number(precision));
      if (body === undefined) return all;
      if (flags.includes("-")) return body.padEnd(fixedWidth);
      return body.padStart(fixedWidth, flags.includes("0") && verb !== "s" ? "0" : " ");
    },
  );
  return next < args.length
    ? `${text}%!(EXTRA ${args
        .slice(next)
        .map((arg) => `${goType(arg)}=${innerText(arg)}`)
        .join(", ")})`
    : text;
}

function goType(value: unknown): string {
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "<nil>";
}

function formatVerb(verb: string, value: unknown, precision: number | undefined): string | undefined {
  switch (verb) {
    case "s":
      if (typeof value === "number") return `%!s(float64=${innerText(value)})`;
      return precision === undefined ? innerText(value) : [...innerText(value)].slice(0, precision).join("");
    case "v":
      return innerText(value);
    case "q":
      return goQuote(innerText(value));
    case "d":
      return typeof value === "number" && Number.isInteger(value)
        ? String(value)
        : `%!d(${goType(value)}=${innerText(value)})`;
    case "f":
      return Number(value).toFixed(precision ?? 6);
    case "g":
      return innerText(value);
    case "e":
      return Number(value)
        .toExponential(precision ?? 6)
        .replace(/e([-+])(\d)$/, "e$10$2");
    case "t":
      return String(value);
    case "x":
      return typeof value === "number" ? value.toString(16) : Buffer.from(innerText(value)).toString("hex");
    case "T":
      return goType(value);
    default:
      return undefined;
  }
}
