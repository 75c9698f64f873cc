import type { Container, Pod, PodStatus, ResourceRequirements } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { Quantity } from "@kube-ts/api/quantity";
import { lastContainerStatus } from "../status/status-view.ts";
import type { EventLevel } from "./pod-events.ts";

export type ResizeChange =
  | { readonly type: "pending"; readonly reason: "Deferred" | "Infeasible"; readonly message: string }
  | { readonly type: "started" }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "completed" };

/**
 * What has become of a pod's resize between two statuses. A deferred resize is told of once: why it must wait changes
 * with every pod of the node.
 */
export function resizeChanges(pod: Pod, before: PodStatus, after: PodStatus): readonly ResizeChange[] {
  const pending = findCondition(after.conditions, "PodResizePending");
  const was = findCondition(before.conditions, "PodResizePending");
  const going = findCondition(after.conditions, "PodResizeInProgress");
  const went = findCondition(before.conditions, "PodResizeInProgress");
  const changes: ResizeChange[] = [];
  if (pending && (pending.reason !== was?.reason || pending.observedGeneration !== was?.observedGeneration)) {
    const reason = pending.reason === "Infeasible" ? "Infeasible" : "Deferred";
    changes.push({ type: "pending", reason, message: pending.message ?? "" });
  }
  const accepted = hasNewAllocation(pod, before, after) || (going !== undefined && went === undefined);
  if (accepted) changes.push({ type: "started" });
  if (going?.reason === "Error" && going.message !== went?.message) {
    changes.push({ type: "failed", message: going.message ?? "" });
  }
  if (!going && (accepted || went)) changes.push({ type: "completed" });
  return changes;
}

/** Whether a container that ran before and runs still has been allocated something else. */
function hasNewAllocation({ spec }: Pod, before: PodStatus, after: PodStatus): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some(({ name }) => {
    const [then, now] = [lastContainerStatus(before, name), lastContainerStatus(after, name)];
    if (!then?.state?.running || !now?.state?.running || then.containerID !== now.containerID) return false;
    return !semanticEqual(then.allocatedResources, now.allocatedResources);
  });
}

const titles = {
  started: "Pod resize started",
  failed: "Pod resize error",
  completed: "Pod resize completed",
} as const;
const reasons = { started: "ResizeStarted", failed: "ResizeError", completed: "ResizeCompleted" } as const;

/** The change as users read it among the pod's events. */
export function resizeEvent(
  pod: Pod,
  change: ResizeChange,
): { readonly level: EventLevel; readonly reason: string; readonly message: string } {
  const error = "message" in change ? change.message : undefined;
  const summary = resourceSummary(pod, error);
  if (change.type === "pending") {
    const { reason } = change;
    return { level: "Warning", reason: `Resize${reason}`, message: `Pod resize ${reason}: ${summary}` };
  }
  const level = change.type === "failed" ? "Warning" : "Normal";
  return { level, reason: reasons[change.type], message: `${titles[change.type]}: ${summary}` };
}

function resourceSummary({ metadata, spec }: Pod, error: string | undefined): string {
  const listed = (containers: readonly Container[]) =>
    containers.map(({ name, resources }) => ({ name, resources: ordered(resources ?? {}) }));
  const init = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return JSON.stringify({
    ...(init.length > 0 ? { initContainers: listed(init) } : {}),
    containers: listed(spec.containers),
    generation: metadata.generation ?? 0,
    ...(error === undefined ? {} : { error }),
  });
}

/** Limits before requests, each by name. */
function ordered({ limits, requests }: ResourceRequirements): ResourceRequirements {
  const sorted = (amounts: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(amounts).toSorted(([left], [right]) => (left < right ? -1 : 1)));
  return {
    ...(limits ? { limits: sorted(limits) as typeof limits } : {}),
    ...(requests ? { requests: sorted(requests) as typeof requests } : {}),
  };
}

/** One amount of one container that somebody asked to be changed. */
export interface RequestedResize {
  readonly resource: string;
  readonly requirement: "limits" | "requests";
  readonly operation: "add" | "remove" | "increase" | "decrease";
}

/** How what containers ask for differs between two specs of a pod. */
export function requestedResizes(before: Pod, after: Pod): readonly RequestedResize[] {
  const containers = ({ spec }: Pod) => [...(spec.initContainers ?? []), ...spec.containers];
  return containers(after).flatMap((now) => {
    const then = containers(before).find(({ name }) => name === now.name);
    if (!then) return [];
    return (["limits", "requests"] as const).flatMap((requirement) =>
      (["cpu", "memory"] as const).flatMap((resource): RequestedResize[] => {
        const operation = changeOf(then.resources?.[requirement]?.[resource], now.resources?.[requirement]?.[resource]);
        return operation ? [{ resource, requirement, operation }] : [];
      }),
    );
  });
}

function changeOf(before: unknown, after: unknown): RequestedResize["operation"] | undefined {
  if (before === undefined) return after === undefined ? undefined : "add";
  if (after === undefined) return "remove";
  const order = Quantity.parse(String(after)).compare(Quantity.parse(String(before)));
  if (order === 0) return undefined;
  return order > 0 ? "increase" : "decrease";
}
