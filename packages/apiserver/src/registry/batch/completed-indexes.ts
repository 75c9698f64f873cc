import { goQuote } from "@kube-ts/api/go-quote";

/** Completion indexes in upstream's compressed notation, such as `1,3-5,7`. */

/** How many indexes the text names. Throws with upstream's text when it is malformed. */
export function countIndexes(text: string, completions: number): number {
  let total = 0;
  let last: number | undefined;
  for (const [first, end] of parseIndexes(text, completions)) {
    if (last !== undefined && last >= first) {
      throw new Error(`non-increasing order, previous: ${last}, current: ${first}`);
    }
    total += end - first + 1;
    last = end;
  }
  return total;
}

/** The first index that both texts name; malformed parts are passed over. */
export function firstCommonIndex(one: string, other: string, completions: number): number | undefined {
  const others = validIntervals(other, completions);
  for (const [first, end] of validIntervals(one, completions)) {
    const overlap = others.find(([otherFirst, otherEnd]) => first <= otherEnd && otherFirst <= end);
    if (overlap) return Math.max(first, overlap[0]);
  }
  return undefined;
}

type Interval = readonly [first: number, last: number];

function* parseIndexes(text: string, completions: number): Generator<Interval> {
  if (text === "") return;
  for (const part of text.split(",")) yield parseInterval(part, completions);
}

function validIntervals(text: string, completions: number): Interval[] {
  const intervals: Interval[] = [];
  for (const part of text === "" ? [] : text.split(",")) {
    try {
      intervals.push(parseInterval(part, completions));
    } catch {
      // The check of the format reports it.
    }
  }
  return intervals;
}

function parseInterval(text: string, completions: number): Interval {
  const limits = text.split("-");
  if (limits.length > 2) {
    const rule = "violates the requirement that an index interval can have at most two parts separated by '-'";
    throw new Error(`the fragment ${goQuote(text)} ${rule}`);
  }
  const [first = 0, last] = limits.map((limit) => parseIndex(limit, completions));
  if (last === undefined) return [first, first];
  if (first >= last) throw new Error(`non-increasing order, previous: ${first}, current: ${last}`);
  return [first, last];
}

function parseIndex(text: string, completions: number): number {
  if (!/^[0-9]{1,10}$/.test(text)) throw new Error(`cannot convert string to integer for index: ${goQuote(text)}`);
  const index = Number(text);
  if (index >= completions) throw new Error(`too large index: ${goQuote(text)}`);
  return index;
}
