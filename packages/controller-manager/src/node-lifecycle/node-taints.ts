import type { Node, Taint, TaintEffect } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import {
  diskPressureTaint,
  memoryPressureTaint,
  networkUnavailableTaint,
  notReadyTaint,
  pidPressureTaint,
  unreachableTaint,
  unschedulableTaint,
} from "@kube-ts/api/well-known-labels";

/** The taint that a status of a condition stands for. */
const taintOfCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReadyTaint, Unknown: unreachableTaint },
  MemoryPressure: { True: memoryPressureTaint },
  DiskPressure: { True: diskPressureTaint },
  NetworkUnavailable: { True: networkUnavailableTaint },
  PIDPressure: { True: pidPressureTaint },
};

const conditionTaints = new Set([
  ...Object.values(taintOfCondition).flatMap((byStatus) => Object.values(byStatus)),
  unschedulableTaint,
]);

/** The node's taints with those that keep new pods away in line with its conditions; undefined when nothing changes. */
export function planNoScheduleTaints(node: Node, now: string): Taint[] | undefined {
  const wanted = new Set<string>();
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = taintOfCondition[type]?.[status];
    if (key !== undefined) wanted.add(key);
  }
  if (node.spec.unschedulable) wanted.add(unschedulableTaint);
  return withTaints(node, "NoSchedule", (key) => conditionTaints.has(key), wanted, now);
}

/** Whether and why the pods of a node have to leave it. */
export type Eviction = "none" | typeof notReadyTaint | typeof unreachableTaint;

export function evictionOf(node: Node): Eviction {
  const ready = findCondition(node.status?.conditions, "Ready");
  if (ready?.status === "False") return notReadyTaint;
  return ready?.status === "Unknown" ? unreachableTaint : "none";
}

/** The node's taints with those that make pods leave as wanted; undefined when nothing changes. */
export function planNoExecuteTaints(node: Node, eviction: Eviction, now: string): Taint[] | undefined {
  const isOurs = (key: string) => key === notReadyTaint || key === unreachableTaint;
  return withTaints(node, "NoExecute", isOurs, new Set(eviction === "none" ? [] : [eviction]), now);
}

/** Whether pods are being made to leave the node for one of our reasons. */
export function hasEvictionTaint(node: Node): boolean {
  return (node.spec.taints ?? []).some(
    ({ key, effect }) => effect === "NoExecute" && (key === notReadyTaint || key === unreachableTaint),
  );
}

function withTaints(
  node: Node,
  effect: TaintEffect,
  isOurs: (key: string) => boolean,
  wanted: ReadonlySet<string>,
  now: string,
): Taint[] | undefined {
  const current = node.spec.taints ?? [];
  const kept = current.filter((taint) => taint.effect !== effect || !isOurs(taint.key) || wanted.has(taint.key));
  const has = (key: string) => kept.some((taint) => taint.effect === effect && taint.key === key);
  const missing = [...wanted].filter((key) => !has(key)).map((key) => ({ key, effect, timeAdded: now }));
  if (missing.length === 0 && kept.length === current.length) return undefined;
  return [...kept, ...missing];
}
