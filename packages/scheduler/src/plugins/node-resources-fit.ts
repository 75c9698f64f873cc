import { interest } from "../framework/cluster-event.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import { detachedNodeInfo, type NodeInfo } from "@kube-ts/api/placement/node-info";
import type { EnqueueExtensions, FilterPlugin, ScorePlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { resourceShortages, type Shortage } from "@kube-ts/api/placement/resource-shortages";
import { type Outcome, Status } from "../framework/status.ts";
import { scoreResources, type ScoringStrategy } from "./resource-scoring.ts";

export interface NodeResourcesFitArgs {
  readonly ignoredResources: ReadonlySet<string>;
  /** Prefixes such as `example.com`. */
  readonly ignoredResourceGroups: ReadonlySet<string>;
  readonly strategy: ScoringStrategy;
}

/** Whether a node has room for the pod's requests, and how much of it would be left. */
export class NodeResourcesFit implements FilterPlugin, ScorePlugin, EnqueueExtensions {
  readonly name = "NodeResourcesFit";
  readonly nodeLocal = true;
  readonly #args: NodeResourcesFitArgs;
  /** Statuses by their text: many nodes are short of the same. */
  readonly #statuses = new Map<string, Status>();

  constructor(args: NodeResourcesFitArgs) {
    this.#args = args;
  }

  filter(_state: CycleState, pod: PodInfo, node: NodeInfo): Outcome {
    const shortages = this.#shortages(pod, node);
    return shortages.length === 0 ? undefined : this.#statusOf(shortages);
  }

  score(_state: CycleState, pod: PodInfo, node: NodeInfo): number {
    return scoreResources(this.#args.strategy, pod, node);
  }

  eventsToRegister() {
    return [
      // A pod that goes always frees its place among the node's pods.
      interest("AssignedPod", ["Delete", "UpdatePodScaleDown"]),
      interest("UnscheduledPod", ["UpdatePodScaleDown"], (pod, { current }) =>
        current?.metadata.uid === pod.uid ? "Queue" : "Skip",
      ),
      interest("Node", ["Add", "UpdateNodeAllocatable"], (pod, { current }) =>
        current && this.#shortages(pod, detachedNodeInfo(current)).length === 0 ? "Queue" : "Skip",
      ),
    ];
  }

  #shortages(pod: PodInfo, node: NodeInfo): readonly Shortage[] {
    return resourceShortages(pod, node, this.#ignores);
  }

  readonly #ignores = (resource: string): boolean => {
    const { ignoredResources, ignoredResourceGroups } = this.#args;
    if (ignoredResources.size === 0 && ignoredResourceGroups.size === 0) return false;
    return ignoredResources.has(resource) || ignoredResourceGroups.has(resource.slice(0, resource.indexOf("/")));
  };

  #statusOf(shortages: readonly Shortage[]): Status {
    const code = shortages.some(({ never }) => never) ? "UnschedulableAndUnresolvable" : "Unschedulable";
    const reasons = shortages.map(({ reason }) => reason);
    const key = `${code}/${reasons.join("/")}`;
    let status = this.#statuses.get(key);
    if (!status) {
      if (this.#statuses.size >= 1_000) this.#statuses.clear();
      this.#statuses.set(key, (status = new Status(code, this.name, reasons)));
    }
    return status;
  }
}
