import type { Pod, PodStatus, Probe } from "@kube-ts/api/core/v1";
import { timeMs } from "@kube-ts/api/rfc3339";
import { isTerminalPhase } from "../status/pod-phase.ts";
import { lastContainerStatus } from "../status/status-view.ts";
import type { ProbeOutcome, ProbeType } from "./probe-results.ts";

/** What a probe worker sees of its pod: the spec and the status that was last computed. */
export interface ProbedPod {
  readonly pod: Pod;
  readonly status: PodStatus;
}

/** The memory of one probe worker. */
export interface ProbeState {
  /** The instance that is probed; undefined before the first. */
  readonly containerId: string | undefined;
  /** The instance failed and is to be replaced: it is not probed any more. */
  readonly onHold: boolean;
  /** The outcome of the last probes, and how many in a row had it. */
  readonly last: ProbeOutcome | undefined;
  readonly run: number;
  readonly lastProbeMs: number;
}

export const initialProbeState: ProbeState = {
  containerId: undefined,
  onHold: false,
  last: undefined,
  run: 0,
  lastProbeMs: 0,
};

export type ProbeDecision =
  | { readonly type: "probe"; readonly containerId: string }
  | { readonly type: "sleep"; readonly ms: number }
  /** Nothing to do until the pod changes. */
  | { readonly type: "idle" }
  | { readonly type: "stop" };

/** What a probe worker does now. */
export function nextProbe(
  state: ProbeState,
  type: ProbeType,
  containerName: string,
  probe: Probe,
  { pod, status }: ProbedPod,
  nowMs: number,
): { readonly state: ProbeState; readonly decision: ProbeDecision } {
  if (isTerminalPhase(status.phase)) return { state, decision: { type: "stop" } };
  const container = lastContainerStatus(status, containerName);
  const containerId = container?.containerID?.replace(/^[^:]*:\/\//, "");
  const running = container?.state?.running;
  if (!containerId || !running) return { state, decision: { type: "idle" } };
  const current = containerId === state.containerId ? state : { ...initialProbeState, containerId };
  if (current.onHold) return { state: current, decision: { type: "idle" } };
  if (pod.metadata.deletionTimestamp && type !== "readiness") return { state: current, decision: { type: "stop" } };
  // Startup is probed until it succeeds, the others from then on.
  if ((container.started === true) === (type === "startup")) return { state: current, decision: { type: "idle" } };
  const dueMs = Math.max(
    timeMs(running.startedAt) + (probe.initialDelaySeconds ?? 0) * 1000,
    current.lastProbeMs === 0 ? 0 : current.lastProbeMs + (probe.periodSeconds ?? 10) * 1000,
  );
  if (dueMs > nowMs) return { state: current, decision: { type: "sleep", ms: dueMs - nowMs } };
  return { state: { ...current, lastProbeMs: nowMs }, decision: { type: "probe", containerId } };
}

/** Counts a result; `settled` is set once enough in a row agree. */
export function countResult(
  state: ProbeState,
  type: ProbeType,
  probe: Probe,
  outcome: ProbeOutcome,
): { readonly state: ProbeState; readonly settled: ProbeOutcome | undefined } {
  const run = state.last === outcome ? state.run + 1 : 1;
  const threshold = outcome === "success" ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  const counted = { ...state, last: outcome, run };
  if (run < threshold) return { state: counted, settled: undefined };
  const replaces = outcome === "failure" && type !== "readiness";
  return { state: replaces ? { ...counted, onHold: true, run: 0 } : counted, settled: outcome };
}
