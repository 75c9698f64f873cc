import { isJsonObject } from "./json-value.ts";

/**
 * A copy whose keys are in byte order at every depth. Keys that are numbers stand first nevertheless, as JavaScript has
 * them: equal values have equal copies, but only `sortedJson` writes what upstream writes.
 */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  const sorted = Object.keys(value).toSorted(compareBytes);
  return Object.fromEntries(sorted.map((key) => [key, sortKeys(value[key])] as const));
}

const surrogate = /[\ud800-\udfff]/;

/** Orders texts by their bytes in UTF-8, as Go does. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const htmlEscapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** JSON in Go's spelling: HTML characters are escaped. */
export function goJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  return text.replace(/[<>&\u2028\u2029]/g, (character) => htmlEscapes[character] ?? character);
}

/** As `goJson`, with the keys of all objects in byte order, as upstream writes maps. */
export function sortedJson(value: unknown, indent = 0): string {
  return write(value, " ".repeat(indent), "\n");
}

/** `line` ends a line and indents the next one as deep as the value stands. */
function write(value: unknown, indent: string, line: string): string {
  const inner = line + indent;
  if (Array.isArray(value)) {
    return enclose(
      "[",
      "]",
      value.map((item) => write(item, indent, inner)),
      indent,
      line,
    );
  }
  if (!isJsonObject(value)) return goJson(value);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const colon = indent === "" ? ":" : ": ";
  const members = keys.toSorted(compareBytes).map((key) => goJson(key) + colon + write(value[key], indent, inner));
  return enclose("{", "}", members, indent, line);
}

function enclose(open: string, close: string, parts: readonly string[], indent: string, line: string): string {
  if (parts.length === 0) return open + close;
  if (indent === "") return open + parts.join(",") + close;
  return open + line + indent + parts.join(`,${line}${indent}`) + line + close;
}
