import type { ContainerStatus, PodCondition, PodPhase, PodStatus } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { podQosClass } from "@kube-ts/api/pod-resources";
import { formatTime } from "@kube-ts/api/rfc3339";
import { usableSandbox } from "../pods/observed-pod.ts";
import {
  appContainersOf,
  ephemeralContainersOf,
  initContainersOf,
  mayRestartAllContainers,
} from "../pods/pod-containers.ts";
import { containerStatus } from "./container-status.ts";
import {
  containersReadyVerdict,
  initializedVerdict,
  ownConditions,
  readyVerdict,
  restartingVerdict,
} from "./pod-conditions.ts";
import { isTerminalPhase, podPhase } from "./pod-phase.ts";
import type { StatusView, WaitingReason } from "./status-view.ts";

const creating: WaitingReason = { reason: "ContainerCreating", message: "" };
const initializing: WaitingReason = { reason: "PodInitializing", message: "" };

/** The status of a pod as this node sees it. Pure. Conditions that others write are left out. */
export function podStatus(view: StatusView): PodStatus {
  const { pod, last } = view;
  const init = initContainersOf(pod).map((container) => containerStatus(view, container, initializing));
  const initialized = init.every((status, index) => {
    const sidecar = initContainersOf(pod)[index]?.kind === "sidecar";
    return sidecar ? status.started === true : status.state?.terminated?.exitCode === 0;
  });
  const idle = initialized ? creating : initializing;
  const apps = appContainersOf(pod).map((container) => containerStatus(view, container, idle));
  const ephemeral = ephemeralContainersOf(pod).map((container) => containerStatus(view, container, creating));
  const statuses = new Map([...init, ...apps].map((status) => [status.name, status]));
  const phase = phaseOf(view, statuses);
  limitMessages([...init, ...apps, ...ephemeral]);
  return {
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: conditionsOf(view, statuses, phase),
    ...endReason(view, phase),
    ...addressesOf(view),
    startTime: last.startTime ?? formatTime(view.observed.sandboxes.at(-1)?.createdAtMs ?? view.nowMs),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: apps.toSorted(byName),
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral.toSorted(byName) } : {}),
    qosClass: last.qosClass ?? podQosClass(pod),
  };
}

/** What all containers of a pod together may leave as their last words. */
const maxMessageBytes = 12 * 1024;

function limitMessages(statuses: readonly ContainerStatus[]): void {
  const share = Math.floor(maxMessageBytes / Math.max(1, statuses.length));
  for (const status of statuses) {
    for (const key of ["state", "lastState"] as const) {
      const terminated = status[key]?.terminated;
      const message = Buffer.from(terminated?.message ?? "", "utf8");
      if (message.length <= share) continue;
      status[key] = {
        terminated: { ...terminated, exitCode: terminated?.exitCode ?? 0, message: head(message, share) },
      };
    }
  }
}

/** The first bytes of a text, without half a character at the end. */
function head(text: Buffer, sizeBytes: number): string {
  return text
    .subarray(0, sizeBytes)
    .toString("utf8")
    .replace(/\uFFFD$/, "");
}

/** Init containers are listed in the order of the spec, all others by name. */
function byName(left: ContainerStatus, right: ContainerStatus): number {
  return left.name < right.name ? -1 : 1;
}

/** The status of a pod that was refused by this node before anything of it was started. */
export function rejectedStatus(view: Pick<StatusView, "pod" | "last">, reason: string, message: string): PodStatus {
  const { pod, last } = view;
  return {
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase: "Failed",
    reason,
    message: `Pod was rejected: ${message}`,
    ...(last.startTime ? { startTime: last.startTime } : {}),
    qosClass: last.qosClass ?? podQosClass(pod),
  };
}

