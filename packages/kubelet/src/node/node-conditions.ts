import type { NodeCondition } from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import type { PressureCondition } from "../eviction/plan-eviction.ts";

/** What keeps a node from being ready, and what weighs on it. */
export interface NodeHealth {
  /** Empty when the node is ready. */
  readonly problems: readonly string[];
  readonly pressure: ReadonlySet<PressureCondition>;
}

interface Wording {
  readonly type: PressureCondition;
  readonly calm: readonly [reason: string, message: string];
  readonly pressed: readonly [reason: string, message: string];
}

const wordings: readonly Wording[] = [
  {
    type: "MemoryPressure",
    calm: ["KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
    pressed: ["KubeletHasInsufficientMemory", "kubelet has insufficient memory available"],
  },
  {
    type: "DiskPressure",
    calm: ["KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    pressed: ["KubeletHasDiskPressure", "kubelet has disk pressure"],
  },
  {
    type: "PIDPressure",
    calm: ["KubeletHasSufficientPID", "kubelet has sufficient PID available"],
    pressed: ["KubeletHasInsufficientPID", "kubelet has insufficient PID available"],
  },
];

/** The kubelet's conditions of its node, the times of transition kept from the ones before. */
export function nodeConditions(health: NodeHealth, before: readonly NodeCondition[], nowMs: number): NodeCondition[] {
  const verdicts = wordings.map(({ type, calm, pressed }) => {
    const under = health.pressure.has(type);
    const [reason, message] = under ? pressed : calm;
    return { type, status: under ? ("True" as const) : ("False" as const), reason, message };
  });
  const ready =
    health.problems.length === 0
      ? { type: "Ready", status: "True" as const, reason: "KubeletReady", message: "kubelet is posting ready status" }
      : { type: "Ready", status: "False" as const, reason: "KubeletNotReady", message: aggregate(health.problems) };
  return [...verdicts, ready].map((verdict) => {
    const former = before.find(({ type }) => type === verdict.type);
    const unchanged = former?.status === verdict.status && Boolean(former.lastTransitionTime);
    return {
      ...verdict,
      lastHeartbeatTime: formatTime(nowMs),
      lastTransitionTime: unchanged ? former.lastTransitionTime : formatTime(nowMs),
    };
  });
}

/** The words of events for the conditions that have another status than before. */
export function newStates(before: readonly NodeCondition[], after: readonly NodeCondition[]): string[] {
  return after
    .filter(({ type, status }) => before.find((former) => former.type === type)?.status !== status)
    .map(({ type, status, reason = "" }) => {
      if (type === "Ready") return status === "True" ? "NodeReady" : "NodeNotReady";
      return reason.replace(/^Kubelet/, "Node");
    });
}

function aggregate(problems: readonly string[]): string {
  return problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
}
