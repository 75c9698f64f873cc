import type { TopologySpreadConstraint } from "@kube-ts/api/core/v1";
import { hostnameLabel } from "@kube-ts/api/well-known-labels";
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
import { type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { type Outcome, Status, unresolvable, unschedulable } from "../framework/status.ts";
import { HardSpread } from "@kube-ts/api/placement/hard-spread";
import type { Selector } from "@kube-ts/api/selectors";
import { DefaultSelectors } from "./default-selector.ts";
import {
  defaultConstraints,
  hasAllKeys,
  includesNode,
  ownConstraints,
  type SpreadConstraint,
  systemDefaultConstraints,
} from "@kube-ts/api/placement/spread-constraint";

interface SoftSpread {
  readonly constraints: readonly SpreadConstraint[];
  /** By constraint: how much a pod in the node's domain counts. */
  readonly weights: readonly number[];
  /** By constraint: matching pods in the node's domain. */
  readonly counts: readonly ((node: NodeInfo) => number)[];
  readonly ignored: ReadonlySet<string>;
}

const hardKey = stateKey<HardSpread>("PodTopologySpread/hard");
const softKey = stateKey<SoftSpread>("PodTopologySpread/soft");

/** Spreads pods evenly over zones, nodes or other domains. */
export class PodTopologySpread
  implements
    PreFilterPlugin,
    PreFilterExtensions,
    FilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    ScoreExtensions,
    EnqueueExtensions
{
  readonly name = "PodTopologySpread";
  readonly #snapshot: PluginHandle["snapshot"];
  readonly #defaults: readonly TopologySpreadConstraint[];
  readonly #systemDefaults: boolean;
  readonly #selectors: DefaultSelectors | undefined;
  readonly #skewed = unschedulable(this.name, "node(s) didn't match pod topology spread constraints");
  readonly #noLabel = unresolvable(
    this.name,
    "node(s) didn't match pod topology spread constraints (missing required label)",
  );
  readonly #skip = new Status("Skip", this.name, []);

  /** Without `listed` constraints pods get the system's defaults; these only ever score. */
  constructor(
    listed: readonly TopologySpreadConstraint[] | undefined,
    { snapshot, informers }: Pick<PluginHandle, "snapshot" | "informers">,
  ) {
    this.#snapshot = snapshot;
    this.#systemDefaults = listed === undefined;
    this.#defaults = listed ?? systemDefaultConstraints;
    this.#selectors = this.#defaults.length > 0 ? new DefaultSelectors(informers) : undefined;
  }

  preFilter(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): Outcome {
    const constraints = this.#constraints(pod, "DoNotSchedule");
    if (constraints.length === 0) return this.#skip;
    const counterOf = (selector: Selector) => this.#snapshot.selectorCounts.of(pod.namespace, selector);
    state.write(hardKey, HardSpread.count(pod, constraints, nodes, counterOf));
    return undefined;
  }

  addPod(state: CycleState, pod: PodInfo, added: PodInfo, node: NodeInfo): void {
    state.read(hardKey)?.adjust(pod, added, node, 1);
  }

  removePod(state: CycleState, pod: PodInfo, removed: PodInfo, node: NodeInfo): void {
    state.read(hardKey)?.adjust(pod, removed, node, -1);
  }

  filter(state: CycleState, _pod: PodInfo, node: NodeInfo): Outcome {
    const obstacle = state.read(hardKey)?.obstacle(node);
    if (obstacle === undefined) return undefined;
    return obstacle === "missingLabel" ? this.#noLabel : this.#skewed;
  }

  preScore(state: CycleState, pod: PodInfo, feasible: readonly NodeInfo[]): Outcome {
    const constraints = this.#constraints(pod, "ScheduleAnyway");
    if (constraints.length === 0) return this.#skip;
    // Nodes need not have the labels of the system's defaults: many clusters have no zones.
    const needsKeys = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0 || !this.#systemDefaults;
    const ignored = new Set<string>();
    for (const node of needsKeys ? feasible : []) if (!hasAllKeys(node, constraints)) ignored.add(node.name);
    const scored = ignored.size === 0 ? feasible : feasible.filter(({ name }) => !ignored.has(name));
    const weights: number[] = [];
    const counts = constraints.map((constraint) => {
      const counter = this.#snapshot.selectorCounts.of(pod.namespace, constraint.selector);
      const { topologyKey } = constraint;
      if (topologyKey === hostnameLabel) {
        weights.push(Math.log(scored.length + 2));
        return counter;
      }
      const byValue = this.#domainCounts(constraint, constraints, pod, scored, needsKeys, counter);
      weights.push(Math.log(byValue.size + 2));
      return (node: NodeInfo) => byValue.get(node.labels[topologyKey] ?? "") ?? 0;
    });
    state.write(softKey, { constraints, weights, counts, ignored });
    return undefined;
  }

  score(state: CycleState, _pod: PodInfo, node: NodeInfo): number {
    const soft = state.read(softKey);
    if (!soft || soft.ignored.has(node.name)) return 0;
    let score = 0;
    for (const [index, { topologyKey, maxSkew }] of soft.constraints.entries()) {
      if (node.labels[topologyKey] === undefined) continue;
      // A larger skew that is allowed levels out the differences between domains.
      score += (soft.counts[index]?.(node) ?? 0) * (soft.weights[index] ?? 0) + (maxSkew - 1);
    }
    return Math.round(score);
  }

  /** The fuller the domains, the lower the score. */
  normalizeScore(state: CycleState, _pod: PodInfo, scores: number[], nodes: readonly NodeInfo[]): void {
    const ignored = state.read(softKey)?.ignored ?? new Set();
    let least = Infinity;
    let most = 0;
    for (const [index, score] of scores.entries()) {
      if (ignored.has(nodes[index]?.name ?? "")) continue;
      least = Math.min(least, score);
      most = Math.max(most, score);
    }
    for (const [index, score] of scores.entries()) {
      if (ignored.has(nodes[index]?.name ?? "")) scores[index] = 0;
      else scores[index] = most === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (most + least - score)) / most);
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
      interest("Node", ["Add", "Delete", "UpdateNodeLabel", "UpdateNodeTaint"]),
    ];
  }

  #concerns(pod: PodInfo, other: PodInfo): boolean {
    if (pod.namespace !== other.namespace) return false;
    return this.#constraints(pod, "DoNotSchedule").some(({ selector }) => selector.matches(other.labels));
  }

  #constraints(pod: PodInfo, action: TopologySpreadConstraint["whenUnsatisfiable"]): readonly SpreadConstraint[] {
    if ((pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0) return ownConstraints(pod, action);
    if (!this.#defaults.some(({ whenUnsatisfiable }) => whenUnsatisfiable === action)) return [];
    const selector = this.#selectors?.of(pod.pod);
    return selector ? defaultConstraints(this.#defaults, action, selector) : [];
  }

  /** Matching pods in the domains that feasible nodes are in. */
  #domainCounts(
    constraint: SpreadConstraint,
    all: readonly SpreadConstraint[],
    pod: PodInfo,
    feasible: readonly NodeInfo[],
    needsKeys: boolean,
    counter: (node: NodeInfo) => number,
  ): ReadonlyMap<string, number> {
    const { topologyKey } = constraint;
    const byValue = new Map<string, number>();
    for (const node of feasible) {
      const value = node.labels[topologyKey];
      if (value !== undefined) byValue.set(value, 0);
    }
    if (byValue.size === 0) return byValue;
    for (const node of this.#snapshot.nodes) {
      const value = node.labels[topologyKey];
      const known = value === undefined ? undefined : byValue.get(value);
      if (value === undefined || known === undefined) continue;
      if ((needsKeys && !hasAllKeys(node, all)) || !includesNode(constraint, pod, node)) continue;
      byValue.set(value, known + counter(node));
    }
    return byValue;
  }
}
