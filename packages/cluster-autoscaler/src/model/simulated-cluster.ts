import type { Node, Pod, Taint } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { countMatching, HardSpread } from "@kube-ts/api/placement/hard-spread";
import { AffinityState } from "@kube-ts/api/placement/inter-pod-affinity-counts";
import { detachedNodeInfo, type NodeInfo } from "@kube-ts/api/placement/node-info";
import { admitsNode, nodeSelectionOf } from "@kube-ts/api/placement/node-selection";
import { type Labels, type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { resourceShortages } from "@kube-ts/api/placement/resource-shortages";
import { ownConstraints } from "@kube-ts/api/placement/spread-constraint";
import { keepsAway, tolerates, untoleratedTaint } from "@kube-ts/api/placement/tolerations";
import { unschedulableTaint } from "@kube-ts/api/well-known-labels";
import type { VolumeNodes } from "./volume-nodes.ts";

const cordon: Taint = { key: unschedulableTaint, effect: "NoSchedule" };

/** What of a pod's demands depends on other nodes and their pods, as they are now. */
interface Relations {
  readonly spread: HardSpread | undefined;
  readonly affinity: AffinityState | undefined;
}

/** What the simulation knows besides nodes and pods. */
export interface Surroundings {
  readonly labelsOfNamespace: (namespace: string) => Labels | undefined;
  readonly volumes: VolumeNodes;
}

/**
 * Nodes with their pods, on which moves are tried out and taken back. It asks what the scheduler's filters would say:
 * node name, selection, taints, cordon, ports, resources, volumes, hard spreading, and affinity between pods.
 */
export class SimulatedCluster {
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #surroundings: Surroundings;
  readonly #undo: (() => void)[] = [];

  constructor(nodes: readonly Node[], pods: readonly Pod[], surroundings: Surroundings) {
    this.#surroundings = surroundings;
    for (const node of nodes) this.#nodes.set(nameOf(node), detachedNodeInfo(node));
    for (const pod of pods) this.#nodes.get(pod.spec.nodeName ?? "")?.addPod(podInfoOf(pod));
  }

  get nodes(): Iterable<NodeInfo> {
    return this.#nodes.values();
  }

  node(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  /** A point to come back to with `rollback`. */
  get mark(): number {
    return this.#undo.length;
  }

  rollback(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  addNode(node: Node, pods: readonly PodInfo[]): NodeInfo {
    const info = detachedNodeInfo(node);
    for (const pod of pods) info.addPod(pod);
    this.#nodes.set(info.name, info);
    this.#undo.push(() => this.#nodes.delete(info.name));
    return info;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info) return;
    this.#nodes.delete(name);
    this.#undo.push(() => this.#nodes.set(name, info));
  }

  place(pod: PodInfo, node: NodeInfo): void {
    node.addPod(pod);
    this.#undo.push(() => node.removePod(pod.uid));
  }

  /** Answers why the pod does not fit on a node, or undefined when it does. Valid until something is moved. */
  judge(pod: PodInfo): (node: NodeInfo) => string | undefined {
    const relations = this.#relationsOf(pod);
    return (node) => this.#localObstacle(pod, node) ?? relationalObstacle(relations, node);
  }

  /** The first of the nodes that the pod fits on. */
  findNode(pod: PodInfo, nodes: Iterable<NodeInfo>): NodeInfo | undefined {
    let relations: Relations | undefined;
    for (const node of nodes) {
      if (this.#localObstacle(pod, node) !== undefined) continue;
      relations ??= this.#relationsOf(pod);
      if (relationalObstacle(relations, node) === undefined) return node;
    }
    return undefined;
  }

  #localObstacle(pod: PodInfo, node: NodeInfo): string | undefined {
    const { spec } = pod.pod;
    if (node.unschedulable && !spec.tolerations?.some((each) => tolerates(each, cordon))) {
      return "node(s) were unschedulable";
    }
    if (untoleratedTaint(node.taints, spec.tolerations, keepsAway)) return "node(s) had untolerated taint(s)";
    if (!admitsNode(nodeSelectionOf(pod), node)) return "node(s) didn't match Pod's node affinity/selector";
    if (node.ports.conflicts(pod.hostPorts)) return "node(s) didn't have free ports for the requested pod ports";
    if (pod.affinityError) return `invalid pod affinity: ${pod.affinityError.message}`;
    const [shortage] = resourceShortages(pod, node);
    if (shortage) return shortage.reason;
    return this.#surroundings.volumes.obstacle(pod, node);
  }

  #relationsOf(pod: PodInfo): Relations {
    const nodes = [...this.#nodes.values()];
    const constraints = ownConstraints(pod, "DoNotSchedule");
    const shunning = nodes.filter(({ podsWithRequiredAntiAffinity }) => podsWithRequiredAntiAffinity.size > 0);
    return {
      spread:
        constraints.length === 0
          ? undefined
          : HardSpread.count(
              pod,
              constraints,
              nodes,
              (selector) => (node) => countMatching(node, pod.namespace, selector),
            ),
      affinity: AffinityState.count(pod, nodes, shunning, this.#surroundings.labelsOfNamespace),
    };
  }
}

const affinityReasons = {
  notNear: "node(s) didn't match pod affinity rules",
  tooNear: "node(s) didn't match pod anti-affinity rules",
  unwelcome: "node(s) didn't satisfy existing pods anti-affinity rules",
} as const;

function relationalObstacle({ spread, affinity }: Relations, node: NodeInfo): string | undefined {
  if (spread?.obstacle(node)) return "node(s) didn't match pod topology spread constraints";
  const obstacle = affinity?.obstacle(node);
  return obstacle && affinityReasons[obstacle];
}
