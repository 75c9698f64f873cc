import type { Pod } from "@kube-ts/api/core/v1";
import { parseTime } from "@kube-ts/api/rfc3339";
import { mirrorPodAnnotation } from "@kube-ts/api/well-known-labels";

export interface DrainOptions {
  readonly deleteEmptyDirData: boolean;
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  /** Pods whose deletion began longer ago are left alone; zero for none. */
  readonly skipDeletedForSeconds: number;
  readonly nowMs: number;
  /** `namespace/name` of those that exist. */
  readonly daemonSets: ReadonlySet<string>;
}

export interface DrainPlan {
  /** The pods to remove. */
  readonly pods: readonly Pod[];
  /** Empty for none. */
  readonly warnings: string;
  /** What keeps the node from being drained; empty for nothing. */
  readonly errors: string;
}

type Verdict =
  | { readonly kind: "remove" | "skip" }
  | { readonly kind: "warn" | "refuse"; readonly reason: string; readonly remove: boolean };

const reasons = {
  daemonSet: "ignoring DaemonSet-managed Pods",
  needsIgnoreDaemonSets: "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)",
  localStorage: "deleting Pods with local storage",
  needsDeleteEmptyDir: "cannot delete Pods with local storage (use --delete-emptydir-data to override)",
  unmanaged: "deleting Pods that declare no controller",
  needsForce: "cannot delete Pods that declare no controller (use --force to override)",
} as const;

/** Which pods leave a node that is drained, and what there is to say about the others. */
export function planDrain(pods: readonly Pod[], options: DrainOptions): DrainPlan {
  const chosen: Pod[] = [];
  const warnings = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  for (const pod of pods) {
    const verdicts = judge(pod, options);
    const key = `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
    for (const verdict of verdicts) {
      if (!("reason" in verdict)) continue;
      const list = verdict.kind === "warn" ? warnings : errors;
      list.set(verdict.reason, [...(list.get(verdict.reason) ?? []), key]);
    }
    if (verdicts.every((verdict) => ("remove" in verdict ? verdict.remove : verdict.kind === "remove")))
      chosen.push(pod);
  }
  return { pods: chosen, warnings: joinReasons(warnings), errors: joinReasons(errors) };
}

function joinReasons(found: ReadonlyMap<string, readonly string[]>): string {
  return [...found].map(([reason, keys]) => `${reason}: ${keys.join(", ")}`).join("; ");
}

/** The verdicts of all rules; one that leaves the pod alone ends the row. */
function judge(pod: Pod, options: DrainOptions): Verdict[] {
  const { metadata, spec, status } = pod;
  const skip: Verdict = { kind: "skip" };
  const deletedMs = parseTime(metadata.deletionTimestamp ?? "");
  const oldMs = options.skipDeletedForSeconds * 1_000;
  if (oldMs > 0 && deletedMs !== undefined && options.nowMs - deletedMs > oldMs) return [skip];
  if (metadata.annotations?.[mirrorPodAnnotation] !== undefined) return [skip];
  const finished = status?.phase === "Succeeded" || status?.phase === "Failed";
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner?.kind === "DaemonSet" && !finished) {
    if (!options.daemonSets.has(`${metadata.namespace ?? ""}/${owner.name}`)) {
      if (options.force) return [{ kind: "warn", reason: reasons.unmanaged, remove: true }];
    } else if (!options.ignoreDaemonSets)
      return [{ kind: "refuse", reason: reasons.needsIgnoreDaemonSets, remove: false }];
    else return [{ kind: "warn", reason: reasons.daemonSet, remove: false }];
  }
  const verdicts: Verdict[] = [];
  if (!finished && spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined)) {
    verdicts.push(
      options.deleteEmptyDirData
        ? { kind: "warn", reason: reasons.localStorage, remove: true }
        : { kind: "refuse", reason: reasons.needsDeleteEmptyDir, remove: false },
    );
  }
  if (!finished && !owner) {
    verdicts.push(
      options.force
        ? { kind: "warn", reason: reasons.unmanaged, remove: true }
        : { kind: "refuse", reason: reasons.needsForce, remove: false },
    );
  }
  return verdicts.length === 0 ? [{ kind: "remove" }] : verdicts;
}
