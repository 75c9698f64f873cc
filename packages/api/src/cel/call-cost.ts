import type { Overload } from "./declarations.ts";
import { CelFormat } from "./library/formats.ts";
import { compileRegex } from "./regex.ts";
import { CelList, CelMap, CelOpaque, codePointCount, type Value } from "./values.ts";

/** Upstream's unit costs. */
export const unitCosts = {
  select: 1,
  list: 10,
  map: 30,
  struct: 40,
  /** A hundred thousand characters cost as much as ten thousand calls. */
  stringTraversal: 0.1,
  regexLength: 0.25,
  authorizationCheck: 350_000,
} as const;

/** What a call with these arguments costs. */
export type CallCost = (args: readonly Value[]) => number;

/** What `size` says of a value; 1 for what has no size. */
export function actualSize(value: Value | undefined): number {
  if (typeof value === "string") return codePointCount(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof CelList || value instanceof CelMap) return value.size;
  return value instanceof CelOpaque ? value.costSize : 1;
}

function traversal(size: number): number {
  return Math.ceil(size * unitCosts.stringTraversal);
}

/** The cost of walking over the value as a tree. */
function traversalCost(value: Value): number {
  if (typeof value === "string") return Math.trunc(Buffer.byteLength(value) * unitCosts.stringTraversal);
  if (value instanceof Uint8Array) return Math.trunc(value.length * unitCosts.stringTraversal);
  if (value instanceof CelList) return value.toArray().reduce((sum: number, item) => sum + traversalCost(item), 0);
  if (!(value instanceof CelMap)) return 1;
  return value.keys().reduce((sum: number, key) => sum + traversalCost(key) + traversalCost(value.get(key) ?? null), 0);
}

/** A pattern on a text: the empty text counts as one character. */
function regexCost(text: number, pattern: number): number {
  return traversal(1 + text) * Math.ceil(pattern * unitCosts.regexLength);
}

const first: CallCost = ([value]) => traversal(actualSize(value));
const firstTwice: CallCost = ([value]) => Math.ceil(actualSize(value) * 2 * unitCosts.stringTraversal);
const selector: CallCost = (args) => {
  const length = actualSize(args[1]);
  return unitCosts.list + traversal(length) + Math.ceil(Math.ceil(length * 0.5) * (unitCosts.list + unitCosts.struct));
};
const smaller: CallCost = ([a, b]) => {
  if (a instanceof CelOpaque) return 1;
  if (typeof a === "string" && typeof b === "string") return traversal(codePointCount(a.length < b.length ? a : b));
  return traversal(Math.min(actualSize(a), actualSize(b)));
};
const both: CallCost = ([a, b]) => traversal(actualSize(a) + actualSize(b));
const whole: CallCost = ([value]) => (value === undefined ? 0 : traversalCost(value));
const pattern: CallCost = ([text, regex]) => regexCost(actualSize(text), actualSize(regex));

const byFunction: Readonly<Record<string, CallCost>> = {
  check: () => unitCosts.authorizationCheck,
  fieldSelector: selector,
  labelSelector: selector,
  isSorted: whole,
  sum: whole,
  max: whole,
  min: whole,
  indexOf: whole,
  lastIndexOf: whole,
  url: first,
  lowerAscii: first,
  upperAscii: first,
  substring: first,
  trim: first,
  "jsonpatch.escapeKey": first,
  replace: firstTwice,
  split: firstTwice,
  find: pattern,
  findAll: pattern,
  cidr: first,
  isIP: first,
  isCIDR: first,
  "ip.isCanonical": firstTwice,
  quantity: first,
  isQuantity: first,
  semver: first,
  isSemver: first,
  validate: ([format, text]) => regexCost(actualSize(text), format instanceof CelFormat ? format.regexSize : 0),
  containsIP: ([cidr]) => traversal(actualSize(cidr) * 2),
  containsCIDR: ([cidr]) => traversal(actualSize(cidr) * 2) + traversal(actualSize(cidr)) + 1,
  "sets.contains": product,
  "sets.intersects": product,
  "sets.equivalent": ([a, b]) => 2 * actualSize(a) * actualSize(b) + 1,
};

function product([a, b]: readonly Value[]): number {
  return actualSize(a) * actualSize(b) + 1;
}

const byOverload: Readonly<Record<string, CallCost>> = {
  string_to_ip: first,
  starts_with_string: first,
  ends_with_string: first,
  string_to_bytes: first,
  bytes_to_string: first,
  strings_quote: first,
  string_format: first,
  string_reverse: first,
  add_string: both,
  add_bytes: both,
  matches_string: pattern,
  matches: pattern,
  contains_string: ([text, part]) => traversal(actualSize(text)) * traversal(actualSize(part)),
  cidr_contains_ip_string: ([cidr, text]) => traversal(actualSize(cidr) * 2) + traversal(actualSize(text)),
  cidr_contains_cidr_string: ([cidr, text]) =>
    traversal(actualSize(cidr) * 2) + traversal(actualSize(cidr)) + 1 + traversal(actualSize(text)),
};
const comparedTexts = /^(?:less|greater|less_equals|greater_equals)_(?:string|bytes)$/;

/** How to tell the cost of a call of this signature; undefined when it is always 1. */
export function callCostOf(overload: Overload): CallCost | undefined {
  const own = byOverload[overload.id];
  if (own) return own;
  if (comparedTexts.test(overload.id)) return smaller;
  return overload.id.startsWith("cidr_ip") ? undefined : byFunction[overload.fn];
}

/** What the call costs for what it made, once it has. */
export function resultCostOf(overload: Overload): ((result: Value) => number) | undefined {
  return overload.fn === "join" ? (result) => Math.ceil(actualSize(result) * 2 * unitCosts.stringTraversal) : undefined;
}

const ordinaryProgramSize = 100;

/**
 * What compiling a pattern costs that is no literal. Upstream counts nothing, but data can bring any number of patterns
 * that are short and become large programs.
 */
export function patternCost(pattern: Value | undefined): number {
  if (typeof pattern !== "string") return 0;
  return 10 + 4 * Math.max(0, compileRegex(pattern).programSize() - ordinaryProgramSize);
}

/** The cost of comparing for equality. */
export const equalityCost: CallCost = smaller;
