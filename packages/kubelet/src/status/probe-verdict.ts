import type { PodStatus } from "@kube-ts/api/core/v1";
import type { ObservedContainer } from "../pods/observed-pod.ts";
import type { ProbeResults } from "../probes/probe-results.ts";
import { lastContainerStatus } from "./status-view.ts";

export interface ProbeKnowledge {
  readonly probes: ProbeResults;
  /** The status before. */
  readonly last: PodStatus;
  readonly runtimeName: string;
}

export function containerIdOf(runtimeName: string, instance: ObservedContainer): string {
  return `${runtimeName}://${instance.id}`;
}

/**
 * Whether the container passed its startup or readiness probe. Before the first result of this process counts what
 * the status before says of the same instance, so that a restarted kubelet changes no readiness.
 */
export function hasPassed(
  { probes, last, runtimeName }: ProbeKnowledge,
  type: "startup" | "readiness",
  instance: ObservedContainer,
): boolean {
  const outcome = probes.get(type, instance.id);
  if (outcome !== undefined) return outcome === "success";
  const before = lastContainerStatus(last, instance.name);
  if (before?.containerID !== containerIdOf(runtimeName, instance)) return false;
  return type === "startup" ? before.started === true : before.ready;
}
