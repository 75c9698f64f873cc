import { interest } from "../framework/cluster-event.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import { hostPortsOf, HostPortUse } from "@kube-ts/api/placement/host-ports";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { EnqueueExtensions, FilterPlugin, PreFilterPlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, Status, unschedulable } from "../framework/status.ts";

/** Keeps pods apart that want the same port of the host. */
export class NodePorts implements PreFilterPlugin, FilterPlugin, EnqueueExtensions {
  readonly name = "NodePorts";
  readonly nodeLocal = true;
  readonly #taken = unschedulable(this.name, "node(s) didn't have free ports for the requested pod ports");
  readonly #skip = new Status("Skip", this.name, []);

  preFilter(_state: CycleState, pod: PodInfo): Outcome {
    return pod.hostPorts.length === 0 ? this.#skip : undefined;
  }

  filter(_state: CycleState, pod: PodInfo, node: NodeInfo): Outcome {
    return node.ports.conflicts(pod.hostPorts) ? this.#taken : undefined;
  }

  eventsToRegister() {
    return [
      interest("AssignedPod", ["Delete"], (pod, { old }) => {
        const freed = new HostPortUse();
        freed.add(old ? hostPortsOf(old) : []);
        return freed.conflicts(pod.hostPorts) ? "Queue" : "Skip";
      }),
      interest("Node", ["Add"]),
    ];
  }
}
