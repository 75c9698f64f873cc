import { interest } from "../framework/cluster-event.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { CycleState } from "../framework/cycle-state.ts";
import type { EnqueueExtensions, FilterPlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, unresolvable } from "../framework/status.ts";

/** The pod goes to the node that it names. */
export class NodeName implements FilterPlugin, EnqueueExtensions {
  readonly name = "NodeName";
  readonly nodeLocal = true;
  readonly #mismatch = unresolvable(this.name, "node(s) didn't match the requested node name");

  filter(_state: CycleState, { pod }: PodInfo, node: NodeInfo): Outcome {
    const wanted = pod.spec.nodeName;
    return wanted && wanted !== node.name ? this.#mismatch : undefined;
  }

  eventsToRegister() {
    return [interest("Node", ["Add"])];
  }
}
