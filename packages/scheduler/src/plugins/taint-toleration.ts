import type { Taint } from "@kube-ts/api/core/v1";
import { interest } from "../framework/cluster-event.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { EnqueueExtensions, FilterPlugin, ScoreExtensions, ScorePlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, unresolvable } from "../framework/status.ts";
import { normalizeByLargest } from "./normalize.ts";
import { keepsAway, tolerates, untoleratedTaint } from "@kube-ts/api/placement/tolerations";

/** Keeps pods off nodes with taints that they do not tolerate, and prefers nodes with fewer soft ones. */
export class TaintToleration implements FilterPlugin, ScorePlugin, ScoreExtensions, EnqueueExtensions {
  readonly name = "TaintToleration";
  readonly nodeLocal = true;
  readonly #tainted = unresolvable(this.name, "node(s) had untolerated taint(s)");

  filter(_state: CycleState, { pod }: PodInfo, node: NodeInfo): Outcome {
    if (node.taints.length === 0) return undefined;
    return untoleratedTaint(node.taints, pod.spec.tolerations, keepsAway) ? this.#tainted : undefined;
  }

  /** The number of soft taints that the pod does not tolerate. */
  score(_state: CycleState, { pod }: PodInfo, node: NodeInfo): number {
    const tolerations = pod.spec.tolerations?.filter(({ effect }) => !effect || effect === "PreferNoSchedule") ?? [];
    return node.taints.filter((taint) => isSoft(taint) && !tolerations.some((each) => tolerates(each, taint))).length;
  }

  normalizeScore(_state: CycleState, _pod: PodInfo, scores: number[]): void {
    normalizeByLargest(scores, true);
  }

  eventsToRegister() {
    return [
      interest("Node", ["Add", "UpdateNodeTaint"], ({ pod }, { current }) =>
        untoleratedTaint(current?.spec.taints ?? [], pod.spec.tolerations, keepsAway) ? "Skip" : "Queue",
      ),
      interest("UnscheduledPod", ["UpdatePodToleration"], (pod, { current }) =>
        current?.metadata.uid === pod.uid ? "Queue" : "Skip",
      ),
    ];
  }
}

function isSoft({ effect }: Taint): boolean {
  return effect === "PreferNoSchedule";
}
