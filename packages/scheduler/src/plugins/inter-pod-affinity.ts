import type { Namespace } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import { namespaces } from "@kube-ts/api/resource-types";
import type { Lister } from "@kube-ts/client/informer";
import { interest } from "../framework/cluster-event.ts";
import { type CycleState, stateKey } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type {
  EnqueueExtensions,
  FilterPlugin,
  PluginHandle,
  PreFilterExtensions,
  PreFilterPlugin,
  PreScorePlugin,
  ScoreExtensions,
  ScorePlugin,
} from "../framework/plugin.ts";
import { maxNodeScore } from "../framework/plugin.ts";
import { type Labels, type PodInfo, podInfoOf, termMatches } from "@kube-ts/api/placement/pod-info";
import { type Outcome, Status, unresolvable, unschedulable } from "../framework/status.ts";
import { AffinityState, TopologyCounts } from "@kube-ts/api/placement/inter-pod-affinity-counts";

export interface InterPodAffinityArgs {
  /** What a required affinity term of a running pod weighs in scoring. */
  readonly hardPodAffinityWeight: number;
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

const filterKey = stateKey<AffinityState>("InterPodAffinity/filter");
const scoreKey = stateKey<TopologyCounts>("InterPodAffinity/score");

/** Affinity and anti-affinity between pods, in both directions. */
export class InterPodAffinity
  implements
    PreFilterPlugin,
    PreFilterExtensions,
    FilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    ScoreExtensions,
    EnqueueExtensions
{
  readonly name = "InterPodAffinity";
  readonly #args: InterPodAffinityArgs;
  readonly #handle: Pick<PluginHandle, "snapshot">;
  readonly #namespaces: Lister<Namespace>;
  readonly #notNear = unresolvable(this.name, "node(s) didn't match pod affinity rules");
  readonly #tooNear = unschedulable(this.name, "node(s) didn't match pod anti-affinity rules");
  readonly #unwelcome = unschedulable(this.name, "node(s) didn't satisfy existing pods anti-affinity rules");
  readonly #skip = new Status("Skip", this.name, []);

  constructor(args: InterPodAffinityArgs, handle: Pick<PluginHandle, "snapshot" | "informers">) {
    this.#args = args;
    this.#handle = handle;
    this.#namespaces = handle.informers.informer(namespaces);
  }

  readonly #labelsOf = (namespace: string): Labels | undefined =>
    this.#namespaces.get(objectKey("", namespace))?.metadata.labels;

  preFilter(state: CycleState, pod: PodInfo): Outcome {
    if (pod.affinityError) return unresolvable(this.name, `invalid pod affinity: ${pod.affinityError.message}`);
    const { nodes, withRequiredAntiAffinity } = this.#handle.snapshot;
    const counts = AffinityState.count(pod, nodes, withRequiredAntiAffinity, this.#labelsOf);
    if (!counts) return this.#skip;
    state.write(filterKey, counts);
    return undefined;
  }

  addPod(state: CycleState, _pod: PodInfo, added: PodInfo, node: NodeInfo): void {
    state.read(filterKey)?.countExisting(added, node, 1);
    state.read(filterKey)?.countForIncoming(added, node, 1);
  }

  removePod(state: CycleState, _pod: PodInfo, removed: PodInfo, node: NodeInfo): void {
    state.read(filterKey)?.countExisting(removed, node, -1);
    state.read(filterKey)?.countForIncoming(removed, node, -1);
  }

  filter(state: CycleState, _pod: PodInfo, node: NodeInfo): Outcome {
    const counts = state.read(filterKey);
    if (!counts) return undefined;
    switch (counts.obstacle(node)) {
      case "notNear":
        return this.#notNear;
      case "tooNear":
        return this.#tooNear;
      case "unwelcome":
        return this.#unwelcome;
      default:
        return undefined;
    }
  }

  preScore(state: CycleState, pod: PodInfo, feasible: readonly NodeInfo[]): Outcome {
    const own = (pod.affinity?.preferredAffinity.length ?? 0) + (pod.affinity?.preferredAntiAffinity.length ?? 0) > 0;
    const { nodes, withAffinity } = this.#handle.snapshot;
    if (!own && (this.#args.ignorePreferredTermsOfExistingPods || withAffinity.length === 0)) return this.#skip;
    if (feasible.length === 0) return this.#skip;
    const counts = new TopologyCounts();
    for (const node of own ? nodes : withAffinity) {
      const existing = own ? node.pods : node.podsWithAffinity;
      for (const other of existing.values()) this.#weigh(counts, pod, other, node);
    }
    if (counts.isEmpty) return this.#skip;
    state.write(scoreKey, counts);
    return undefined;
  }

  score(state: CycleState, _pod: PodInfo, node: NodeInfo): number {
    return state.read(scoreKey)?.sumFor(node) ?? 0;
  }

  normalizeScore(_state: CycleState, _pod: PodInfo, scores: number[]): void {
    const least = scores.reduce((a, b) => Math.min(a, b), Infinity);
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const spread = most - least;
    for (const [index, score] of scores.entries()) {
      scores[index] = spread > 0 ? Math.trunc((maxNodeScore * (score - least)) / spread) : 0;
    }
  }

  eventsToRegister() {
    return [
      interest("AssignedPod", ["Add", "Delete", "UpdatePodLabel"], (pod, { old, current }) => {
        const changed = [old, current].filter((each) => each !== undefined).map(podInfoOf);
        return changed.some((other) => this.#concerns(pod, other)) ? "Queue" : "Skip";
      }),
      interest("UnscheduledPod", ["UpdatePodLabel"], (pod, { current }) =>
        current?.metadata.uid === pod.uid ? "Queue" : "Skip",
      ),
      interest("Node", ["Add", "UpdateNodeLabel"]),
      // Terms may select namespaces by label.
      interest("Namespace", ["Add", "Update"]),
    ];
  }

  /** Whether the other pod is in a relation with the pod, in either direction. */
  #concerns(pod: PodInfo, other: PodInfo): boolean {
    const own = [...(pod.affinity?.requiredAffinity ?? []), ...(pod.affinity?.requiredAntiAffinity ?? [])];
    if (own.some((term) => termMatches(term, other, this.#labelsOf(other.namespace)))) return true;
    const theirs = other.affinity?.requiredAntiAffinity ?? [];
    return theirs.some((term) => termMatches(term, pod, this.#labelsOf(pod.namespace)));
  }

  /** Adds what the two pods wish of each other to the domains of the other's node. */
  #weigh(counts: TopologyCounts, pod: PodInfo, other: PodInfo, node: NodeInfo): void {
    const otherLabels = this.#labelsOf(other.namespace);
    for (const { weight, term } of pod.affinity?.preferredAffinity ?? []) {
      if (termMatches(term, other, otherLabels)) counts.add(term.topologyKey, node, weight);
    }
    for (const { weight, term } of pod.affinity?.preferredAntiAffinity ?? []) {
      if (termMatches(term, other, otherLabels)) counts.add(term.topologyKey, node, -weight);
    }
    if (!other.affinity) return;
    const ownLabels = this.#labelsOf(pod.namespace);
    const { hardPodAffinityWeight } = this.#args;
    if (hardPodAffinityWeight > 0) {
      for (const term of other.affinity.requiredAffinity) {
        if (termMatches(term, pod, ownLabels)) counts.add(term.topologyKey, node, hardPodAffinityWeight);
      }
    }
    for (const { weight, term } of other.affinity.preferredAffinity) {
      if (termMatches(term, pod, ownLabels)) counts.add(term.topologyKey, node, weight);
    }
    for (const { weight, term } of other.affinity.preferredAntiAffinity) {
      if (termMatches(term, pod, ownLabels)) counts.add(term.topologyKey, node, -weight);
    }
  }
}
