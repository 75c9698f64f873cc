import { awaitsRestartOfAll, knowsNewer, lastContainerStatus } from "../status/status-view.ts";
import { lostExitCode } from "../status/container-status.ts";
import { type ObservedContainer, instancesOf } from "./observed-pod.ts";
import type { PlanView } from "./plan-builder.ts";

/** Where one container stands. */
export type ContainerView =
  | { readonly state: "absent" }
  /** It ran, and the runtime no longer has it; the exit code is the stored one, or that of a container nobody saw end. */
  | { readonly state: "gone"; readonly exitCode: number }
  | { readonly state: "created" | "running" | "unknown" | "exited"; readonly instance: ObservedContainer };

/** The newest instance of the container, or what the stored status remembers of it. */
export function viewContainer(view: PlanView, name: string): ContainerView {
  const [instance] = instancesOf(view.observed, name);
  const last = lastContainerStatus(view.work.lastStatus, name);
  if (instance && !knowsNewer(last, instance)) return { state: instance.state, instance };
  if (awaitsRestartOfAll(last)) return { state: "absent" };
  if (last?.state?.running) return { state: "gone", exitCode: lostExitCode };
  const ended = last?.state?.terminated ?? (last?.state?.waiting ? last.lastState?.terminated : undefined);
  return ended ? { state: "gone", exitCode: ended.exitCode } : { state: "absent" };
}

/** The newest instance in the given sandbox: init containers run once in each. */
export function viewInSandbox(view: PlanView, name: string, sandboxId: string): ContainerView {
  const instance = instancesOf(view.observed, name).find((candidate) => candidate.podSandboxId === sandboxId);
  return instance ? { state: instance.state, instance } : { state: "absent" };
}

/** The restart count of the next instance. */
export function nextAttempt(view: PlanView, name: string): number {
  const [newest] = instancesOf(view.observed, name);
  const last = lastContainerStatus(view.work.lastStatus, name);
  const ran = last !== undefined && (last.containerID !== undefined || last.lastState?.terminated !== undefined);
  return Math.max(newest ? newest.attempt + 1 : 0, ran ? last.restartCount + 1 : 0);
}
