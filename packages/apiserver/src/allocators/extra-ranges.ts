import { findCondition } from "@kube-ts/api/conditions";
import type { ServiceCIDR } from "@kube-ts/api/networking/v1";
import { nameOf } from "@kube-ts/api/object";
import { AddressRange } from "./address-range.ts";

export interface ExtraRanges {
  /** In the order of the names of their objects, each once. */
  readonly ranges: readonly AddressRange[];
  /** What is wrong with ranges that cannot be used. */
  readonly problems: readonly string[];
}

/** The ranges that ServiceCIDRs offer. */
export function extraRanges(objects: readonly ServiceCIDR[]): ExtraRanges {
  const ranges = new Map<string, AddressRange>();
  const problems: string[] = [];
  const offering = objects.filter(isReady).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const text of offering.flatMap(({ spec }) => spec.cidrs ?? [])) {
    try {
      const range = new AddressRange(text, false);
      ranges.set(String(range), range);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { ranges: [...ranges.values()], problems };
}

/** One that nobody has judged counts as ready: services must not wait for a controller. */
function isReady({ metadata, status }: ServiceCIDR): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return (findCondition(status?.conditions, "Ready")?.status ?? "True") === "True";
}
