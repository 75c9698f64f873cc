import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Selector, selectorOf } from "@kube-ts/api/selectors";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";

interface Budget {
  readonly namespace: string;
  readonly selector: Selector;
  allowed: number;
}

/** How many pods may still be disrupted while removals are planned. */
export class DisruptionBudgets {
  readonly #budgets: readonly Budget[];

  constructor(budgets: readonly PodDisruptionBudget[]) {
    this.#budgets = budgets.map(({ metadata, spec, status }) => ({
      namespace: metadata.namespace ?? "",
      selector: selectorOf(spec.selector),
      allowed: status?.disruptionsAllowed ?? 0,
    }));
  }

  covers(pod: PodInfo): boolean {
    return this.#matching(pod).length > 0;
  }

  /** Whether the pod may be evicted now; several pods of one budget go one after another. */
  allows(pod: PodInfo): boolean {
    return this.#matching(pod).every(({ allowed }) => allowed > 0);
  }

  /** Counts the pods as disrupted. */
  charge(pods: readonly PodInfo[]): void {
    for (const pod of pods) for (const budget of this.#matching(pod)) budget.allowed = Math.max(0, budget.allowed - 1);
  }

  #matching(pod: PodInfo): readonly Budget[] {
    return this.#budgets.filter(
      ({ namespace, selector }) => namespace === pod.namespace && selector.matches(pod.labels),
    );
  }
}
