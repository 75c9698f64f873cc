import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import { maxNodeScore } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { amountOf } from "@kube-ts/api/placement/resources";

export interface ResourceWeight {
  readonly name: string;
  readonly weight: number;
}

/** One point of a function from utilization (0 to 100) to score (0 to 100). */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export type ScoringStrategy =
  | { readonly type: "LeastAllocated" | "MostAllocated"; readonly resources: readonly ResourceWeight[] }
  | {
      readonly type: "RequestedToCapacityRatio";
      readonly resources: readonly ResourceWeight[];
      readonly shape: readonly ShapePoint[];
    };

export interface ResourceUse {
  readonly requested: number;
  readonly allocatable: number;
}

/**
 * What would be requested of a resource if the pod came to the node; undefined when the resource does not count here.
 * `countDefaults` lets pods that ask for no cpu or memory count as if they asked for a little.
 */
export function useWithPod(
  pod: PodInfo,
  node: NodeInfo,
  resource: string,
  countDefaults: boolean,
): ResourceUse | undefined {
  const allocatable = amountOf(node.allocatable, resource);
  if (allocatable === 0) return undefined;
  if (countDefaults && resource === "cpu") return { requested: node.scoredCpu + pod.scoredCpu, allocatable };
  if (countDefaults && resource === "memory") return { requested: node.scoredMemory + pod.scoredMemory, allocatable };
  const wanted = amountOf(pod.requests, resource);
  const isScalar = resource !== "cpu" && resource !== "memory" && resource !== "ephemeral-storage";
  if (isScalar && wanted === 0) return undefined;
  return { requested: amountOf(node.requested, resource) + wanted, allocatable };
}

/** The weighted mean of the scores of the strategy's resources. */
export function scoreResources(strategy: ScoringStrategy, pod: PodInfo, node: NodeInfo): number {
  const isRatio = strategy.type === "RequestedToCapacityRatio";
  let sum = 0;
  let weights = 0;
  for (const { name, weight } of strategy.resources) {
    const use = useWithPod(pod, node, name, !isRatio);
    if (!use) continue;
    const score = scoreOne(strategy, use);
    if (isRatio && score === 0) continue;
    sum += score * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return isRatio ? Math.round(sum / weights) : Math.trunc(sum / weights);
}

function scoreOne(strategy: ScoringStrategy, { requested, allocatable }: ResourceUse): number {
  switch (strategy.type) {
    case "LeastAllocated":
      return requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * maxNodeScore) / allocatable);
    case "MostAllocated":
      return Math.trunc((Math.min(requested, allocatable) * maxNodeScore) / allocatable);
    case "RequestedToCapacityRatio": {
      const utilization = requested > allocatable ? 100 : Math.trunc((requested * 100) / allocatable);
      return interpolate(strategy.shape, utilization);
    }
  }
}

function interpolate(shape: readonly ShapePoint[], utilization: number): number {
  let before: ShapePoint | undefined;
  for (const point of shape) {
    if (utilization <= point.utilization) {
      if (!before) return point.score;
      const slope = (point.score - before.score) / (point.utilization - before.utilization);
      return Math.trunc(before.score + slope * (utilization - before.utilization));
    }
    before = point;
  }
  return before?.score ?? 0;
}
