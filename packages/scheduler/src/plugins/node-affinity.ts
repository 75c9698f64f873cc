import type { Node, NodeAffinity as NodeAffinityRules, PreferredSchedulingTerm } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { interest } from "../framework/cluster-event.ts";
import { type CycleState, stateKey } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type {
  EnqueueExtensions,
  FilterPlugin,
  PreFilterPlugin,
  PreFilterResult,
  PreScorePlugin,
  ScoreExtensions,
  ScorePlugin,
} from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, Status, unresolvable } from "../framework/status.ts";
import {
  admitsNode,
  nodeSelectionOf,
  nodeTerms,
  NodeTerm,
  type SelectableNode,
} from "@kube-ts/api/placement/node-selection";
import { normalizeByLargest } from "./normalize.ts";

interface Preference {
  readonly weight: number;
  readonly term: NodeTerm;
}

const preferencesKey = stateKey<readonly Preference[]>("NodeAffinity/preferences");

/** Node selectors and node affinity, and the affinity that the profile adds to every pod. */
export class NodeAffinity
  implements PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin, ScoreExtensions, EnqueueExtensions
{
  readonly name = "NodeAffinity";
  readonly nodeLocal = true;
  readonly #added: readonly NodeTerm[] | undefined;
  readonly #addedPreferences: readonly Preference[];
  readonly #mismatch = unresolvable(this.name, "node(s) didn't match Pod's node affinity/selector");
  readonly #enforced = unresolvable(this.name, "node(s) didn't match scheduler-enforced node affinity");
  readonly #skip = new Status("Skip", this.name, []);

  constructor(addedAffinity?: NodeAffinityRules) {
    this.#added = nodeTerms(addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution)?.map(usable);
    this.#addedPreferences = preferences(addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution);
  }

  preFilter(_state: CycleState, pod: PodInfo): PreFilterResult | Outcome {
    const { selector, terms } = nodeSelectionOf(pod);
    if (selector.isEverything && !terms && !this.#added) return this.#skip;
    if (!terms || terms.length === 0 || terms.some((term) => term.names === undefined)) return undefined;
    return { nodeNames: new Set(terms.flatMap((term) => term.names ?? [])) };
  }

  filter(_state: CycleState, pod: PodInfo, node: NodeInfo): Outcome {
    if (this.#added && !this.#added.some((term) => term.matches(node))) return this.#enforced;
    return admitsNode(nodeSelectionOf(pod), node) ? undefined : this.#mismatch;
  }

  preScore(state: CycleState, { pod }: PodInfo): Outcome {
    const own = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    const all = [...this.#addedPreferences, ...preferences(own)];
    if (all.length === 0) return this.#skip;
    state.write(preferencesKey, all);
    return undefined;
  }

  /** The sum of the weights of the preferences that the node meets. */
  score(state: CycleState, _pod: PodInfo, node: NodeInfo): number {
    let sum = 0;
    for (const { weight, term } of state.read(preferencesKey) ?? []) if (term.matches(node)) sum += weight;
    return sum;
  }

  normalizeScore(_state: CycleState, _pod: PodInfo, scores: number[]): void {
    normalizeByLargest(scores, false);
  }

  eventsToRegister() {
    return [
      interest("Node", ["Add", "UpdateNodeLabel"], (pod, { current }) =>
        current && this.#admits(pod, current) ? "Queue" : "Skip",
      ),
    ];
  }

  #admits(pod: PodInfo, node: Node): boolean {
    const selectable: SelectableNode = { name: nameOf(node), labels: node.metadata.labels ?? {} };
    if (this.#added && !this.#added.some((term) => term.matches(selectable))) return false;
    return admitsNode(nodeSelectionOf(pod), selectable);
  }
}

/** Preferences that say nothing, or weigh nothing, are left out. */
function preferences(terms: readonly PreferredSchedulingTerm[] | undefined): Preference[] {
  return (terms ?? [])
    .filter(({ weight }) => weight !== 0)
    .map(({ weight, preference }) => ({ weight, term: usable(new NodeTerm(preference)) }));
}

/** A required term of a pod that cannot be used matches nothing; elsewhere it is an error. */
function usable(term: NodeTerm): NodeTerm {
  if (term.problem) throw term.problem;
  return term;
}
