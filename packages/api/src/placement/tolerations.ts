import type { Taint, Toleration } from "../core/v1.ts";

/** Whether the toleration covers the taint. An empty key with `Exists` covers every taint. */
export function tolerates({ key = "", operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  switch (operator) {
    case "Exists":
      return true;
    case "Lt":
    case "Gt":
      return compares(taint.value ?? "", operator, value);
    default:
      return value === (taint.value ?? "");
  }
}

/** The first taint with one of the effects that no toleration covers. */
export function untoleratedTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
  concerns: (taint: Taint) => boolean,
): Taint | undefined {
  for (const taint of taints) {
    if (concerns(taint) && !(tolerations ?? []).some((toleration) => tolerates(toleration, taint))) return taint;
  }
  return undefined;
}

/** The effects that keep new pods away. */
export function keepsAway({ effect }: Taint): boolean {
  return effect === "NoSchedule" || effect === "NoExecute";
}

/** `taint < bound` or `taint > bound`; false when one of them is not an integer. */
function compares(taint: string, operator: "Lt" | "Gt", bound: string): boolean {
  const integer = /^-?(0|[1-9]\d{0,18})$/;
  if (!integer.test(taint) || !integer.test(bound)) return false;
  return operator === "Lt" ? BigInt(taint) < BigInt(bound) : BigInt(taint) > BigInt(bound);
}
