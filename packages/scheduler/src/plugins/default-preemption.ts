import type { Pod, PodCondition } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import { podDisruptionBudgets, pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Lister } from "@kube-ts/client/informer";
import { randomInt } from "@kube-ts/std/random";
import { countReasons } from "../cycle/diagnosis.ts";
import type { CycleState } from "../framework/cycle-state.ts";
import type { SchedulerMetrics } from "../framework/metrics.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { NodeStatuses, PluginHandle, PostFilterPlugin, PostFilterResult } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { Status, unschedulable } from "../framework/status.ts";
import { type Candidate, leastHarmful, selectVictims } from "./preemption-candidates.ts";

export interface DefaultPreemptionArgs {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

/** Makes room for a pod by removing pods of lower priority from one node. */
export class DefaultPreemption implements PostFilterPlugin {
  readonly name = "DefaultPreemption";
  readonly #args: DefaultPreemptionArgs;
  readonly #handle: PluginHandle;
  readonly #metrics: SchedulerMetrics | undefined;
  readonly #budgets: Lister<PodDisruptionBudget>;
  readonly #noVictims = unschedulable(this.name, "No preemption victims found for incoming pod");
  readonly #notHelpful = unschedulable(this.name, "Preemption is not helpful for scheduling");

  constructor(args: DefaultPreemptionArgs, handle: PluginHandle, metrics: SchedulerMetrics | undefined) {
    this.#args = args;
    this.#handle = handle;
    this.#metrics = metrics;
    this.#budgets = handle.informers.informer(podDisruptionBudgets);
  }

  postFilter(state: CycleState, pod: PodInfo, statuses: NodeStatuses): PostFilterResult {
    this.#metrics?.preemptionAttempts.inc();
    const why = this.#notEligible(pod, statuses);
    if (why !== undefined) return reject(this.name, `preemption: ${why}`, false);
    const { nodes } = this.#handle.snapshot;
    const potential = nodes.filter(({ name }) => statuses.get(name)?.code === "Unschedulable");
    const verdicts = new Map<string, Status>();
    for (const { name } of nodes) {
      if (statuses.get(name)?.code !== "Unschedulable") verdicts.set(name, this.#notHelpful);
    }
    const candidates = this.#dryRun(state, pod, potential, verdicts);
    const best = leastHarmful(candidates);
    if (!best) {
      const message = `preemption: 0/${nodes.length} nodes are available: ${countReasons(verdicts.values())}.`;
      return reject(this.name, message, true);
    }
    this.#metrics?.preemptionVictims.observe(best.victims.length);
    return { kind: "nominated", nodeName: best.nodeName, prepare: (signal) => this.#evict(pod, best, signal) };
  }

  /** Why the pod may not preempt; undefined when it may. */
  #notEligible({ pod, uid, priority }: PodInfo, statuses: NodeStatuses): string | undefined {
    if (pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
    const nominated = this.#handle.nominated.nodeOf(uid) || (pod.status?.nominatedNodeName ?? "");
    if (nominated === "" || statuses.get(nominated)?.code === "UnschedulableAndUnresolvable") return undefined;
    for (const other of this.#handle.snapshot.byName.get(nominated)?.pods.values() ?? []) {
      if (other.priority < priority && other.pod.metadata.deletionTimestamp !== undefined) {
        return "not eligible due to a terminating pod on the nominated node.";
      }
    }
    return undefined;
  }

  /** Tries nodes from a random one on until there are enough candidates. */
  #dryRun(
    state: CycleState,
    pod: PodInfo,
    nodes: readonly NodeInfo[],
    verdicts: Map<string, Status>,
  ): readonly Candidate[] {
    if (nodes.length === 0) return [];
    const { minCandidateNodesPercentage, minCandidateNodesAbsolute } = this.#args;
    const share = Math.trunc((nodes.length * minCandidateNodesPercentage) / 100);
    const wanted = Math.min(nodes.length, Math.max(share, minCandidateNodesAbsolute, 1));
    const budgets = this.#budgets.list();
    const offset = randomInt(this.#handle.random, nodes.length);
    const candidates: Candidate[] = [];
    let keepsBudgets = false;
    for (let index = 0; index < nodes.length; index += 1) {
      if (candidates.length >= wanted && keepsBudgets) break;
      const node = nodes[(offset + index) % nodes.length];
      if (!node) continue;
      const result = selectVictims(this.#handle.filters, state, pod, node, budgets, this.#noVictims);
      if (result instanceof Status) {
        verdicts.set(node.name, result);
        continue;
      }
      if (result.victims.length === 0) continue;
      candidates.push(result);
      if (result.budgetViolations === 0) keepsBudgets = true;
    }
    return candidates;
  }

  /** Deletes the victims, and withdraws nominations of lesser pods to the node, which have to look again. */
  async #evict(pod: PodInfo, { nodeName, victims }: Candidate, signal: AbortSignal): Promise<void> {
    const { client, events, nominated } = this.#handle;
    for (const other of nominated.on(nodeName)) if (other.priority < pod.priority) nominated.delete(other.uid);
    const resource = client.resource<Pod>(pods);
    for (const victim of victims) {
      if (victim.pod.metadata.deletionTimestamp !== undefined) continue;
      const key = { namespace: victim.namespace, name: nameOf(victim.pod) };
      try {
        await resource.patch(key, "strategic", this.#disruption(victim, pod), { subresource: "status", signal });
        await resource.delete(key, { preconditions: { uid: victim.uid }, signal });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        continue;
      }
      const message = `Preempted by pod ${pod.uid} on node ${nodeName}`;
      const subject = { ...victim.pod, apiVersion: "v1", kind: "Pod" };
      events.event(subject, "Normal", "Preempted", message, { action: "Preempting", related: pod.pod });
    }
  }

  #disruption(victim: PodInfo, pod: PodInfo): unknown {
    const condition: PodCondition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message: `${pod.pod.spec.schedulerName}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(this.#handle.clock.now()),
    };
    if (victim.pod.metadata.generation !== undefined) condition.observedGeneration = victim.pod.metadata.generation;
    return { metadata: { uid: victim.uid }, status: { conditions: [condition] } };
  }
}

function reject(plugin: string, message: string, clearNomination: boolean): PostFilterResult {
  return { kind: "rejected", status: unschedulable(plugin, message), clearNomination };
}
