import { operators, type Expr } from "./ast.ts";
import { unitCosts } from "./call-cost.ts";
import { exactly, noCost, plus, scaled, times, unbounded, unknownSize, type Range } from "./cost-amounts.ts";
import type { Overload } from "./declarations.ts";
import { isOptional, type CelType } from "./types.ts";

/** What is known of an argument. */
export interface CostNode {
  readonly expr: Expr;
  readonly type: CelType;
  readonly size: Range;
  /** Of lists: what is known of the elements. */
  readonly element: { readonly type: CelType; readonly size: Range } | undefined;
}

export interface CallEstimate {
  readonly cost: Range;
  /** The size of the result, when it has one that can be told. */
  readonly size?: Range | undefined;
}

const one = exactly(1);
const addresses: Range = { min: 4, max: 16 };
/** How long a pattern any named format counts as. */
const maxFormatRegexLength = 128;

function traversal(size: Range | undefined, factor = 1): Range {
  return scaled(size ?? unknownSize, factor * unitCosts.stringTraversal);
}

/** The cost of a call besides its arguments. */
export function estimateCall(
  overload: Overload,
  target: CostNode | undefined,
  args: readonly CostNode[],
): CallEstimate {
  const estimate = byFunction(overload, target, args) ?? byOverload(overload, target, args);
  return estimate ?? { cost: one };
}

function byFunction(
  overload: Overload,
  target: CostNode | undefined,
  args: readonly CostNode[],
): CallEstimate | undefined {
  const [first, second] = args;
  switch (overload.fn) {
    case "check":
      return { cost: exactly(unitCosts.authorizationCheck) };
    case "fieldSelector":
    case "labelSelector":
      return { cost: selectorCost(first?.size ?? unknownSize) };
    case "isSorted":
    case "sum":
    case "max":
    case "min":
    case "indexOf":
    case "lastIndexOf":
      return target && { cost: listWalk(target) };
    case "url":
    case "jsonpatch.escapeKey":
      return { cost: traversal(first?.size), size: first?.size };
    case "lowerAscii":
    case "upperAscii":
    case "substring":
    case "trim":
      return target && { cost: traversal(target.size), size: target.size };
    case "replace":
      return target && first && second && replacement(target.size, first.size, second.size);
    case "split":
      return target && { cost: traversal(target.size, 2), size: { min: 0, max: splitMax(target.size, second?.expr) } };
    case "join":
      return target && joined(target, first?.size);
    case "find":
    case "findAll":
      return target && { cost: pattern(target.size, first?.size), size: { min: 0, max: target.size.max } };
    case "validate":
      return { cost: scaled(traversal(first?.size), maxFormatRegexLength * unitCosts.regexLength) };
    case operators.equals:
      return first?.type.kind === "opaque" && !isOptional(first.type) ? { cost: one } : undefined;
    default:
      return networkEstimate(overload, first);
  }
}

/** Upstream leaves the functions that parse texts at 1. */
function networkEstimate({ fn, id }: Overload, first: CostNode | undefined): CallEstimate | undefined {
  const compare = traversal(plus(addresses, addresses));
  switch (fn) {
    case "containsIP":
      return { cost: id === "cidr_contains_ip_string" ? plus(compare, traversal(first?.size)) : compare };
    case "containsCIDR": {
      const cost = plus(plus(compare, traversal(addresses)), one);
      return { cost: id === "cidr_contains_cidr_string" ? plus(cost, traversal(first?.size)) : cost };
    }
    default:
      return undefined;
  }
}

const comparedTexts = /^(?:less|greater|less_equals|greater_equals)_(?:string|bytes)$|^(?:not_)?equals$/;

