import { type BridgeNetwork, bridgeNetwork } from "@kube-ts/std/bridge-network";
import type { ClusterNode } from "./cluster-node.ts";

/** Comes before the network that a kubelet writes for itself, and before those that others usually write. */
export const cniConfigFile = "05-pod-network.conflist";

/** The network of this node's pods, for the kubelet: a bridge with addresses of the node's ranges. */
export function cniConfig({ podCidrs, addresses }: ClusterNode, mtu: number): BridgeNetwork {
  // The first address of a pod is of the family of its node's first.
  const rank = ({ family }: { family: string }) => (family === addresses[0]?.family ? 0 : 1);
  const ranges = podCidrs.toSorted((left, right) => rank(left) - rank(right)).map(({ text }) => text);
  // Who leaves the cluster is masqueraded by rules of the node, which know all nodes.
  return bridgeNetwork({ ranges, masquerade: false, mtu });
}
