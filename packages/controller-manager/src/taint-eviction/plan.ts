import type { Taint, Toleration } from "@kube-ts/api/core/v1";
import { tolerates } from "@kube-ts/api/placement/tolerations";

/** How long a pod may stay on a node with these NoExecute taints, in milliseconds; undefined for as long as it likes. */
export function maxStayMs(taints: readonly Taint[], tolerations: readonly Toleration[]): number | undefined {
  let stayMs: number | undefined;
  for (const taint of taints) {
    if (taint.effect !== "NoExecute") continue;
    // Of several tolerations the first that matches a taint counts, as the order in the pod says.
    const used = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!used) return 0;
    if (used.tolerationSeconds === undefined) continue;
    stayMs = Math.min(stayMs ?? Infinity, Math.max(0, used.tolerationSeconds) * 1_000);
  }
  return stayMs;
}
