import { formatDuration } from "@kube-ts/std/duration";
import { annotations } from "../runtime/labels.ts";
import type { SandboxStatus } from "../runtime/runtime.ts";
import { containerHash } from "./container-hash.ts";
import { type ContainerView, nextAttempt } from "./container-view.ts";
import { crashDelayMs, nextCrashBackoff } from "./crash-backoff.ts";
import type { ObservedContainer } from "./observed-pod.ts";
import type { PlanBuilder, PlanView } from "./plan-builder.ts";
import { beganRestartAtMs } from "./plan-restart-all.ts";
import { containerResize } from "./resize.ts";
import type { RestartAfterStop, StopReason } from "./pod-action.ts";
import { type PodContainer, findContainer, restartsAfterExit } from "./pod-containers.ts";
import type { ContainerMemory } from "./pod-work.ts";

const defaultGraceSeconds = 30;
/** How often it is asked again whether the node has room for a pod that asks for more. */
const resizeRetryMs = 30_000;

export function podGraceSeconds(view: PlanView): number {
  return view.pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
}

/** Whether the container has ended and is not to run again. */
export function isDone(view: PlanView, container: PodContainer, at: ContainerView): boolean {
  if (isStarting(view, container)) return false;
  if (at.state === "gone") return !restartsAfterExit(view.pod, container, at.exitCode);
  if (at.state !== "exited" || replacement(view, at.instance)) return false;
  return !restartsAfterExit(view.pod, container, at.instance.exitCode);
}

export function isStarting({ work }: PlanView, { spec }: PodContainer): boolean {
  return work.inFlight.get(`start/${spec.name}`)?.type === "startContainer";
}

/**
 * Brings one container towards running. Without a sandbox only what must stop is stopped. Answers whether the
 * container runs and its start is complete.
 */
export function planContainer(
  view: PlanView,
  build: PlanBuilder,
  container: PodContainer,
  at: ContainerView,
  sandbox: SandboxStatus | undefined,
): boolean {
  const starting = view.work.inFlight.get(`start/${container.spec.name}`);
  if (starting?.type === "startContainer") {
    if (starting.sandboxId === sandbox?.id) build.keep(starting);
    holdBack(view, build, container);
    return false;
  }
  switch (at.state) {
    case "running":
      return planRunningInstance(view, build, container, at.instance);
    case "unknown":
      stop(view, build, at.instance, podGraceSeconds(view), {
        code: "UnknownState",
        message: `Container is in "unknown" state, try killing it before restart`,
      });
      return false;
    case "created":
      // Its start was interrupted: what it would do is unknown, so it makes way for a new one.
      build.want({ type: "removeContainer", name: container.spec.name, containerId: at.instance.id });
      return false;
    case "exited":
      if (sandbox && !isDone(view, container, at)) planRestart(view, build, container, at.instance, sandbox);
      return false;
    case "gone":
    case "absent":
      if (sandbox && !isDone(view, container, at)) {
        start(view, build, container, sandbox, beganRestartAtMs(view, container));
      }
      return false;
  }
}

function planRunningInstance(
  view: PlanView,
  build: PlanBuilder,
  container: PodContainer,
  instance: ObservedContainer,
): boolean {
  const reason = reasonToStop(view, container, instance) ?? planResize(view, build, container, instance);
  if (!reason) return true;
  stop(view, build, instance, graceAfter(view, container, reason), reason);
  return false;
}

/** Changes limits in place; answers a reason to stop when the container is to get them in a new instance. */
function planResize(
  view: PlanView,
  build: PlanBuilder,
  { kind, spec }: PodContainer,
  instance: ObservedContainer,
): StopReason | undefined {
  const { pod, work, nowMs } = view;
  if (kind !== "app" && kind !== "sidecar") return undefined;
  if (work.resizeRefusal) {
    build.wakeAt(nowMs + resizeRetryMs);
    return undefined;
  }
  const resize = containerResize(pod, spec, instance, work.resourcePolicy);
  if (!resize) return undefined;
  build.resizing.add(spec.name);
  if (resize.restart) return { code: "Resize", message: `Container ${spec.name} resize requires restart` };
  const { resources } = resize;
  build.want({ type: "resizeContainer", name: spec.name, containerId: instance.id, resources });
  return undefined;
}

