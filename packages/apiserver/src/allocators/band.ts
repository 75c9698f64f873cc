/**
 * How many numbers at the start of a range are left to those who choose one themselves: automatic choices come from
 * the rest, and from here only when the rest is used up.
 */
export function staticBandSize(rangeSize: number, step: number, minimum: number, maximum: number): number {
  if (rangeSize < minimum) return 0;
  return Math.min(maximum, Math.max(minimum, Math.floor(rangeSize / step)));
}
