import type { Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { nameOf } from "@kube-ts/api/object";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import { type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { timeMs } from "@kube-ts/api/rfc3339";
import { type GroupView } from "../model/group-view.ts";
import type { SimulatedCluster } from "../model/simulated-cluster.ts";
import { instanceOf, isDaemonPod, type TemplateNode } from "../model/template-node.ts";
import type { ScaleUpOptions } from "../config/autoscaler-config.ts";

/** The pods that the scheduler has found no node for, the most important first. */
export function unschedulablePods(
  pods: readonly Pod[],
  options: Pick<ScaleUpOptions, "expendablePriorityCutoff" | "newPodDelayMs">,
  nowMs: number,
): readonly PodInfo[] {
  return pods
    .filter((pod) => {
      const { metadata, spec, status } = pod;
      if (spec.nodeName || metadata.deletionTimestamp !== undefined || isDaemonPod(pod)) return false;
      const scheduled = findCondition(status?.conditions, "PodScheduled");
      if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return false;
      if (isExpendable(pod, options.expendablePriorityCutoff)) return false;
      return nowMs - timeMs(metadata.creationTimestamp) >= options.newPodDelayMs;
    })
    .map(podInfoOf)
    .toSorted((a, b) => b.priority - a.priority || (a.key < b.key ? -1 : 1));
}

export function isExpendable({ spec }: Pod, cutoff: number): boolean {
  return (spec.priority ?? 0) < cutoff;
}

/** Adds the nodes that are on their way, and answers their names. Machines that `isOverdue` names are not counted on. */
export function addUpcomingNodes(
  cluster: SimulatedCluster,
  views: readonly GroupView[],
  templates: ReadonlyMap<string, TemplateNode>,
  isOverdue: (machineId: string) => boolean,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { group, nodes, unregistered } of views) {
    const template = templates.get(group.name);
    if (!template) continue;
    const awaited = unregistered.filter(({ id }) => !isOverdue(id)).length;
    const starting = nodes.filter(({ condition }) => condition === "starting").length;
    for (let index = 0; index < awaited + starting; index += 1) {
      const node = instanceOf(template, `upcoming-${index}`);
      cluster.addNode(node, template.pods);
      names.add(nameOf(node));
    }
  }
  return names;
}

/** Places what fits on nodes that exist or are on their way; answers the pods that need others. */
export function placePending(cluster: SimulatedCluster, pods: readonly PodInfo[]): readonly PodInfo[] {
  return pods.filter((pod) => {
    const nominated = cluster.node(pod.pod.status?.nominatedNodeName ?? "");
    const node: NodeInfo | undefined = nominated ?? cluster.findNode(pod, cluster.nodes);
    if (node) cluster.place(pod, node);
    return node === undefined;
  });
}