function reasonToStop(view: PlanView, container: PodContainer, instance: ObservedContainer): StopReason | undefined {
  const { kind, spec } = container;
  const label = kind === "sidecar" ? "Init container" : "Container";
  const hash = instance.annotations[annotations.containerHash];
  if (kind !== "ephemeral" && hash !== undefined && hash !== containerHash(spec)) {
    return { code: "SpecChanged", message: `Container ${spec.name} definition changed` };
  }
  if (spec.startupProbe && view.work.probes.get("startup", instance.id) === "failure") {
    return { code: "StartupProbe", message: `${label} ${spec.name} failed startup probe` };
  }
  if (spec.livenessProbe && view.work.probes.get("liveness", instance.id) === "failure") {
    return { code: "LivenessProbe", message: `${label} ${spec.name} failed liveness probe` };
  }
  return undefined;
}

function graceAfter(view: PlanView, { spec }: PodContainer, reason: StopReason): number {
  const probe =
    reason.code === "LivenessProbe"
      ? spec.livenessProbe
      : reason.code === "StartupProbe"
        ? spec.startupProbe
        : undefined;
  return probe?.terminationGracePeriodSeconds ?? podGraceSeconds(view);
}

function stop(
  view: PlanView,
  build: PlanBuilder,
  instance: ObservedContainer,
  graceSeconds: number,
  reason: StopReason,
): void {
  const restart = restartAfter(view, instance, reason);
  const message = restart === "byPolicy" ? reason.message : `${reason.message}, will be restarted`;
  build.want({
    type: "stopContainer",
    name: instance.name,
    containerId: instance.id,
    deadlineMs: view.nowMs + graceSeconds * 1000,
    reason: { code: reason.code, message },
    restart,
  });
}

function restartAfter({ pod }: PlanView, { name }: ObservedContainer, { code }: StopReason): RestartAfterStop {
  if (code === "SpecChanged" || code === "Resize") return "atOnce";
  if (code === "UnknownState") return "byPolicy";
  const container = findContainer(pod, name);
  return container && restartsAfterExit(pod, container, 1) ? "backedOff" : "byPolicy";
}

function planRestart(
  view: PlanView,
  build: PlanBuilder,
  container: PodContainer,
  instance: ObservedContainer,
  sandbox: SandboxStatus,
): void {
  const { work, nowMs } = view;
  const finishedAtMs = instance.finishedAtMs ?? instance.createdAtMs;
  if (replacement(view, instance)?.atOnce) {
    start(view, build, container, sandbox, 0);
    return;
  }
  const backoff = work.containers.get(container.spec.name)?.backoff;
  const delayMs = crashDelayMs(work.crashBackoff, backoff, finishedAtMs, nowMs);
  if (delayMs === 0 || !backoff) {
    start(view, build, container, sandbox, finishedAtMs);
    return;
  }
  const { name, namespace, uid } = view.pod.metadata;
  build.waiting.set(container.spec.name, {
    reason: "CrashLoopBackOff",
    message:
      `back-off ${formatDuration(backoff.delayMs)} restarting failed container=${container.spec.name} ` +
      `pod=${name}_${namespace}(${uid})`,
  });
  build.crashing.set(container.spec.name, instance.id);
  build.wakeAt(nowMs + delayMs);
}

/** Starts a new instance, unless a failed try is too fresh. `finishedAtMs` is when the former one crashed, or 0. */
function start(
  view: PlanView,
  build: PlanBuilder,
  container: PodContainer,
  sandbox: SandboxStatus,
  finishedAtMs: number,
): void {
  const { work, nowMs } = view;
  const name = container.spec.name;
  holdBack(view, build, container);
  const former = work.containers.get(name)?.backoff;
  build.want({
    type: "startContainer",
    name,
    sandboxId: sandbox.id,
    attempt: nextAttempt(view, name),
    ...(finishedAtMs > 0 ? { backoff: nextCrashBackoff(work.crashBackoff, former, finishedAtMs, nowMs) } : {}),
  });
}

/**
 * A failed start is the reason to wait until one succeeds. A container whose instance is being replaced waits, too: it has
 * not ended, and one that has ended may not begin again under every policy.
 */
function holdBack({ work }: PlanView, build: PlanBuilder, { spec }: PodContainer): void {
  const { startFailure, replaced } = work.containers.get(spec.name) ?? {};
  if (replaced?.resize) build.resizing.add(spec.name);
  if (startFailure) build.waiting.set(spec.name, startFailure);
  else if (replaced) build.waiting.set(spec.name, { reason: "ContainerCreating", message: "" });
}

function replacement({ work }: PlanView, instance: ObservedContainer): ContainerMemory["replaced"] {
  const replaced = work.containers.get(instance.name)?.replaced;
  return replaced?.containerId === instance.id ? replaced : undefined;
}
