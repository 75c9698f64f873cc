import type { ContainerStatus, SandboxStatus } from "../runtime/runtime.ts";

/** One instance of a container as the runtime has it, with its last words. */
export interface ObservedContainer extends ContainerStatus {
  /** What the container left as its termination message; empty while it runs. */
  readonly terminationMessage: string;
}

/** What the runtime has of one pod, at one moment. */
export interface ObservedPod {
  /** Newest first. */
  readonly sandboxes: readonly SandboxStatus[];
  /** Every instance of every container, newest first. */
  readonly containers: readonly ObservedContainer[];
}

export const nothingObserved: ObservedPod = { sandboxes: [], containers: [] };

/** The instances of one container, newest first. */
export function instancesOf(observed: ObservedPod, name: string): readonly ObservedContainer[] {
  return observed.containers.filter((container) => container.name === name);
}

/** Sorts what the runtime listed, newest first. */
export function observedPod(
  sandboxes: readonly SandboxStatus[],
  containers: readonly ObservedContainer[],
): ObservedPod {
  return { sandboxes: sandboxes.toSorted(newestFirst), containers: containers.toSorted(newestFirst) };
}

interface Dated {
  readonly attempt: number;
  readonly createdAtMs: number;
}

function newestFirst(left: Dated, right: Dated): number {
  return right.createdAtMs - left.createdAtMs || right.attempt - left.attempt;
}

/** Whether the instance may still have a process. */
export function mayRun(container: ObservedContainer): boolean {
  return container.state === "running" || container.state === "unknown";
}

export function anyMayRun(observed: ObservedPod): boolean {
  return observed.containers.some(mayRun);
}

/**
 * The sandbox that containers can be started in: the newest one if it is ready and, for a pod with its own network,
 * has an address. Undefined when a new one is needed.
 */
export function usableSandbox(observed: ObservedPod): SandboxStatus | undefined {
  const [newest] = observed.sandboxes;
  if (newest?.state !== "ready") return undefined;
  return newest.hostNetwork || newest.ips.length > 0 ? newest : undefined;
}
