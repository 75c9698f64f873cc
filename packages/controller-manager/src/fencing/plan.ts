import type { Node, Taint } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { outOfServiceTaint, unreachableTaint } from "@kube-ts/api/well-known-labels";

/** Says that the taint was put there by the fencer, and when; what an administrator has put there is theirs to remove. */
export const fencedAnnotation = "fencing.kube-ts.io/fenced-at";

export interface FencingLimits {
  /** How long a node must be unreachable before its machine is turned off. */
  readonly unreachableMs: number;
  /** The same for a node whose kubelet says that it is not ready; 0 for never. */
  readonly notReadyMs: number;
}

/** How a node looks to the fencer. */
export type NodeState = "ready" | "unreachable" | "notReady" | "unknown";

/**
 * A node is unreachable once its pods may be evicted: while the control plane holds evictions back, because too much
 * has failed at once, nothing is turned off either.
 */
export function nodeState({ spec, status }: Node): NodeState {
  const ready = findCondition(status?.conditions, "Ready")?.status;
  if (ready === "True") return "ready";
  if (ready === "False") return "notReady";
  const evicting = (spec.taints ?? []).some(({ key, effect }) => key === unreachableTaint && effect === "NoExecute");
  return ready === "Unknown" && evicting ? "unreachable" : "unknown";
}

/** A node that is back must have been so for this long, so that what its kubelet says of its pods is known. */
const settledMs = 10_000;

export type FencingStep =
  | { readonly kind: "none" }
  /** Look again after this long. */
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "fence" }
  | { readonly kind: "unfence" };

/**
 * What is to be done about a node that is in its state for `inStateMs`. `endingPods` counts its pods that are to go:
 * while there are any, a node that is back may still run what was replaced.
 */
export function planFencing(node: Node, inStateMs: number, endingPods: number, limits: FencingLimits): FencingStep {
  const state = nodeState(node);
  const isOurs = node.metadata.annotations?.[fencedAnnotation] !== undefined;
  if (state === "ready") {
    if (!isOurs) return { kind: "none" };
    if (inStateMs < settledMs) return { kind: "wait", ms: settledMs - inStateMs };
    return endingPods > 0 ? { kind: "wait", ms: settledMs } : { kind: "unfence" };
  }
  if (state === "unknown" || isOutOfService(node)) return { kind: "none" };
  const limitMs = state === "unreachable" ? limits.unreachableMs : limits.notReadyMs;
  if (state === "notReady" && limitMs === 0) return { kind: "none" };
  return inStateMs < limitMs ? { kind: "wait", ms: limitMs - inStateMs } : { kind: "fence" };
}

export function isOutOfService({ spec }: Node): boolean {
  return (spec.taints ?? []).some(({ key }) => key === outOfServiceTaint);
}

/** The node as one whose machine is certainly off. */
export function fenced(node: Node, now: string): Node {
  const taint: Taint = { key: outOfServiceTaint, value: "nodeshutdown", effect: "NoExecute", timeAdded: now };
  return {
    ...node,
    metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, [fencedAnnotation]: now } },
    spec: { ...node.spec, taints: [...(node.spec.taints ?? []), taint] },
  };
}

export function unfenced(node: Node): Node {
  const { [fencedAnnotation]: _fenced, ...annotations } = node.metadata.annotations ?? {};
  const taints = (node.spec.taints ?? []).filter(({ key }) => key !== outOfServiceTaint);
  return { ...node, metadata: { ...node.metadata, annotations }, spec: { ...node.spec, taints } };
}
