import type { Taint, Toleration } from "@kube-ts/api/core/v1";

/** Whether the toleration is about this taint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === "Exists") return true;
  const isEquality = toleration.operator === undefined || toleration.operator === "Equal";
  return isEquality && Boolean(toleration.key) && (toleration.value ?? "") === (taint.value ?? "");
}
