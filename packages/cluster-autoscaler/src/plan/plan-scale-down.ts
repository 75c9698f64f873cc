import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { ScaleDownOptions } from "../config/autoscaler-config.ts";
import type { ManagedNode } from "../model/group-view.ts";
import { scaleDownDisabledAnnotation } from "../model/node-marks.ts";
import type { SimulatedCluster } from "../model/simulated-cluster.ts";
import type { DisruptionBudgets } from "./disruption-budgets.ts";
import { type BlockingReason, type DrainContext, judgeDrain } from "./drain-rules.ts";
import { utilizationOf } from "./utilization.ts";

/** Why a node is kept, in upstream's words. */
export type UnremovableReason =
  | "ScaleDownDisabledAnnotation"
  | "ScaleDownUnreadyDisabled"
  | "NotUnderutilized"
  | "RecentlyUnremovable"
  | "CurrentlyBeingDeleted"
  | "NoPlaceToMovePods"
  | "BlockedByPod";

export interface UnneededNode {
  readonly managed: ManagedNode;
  readonly utilization: number;
  /** Nothing runs there that would have to go elsewhere. */
  readonly isEmpty: boolean;
  /** Keys of the pods that have to. */
  readonly pods: readonly string[];
}

export interface UnremovableNode {
  readonly name: string;
  readonly reason: UnremovableReason;
  /** What the pod does that blocks the removal. */
  readonly blockedBy?: { readonly pod: string; readonly reason: BlockingReason };
}

export interface ScaleDownInput {
  readonly cluster: SimulatedCluster;
  readonly nodes: readonly ManagedNode[];
  /** Nodes that exist on paper only; no pod is moved there. */
  readonly upcoming: ReadonlySet<string>;
  readonly options: ScaleDownOptions;
  readonly drain: DrainContext & { readonly budgets: DisruptionBudgets };
  /** Nodes that were unneeded in the last scan: they are asked first, so that the choice stays. */
  readonly before: ReadonlySet<string>;
  /** Nodes that lately could not be removed. */
  readonly isLetAlone: (name: string) => boolean;
}

export interface ScaleDownPlan {
  readonly unneeded: readonly UnneededNode[];
  readonly unremovable: readonly UnremovableNode[];
}

/**
 * Which nodes could all be removed together, every pod of theirs finding a place on a node that stays. Leaves the
 * cluster as it was.
 */
export function planScaleDown(input: ScaleDownInput): ScaleDownPlan {
  const unneeded: UnneededNode[] = [];
  const unremovable: UnremovableNode[] = [];
  const mark = input.cluster.mark;
  const candidates: Candidate[] = [];
  for (const managed of input.nodes) {
    const info = input.cluster.node(managed.name);
    if (!info) continue;
    const utilization = utilizationOf(info, input.options);
    const reason = ineligible(managed, utilization, input);
    if (reason) unremovable.push({ name: managed.name, reason });
    else candidates.push({ managed, info, utilization });
  }
  candidates.sort((a, b) => order(a, b, input.before));
  // Pods go to nodes that stay rather than to other candidates, so that more of those can go.
  const names = new Set(candidates.map(({ managed }) => managed.name));
  const stable = [...input.cluster.nodes].filter(({ name }) => !names.has(name) && !input.upcoming.has(name));
  const destinations = [...stable, ...candidates.toReversed().map(({ info }) => info)];
  for (const candidate of candidates) {
    const verdict = tryRemoval(candidate, destinations, input);
    if ("reason" in verdict) unremovable.push(verdict);
    else unneeded.push(verdict);
  }
  input.cluster.rollback(mark);
  return { unneeded, unremovable };
}

interface Candidate {
  readonly managed: ManagedNode;
  readonly info: NodeInfo;
  readonly utilization: number;
}

function ineligible(
  { node, name, condition }: ManagedNode,
  utilization: number,
  { options, isLetAlone }: ScaleDownInput,
): UnremovableReason | undefined {
  if (condition === "beingDeleted") return "CurrentlyBeingDeleted";
  if (node.metadata.annotations?.[scaleDownDisabledAnnotation] === "true") return "ScaleDownDisabledAnnotation";
  if (condition === "starting") return "NotUnderutilized";
  if (condition === "unready" && !options.unreadyEnabled) return "ScaleDownUnreadyDisabled";
  if (isLetAlone(name)) return "RecentlyUnremovable";
  return utilization < options.utilizationThreshold ? undefined : "NotUnderutilized";
}

/** What was unneeded before, then the emptiest first. */
function order(a: Candidate, b: Candidate, before: ReadonlySet<string>): number {
  const known = Number(before.has(b.managed.name)) - Number(before.has(a.managed.name));
  return known || a.utilization - b.utilization || (a.managed.name < b.managed.name ? -1 : 1);
}

/** Moves the node's pods and takes the node away; without success everything stays as it was. */
function tryRemoval(
  { managed, info, utilization }: Candidate,
  destinations: readonly NodeInfo[],
  { cluster, drain }: ScaleDownInput,
): UnneededNode | UnremovableNode {
  const { name } = managed;
  const verdict = judgeDrain(info.pods.values(), drain);
  if (verdict.kind === "blocked") {
    const blockedBy = { pod: verdict.pod.key, reason: verdict.reason };
    return { name, reason: "BlockedByPod", blockedBy };
  }
  const mark = cluster.mark;
  cluster.removeNode(name);
  for (const pod of verdict.moving) {
    const elsewhere = cluster.findNode(
      pod,
      destinations.filter((node) => cluster.node(node.name) === node),
    );
    if (!elsewhere) {
      cluster.rollback(mark);
      return { name, reason: "NoPlaceToMovePods" };
    }
    cluster.place(pod, elsewhere);
  }
  drain.budgets.charge(verdict.moving.filter(({ pod }) => pod.spec.nodeName === name));
  const isEmpty = verdict.moving.length + verdict.dropped.length + verdict.ending.length === 0;
  return { managed, utilization, isEmpty, pods: verdict.moving.map(({ key }) => key) };
}
