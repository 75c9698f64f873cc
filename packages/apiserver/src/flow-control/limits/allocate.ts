/** One of those among whom seats are divided: between its bounds it gets a part in proportion to its target. */
export interface Claim {
  /** Not below the lower bound. */
  readonly target: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Allocation {
  /** One number for each claim; they add up to the total. */
  readonly amounts: readonly number[];
  /** The fraction of their targets that those get whom no bound holds. */
  readonly fairFraction: number;
}

/** Targets below this count as this, so that nobody's part is undefined. */
const leastTarget = 0.001;
const tolerance = 1e-7;

/**
 * Divides the total fairly: everyone gets the same fraction of their target unless a bound keeps them from it. Undefined
 * if the bounds leave no way to do it.
 */
export function allocate(total: number, claims: readonly Claim[]): Allocation | undefined {
  const targets = claims.map(({ target }) => Math.max(target, leastTarget));
  const amountsAt = (fraction: number) =>
    claims.map(({ lower, upper }, index) => Math.max(lower, Math.min(upper, fraction * (targets[index] ?? 0))));
  const sumAt = (fraction: number) => amountsAt(fraction).reduce((sum, amount) => sum + amount, 0);
  const bounds = claims.flatMap(({ lower, upper }, index) => {
    const target = targets[index] ?? leastTarget;
    return [lower / target, upper / target];
  });
  const turns = [...new Set(bounds)].sort((a, b) => a - b);
  const [first = 0] = turns;
  const last = turns.at(-1) ?? 0;
  if (sumAt(first) - total > tolerance || total - sumAt(last) > tolerance) return undefined;
  const fairFraction = solve(total, turns, sumAt);
  return { amounts: amountsAt(fairFraction), fairFraction };
}

/** Where the sum, which is straight between the turns and never falls, reaches the total. */
function solve(total: number, turns: readonly number[], sumAt: (fraction: number) => number): number {
  let [below = 0] = turns;
  let sumBelow = sumAt(below);
  for (const above of turns) {
    const sumAbove = sumAt(above);
    if (sumAbove >= total) {
      const rise = sumAbove - sumBelow;
      return rise > 0 ? below + ((total - sumBelow) / rise) * (above - below) : above;
    }
    below = above;
    sumBelow = sumAbove;
  }
  return below;
}
