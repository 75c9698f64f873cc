import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import { timeMs } from "@kube-ts/api/rfc3339";
import { selectorOf } from "@kube-ts/api/selectors";
import type { CycleState } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { FilterRunner } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type { Outcome, Status } from "../framework/status.ts";

/** A node on which the pod fits once the victims are gone. */
export interface Candidate {
  readonly nodeName: string;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them their disruption budgets would not give up. */
  readonly budgetViolations: number;
}

/** The fewest victims that make room for the pod on the node, or why no victims do. */
export function selectVictims(
  filters: FilterRunner,
  baseState: CycleState,
  pod: PodInfo,
  baseNode: NodeInfo,
  budgets: readonly PodDisruptionBudget[],
  noVictims: Status,
): Candidate | Status {
  const node = baseNode.clone();
  const state = baseState.clone();
  const lesser = [...node.pods.values()].filter((other) => other.priority < pod.priority);
  if (lesser.length === 0) return noVictims;
  const remove = (other: PodInfo) => {
    node.removePod(other.uid);
    filters.preFilterRemovePod(state, pod, other, node);
  };
  const restore = (other: PodInfo): Outcome => {
    node.addPod(other);
    filters.preFilterAddPod(state, pod, other, node);
    return filters.filterWithNominated(state, pod, node);
  };
  for (const other of lesser) remove(other);
  const alone = filters.filterWithNominated(state, pod, node);
  if (alone) return alone;
  // The most important pods are spared first, and among all those that budgets protect.
  const { violating, others } = splitByBudgets(lesser.toSorted(byImportance), budgets);
  const victims: PodInfo[] = [];
  let budgetViolations = 0;
  for (const [group, protectedByBudget] of [
    [violating, true],
    [others, false],
  ] as const) {
    for (const other of group) {
      if (!restore(other)) continue;
      remove(other);
      victims.push(other);
      if (protectedByBudget) budgetViolations += 1;
    }
  }
  return { nodeName: node.name, victims: victims.toSorted(byImportance), budgetViolations };
}

/** Higher priority first, then the one that runs for longer. */
function byImportance(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || startMs(a) - startMs(b);
}

/** When the pod was started; a pod that was not comes last. */
function startMs({ pod }: PodInfo): number {
  return pod.status?.startTime === undefined ? Number.MAX_SAFE_INTEGER : timeMs(pod.status.startTime);
}

function splitByBudgets(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const selectors = budgets.map(({ spec }) => selectorOf(spec?.selector));
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) {
    let violates = false;
    for (const [index, budget] of budgets.entries()) {
      if (budget.metadata.namespace !== pod.namespace || Object.keys(pod.labels).length === 0) continue;
      const selector = selectors[index];
      if (!selector || selector.isEverything || !selector.matches(pod.labels)) continue;
      // Its disruption was granted before and is accounted for.
      if (budget.status?.disruptedPods?.[pod.name] !== undefined) continue;
      left[index] = (left[index] ?? 0) - 1;
      if ((left[index] ?? 0) < 0) violates = true;
    }
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
}

/** The candidate that does the least harm. */
export function leastHarmful(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) if (!best || compareHarm(candidate, best) < 0) best = candidate;
  return best;
}

/** Budgets kept, then the least important top victim, the smallest sum of priorities, the fewest, the youngest. */
function compareHarm(a: Candidate, b: Candidate): number {
  const top = ({ victims }: Candidate) => victims[0]?.priority ?? -Infinity;
  // Shifted so that one more pod of a negative priority is more harm, not less.
  const sum = ({ victims }: Candidate) => victims.reduce((total, { priority }) => total + priority + 2 ** 31, 0);
  const earliestStart = ({ victims }: Candidate) =>
    Math.min(...victims.filter(({ priority }) => priority === victims[0]?.priority).map(startMs));
  return (
    a.budgetViolations - b.budgetViolations ||
    compare(top(a), top(b)) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    compare(earliestStart(b), earliestStart(a))
  );
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
