import type { Container, ContainerStatus, Pod } from "@kube-ts/api/core/v1";
import { findCondition, isConditionTrue } from "@kube-ts/api/conditions";
import type { TableRowCondition } from "@kube-ts/api/meta/v1";
import { isSidecar } from "@kube-ts/api/pod-resources";
import { parseTime } from "@kube-ts/api/rfc3339";
import type { TableColumns } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn, wideColumn } from "../table/columns.ts";
import { humanDuration } from "../table/human-duration.ts";

/** A pod in one line. */
export const podColumns: TableColumns<Pod> = {
  definitions: [
    nameColumn,
    column("Ready", "string", "How many of the pod's containers are ready, of how many there are."),
    column("Status", "string", "What the containers of the pod, taken together, are doing."),
    column("Restarts", "string", "How often containers were restarted, and when the last one was."),
    ageColumn,
    wideColumn("IP", "string", "First address of the pod."),
    wideColumn("Node", "string", "Node that the pod is bound to."),
    wideColumn("Nominated Node", "string", "Node on which room is being made for the pod."),
    wideColumn("Readiness Gates", "string", "How many of the pod's readiness gates are true, of how many there are."),
  ],
  row(pod, nowMs) {
    const summary = summarize(pod);
    const restarts =
      summary.restarts > 0 && summary.lastRestartMs > 0
        ? `${summary.restarts} (${humanDuration(nowMs - summary.lastRestartMs)} ago)`
        : String(summary.restarts);
    const cells = [
      nameCell(pod),
      `${summary.ready}/${summary.total}`,
      summary.reason,
      restarts,
      ageCell(pod, nowMs),
      pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || "<none>",
      pod.spec.nodeName || "<none>",
      pod.status?.nominatedNodeName || "<none>",
      readinessGates(pod),
    ];
    const conditions = completion(pod);
    return conditions ? { cells, conditions } : { cells };
  },
};

interface Summary {
  reason: string;
  ready: number;
  total: number;
  restarts: number;
  /** Zero when nothing was restarted. */
  lastRestartMs: number;
}

function summarize(pod: Pod): Summary {
  const status = pod.status ?? {};
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar);
  const isGated = findCondition(status.conditions, "PodScheduled")?.reason === "SchedulingGated";
  const summary: Summary = {
    reason: isGated ? "SchedulingGated" : status.reason || (status.phase ?? ""),
    ready: 0,
    total: pod.spec.containers.length + sidecars.length,
    restarts: 0,
    lastRestartMs: 0,
  };
  const isInitializing = addInitContainers(pod, summary);
  if (!isInitializing || isConditionTrue(status.conditions, "Initialized")) addContainers(pod, sidecars, summary);
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === "NodeLost") summary.reason = "Unknown";
    else if (status.phase !== "Failed" && status.phase !== "Succeeded") summary.reason = "Terminating";
  }
  return summary;
}

/** Returns whether an init container is not done yet; the first such decides the status. */
function addInitContainers(pod: Pod, summary: Summary): boolean {
  const byName = new Map((pod.spec.initContainers ?? []).map((container) => [container.name, container]));
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    addRestarts(status, summary);
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecarStatus(status, byName) && status.started) {
      if (status.ready) summary.ready++;
      continue;
    }
    if (terminated) {
      summary.reason = `Init:${exitReason(terminated)}`;
    } else if (waiting?.reason && waiting.reason !== "PodInitializing") {
      summary.reason = `Init:${waiting.reason}`;
    } else {
      summary.reason = `Init:${index}/${pod.spec.initContainers?.length ?? 0}`;
    }
    return true;
  }
  return false;
}

function addContainers(pod: Pod, sidecars: readonly Container[], summary: Summary): void {
  const sidecarNames = new Set(sidecars.map((container) => container.name));
  summary.restarts = 0;
  summary.lastRestartMs = 0;
  for (const status of pod.status?.initContainerStatuses ?? []) {
    if (sidecarNames.has(status.name)) addRestarts(status, summary);
  }
  let isRunning = false;
  for (const status of (pod.status?.containerStatuses ?? []).toReversed()) {
    addRestarts(status, summary);
    const { terminated, waiting, running } = status.state ?? {};
    if (waiting?.reason) {
      summary.reason = waiting.reason;
    } else if (terminated) {
      summary.reason = exitReason(terminated);
    } else if (status.ready && running) {
      isRunning = true;
      summary.ready++;
    }
  }
  if (summary.reason === "Completed" && isRunning) {
    summary.reason = isConditionTrue(pod.status?.conditions, "Ready") ? "Running" : "NotReady";
  }
}

function isSidecarStatus(status: ContainerStatus, byName: ReadonlyMap<string, Container>): boolean {
  const container = byName.get(status.name);
  return container !== undefined && isSidecar(container);
}

function addRestarts(status: ContainerStatus, summary: Summary): void {
  summary.restarts += status.restartCount ?? 0;
  const finishedAt = status.lastState?.terminated?.finishedAt;
  const finishedMs = finishedAt === undefined || finishedAt === null ? undefined : parseTime(finishedAt);
  if (finishedMs !== undefined) summary.lastRestartMs = Math.max(summary.lastRestartMs, finishedMs);
}

function exitReason(exit: { reason?: string; signal?: number; exitCode: number }): string {
  if (exit.reason) return exit.reason;
  return exit.signal ? `Signal:${exit.signal}` : `ExitCode:${exit.exitCode}`;
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const open = gates.filter((gate) => isConditionTrue(pod.status?.conditions, gate.conditionType));
  return `${open.length}/${gates.length}`;
}

function completion(pod: Pod): TableRowCondition[] | undefined {
  const phase = pod.status?.phase;
  if (phase !== "Succeeded" && phase !== "Failed") return undefined;
  const message = phase === "Succeeded" ? "The pod has completed successfully." : "The pod failed.";
  return [{ type: "Completed", status: "True", reason: phase, message }];
}
