interface Step {
  /** The step before is returned to when the cluster gets smaller than this. */
  readonly fewest: number;
  /** The next step is gone to when the cluster gets larger than this. */
  readonly most: number;
  readonly seconds: number;
}

/** Steps overlap, so that a cluster on an edge does not go back and forth. */
const steps: readonly Step[] = [
  { fewest: 0, most: 100, seconds: 0 },
  { fewest: 90, most: 500, seconds: 15 },
  { fewest: 450, most: 1_000, seconds: 30 },
  { fewest: 900, most: 2_000, seconds: 60 },
  { fewest: 1_800, most: Infinity, seconds: 300 },
];

/** The step for so many nodes, given the step so far. */
export function nextStep(current: number, nodeCount: number): number {
  let step = current;
  while (nodeCount > (steps[step]?.most ?? Infinity)) step += 1;
  while (nodeCount < (steps[step]?.fewest ?? 0)) step -= 1;
  return step;
}

/** How long kubelets may use what they have read of secrets and config maps, in seconds. */
export function ttlSeconds(step: number): number {
  return steps[step]?.seconds ?? 0;
}
