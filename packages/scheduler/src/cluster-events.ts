import type { Node, Pod, Taint } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { EventAction } from "./framework/cluster-event.ts";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { amountOf } from "@kube-ts/api/placement/resources";

/** What of a node has changed that can matter to a pending pod. */
export function nodeChanges(old: Node, current: Node): EventAction[] {
  const actions: EventAction[] = [];
  if (!semanticEqual(old.status?.allocatable, current.status?.allocatable)) actions.push("UpdateNodeAllocatable");
  if (!semanticEqual(old.metadata.labels, current.metadata.labels)) actions.push("UpdateNodeLabel");
  // A cordoned node has its taint a moment later, so both are told as a change of taints.
  if (!sameTaints(old.spec.taints, current.spec.taints) || old.spec.unschedulable !== current.spec.unschedulable) {
    actions.push("UpdateNodeTaint");
  }
  if (!sameConditions(old, current)) actions.push("UpdateNodeCondition");
  if (!semanticEqual(old.status?.declaredFeatures, current.status?.declaredFeatures)) {
    actions.push("UpdateNodeDeclaredFeature");
  }
  return actions;
}

/** What of a pod has changed that can matter to a pending pod, itself included. */
export function podChanges(old: Pod, current: Pod): EventAction[] {
  const actions: EventAction[] = [];
  if (!semanticEqual(old.metadata.labels, current.metadata.labels)) actions.push("UpdatePodLabel");
  if (asksForLess(old, current)) actions.push("UpdatePodScaleDown");
  const gates = (pod: Pod) => pod.spec.schedulingGates?.length ?? 0;
  if (gates(old) > 0 && gates(current) === 0) actions.push("UpdatePodSchedulingGatesEliminated");
  if (!semanticEqual(old.spec.tolerations, current.spec.tolerations)) actions.push("UpdatePodToleration");
  return actions;
}

function asksForLess(old: Pod, current: Pod): boolean {
  const before = podInfoOf(old).requests;
  const after = podInfoOf(current).requests;
  const names = ["cpu", "memory", "ephemeral-storage", ...(before.scalars?.keys() ?? [])];
  return names.some((name) => amountOf(after, name) < amountOf(before, name));
}

function sameTaints(a: readonly Taint[] | undefined, b: readonly Taint[] | undefined): boolean {
  return semanticEqual(a ?? [], b ?? []);
}

/** Heartbeats change times only. */
function sameConditions(old: Node, current: Node): boolean {
  const states = (node: Node) => (node.status?.conditions ?? []).map(({ type, status }) => `${type}=${status}`);
  return semanticEqual(states(old), states(current));
}
