import type { Pod } from "@kube-ts/api/core/v1";
import { podRequests } from "@kube-ts/api/pod-resources";
import { Quantity } from "@kube-ts/api/quantity";
import { type EvictionConfig, type EvictionSignal, type EvictionThreshold, amountOf } from "./eviction-config.ts";

export type PressureCondition = "MemoryPressure" | "DiskPressure" | "PIDPressure";

export interface Observation {
  readonly available: number;
  readonly capacity: number;
}

/** What one pod uses. */
export interface PodUsage {
  readonly pod: Pod;
  readonly isStatic: boolean;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly inodes: number;
  readonly processes: number;
  readonly containers: readonly { readonly name: string; readonly memoryBytes: number; readonly diskBytes: number }[];
}

/** What an eviction round remembers for the next. */
export interface EvictionState {
  /** Since when each threshold has been met, by its key. */
  readonly metSinceMs: ReadonlyMap<string, number>;
  /** When each condition was last seen. */
  readonly seenAtMs: ReadonlyMap<PressureCondition, number>;
}

export const calm: EvictionState = { metSinceMs: new Map(), seenAtMs: new Map() };

export interface EvictionOrder {
  readonly podUid: string;
  readonly signal: EvictionSignal;
  readonly message: string;
  readonly graceSeconds: number;
}

export interface EvictionPlan {
  readonly state: EvictionState;
  readonly conditions: ReadonlySet<PressureCondition>;
  /** The signal for which space is to be reclaimed before any pod is evicted; undefined for none. */
  readonly reclaim: EvictionSignal | undefined;
  /** The pod to evict if reclaiming does not help; undefined for none. */
  readonly evict: EvictionOrder | undefined;
}

const conditionOf: Readonly<Record<EvictionSignal, PressureCondition>> = {
  "memory.available": "MemoryPressure",
  "nodefs.available": "DiskPressure",
  "nodefs.inodesFree": "DiskPressure",
  "imagefs.available": "DiskPressure",
  "imagefs.inodesFree": "DiskPressure",
  "pid.available": "PIDPressure",
};

const resourceOf: Readonly<Record<EvictionSignal, string>> = {
  "memory.available": "memory",
  "nodefs.available": "ephemeral-storage",
  "nodefs.inodesFree": "inodes",
  "imagefs.available": "ephemeral-storage",
  "imagefs.inodesFree": "inodes",
  "pid.available": "pids",
};

/** Decides on node pressure: which conditions hold, and which one pod goes now. Pure. */
export function planEviction(
  state: EvictionState,
  observations: ReadonlyMap<EvictionSignal, Observation>,
  pods: readonly PodUsage[],
  config: EvictionConfig,
  nowMs: number,
): EvictionPlan {
  const met = config.thresholds.filter((threshold) => isMet(threshold, observations, state));
  const metSinceMs = new Map(
    met.map((threshold) => [keyOf(threshold), state.metSinceMs.get(keyOf(threshold)) ?? nowMs]),
  );
  const seenAtMs = new Map(state.seenAtMs);
  for (const { signal } of met) seenAtMs.set(conditionOf[signal], nowMs);
  for (const [condition, atMs] of seenAtMs) {
    if (nowMs - atMs >= config.pressureTransitionMs) seenAtMs.delete(condition);
  }
  // Memory first: it cannot wait for disk to be cleaned.
  const [due] = met
    .filter((threshold) => nowMs - (metSinceMs.get(keyOf(threshold)) ?? nowMs) >= threshold.graceMs)
    .toSorted((left, right) => urgency(left) - urgency(right));
  const plan = { state: { metSinceMs, seenAtMs }, conditions: new Set(seenAtMs.keys()) };
  if (!due) return { ...plan, reclaim: undefined, evict: undefined };
  const disk = conditionOf[due.signal] === "DiskPressure";
  return { ...plan, reclaim: disk ? due.signal : undefined, evict: orderFor(due, observations, pods, config) };
}