function byOverload(
  { id }: Overload,
  target: CostNode | undefined,
  args: readonly CostNode[],
): CallEstimate | undefined {
  const [first, second] = args;
  if (comparedTexts.test(id)) return first && second && { cost: comparison(first, second) };
  switch (id) {
    case "starts_with_string":
    case "ends_with_string":
      return { cost: traversal(first?.size) };
    case "string_to_bytes":
      return { cost: traversal(first?.size), size: first && { min: first.size.min, max: first.size.max * 4 } };
    case "bytes_to_string":
      return {
        cost: traversal(first?.size),
        size: first && { min: Math.floor(first.size.min / 4), max: first.size.max },
      };
    case "strings_quote":
      return { cost: traversal(first?.size), size: first && { min: first.size.min + 2, max: first.size.max * 2 + 2 } };
    case "string_format":
      return { cost: traversal(target?.size) };
    case "in_list":
      return { cost: second?.size ?? unknownSize };
    case "matches_string":
      return { cost: pattern(target?.size ?? unknownSize, first?.size) };
    case "contains_string":
      return { cost: times(traversal(target?.size), traversal(first?.size)) };
    case "add_string":
    case "add_bytes":
      return first && second && concatenation(first, second);
    case "add_list":
      return { cost: one, size: first && second && plus(first.size, second.size) };
    case "list_sets_contains_list":
    case "list_sets_intersects_list":
      return { cost: plus(times(first?.size ?? unknownSize, second?.size ?? unknownSize), one) };
    case "list_sets_equivalent_list":
      return { cost: plus(scaled(times(first?.size ?? unknownSize, second?.size ?? unknownSize), 2), one) };
    default:
      return undefined;
  }
}

function concatenation(a: CostNode, b: CostNode): CallEstimate {
  const size = plus(a.size, b.size);
  return { cost: traversal(size), size };
}

function comparison(a: CostNode, b: CostNode): Range {
  const max = Math.min(a.size.max, b.size.max);
  return traversal({ min: max > 0 ? 1 : 0, max });
}

/** A pattern on a text; the empty text counts as one character. */
function pattern(text: Range, regex: Range | undefined): Range {
  return times(traversal(plus(text, one)), scaled(regex ?? unknownSize, unitCosts.regexLength));
}

function selectorCost(length: Range): Range {
  const requirements = scaled(scaled(length, 0.5), unitCosts.list + unitCosts.struct);
  return plus(plus(exactly(unitCosts.list), traversal(length)), requirements);
}

/** Every element once; texts and bytes by their length. */
function listWalk(target: CostNode): Range {
  if (target.element === undefined) return traversal(target.size);
  const { kind } = target.element.type;
  const texts = kind === "string" || kind === "bytes" ? traversal(target.element.size) : noCost;
  return times(target.size, plus(one, texts));
}

function replacement(text: Range, old: Range, by: Range): CallEstimate {
  const count = { min: 0, max: 0 };
  const kept = { min: 0, max: 0 };
  if (old.min === 0) [count.max, kept.max] = [Math.min(text.max + 1, unbounded), text.max];
  else if (by.max <= old.min) kept.max = text.max;
  else count.max = Math.ceil(text.max / old.min);
  if (old.max === 0) [count.min, kept.min] = [Math.min(text.min + 1, unbounded), text.min];
  else if (old.max <= by.min) kept.min = text.min;
  else count.min = Math.ceil(text.min / old.max);
  return { cost: traversal(text, 2), size: plus(times(count, by), kept) };
}

/** Cut at every character unless a literal limit says otherwise. */
function splitMax(text: Range, limit: Expr | undefined): number {
  if (limit?.kind === "literal" && typeof limit.value === "bigint" && limit.value >= 0n) return Number(limit.value);
  return text.max;
}

function joined(list: CostNode, separator: Range | undefined): CallEstimate {
  let size = list.element ? times(list.size, list.element.size) : noCost;
  if (separator) {
    const separators = { min: Math.max(0, list.size.min - 1), max: Math.max(0, list.size.max - 1) };
    size = plus(size, times(separator, separators));
  }
  return { cost: traversal(size), size };
}
