import type { Node, Taint } from "@kube-ts/api/core/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { timeMs } from "@kube-ts/api/rfc3339";
import { notReadyTaint, unreachableTaint } from "@kube-ts/api/well-known-labels";

/** The node is being removed; its value says since when, in seconds since the epoch. */
export const toBeDeletedTaint = "ToBeDeletedByClusterAutoscaler";
/** The node may be removed soon; new pods rather go elsewhere. */
export const deletionCandidateTaint = "DeletionCandidateOfClusterAutoscaler";
export const scaleDownDisabledAnnotation = "cluster-autoscaler.kubernetes.io/scale-down-disabled";
/** Which machine the node is that is being removed, so that what was begun can be finished after a restart. */
export const machineAnnotation = "cluster-autoscaler.kube-ts.io/machine";

/** A node that is young may not be ready yet without being broken. */
const startupMs = 15 * 60_000;

export type NodeCondition = "ready" | "starting" | "unready" | "beingDeleted";

export function conditionOf(node: Node, startupTaints: readonly string[], nowMs: number): NodeCondition {
  const taints = node.spec.taints ?? [];
  if (hasTaint(node, toBeDeletedTaint)) return "beingDeleted";
  const starts = taints.some(({ key }) => startupTaints.includes(key));
  const silenced = taints.some(({ key }) => key === notReadyTaint || key === unreachableTaint);
  if (!starts && !silenced && isConditionTrue(node.status?.conditions, "Ready")) return "ready";
  return nowMs - timeMs(node.metadata.creationTimestamp) < startupMs ? "starting" : "unready";
}

export function hasTaint({ spec }: Node, key: string): boolean {
  return (spec.taints ?? []).some((taint) => taint.key === key);
}

/** The taints with this one; undefined when it is there already. */
export function withTaint(taints: readonly Taint[] | undefined, taint: Taint): Taint[] | undefined {
  if (taints?.some(({ key }) => key === taint.key)) return undefined;
  return [...(taints ?? []), taint];
}

/** The taints without those of this key; undefined when there are none. */
export function withoutTaint(taints: readonly Taint[] | undefined, key: string): Taint[] | undefined {
  const kept = (taints ?? []).filter((taint) => taint.key !== key);
  return kept.length === (taints ?? []).length ? undefined : kept;
}
