import type { DemandSummary } from "../fair-queuing/seat-demand.ts";
import { allocate } from "./allocate.ts";
import type { LevelLimits } from "./level-limits.ts";

/** A level's demand for seats as the division of seats sees it. */
export interface DemandTrend extends DemandSummary {
  /** Follows rises at once and falls slowly. */
  readonly smoothed: number;
}

export const noDemand: DemandTrend = { seconds: 0, average: 0, deviation: 0, max: 0, smoothed: 0 };

/** Halves what is remembered in five minutes of periods of ten seconds. */
const smoothing = 0.977;

/** The trend after one more period. */
export function nextTrend(previous: DemandTrend, seen: DemandSummary): DemandTrend {
  if (seen.seconds <= 0) return { ...previous, max: seen.max };
  const envelope = seen.average + seen.deviation;
  return { ...seen, smoothed: Math.max(envelope, smoothing * previous.smoothed + (1 - smoothing) * envelope) };
}

export interface Borrower {
  readonly limits: LevelLimits;
  readonly trend: DemandTrend;
  /** The seats it has now. */
  readonly current: number;
}

export interface Lending {
  /** By level, in the order given. */
  readonly levels: readonly { readonly current: number; readonly target: number }[];
  readonly fairFraction: number;
}

/**
 * How many seats each level gets until the next division: what it can use of its own, and of what others do not use as
 * much as is fair. Where no division is possible everything stays.
 */
export function divideByDemand(levels: readonly Borrower[]): Lending {
  const total = levels.reduce((sum, { limits }) => sum + limits.nominal, 0);
  const claims = levels.map(({ limits, trend }) => {
    const lower = Math.max(limits.min, Math.min(limits.nominal, trend.max));
    return { lower, upper: limits.max, target: Math.max(lower, trend.smoothed) };
  });
  const allocation = allocate(total, claims);
  return {
    levels: levels.map(({ current }, index) => ({
      current: Math.round(allocation?.amounts[index] ?? current),
      target: claims[index]?.target ?? 0,
    })),
    fairFraction: allocation?.fairFraction ?? 0,
  };
}
