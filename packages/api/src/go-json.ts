import { isJsonObject } from "./json-value.ts";

/** A copy whose keys are in byte order at every depth, as upstream writes objects. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  const sorted = Object.keys(value).toSorted(compareBytes);
  return Object.fromEntries(sorted.map((key) => [key, sortKeys(value[key])] as const));
}

/** Orders texts by their bytes, as Go does. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
