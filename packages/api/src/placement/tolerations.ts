import type { Taint, Toleration } from "../core/v1.ts";

/**
 * Whether the toleration covers the taint. An empty key fits every taint's key; with `Exists` it covers every taint. Any
 * other operator covers nothing, `Lt` and `Gt` included: upstream has them behind a gate that is off.
 */
export function tolerates({ key = "", operator, value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (!operator || operator === "Equal") return value === (taint.value ?? "");
  return operator === "Exists";
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
