import { formatCidr, parseCidr } from "@kube-ts/std/ip-address";
import type { Cidr } from "@kube-ts/std/ip-address";

/**
 * The fewest ranges that hold exactly the addresses of the given ones, which are of one family; in order of their
 * addresses. What is no range is left out.
 */
export function mergeCidrs(ranges: readonly string[]): readonly string[] {
  const sorted = ranges
    .flatMap((text) => parseCidr(text) ?? [])
    .sort((left, right) => compare(left.base, right.base) || left.prefixLength - right.prefixLength);
  const merged: Cidr[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && end(last) >= end(range)) continue;
    merged.push(range);
    joinTail(merged);
  }
  return merged.map(formatCidr);
}

/** Joins the last two ranges into one as long as they are its two halves. */
function joinTail(ranges: Cidr[]): void {
  for (;;) {
    const [left, right] = ranges.slice(-2);
    if (!left || !right || left.prefixLength !== right.prefixLength || end(left) !== right.base) return;
    const parent: Cidr = { ...left, prefixLength: left.prefixLength - 1 };
    if (left.base % size(parent) !== 0n) return;
    ranges.splice(-2, 2, parent);
  }
}

/** The address after the last one. */
function end(range: Cidr): bigint {
  return range.base + size(range);
}

function size(range: Cidr): bigint {
  return 1n << BigInt((range.family === "IPv4" ? 32 : 128) - range.prefixLength);
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
