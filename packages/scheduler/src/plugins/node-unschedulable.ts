import type { Taint } from "@kube-ts/api/core/v1";
import { unschedulableTaint } from "@kube-ts/api/well-known-labels";
import { interest } from "../framework/cluster-event.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { EnqueueExtensions, FilterPlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, unresolvable } from "../framework/status.ts";
import { tolerates } from "@kube-ts/api/placement/tolerations";

const cordon: Taint = { key: unschedulableTaint, effect: "NoSchedule" };

/** Keeps pods off cordoned nodes, unless they tolerate the taint that says the same. */
export class NodeUnschedulable implements FilterPlugin, EnqueueExtensions {
  readonly name = "NodeUnschedulable";
  readonly nodeLocal = true;
  readonly #cordoned = unresolvable(this.name, "node(s) were unschedulable");

  filter(_state: CycleState, { pod }: PodInfo, node: NodeInfo): Outcome {
    if (!node.unschedulable) return undefined;
    return pod.spec.tolerations?.some((toleration) => tolerates(toleration, cordon)) ? undefined : this.#cordoned;
  }

  eventsToRegister() {
    return [
      interest("Node", ["Add", "UpdateNodeTaint"], (_pod, { current }) =>
        current?.spec.unschedulable ? "Skip" : "Queue",
      ),
      interest("UnscheduledPod", ["UpdatePodToleration"], (pod, { current }) =>
        current?.metadata.uid === pod.uid ? "Queue" : "Skip",
      ),
    ];
  }
}
