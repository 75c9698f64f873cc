import type { Pod } from "@kube-ts/api/core/v1";
import { timeMs } from "@kube-ts/api/rfc3339";
import { isTerminalPhase } from "../status/pod-phase.ts";
import { podStatus, rejectedStatus } from "../status/pod-status.ts";
import type { PodOutcome } from "../status/status-view.ts";
import { type ObservedPod, anyMayRun } from "./observed-pod.ts";
import { PlanBuilder, type PlanView } from "./plan-builder.ts";
import { podGraceSeconds } from "./plan-container.ts";
import { planGarbage } from "./plan-garbage.ts";
import { planRunning } from "./plan-running.ts";
import { isRestartingAll } from "./plan-restart-all.ts";
import { isGone, planTermination } from "./plan-termination.ts";
import type { PodPlan, PodWork, Termination } from "./pod-work.ts";

/**
 * Decides what to do for a pod now, and what its status is. Pure: the same arguments give the same plan. Call it
 * again whenever an argument changes or `wakeAfterMs` has passed.
 */
export function planPod(work: PodWork, pod: Pod, observed: ObservedPod, nowMs: number): PodPlan {
  const view: PlanView = { work, pod, observed, nowMs };
  const build = new PlanBuilder(view);
  let termination = requestedTermination(view, build);
  if (!termination && planRunning(view, build) === "completed") {
    termination = endWithin(view, podGraceSeconds(view));
  }
  const plan = termination ? new PlanBuilder(view) : build;
  if (termination) planTermination(view, plan, termination);
  if (!work.removed) planGarbage(view, plan);
  return {
    actions: plan.actions,
    status: statusOf(view, plan, termination),
    wakeAfterMs: plan.wakeAfterMs,
    termination,
    crashing: plan.crashing,
    finished: termination !== undefined && isGone(view) && work.inFlight.size === 0,
  };
}

/** The end of the pod that someone asked for: its deletion, its deadline, an eviction, or that it has ended before. */
function requestedTermination(view: PlanView, build: PlanBuilder): Termination | undefined {
  const { work, pod, nowMs } = view;
  const asked: Termination[] = work.termination ? [work.termination] : [];
  const deleted = pod.metadata.deletionTimestamp !== undefined;
  if (deleted) asked.push(endWithin(view, pod.metadata.deletionGracePeriodSeconds ?? podGraceSeconds(view)));
  else if (work.removed) asked.push(endWithin(view, podGraceSeconds(view)));
  if (work.rejection || isTerminalPhase(work.lastStatus.phase) || isTerminalPhase(pod.status?.phase)) {
    asked.push(endWithin(view, podGraceSeconds(view)));
  }
  const deadlineMs = activeDeadlineMs(view);
  if (deadlineMs !== undefined) {
    if (deadlineMs <= nowMs) asked.push(endWithin(view, podGraceSeconds(view), deadlineExceeded));
    else build.wakeAt(deadlineMs);
  }
  return asked.length === 0 ? undefined : asked.reduce(soonest);
}

const deadlineExceeded: PodOutcome = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
};

function activeDeadlineMs({ work, pod }: PlanView): number | undefined {
  const { activeDeadlineSeconds } = pod.spec;
  const { startTime } = work.lastStatus;
  return activeDeadlineSeconds === undefined || startTime === undefined
    ? undefined
    : timeMs(startTime) + activeDeadlineSeconds * 1000;
}

/** A pod is always given a second. */
function endWithin({ nowMs }: PlanView, seconds: number, outcome?: PodOutcome): Termination {
  const graceSeconds = Math.max(1, seconds);
  return { graceSeconds, deadlineMs: nowMs + graceSeconds * 1000, ...(outcome ? { outcome } : {}) };
}

/** The earlier deadline counts, and the outcome that was there first. */
function soonest(first: Termination, second: Termination): Termination {
  const outcome = first.outcome ?? second.outcome;
  if (second.graceSeconds >= first.graceSeconds) return { ...first, ...(outcome ? { outcome } : {}) };
  const deadlineMs = Math.min(first.deadlineMs, second.deadlineMs);
  return { graceSeconds: second.graceSeconds, deadlineMs, ...(outcome ? { outcome } : {}) };
}

function statusOf(view: PlanView, plan: PlanBuilder, termination: Termination | undefined) {
  const { work, pod, observed, nowMs } = view;
  const untouched = observed.containers.length === 0;
  if (isTerminalPhase(work.lastStatus.phase) && untouched) return work.lastStatus;
  if (work.rejection && untouched) {
    return rejectedStatus({ pod, last: work.lastStatus }, work.rejection.reason, work.rejection.message);
  }
  const starting = new Map<string, number>();
  for (const action of work.inFlight.values()) {
    if (action.type === "startContainer") starting.set(action.name, action.attempt);
  }
  return podStatus({
    pod,
    last: work.lastStatus,
    observed,
    waiting: plan.waiting,
    starting,
    probes: work.probes,
    hostIps: work.hostIps,
    runtimeName: work.runtimeName,
    outcome: termination?.outcome,
    resizeRefusal: work.resizeRefusal,
    restartingAll: termination === undefined && isRestartingAll(view),
    resizing: plan.resizing,
    resizeFailure: work.resizeFailure,
    ended: termination !== undefined && !anyMayRun(observed),
    nowMs,
  });
}