function phaseOf(view: StatusView, statuses: ReadonlyMap<string, ContainerStatus>): PodPhase {
  const { last, pod } = view;
  if (isTerminalPhase(last.phase)) return last.phase;
  if (isTerminalPhase(pod.status?.phase)) return pod.status.phase;
  const phase = podPhase(pod, statuses, view.ended);
  if (view.outcome) return view.ended ? "Failed" : phase;
  if (view.restartingAll && isTerminalPhase(phase)) return last.phase ?? "Pending";
  // A pod that is not yet torn down keeps its phase, so that nobody takes its resources for free.
  return isTerminalPhase(phase) && !view.ended ? (last.phase ?? "Pending") : phase;
}

function endReason(view: StatusView, phase: PodPhase): Pick<PodStatus, "reason" | "message"> {
  const { last } = view;
  if (view.outcome && view.ended && !isTerminalPhase(last.phase)) {
    return { reason: view.outcome.reason, message: view.outcome.message };
  }
  if (phase !== last.phase) return {};
  return { ...(last.reason ? { reason: last.reason } : {}), ...(last.message ? { message: last.message } : {}) };
}

function conditionsOf(view: StatusView, statuses: ReadonlyMap<string, ContainerStatus>, phase: PodPhase) {
  const { pod, observed, outcome } = view;
  const containersReady = containersReadyVerdict(pod, statuses, phase);
  const others = (pod.status?.conditions ?? []).filter((condition) => !ownConditions.has(condition.type));
  const verdicts: PodCondition[] = [
    { type: "PodReadyToStartContainers", status: usableSandbox(observed) ? "True" : "False" },
    { type: "Initialized", ...initializedVerdict(pod, statuses, phase) },
    { type: "Ready", ...readyVerdict(pod, containersReady, others) },
    { type: "ContainersReady", ...containersReady },
    { type: "PodScheduled", status: "True" },
  ];
  if (outcome?.disruption) {
    const { disruption: reason, message: told, disruptionMessage: message = told } = outcome;
    verdicts.push({ type: "DisruptionTarget", status: "True", reason, message });
  } else {
    const disruption = findCondition(view.last.conditions, "DisruptionTarget");
    if (disruption?.reason === "TerminationByKubelet") verdicts.push(disruption);
  }
  if (mayRestartAllContainers(pod)) {
    verdicts.push({ type: "AllContainersRestarting", ...restartingVerdict(view.restartingAll, phase) });
  }
  if (view.resizeRefusal) verdicts.push({ type: "PodResizePending", status: "True", ...view.resizeRefusal });
  if (view.resizing.size > 0) {
    const failed = view.resizeFailure === undefined ? {} : { reason: "Error", message: view.resizeFailure };
    verdicts.push({ type: "PodResizeInProgress", status: "True", ...failed });
  }
  return verdicts.map((verdict) => dated(view, verdict));
}

/** Gives the condition the time of its last transition: the former one while its status stays the same. */
function dated(view: StatusView, condition: PodCondition): PodCondition {
  const { pod, last, nowMs } = view;
  const before =
    findCondition(last.conditions, condition.type) ?? findCondition(pod.status?.conditions, condition.type);
  const unchanged = before?.status === condition.status && Boolean(before.lastTransitionTime);
  return {
    ...condition,
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    lastTransitionTime: unchanged ? before.lastTransitionTime : formatTime(nowMs),
  };
}

function addressesOf(view: StatusView): Pick<PodStatus, "hostIP" | "hostIPs" | "podIP" | "podIPs"> {
  const { pod, last, observed, hostIps } = view;
  const hosts = hostIps.length > 0 ? hostIps : (last.hostIPs ?? []).map(({ ip }) => ip);
  const anyReady = observed.sandboxes.some((sandbox) => sandbox.state === "ready");
  let ips = usableSandbox(observed)?.ips ?? [];
  if (pod.spec.hostNetwork) ips = hosts;
  else if (ips.length === 0 && !anyReady) ips = (last.podIPs ?? []).map(({ ip }) => ip);
  return {
    ...(hosts[0] ? { hostIP: hosts[0], hostIPs: hosts.map((ip) => ({ ip })) } : {}),
    ...(ips[0] ? { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) } : {}),
  };
}
