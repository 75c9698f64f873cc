import { interest } from "../framework/cluster-event.ts";
import type { EnqueueExtensions, PreEnqueuePlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, unresolvable } from "../framework/status.ts";

/** Holds pods back that have scheduling gates. */
export class SchedulingGates implements PreEnqueuePlugin, EnqueueExtensions {
  readonly name = "SchedulingGates";

  preEnqueue({ pod }: PodInfo): Outcome {
    const gates = pod.spec.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    const names = gates.map((gate) => gate.name).join(" ");
    return unresolvable(this.name, `waiting for scheduling gates: [${names}]`);
  }

  eventsToRegister() {
    return [
      interest("UnscheduledPod", ["UpdatePodSchedulingGatesEliminated"], (pod, { current }) =>
        current?.metadata.uid === pod.uid ? "Queue" : "Skip",
      ),
    ];
  }
}
