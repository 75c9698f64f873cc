import { findCondition } from "@kube-ts/api/conditions";
import { timeMs } from "@kube-ts/api/rfc3339";
import { awaitsRestartOfAll, lastContainerStatus } from "../status/status-view.ts";
import { crashDelayMs } from "./crash-backoff.ts";
import { type ObservedContainer, instancesOf, mayRun } from "./observed-pod.ts";
import type { PlanBuilder, PlanView } from "./plan-builder.ts";
import {
  type PodContainer,
  appContainersOf,
  initContainersOf,
  mayRestartAllContainers,
  restartsAllContainers,
} from "./pod-containers.ts";

/** How long processes have after SIGTERM: who asks for a new start of everything wants it at once. */
const graceMs = 2_000;

/**
 * Whether all of the pod's containers are to be taken away, so that they start anew in the same sandbox. Begun by the end of
 * a container, not before its crash back-off is over, it goes on until no instance is left; the pod's condition keeps that
 * in mind.
 */
export function isRestartingAll(view: PlanView): boolean {
  const { pod, work, observed, nowMs } = view;
  if (!mayRestartAllContainers(pod)) return false;
  const containers = restartable(view);
  const begun = findCondition(work.lastStatus.conditions, "AllContainersRestarting")?.status === "True";
  if (begun && containers.some((container) => isInTheWay(view, container))) return true;
  return containers.some((container) => {
    const [newest] = instancesOf(observed, container.spec.name);
    if (newest?.state !== "exited" || !restartsAllContainers(container, newest.exitCode)) return false;
    const backoff = work.containers.get(container.spec.name)?.backoff;
    return crashDelayMs(work.crashBackoff, backoff, newest.finishedAtMs ?? newest.createdAtMs, nowMs) === 0;
  });
}

/** Stops what runs, then removes every instance, so that initialization begins anew. */
export function planRestartOfAll(view: PlanView, build: PlanBuilder): void {
  const instances = restartable(view).flatMap(({ spec }) => instancesOf(view.observed, spec.name));
  const running = instances.filter(mayRun);
  for (const instance of running) stop(view, build, instance);
  if (running.length > 0 || build.anyInFlight("startContainer")) return;
  for (const { name, id } of instances) build.want({ type: "removeContainer", name, containerId: id });
  if (instances.length === 0) build.wakeAt(view.nowMs);
}

/** When the container ended in the way that began the restart it waits for; 0 when it did not begin it. */
export function beganRestartAtMs({ work }: PlanView, container: PodContainer): number {
  const last = lastContainerStatus(work.lastStatus, container.spec.name);
  const ended = last?.lastState?.terminated;
  if (!awaitsRestartOfAll(last) || !ended?.finishedAt || !restartsAllContainers(container, ended.exitCode)) return 0;
  return timeMs(ended.finishedAt);
}

function stop({ nowMs }: PlanView, build: PlanBuilder, { name, id }: ObservedContainer): void {
  build.want({
    type: "stopContainer",
    name,
    containerId: id,
    deadlineMs: nowMs + graceMs,
    reason: { code: "RestartAll", message: `Container ${name} will be removed and restarted in place` },
    restart: "byPolicy",
  });
}

/** Whether something of the container is left, or its status does not tell yet that it was taken away. */
function isInTheWay({ work, observed }: PlanView, { spec }: PodContainer): boolean {
  const last = lastContainerStatus(work.lastStatus, spec.name);
  const shows = last?.state?.running !== undefined || last?.state?.terminated !== undefined;
  return shows || instancesOf(observed, spec.name).length > 0;
}

function restartable({ pod }: PlanView): readonly PodContainer[] {
  return [...initContainersOf(pod), ...appContainersOf(pod)];
}
