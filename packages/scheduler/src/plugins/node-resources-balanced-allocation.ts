import type { CycleState } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import { maxNodeScore, type PreScorePlugin, type ScorePlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { amountOf } from "@kube-ts/api/placement/resources";
import { type Outcome, Status } from "../framework/status.ts";
import { type ResourceWeight, useWithPod } from "./resource-scoring.ts";

/** Prefers nodes whose resources would be used in like proportions. */
export class NodeResourcesBalancedAllocation implements PreScorePlugin, ScorePlugin {
  readonly name = "NodeResourcesBalancedAllocation";
  readonly nodeLocal = true;
  readonly #resources: readonly ResourceWeight[];
  readonly #skip = new Status("Skip", this.name, []);

  constructor(resources: readonly ResourceWeight[]) {
    this.#resources = resources;
  }

  /** A pod that asks for none of the resources changes no proportions. */
  preScore(_state: CycleState, pod: PodInfo): Outcome {
    return this.#resources.every(({ name }) => amountOf(pod.requests, name) === 0) ? this.#skip : undefined;
  }

  score(_state: CycleState, pod: PodInfo, node: NodeInfo): number {
    const fractions: number[] = [];
    for (const { name } of this.#resources) {
      const use = useWithPod(pod, node, name, false);
      if (use) fractions.push(Math.min(1, use.requested / use.allocatable));
    }
    return Math.trunc((1 - deviation(fractions)) * maxNodeScore);
  }
}

/** The standard deviation. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
