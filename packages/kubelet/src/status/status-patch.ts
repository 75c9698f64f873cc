import type { PodCondition, PodStatus } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { ownConditions } from "./pod-conditions.ts";

/** The fields of a pod's status that the kubelet writes, conditions aside. */
const ownFields = [
  "observedGeneration",
  "phase",
  "message",
  "reason",
  "hostIP",
  "hostIPs",
  "podIP",
  "podIPs",
  "startTime",
  "initContainerStatuses",
  "containerStatuses",
  "ephemeralContainerStatuses",
  "qosClass",
] as const satisfies readonly (keyof PodStatus)[];

/** Lists that a strategic merge would merge by address although they are to be replaced. */
const mergedLists: ReadonlySet<string> = new Set(["hostIPs", "podIPs"]);

/**
 * The strategic merge patch that makes the stored status what the kubelet wants, touching only what the kubelet owns.
 * Undefined when there is nothing to change.
 */
export function statusPatch(stored: PodStatus, wanted: PodStatus): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const field of ownFields) {
    if (semanticEqual(stored[field], wanted[field])) continue;
    const value = wanted[field];
    if (value === undefined) patch[field] = null;
    else patch[field] = mergedLists.has(field) && stored[field] ? replacement(value as readonly unknown[]) : value;
  }
  const conditions = conditionPatches(stored.conditions ?? [], wanted.conditions ?? []);
  if (conditions.length > 0) patch["conditions"] = conditions;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The directive makes sense only where there is a list to replace. */
function replacement(list: readonly unknown[]): readonly unknown[] {
  return [{ $patch: "replace" }, ...list];
}

function conditionPatches(stored: readonly PodCondition[], wanted: readonly PodCondition[]): Record<string, unknown>[] {
  const patches: Record<string, unknown>[] = [];
  for (const condition of wanted) {
    const before = stored.find(({ type }) => type === condition.type);
    if (before && sameCondition(before, condition)) continue;
    const cleared = Object.keys(before ?? {}).filter((key) => !(key in condition));
    patches.push({ ...Object.fromEntries(cleared.map((key) => [key, null])), ...condition });
  }
  for (const { type } of stored) {
    const dropped = ownConditions.has(type) && !wanted.some((condition) => condition.type === type);
    if (dropped) patches.push({ $patch: "delete", type });
  }
  return patches;
}

/** The time of the last transition belongs to the status: a time alone is no change. */
function sameCondition(left: PodCondition, right: PodCondition): boolean {
  return (
    left.status === right.status &&
    (left.reason ?? "") === (right.reason ?? "") &&
    (left.message ?? "") === (right.message ?? "") &&
    left.observedGeneration === right.observedGeneration
  );
}
