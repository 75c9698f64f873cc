import { detachedNodeInfo, type NodeInfo } from "@kube-ts/api/placement/node-info";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import type { SimulatedCluster } from "../model/simulated-cluster.ts";
import { instanceOf, type TemplateNode } from "../model/template-node.ts";

/** What adding nodes of one group would do. */
export interface GroupOption {
  readonly group: string;
  readonly nodeCount: number;
  readonly pods: readonly PodInfo[];
  readonly template: TemplateNode;
}

/** Packs the pods onto at most `maxNodes` new nodes, the largest first, and leaves the cluster as it was. */
export function estimate(
  cluster: SimulatedCluster,
  pods: readonly PodInfo[],
  template: TemplateNode,
  maxNodes: number,
): GroupOption {
  const mark = cluster.mark;
  const added: NodeInfo[] = [];
  const used = new Set<NodeInfo>();
  const placed: PodInfo[] = [];
  const addNode = () => {
    const node = cluster.addNode(instanceOf(template, `new-${added.length}`), template.pods);
    added.push(node);
    return node;
  };
  for (const pod of largestFirst(pods, template)) {
    let node = cluster.findNode(pod, added);
    if (!node) {
      const last = added.at(-1);
      // What does not fit on an empty node of the group does not fit on another one either.
      if ((last && !used.has(last)) || added.length >= maxNodes) continue;
      const fresh = addNode();
      node = cluster.findNode(pod, [fresh]);
    }
    if (!node) continue;
    cluster.place(pod, node);
    used.add(node);
    placed.push(pod);
  }
  cluster.rollback(mark);
  return { group: template.group, nodeCount: used.size, pods: placed, template };
}

function largestFirst(pods: readonly PodInfo[], { node }: TemplateNode): readonly PodInfo[] {
  const { milliCpu, memory } = detachedNodeInfo(node).allocatable;
  const size = ({ requests }: PodInfo) => requests.milliCpu / (milliCpu || 1) + requests.memory / (memory || 1);
  return pods.toSorted((a, b) => size(b) - size(a));
}
