import { withCondition } from "@kube-ts/api/conditions";
import type { Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { scaledValue } from "@kube-ts/api/int-or-string";
import type { Condition } from "@kube-ts/api/meta/v1";
import { nameOf } from "@kube-ts/api/object";
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from "@kube-ts/api/policy/v1";
import { formatTime, timeMs } from "@kube-ts/api/rfc3339";
import { isPodReady } from "../framework/pod-ranking.ts";

/** So long after its eviction a pod counts as gone, whether it is or not. */
const evictionTimeoutMs = 120_000;

/** How many pods there should be, and how many of them have to be healthy. */
export interface Wanted {
  readonly expected: number;
  readonly healthy: number;
}

/** Whether the budget is about a part of what the pods' controllers want, which has to be found out then. */
export function needsScale({ spec }: PodDisruptionBudget): boolean {
  return spec.maxUnavailable !== undefined || typeof spec.minAvailable === "string";
}

/** `scale` is what the pods' controllers want together; `pods` how many pods there are. Throws for what is no percentage. */
export function wantedBy({ spec }: PodDisruptionBudget, scale: number, pods: number): Wanted {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    return { expected: scale, healthy: Math.max(0, scale - scaledValue(maxUnavailable, scale, "up")) };
  }
  if (minAvailable === undefined) return { expected: 0, healthy: 0 };
  if (typeof minAvailable === "number") return { expected: pods, healthy: minAvailable };
  return { expected: scale, healthy: scaledValue(minAvailable, scale, "up") };
}

/** What became of the pods that were evicted under a budget. */
export interface Disrupted {
  /** Those that are still awaited to go, and since when. */
  readonly pods: Readonly<Record<string, string>>;
  /** Those that should have gone. */
  readonly late: readonly Pod[];
  /** How long until the next one should have gone; undefined when none is awaited. */
  readonly recheckMs: number | undefined;
}

export function followDisrupted({ status }: PodDisruptionBudget, matching: readonly Pod[], nowMs: number): Disrupted {
  const pods: Record<string, string> = {};
  const late: Pod[] = [];
  let recheckMs: number | undefined;
  for (const pod of matching) {
    const since = status?.disruptedPods?.[nameOf(pod)];
    if (since === undefined || since === null || pod.metadata.deletionTimestamp) continue;
    const remainingMs = timeMs(since) + evictionTimeoutMs - nowMs;
    if (remainingMs < 0) late.push(pod);
    else {
      pods[nameOf(pod)] = since;
      recheckMs = Math.min(recheckMs ?? Infinity, remainingMs);
    }
  }
  return { pods, late, recheckMs };
}

export function countHealthy(matching: readonly Pod[], disrupted: Disrupted["pods"]): number {
  return matching.filter(
    (pod) => !pod.metadata.deletionTimestamp && disrupted[nameOf(pod)] === undefined && isPodReady(pod),
  ).length;
}

/** The status of a budget; undefined when it is as it should be. */
export function planBudgetStatus(
  budget: PodDisruptionBudget,
  wanted: Wanted,
  currentHealthy: number,
  disrupted: Disrupted["pods"],
  nowMs: number,
): PodDisruptionBudgetStatus | undefined {
  const spare = currentHealthy - wanted.healthy;
  // A budget without pods allows nothing, so that the first ones are safe until they were counted.
  const disruptionsAllowed = wanted.expected <= 0 ? 0 : Math.max(0, spare);
  const observedGeneration = budget.metadata.generation ?? 0;
  const isAllowed = disruptionsAllowed > 0;
  const conditions = withAllowed(budget, nowMs, {
    status: isAllowed ? "True" : "False",
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration,
  });
  const status: PodDisruptionBudgetStatus = {
    observedGeneration,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: { ...disrupted } }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy: wanted.healthy,
    expectedPods: wanted.expected,
    conditions: [...conditions],
  };
  return semanticEqual(status, budget.status ?? {}) ? undefined : status;
}

/** The status of a budget that cannot be worked out: nothing is allowed. Undefined when it says so already. */
export function failedStatus(
  budget: PodDisruptionBudget,
  problem: string,
  nowMs: number,
): PodDisruptionBudgetStatus | undefined {
  const { observedGeneration } = budget.status ?? {};
  const conditions = withAllowed(budget, nowMs, {
    status: "False",
    reason: "SyncFailed",
    message: problem,
    ...(observedGeneration !== undefined && { observedGeneration }),
  });
  const status: PodDisruptionBudgetStatus = {
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
    ...budget.status,
    disruptionsAllowed: 0,
    conditions: [...conditions],
  };
  return semanticEqual(status, budget.status ?? {}) ? undefined : status;
}

function withAllowed(
  { status }: PodDisruptionBudget,
  nowMs: number,
  condition: Omit<Condition, "type" | "lastTransitionTime">,
): readonly Condition[] {
  const next = { type: "DisruptionAllowed", ...condition, lastTransitionTime: formatTime(nowMs) };
  return withCondition<Condition>(status?.conditions, next);
}
