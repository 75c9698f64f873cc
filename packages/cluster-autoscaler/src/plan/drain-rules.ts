import type { Pod, Volume } from "@kube-ts/api/core/v1";
import { controllerOf } from "@kube-ts/api/owner-references";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { timeMs } from "@kube-ts/api/rfc3339";
import { systemNamespace } from "@kube-ts/api/well-known-labels";
import type { DrainOptions } from "../config/autoscaler-config.ts";
import { isDaemonPod, isMirrorPod } from "../model/template-node.ts";
import type { DisruptionBudgets } from "./disruption-budgets.ts";
import { isExpendable } from "./pending-pods.ts";

/** Why a pod keeps its node, in upstream's words. */
export type BlockingReason =
  | "NotReplicated"
  | "LocalStorageRequested"
  | "NotSafeToEvictAnnotation"
  | "UnmovableKubeSystemPod"
  | "NotEnoughPdb";

export type DrainVerdict =
  | { readonly kind: "blocked"; readonly reason: BlockingReason; readonly pod: PodInfo }
  | {
      readonly kind: "drainable";
      /** Pods that are to be evicted and find a place elsewhere. */
      readonly moving: readonly PodInfo[];
      /** Pods that are evicted and need no other place: expendable ones. */
      readonly dropped: readonly PodInfo[];
      /** Pods that end already; those that should have long are left out, as nobody can wait for them. */
      readonly ending: readonly PodInfo[];
      readonly daemons: readonly PodInfo[];
    };

export interface DrainContext {
  readonly options: DrainOptions;
  readonly budgets: Pick<DisruptionBudgets, "covers" | "allows">;
  readonly expendablePriorityCutoff: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

const safeToEvictAnnotation = "cluster-autoscaler.kubernetes.io/safe-to-evict";
const safeLocalVolumesAnnotation = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

/** A pod that is so late has nobody who could end it. */
const overdueMs = 30_000;

const knownControllers = new Set(["ReplicationController", "ReplicaSet", "Job", "StatefulSet"]);

/** What becomes of the pods of a node that is to go, or which of them keeps it. */
export function judgeDrain(pods: Iterable<PodInfo>, context: DrainContext): DrainVerdict {
  const moving: PodInfo[] = [];
  const dropped: PodInfo[] = [];
  const ending: PodInfo[] = [];
  const daemons: PodInfo[] = [];
  for (const info of pods) {
    const { pod } = info;
    if (isMirrorPod(pod)) continue;
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (context.nowMs < timeMs(pod.metadata.deletionTimestamp) + overdueMs) ending.push(info);
    } else if (isDaemonPod(pod)) daemons.push(info);
    else if (isExpendable(pod, context.expendablePriorityCutoff)) dropped.push(info);
    else {
      const reason = blockingReason(info, context);
      if (reason) return { kind: "blocked", reason, pod: info };
      moving.push(info);
    }
  }
  return { kind: "drainable", moving, dropped, ending, daemons };
}

function blockingReason(info: PodInfo, { options, budgets }: DrainContext): BlockingReason | undefined {
  const { pod, namespace } = info;
  const safe = pod.metadata.annotations?.[safeToEvictAnnotation];
  if (safe === "false") return "NotSafeToEvictAnnotation";
  if (safe !== "true") {
    if (!isReplicated(pod, options.skipCustomControllers)) return "NotReplicated";
    if (options.skipSystemPods && namespace === systemNamespace && !budgets.covers(info)) {
      return "UnmovableKubeSystemPod";
    }
    if (options.skipLocalStorage && hasLocalStorage(pod)) return "LocalStorageRequested";
  }
  return budgets.allows(info) ? undefined : "NotEnoughPdb";
}

function isReplicated(pod: Pod, onlyKnown: boolean): boolean {
  const controller = controllerOf(pod);
  return controller !== undefined && (!onlyKnown || knownControllers.has(controller.kind));
}

function hasLocalStorage({ metadata, spec }: Pod): boolean {
  const safe = new Set((metadata.annotations?.[safeLocalVolumesAnnotation] ?? "").split(","));
  return (spec.volumes ?? []).some((volume) => isLocal(volume) && !safe.has(volume.name));
}

function isLocal({ hostPath, emptyDir }: Volume): boolean {
  return hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== "Memory");
}
