import type { ContainerStatus, Pod, PodPhase } from "@kube-ts/api/core/v1";
import { type PodContainer, appContainersOf, initContainersOf, restartsAfterExit } from "../pods/pod-containers.ts";
import { awaitsRestartOfAll } from "./status-view.ts";

export function isTerminalPhase(phase: PodPhase | undefined): phase is "Succeeded" | "Failed" {
  return phase === "Succeeded" || phase === "Failed";
}

type Progress = "pending" | "running" | "succeeded" | "failed";

/**
 * The phase that follows from the containers' statuses. `ended` says that no container will be started again whatever
 * the restart policy, because the pod itself is ending and nothing of it runs.
 */
export function podPhase(pod: Pod, statuses: ReadonlyMap<string, ContainerStatus>, ended: boolean): PodPhase {
  const init = initContainersOf(pod);
  const apps = appContainersOf(pod).map((container) => progressOf(pod, container, statuses));
  if (init.some((container) => hasFailedForGood(pod, container, statuses))) return "Failed";
  if (ended) return apps.every((progress) => progress === "succeeded") ? "Succeeded" : "Failed";
  const initialized = apps.some((progress) => progress !== "pending");
  if (!initialized && init.some((container) => !isInitialized(container, statuses))) return "Pending";
  if (apps.some((progress) => progress === "pending")) return "Pending";
  if (apps.some((progress) => progress === "running") || runsAgain(pod, statuses)) return "Running";
  if (init.some((container) => container.kind === "sidecar" && statuses.get(container.spec.name)?.state?.running)) {
    return "Running";
  }
  return apps.every((progress) => progress === "succeeded") ? "Succeeded" : "Failed";
}

/** Whether some app container that has ended is to be started again. */
function runsAgain(pod: Pod, statuses: ReadonlyMap<string, ContainerStatus>): boolean {
  return appContainersOf(pod).some((container) => {
    const exitCode = exitCodeOf(statuses.get(container.spec.name));
    return exitCode !== undefined && restartsAfterExit(pod, container, exitCode);
  });
}

function progressOf(pod: Pod, { spec }: PodContainer, statuses: ReadonlyMap<string, ContainerStatus>): Progress {
  const status = statuses.get(spec.name);
  if (status?.state?.running) return "running";
  const exitCode = exitCodeOf(status);
  if (exitCode === undefined) return "pending";
  return exitCode === 0 ? "succeeded" : "failed";
}

/** How the container last ended; undefined when it never did, or runs. */
function exitCodeOf(status: ContainerStatus | undefined): number | undefined {
  if (awaitsRestartOfAll(status)) return undefined;
  return (status?.state?.terminated ?? (status?.state?.waiting && status.lastState?.terminated))?.exitCode;
}

function isInitialized({ kind, spec }: PodContainer, statuses: ReadonlyMap<string, ContainerStatus>): boolean {
  const status = statuses.get(spec.name);
  return kind === "sidecar" ? status?.started === true : status?.state?.terminated?.exitCode === 0;
}

function hasFailedForGood(pod: Pod, container: PodContainer, statuses: ReadonlyMap<string, ContainerStatus>): boolean {
  if (container.kind !== "init") return false;
  const exitCode = exitCodeOf(statuses.get(container.spec.name));
  return exitCode !== undefined && exitCode !== 0 && !restartsAfterExit(pod, container, exitCode);
}