/** A threshold that was met stays so until the minimum to reclaim is free on top. */
function isMet(
  threshold: EvictionThreshold,
  observations: ReadonlyMap<EvictionSignal, Observation>,
  state: EvictionState,
): boolean {
  const observed = observations.get(threshold.signal);
  if (!observed) return false;
  const { available, capacity } = observed;
  const extra =
    threshold.minReclaim && state.metSinceMs.has(keyOf(threshold)) ? amountOf(threshold.minReclaim, capacity) : 0;
  return available < amountOf(threshold.value, capacity) + extra;
}

function keyOf({ signal, graceMs }: EvictionThreshold): string {
  return `${signal}/${graceMs}`;
}

function urgency({ signal, graceMs }: EvictionThreshold): number {
  return (signal === "memory.available" ? 0 : 2) + (graceMs === 0 ? 0 : 1);
}

const systemCriticalPriority = 2_000_000_000;

function orderFor(
  threshold: EvictionThreshold,
  observations: ReadonlyMap<EvictionSignal, Observation>,
  pods: readonly PodUsage[],
  config: EvictionConfig,
): EvictionOrder | undefined {
  const { signal } = threshold;
  const [victim] = pods
    .filter(({ pod, isStatic }) => !isStatic && (pod.spec.priority ?? 0) < systemCriticalPriority)
    .toSorted((left, right) => compareForEviction(signal, left, right));
  if (!victim) return undefined;
  const { terminationGracePeriodSeconds = 30 } = victim.pod.spec;
  const { maxPodGraceSeconds } = config;
  const soft =
    maxPodGraceSeconds < 0
      ? terminationGracePeriodSeconds
      : Math.min(maxPodGraceSeconds, terminationGracePeriodSeconds);
  return {
    podUid: victim.pod.metadata.uid ?? "",
    signal,
    message: message(threshold, observations.get(signal), victim),
    // A hard threshold leaves no time but the least.
    graceSeconds: threshold.graceMs === 0 ? 1 : Math.max(1, soft),
  };
}

/** First those that use more than they asked for, then by priority, then by how much more they use. */
function compareForEviction(signal: EvictionSignal, left: PodUsage, right: PodUsage): number {
  const priority = (left.pod.spec.priority ?? 0) - (right.pod.spec.priority ?? 0);
  if (signal === "pid.available") return priority || right.processes - left.processes;
  if (signal.endsWith("inodesFree")) return priority || right.inodes - left.inodes;
  const resource = resourceOf[signal];
  const [leftOver, rightOver] = [excess(left, resource), excess(right, resource)];
  return Number(rightOver > 0) - Number(leftOver > 0) || priority || rightOver - leftOver;
}

function excess(usage: PodUsage, resource: string): number {
  const requested = podRequests(usage.pod).get(resource)?.value() ?? 0;
  return (resource === "memory" ? usage.memoryBytes : usage.diskBytes) - requested;
}

function message({ signal, value }: EvictionThreshold, observed: Observation | undefined, victim: PodUsage): string {
  const resource = resourceOf[signal];
  const capacity = observed?.capacity ?? 0;
  const limit = amountOf(value, capacity);
  let text = `The node was low on resource: ${resource}. Threshold quantity: ${format(signal, limit)}, available: ${format(signal, observed?.available ?? 0)}. `;
  for (const { name, memoryBytes, diskBytes } of victim.containers) {
    if (resource !== "memory" && resource !== "ephemeral-storage") break;
    const used = resource === "memory" ? memoryBytes : diskBytes;
    const container = victim.pod.spec.containers.find((one) => one.name === name);
    const requested = Quantity.parse(String(container?.resources?.requests?.[resource] ?? "0"));
    if (used <= requested.value()) continue;
    text += `Container ${name} was using ${kib(used)}, request is ${requested.toString()}, has larger consumption of ${resource}. `;
  }
  return text;
}

function format(signal: EvictionSignal, amount: number): string {
  return signal.endsWith("inodesFree") || signal === "pid.available" ? `${amount}` : kib(amount);
}

function kib(bytes: number): string {
  return `${Math.floor(bytes / 1024)}Ki`;
}
