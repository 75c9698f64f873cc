import type { Selector } from "../selectors.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo } from "./pod-info.ts";
import { hasAllKeys, includesNode, type SpreadConstraint } from "./spread-constraint.ts";

/** Matching pods by domain, for one hard constraint. */
class DomainCounts {
  readonly constraint: SpreadConstraint;
  readonly byValue: Map<string, number>;
  /** Whether the pod itself matches, and so adds to its domain. */
  readonly self: 0 | 1;

  constructor(constraint: SpreadConstraint, self: 0 | 1, byValue: Map<string, number> = new Map()) {
    this.constraint = constraint;
    this.self = self;
    this.byValue = byValue;
  }

  add(value: string, amount: number): void {
    this.byValue.set(value, (this.byValue.get(value) ?? 0) + amount);
    this.#least = undefined;
  }

  #least: number | undefined;

  /** The count of the emptiest domain; 0 when there are fewer domains than there have to be. */
  get least(): number {
    if (this.byValue.size < this.constraint.minDomains) return 0;
    if (this.#least === undefined) {
      this.#least = Infinity;
      for (const count of this.byValue.values()) this.#least = Math.min(this.#least, count);
    }
    return this.#least;
  }
}

/** Why a node does not do. */
export type SpreadObstacle = "missingLabel" | "skewed";

/** The hard constraints of one pod with the pods that count for them. */
export class HardSpread {
  readonly counts: readonly DomainCounts[];

  constructor(counts: readonly DomainCounts[]) {
    this.counts = counts;
  }

  /** Counts the pods on all nodes; `counterOf` answers how many pods of the pod's namespace a selector matches on a node. */
  static count(
    pod: PodInfo,
    constraints: readonly SpreadConstraint[],
    nodes: readonly NodeInfo[],
    counterOf: (selector: Selector) => (node: NodeInfo) => number,
  ): HardSpread {
    const counts = constraints.map(
      (constraint) => new DomainCounts(constraint, constraint.selector.matches(pod.labels) ? 1 : 0),
    );
    const counters = constraints.map(({ selector }) => counterOf(selector));
    for (const node of nodes) {
      if (!hasAllKeys(node, constraints)) continue;
      for (const [index, domain] of counts.entries()) {
        if (!includesNode(domain.constraint, pod, node)) continue;
        domain.add(node.labels[domain.constraint.topologyKey] ?? "", counters[index]?.(node) ?? 0);
      }
    }
    return new HardSpread(counts);
  }

  /** What keeps the pod from the node; undefined when nothing does. */
  obstacle(node: NodeInfo): SpreadObstacle | undefined {
    for (const domain of this.counts) {
      const value = node.labels[domain.constraint.topologyKey];
      if (value === undefined) return "missingLabel";
      const skew = (domain.byValue.get(value) ?? 0) + domain.self - domain.least;
      if (skew > domain.constraint.maxSkew) return "skewed";
    }
    return undefined;
  }

  /** Takes note that a pod was added to the node (1) or taken from it (-1). */
  adjust(pod: PodInfo, changed: PodInfo, node: NodeInfo, amount: 1 | -1): void {
    if (changed.namespace !== pod.namespace || !hasAllKeys(node, this.constraints)) return;
    if (changed.pod.metadata.deletionTimestamp !== undefined) return;
    for (const domain of this.counts) {
      const { constraint } = domain;
      if (!constraint.selector.matches(changed.labels) || !includesNode(constraint, pod, node)) continue;
      domain.add(node.labels[constraint.topologyKey] ?? "", amount);
    }
  }

  get constraints(): readonly SpreadConstraint[] {
    return this.counts.map(({ constraint }) => constraint);
  }

  clone(): HardSpread {
    return new HardSpread(
      this.counts.map(({ constraint, self, byValue }) => new DomainCounts(constraint, self, new Map(byValue))),
    );
  }
}

/** How many pods of the node are in the namespace, match the selector and are not terminating. */
export function countMatching(node: NodeInfo, namespace: string, selector: Selector): number {
  let count = 0;
  for (const pod of node.pods.values()) {
    if (pod.namespace !== namespace || pod.pod.metadata.deletionTimestamp !== undefined) continue;
    if (selector.matches(pod.labels)) count += 1;
  }
  return count;
}
