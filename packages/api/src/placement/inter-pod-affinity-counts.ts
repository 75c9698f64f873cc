import type { NodeInfo } from "./node-info.ts";
import { type AffinityTerm, type Labels, type PodInfo, termMatches } from "./pod-info.ts";

/** How many pods match, by topology key and value. */
export class TopologyCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  /** Counts `amount` for the node's domain of the key; a node without the label is in no domain. */
  add(topologyKey: string, node: NodeInfo, amount: number): void {
    const value = node.labels[topologyKey];
    if (value === undefined) return;
    let values = this.#counts.get(topologyKey);
    if (!values) this.#counts.set(topologyKey, (values = new Map()));
    const count = (values.get(value) ?? 0) + amount;
    if (count === 0) values.delete(value);
    else values.set(value, count);
    if (values.size === 0) this.#counts.delete(topologyKey);
  }

  get(topologyKey: string, value: string | undefined): number {
    return value === undefined ? 0 : (this.#counts.get(topologyKey)?.get(value) ?? 0);
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Whether a domain that the node is in has a count above zero. */
  touches(node: NodeInfo): boolean {
    for (const [key, values] of this.#counts) {
      const value = node.labels[key];
      if (value !== undefined && (values.get(value) ?? 0) > 0) return true;
    }
    return false;
  }

  /** The sum of the counts of the node's domains. */
  sumFor(node: NodeInfo): number {
    let sum = 0;
    for (const [key, values] of this.#counts) {
      const value = node.labels[key];
      if (value !== undefined) sum += values.get(value) ?? 0;
    }
    return sum;
  }

  clone(): TopologyCounts {
    const copy = new TopologyCounts();
    for (const [key, values] of this.#counts) copy.#counts.set(key, new Map(values));
    return copy;
  }
}

/** Why a node does not do: far from pods it needs, near pods it shuns, or near pods that shun it. */
export type AffinityObstacle = "notNear" | "tooNear" | "unwelcome";

/** What the required terms of a pod and of the pods that run come to. */
export class AffinityState {
  /** Domains where a running pod with anti-affinity to the pod is. */
  readonly existingAnti: TopologyCounts;
  /** Domains of pods that match all affinity terms of the pod. */
  readonly affinity: TopologyCounts;
  /** Domains of pods that match one of its anti-affinity terms. */
  readonly anti: TopologyCounts;
  readonly #pod: PodInfo;
  readonly #labelsOf: (namespace: string) => Labels | undefined;

  constructor(pod: PodInfo, labelsOf: (namespace: string) => Labels | undefined, source?: AffinityState) {
    this.#pod = pod;
    this.#labelsOf = labelsOf;
    this.existingAnti = source?.existingAnti.clone() ?? new TopologyCounts();
    this.affinity = source?.affinity.clone() ?? new TopologyCounts();
    this.anti = source?.anti.clone() ?? new TopologyCounts();
  }

  /** Counts the pods on all nodes; undefined when neither the pod nor one that runs cares. */
  static count(
    pod: PodInfo,
    nodes: readonly NodeInfo[],
    withRequiredAntiAffinity: readonly NodeInfo[],
    labelsOf: (namespace: string) => Labels | undefined,
  ): AffinityState | undefined {
    const counts = new AffinityState(pod, labelsOf);
    for (const node of withRequiredAntiAffinity) {
      for (const existing of node.podsWithRequiredAntiAffinity.values()) counts.countExisting(existing, node, 1);
    }
    const own = (pod.affinity?.requiredAffinity.length ?? 0) + (pod.affinity?.requiredAntiAffinity.length ?? 0);
    if (own === 0) return counts.existingAnti.isEmpty ? undefined : counts;
    for (const node of nodes) {
      for (const existing of node.pods.values()) counts.countForIncoming(existing, node, 1);
    }
    return counts;
  }

  /** What keeps the pod from the node; undefined when nothing does. */
  obstacle(node: NodeInfo): AffinityObstacle | undefined {
    if (!this.#isNear(node)) return "notNear";
    const tooNear = this.#pod.affinity?.requiredAntiAffinity.some(
      ({ topologyKey }) => this.anti.get(topologyKey, node.labels[topologyKey]) > 0,
    );
    if (tooNear) return "tooNear";
    return this.existingAnti.touches(node) ? "unwelcome" : undefined;
  }

  #isNear(node: NodeInfo): boolean {
    const terms = this.#pod.affinity?.requiredAffinity ?? [];
    if (terms.length === 0) return true;
    if (terms.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) return false;
    if (terms.every(({ topologyKey }) => this.affinity.get(topologyKey, node.labels[topologyKey]) > 0)) return true;
    return this.affinity.isEmpty && this.matchesItself(terms);
  }

  clone(): AffinityState {
    return new AffinityState(this.#pod, this.#labelsOf, this);
  }

  /** A running pod with anti-affinity of its own. */
  countExisting(existing: PodInfo, node: NodeInfo, amount: 1 | -1): void {
    for (const term of existing.affinity?.requiredAntiAffinity ?? []) {
      if (termMatches(term, this.#pod, this.#labelsOf(this.#pod.namespace))) {
        this.existingAnti.add(term.topologyKey, node, amount);
      }
    }
  }

  /** A running pod as the pod's own terms see it. */
  countForIncoming(existing: PodInfo, node: NodeInfo, amount: 1 | -1): void {
    const { affinity } = this.#pod;
    if (!affinity) return;
    const labels = this.#labelsOf(existing.namespace);
    const { requiredAffinity, requiredAntiAffinity } = affinity;
    if (requiredAffinity.length > 0 && requiredAffinity.every((term) => termMatches(term, existing, labels))) {
      for (const { topologyKey } of requiredAffinity) this.affinity.add(topologyKey, node, amount);
    }
    for (const term of requiredAntiAffinity) {
      if (termMatches(term, existing, labels)) this.anti.add(term.topologyKey, node, amount);
    }
  }

  /** The pod matches all of its own affinity terms, so that it may be the first of its kind. */
  matchesItself(terms: readonly AffinityTerm[]): boolean {
    return terms.every((term) => termMatches(term, this.#pod, this.#labelsOf(this.#pod.namespace)));
  }
}
