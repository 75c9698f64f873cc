import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node, NodeCondition } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { timeMs } from "@kube-ts/api/rfc3339";

/** When a node last gave a sign of life, by our own clock: nodes' clocks are not trusted. */
export interface NodeHealth {
  readonly uid: string | undefined;
  /** The last heartbeat of the Ready condition, as the node wrote it. */
  readonly heartbeat: string | null | undefined;
  /** The latest renewal of the node's lease, as the node wrote it; milliseconds since the epoch. */
  readonly renewedMs: number;
  /** When we saw that one of them had changed; milliseconds of the monotonic clock. */
  readonly aliveMs: number;
}

export interface HealthLimits {
  /** How long a node that has reported may be silent. */
  readonly graceMs: number;
  /** How long a new node may take to report for the first time. */
  readonly startupGraceMs: number;
}

/** A moment on both clocks. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Updates what is known of a node's health with what is seen of it now. */
export function observeHealth(
  known: NodeHealth | undefined,
  node: Node,
  lease: Lease | undefined,
  now: Moment,
): NodeHealth {
  const ready = findCondition(node.status?.conditions, "Ready");
  // Our own verdict of Unknown leaves the heartbeat as it is.
  const heartbeat = ready?.lastHeartbeatTime;
  const renewedMs = timeMs(lease?.spec?.renewTime);
  const { uid } = node.metadata;
  if (known?.uid !== uid || known === undefined) {
    const ageMs = Math.max(0, now.wallMs - timeMs(node.metadata.creationTimestamp));
    // A node that never reported is as old as its object; any other has the whole grace period after our start.
    return { uid, heartbeat, renewedMs, aliveMs: ready ? now.monotonicMs : now.monotonicMs - ageMs };
  }
  const isAlive = renewedMs > known.renewedMs || (heartbeat !== known.heartbeat && ready !== undefined);
  return {
    uid,
    heartbeat,
    renewedMs: Math.max(renewedMs, known.renewedMs),
    aliveMs: isAlive ? now.monotonicMs : known.aliveMs,
  };
}

/** The conditions that a node without a sign of life gets; each of them a node reports itself. */
const reportedConditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] as const;

/** The conditions of a node that has been silent for too long, or undefined when nothing changes. */
export function planConditions(
  node: Node,
  health: NodeHealth,
  limits: HealthLimits,
  now: Moment,
  nowText: string,
): NodeCondition[] | undefined {
  const current = node.status?.conditions ?? [];
  const graceMs = findCondition(current, "Ready") ? limits.graceMs : limits.startupGraceMs;
  if (now.monotonicMs <= health.aliveMs + graceMs) return undefined;
  const next = [...current];
  for (const type of reportedConditions) {
    const at = next.findIndex((condition) => condition.type === type);
    const condition = next[at];
    if (!condition) next.push(neverReported(node, type, nowText));
    else if (condition.status !== "Unknown") next[at] = stoppedReporting(condition, nowText);
  }
  return next.some((condition, index) => condition !== current[index]) ? next : undefined;
}

function neverReported(node: Node, type: string, now: string): NodeCondition {
  const { creationTimestamp } = node.metadata;
  return {
    type,
    status: "Unknown",
    ...(creationTimestamp !== undefined && { lastHeartbeatTime: creationTimestamp }),
    lastTransitionTime: now,
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
  };
}

function stoppedReporting(condition: NodeCondition, now: string): NodeCondition {
  return {
    ...condition,
    status: "Unknown",
    lastTransitionTime: now,
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
  };
}
