import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import { uidOf } from "@kube-ts/api/object";
import { type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { pods } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import type { EventRecorder } from "@kube-ts/client/event-recorder";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { errorFields, type Logger } from "@kube-ts/std/log";
import type { DrainOptions, RemovalOptions } from "../config/autoscaler-config.ts";
import type { AutoscalerMetrics } from "../metrics.ts";
import { DisruptionBudgets } from "../plan/disruption-budgets.ts";
import { type DrainVerdict, judgeDrain } from "../plan/drain-rules.ts";
import type { UnneededNode } from "../plan/plan-scale-down.ts";
import type { NodeGroupProvider } from "../provider/node-group-provider.ts";
import type { NodeWriter } from "./node-writer.ts";
import type { PodEvictor } from "./pod-evictor.ts";

export interface RemovalContext {
  readonly client: Client;
  readonly provider: NodeGroupProvider;
  readonly writer: NodeWriter;
  readonly evictor: PodEvictor;
  readonly events: EventRecorder;
  readonly metrics: AutoscalerMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly drain: DrainOptions;
  readonly options: RemovalOptions;
  readonly expendablePriorityCutoff: number;
  readonly budgets: () => readonly PodDisruptionBudget[];
}

/** Something came in between: the node is kept. */
export class RemovalRefusedError extends Error {
  override readonly name = "RemovalRefusedError";
}

/**
 * Takes one node out of the cluster: keeps new pods away, evicts those that are there, has the machine removed, and
 * deletes the node. Whatever fails before the machine is touched leaves a node that works as before; then this rejects.
 */
export async function removeNode(unneeded: UnneededNode, context: RemovalContext, signal: AbortSignal): Promise<void> {
  const { managed, isEmpty } = unneeded;
  const { node, name, machine, group } = managed;
  const { writer, provider, options, events, log, clock } = context;
  const uid = uidOf(node);
  const cordon = options.cordon && node.spec.unschedulable !== true;
  const subject = { ...node, apiVersion: "v1", kind: "Node" };
  await writer.markToBeDeleted(name, uid, `${group.name}/${machine.id}`, cordon, signal);
  try {
    events.event(subject, "Normal", "ScaleDown", "marked the node as toBeDeleted/unschedulable");
    await clock.sleep(options.delayAfterTaintMs, signal);
    await drainNode(unneeded, context, signal);
    log.info("removing machine", { node: name, group: group.name, machine: machine.id, empty: isEmpty });
    await provider.remove(group.name, [machine], signal);
  } catch (error) {
    // Who stops in the middle leaves the mark: the next leader goes on from there.
    if (isAbort(error, signal)) throw error;
    events.event(subject, "Warning", "ScaleDownFailed", `failed to remove the node: ${(error as Error).message}`);
    await writer.unmarkToBeDeleted(name, uid, cordon, signal).catch((problem: unknown) => {
      log.warn("mark could not be taken back", { node: name, error: errorFields(problem) });
    });
    throw error;
  }
  await writer.delete(name, uid, signal);
  events.event(subject, "Normal", "ScaleDown", "node removed by cluster autoscaler");
}

async function drainNode({ managed, isEmpty }: UnneededNode, context: RemovalContext, signal: AbortSignal) {
  const { evictor, options } = context;
  const verdict = await judgeNow(managed.name, context, signal);
  const leaving = [...verdict.moving, ...verdict.dropped];
  if (isEmpty && leaving.length > 0) {
    throw new RemovalRefusedError(`pods have come to the empty node: ${leaving.map(({ key }) => key).join(", ")}`);
  }
  for (const pod of leaving) reportEviction(pod, context);
  const outcomes = await Promise.allSettled(leaving.map((pod) => evictCounted(pod, context, signal)));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  await evictor.untilGone([...leaving, ...verdict.ending], signal);
  if (isEmpty ? options.evictDaemonSetsOfEmpty : options.evictDaemonSetsOfOccupied) {
    await evictDaemons(verdict.daemons, context, signal);
  }
}

/** Looks at the node's pods as the server has them now: some may have come since the plan was made. */
async function judgeNow(
  nodeName: string,
  { client, drain, budgets, expendablePriorityCutoff, clock }: RemovalContext,
  signal: AbortSignal,
): Promise<Extract<DrainVerdict, { kind: "drainable" }>> {
  const fieldSelector = `spec.nodeName=${nodeName},status.phase!=Succeeded,status.phase!=Failed`;
  const { items } = await client.resource(pods).list({ fieldSelector, signal });
  const current = new DisruptionBudgets(budgets());
  // A budget that is used up just now may allow the eviction in a while: the eviction API decides.
  const patient = { covers: (pod: PodInfo) => current.covers(pod), allows: () => true };
  const rules = { options: drain, budgets: patient, expendablePriorityCutoff, nowMs: clock.now() };
  const verdict = judgeDrain(items.map(podInfoOf), rules);
  if (verdict.kind === "drainable") return verdict;
  throw new RemovalRefusedError(`pod ${verdict.pod.key} keeps it: ${verdict.reason}`);
}

function reportEviction({ pod }: PodInfo, { events }: RemovalContext): void {
  const subject = { ...pod, apiVersion: "v1", kind: "Pod" };
  events.event(subject, "Normal", "ScaleDown", "deleting pod for node scale down");
}

async function evictCounted(
  pod: PodInfo,
  { evictor, metrics, events }: RemovalContext,
  signal: AbortSignal,
): Promise<void> {
  try {
    await evictor.evict(pod, signal);
    metrics.evictedPods.inc({ eviction_result: "succeeded" });
  } catch (error) {
    if (isAbort(error, signal)) throw error;
    metrics.evictedPods.inc({ eviction_result: "failed" });
    const subject = { ...pod.pod, apiVersion: "v1", kind: "Pod" };
    events.event(subject, "Warning", "ScaleDownFailed", "failed to delete pod for ScaleDown");
    throw error;
  }
}

/** Lets pods of daemon sets end well where they can; they would be made anew, so nobody waits for them. */
async function evictDaemons(
  daemons: readonly PodInfo[],
  { evictor, log }: RemovalContext,
  signal: AbortSignal,
): Promise<void> {
  for (const { pod, key } of daemons) {
    await evictor.tryEvict(pod, signal).catch((error: unknown) => {
      if (isAbort(error, signal)) throw error;
      log.info("daemon pod was not evicted", { pod: key, error: errorFields(error) });
    });
  }
}
