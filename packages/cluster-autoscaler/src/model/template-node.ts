import type { DaemonSet } from "@kube-ts/api/apps/v1";
import type { Node, Pod, Taint } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import { detachedNodeInfo } from "@kube-ts/api/placement/node-info";
import { admitsNode, nodeSelectionOf } from "@kube-ts/api/placement/node-selection";
import { type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { keepsAway, untoleratedTaint } from "@kube-ts/api/placement/tolerations";
import {
  diskPressureTaint,
  externalCloudProviderTaint,
  hostnameLabel,
  memoryPressureTaint,
  mirrorPodAnnotation,
  networkUnavailableTaint,
  notReadyTaint,
  outOfServiceTaint,
  pidPressureTaint,
  unreachableTaint,
  unschedulableTaint,
} from "@kube-ts/api/well-known-labels";
import type { GroupView } from "./group-view.ts";
import { deletionCandidateTaint, toBeDeletedTaint } from "./node-marks.ts";

/** What a new node of a group would be like, with the pods that come with every node of it. */
export interface TemplateNode {
  readonly group: string;
  readonly node: Node;
  readonly pods: readonly PodInfo[];
}

/** Taints that say something of one node and its present state. */
const passingTaints = new Set([
  toBeDeletedTaint,
  deletionCandidateTaint,
  notReadyTaint,
  unreachableTaint,
  unschedulableTaint,
  memoryPressureTaint,
  diskPressureTaint,
  pidPressureTaint,
  networkUnavailableTaint,
  outOfServiceTaint,
  externalCloudProviderTaint,
]);

/**
 * What a new node of the group would be like: like one that is ready, else as the provider says. Undefined when
 * neither tells.
 */
export function templateOf(
  { group, nodes }: GroupView,
  podsOn: (nodeName: string) => readonly Pod[],
  daemonSets: readonly DaemonSet[],
  ignoredTaints: readonly string[],
): TemplateNode | undefined {
  const model = nodes.find(({ condition }) => condition === "ready");
  const ignores = ({ key }: Taint) => passingTaints.has(key) || ignoredTaints.includes(key);
  const name = `template-node-for-${group.name}`;
  if (model) {
    const { metadata, spec, status } = model.node;
    const labels = { ...metadata.labels, [hostnameLabel]: name };
    const taints = (spec.taints ?? []).filter((taint) => !ignores(taint));
    const node: Node = { metadata: { name, uid: name, labels }, spec: { taints }, ...(status && { status }) };
    const pods = podsOn(nameOf(model.node)).filter(comesWithNode).map(podInfoOf);
    return { group: group.name, node, pods };
  }
  if (!group.template) return undefined;
  const { labels, taints, capacity, allocatable } = group.template;
  const node: Node = {
    metadata: { name, uid: name, labels: { ...labels, [hostnameLabel]: name } },
    spec: { taints: taints.filter((taint) => !ignores(taint)) },
    status: { capacity, allocatable: { pods: "110", ...allocatable } },
  };
  return { group: group.name, node, pods: daemonPods(node, daemonSets) };
}

/** Another node like the template, with a name of its own; pods of daemon sets are shared, as they only take room. */
export function instanceOf({ node }: TemplateNode, suffix: string): Node {
  const name = `${nameOf(node)}-${suffix}`;
  const labels = { ...node.metadata.labels, [hostnameLabel]: name };
  return { ...node, metadata: { ...node.metadata, name, uid: name, labels } };
}

/** Whether every node of a kind has the pod without its being scheduled there. */
function comesWithNode(pod: Pod): boolean {
  return isMirrorPod(pod) || isDaemonPod(pod);
}

export function isMirrorPod({ metadata }: Pod): boolean {
  return metadata.annotations?.[mirrorPodAnnotation] !== undefined;
}

export function isDaemonPod(pod: Pod): boolean {
  return controllerOf(pod)?.kind === "DaemonSet";
}

/** The pods that daemon sets would run on the node. */
function daemonPods(node: Node, daemonSets: readonly DaemonSet[]): PodInfo[] {
  const info = detachedNodeInfo(node);
  return daemonSets.flatMap((set) => {
    const { metadata = {}, spec } = set.spec.template;
    if (!spec) return [];
    const name = `${nameOf(set)}-${nameOf(node)}`;
    const pod: Pod = {
      metadata: { ...metadata, name, uid: name, namespace: set.metadata.namespace ?? "" },
      spec,
    };
    const derived = podInfoOf(pod);
    // Daemon sets tolerate a node's passing troubles by themselves, and templates have none of these.
    const fits =
      admitsNode(nodeSelectionOf(derived), info) && !untoleratedTaint(info.taints, spec.tolerations, keepsAway);
    return fits ? [derived] : [];
  });
}
