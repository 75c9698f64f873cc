/** A range of sizes or costs. Sums and products stop at `unbounded`. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What upstream's 64-bit counters can hold; more is as much. */
export const unbounded: number = 2 ** 64;

export const unknownSize: Range = { min: 0, max: unbounded };
export const noCost: Range = { min: 0, max: 0 };

function capped(value: number): number {
  return value > unbounded ? unbounded : value;
}

export function exactly(value: number): Range {
  return { min: value, max: value };
}

export function plus(a: Range, b: Range): Range {
  return { min: capped(a.min + b.min), max: capped(a.max + b.max) };
}

export function sum(ranges: readonly Range[]): Range {
  return ranges.reduce(plus, noCost);
}

export function times(a: Range, b: Range): Range {
  return { min: capped(a.min * b.min), max: capped(a.max * b.max) };
}

/** Each end times the factor, rounded up. */
export function scaled(range: Range, factor: number): Range {
  return { min: capped(Math.ceil(range.min * factor)), max: capped(Math.ceil(range.max * factor)) };
}

/** The least range that holds both. */
export function hull(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
