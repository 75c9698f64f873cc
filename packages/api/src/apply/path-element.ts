import { compareBytes as compareText } from "../go-json.ts";
import { goQuote } from "../go-quote.ts";
import { isJsonObject } from "../json-value.ts";

export { compareText };

declare const pathElementBrand: unique symbol;

/**
 * One step of a field path in the canonical text of FieldsV1: `f:spec` for a field or map key, `k:{"name":"web"}` for
 * an element of a list by its keys, `v:"a"` for an element of a set, `i:0` for an element by position.
 */
export type PathElement = string & { readonly [pathElementBrand]: true };

/** The steps from the root of an object. */
export type ElementPath = readonly PathElement[];

/** A key of FieldsV1 that is no path element. */
export class PathElementError extends Error {
  override readonly name = "PathElementError";
  readonly code = "path-element";
}

export function fieldElement(name: string): PathElement {
  return `f:${name}` as PathElement;
}

/** The names and values need not be sorted. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): PathElement {
  const sorted = keys.length > 1 ? keys.toSorted(([a], [b]) => compareText(a, b)) : keys;
  const members = sorted.map(([name, value]) => `${JSON.stringify(name)}:${canonicalJson(value)}`);
  return `k:{${members.join(",")}}` as PathElement;
}

export function valueElement(value: unknown): PathElement {
  return `v:${canonicalJson(value)}` as PathElement;
}

export function indexElement(index: number): PathElement {
  return `i:${index}` as PathElement;
}

/** The name in a field element; undefined for the other kinds. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/**
 * Reads a key of FieldsV1. Undefined for a kind that this version does not know, which is to be ignored. Throws
 * `PathElementError` for malformed text.
 */
export function parseElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new PathElementError("key must be 2 characters long");
  if (text[1] !== ":") throw new PathElementError(`missing colon: ${text}`);
  switch (text[0]) {
    case "f":
      return text as PathElement;
    case "v":
      return valueElement(parseJson(text));
    case "k": {
      const keys = parseJson(text);
      if (!isJsonObject(keys)) throw new PathElementError(`keys of a list element are no object: ${text}`);
      return keyElement(Object.entries(keys));
    }
    case "i": {
      if (!/^i:[-+]?\d+$/.test(text)) throw new PathElementError(`invalid index: ${text}`);
      return indexElement(Number(text.slice(2)));
    }
    default:
      return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(2));
  } catch (cause) {
    throw new PathElementError(`parsing JSON: ${text}`, { cause });
  }
}

const ranks: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };

/** The canonical order: fields by name, then keys, values and positions, each by value. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const kind = a[0] ?? "";
  if (kind !== b[0]) return (ranks[kind] ?? 0) - (ranks[b[0] ?? ""] ?? 0);
  switch (kind) {
    case "f":
      return compareText(a, b);
    case "k":
      return compareKeys(a, b);
    default:
      return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
  }
}

function compareKeys(a: PathElement, b: PathElement): number {
  const left = Object.entries(JSON.parse(a.slice(2)) as object);
  const right = Object.entries(JSON.parse(b.slice(2)) as object);
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (!other) return 1;
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** The order of values in sets and keys: numbers, texts, truth values, lists, maps, null. */
export function compareValues(a: unknown, b: unknown): number {
  const order = valueRank(a) - valueRank(b);
  if (order !== 0) return order;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean") return Number(a) - Number(b);
  return compareText(textOf(a), textOf(b));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

function valueRank(value: unknown): number {
  switch (typeof value) {
    case "number":
      return 0;
    case "string":
      return 1;
    case "boolean":
      return 2;
    default:
      return value === null ? 5 : Array.isArray(value) ? 3 : 4;
  }
}

/** JSON with sorted keys, so that equal values have equal texts. */
function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

/** A path as messages print it: `.spec.containers[name="web"].image`. */
export function pathText(path: ElementPath): string {
  return path.map(elementText).join("");
}

/** One step as messages print it: `.spec`, `[name="web"]`, `[="a"]`, `[0]`. */
export function elementText(element: PathElement): string {
  const content = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${content}`;
    case "k": {
      const keys = Object.entries(JSON.parse(content) as object);
      return `[${keys.map(([name, value]) => `${name}=${printed(value)}`).join(",")}]`;
    }
    case "v":
      return `[=${printed(JSON.parse(content))}]`;
    default:
      return `[${content}]`;
  }
}

function printed(value: unknown): string {
  return typeof value === "string" ? goQuote(value) : canonicalJson(value);
}
