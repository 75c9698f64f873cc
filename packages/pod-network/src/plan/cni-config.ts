import type { ClusterNode } from "./cluster-node.ts";

/** Comes before the network that a kubelet writes for itself, and before those that others usually write. */
export const cniConfigFile = "05-pod-network.conflist";

/** The network of this node's pods, for the kubelet: a bridge with addresses of the node's ranges. */
export function cniConfig({ podCidrs, addresses }: ClusterNode, mtu: number): unknown {
  // The first address of a pod is of the family of its node's first.
  const rank = ({ family }: { family: string }) => (family === addresses[0]?.family ? 0 : 1);
  const ranges = podCidrs.toSorted((left, right) => rank(left) - rank(right)).map(({ text }) => [{ subnet: text }]);
  return {
    cniVersion: "1.0.0",
    // As the kubelet's own, so that addresses of pods that are already there are not given out again.
    name: "pod-network",
    // Released bandwidth plugins crash on CHECK for a pod without bandwidth.
    disableCheck: true,
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        isDefaultGateway: true,
        // Who leaves the cluster is masqueraded by rules of the node, which know all nodes.
        ipMasq: false,
        // A pod must reach itself through its service.
        hairpinMode: true,
        mtu,
        ipam: { type: "host-local", ranges },
      },
      { type: "portmap", capabilities: { portMappings: true } },
      { type: "bandwidth", capabilities: { bandwidth: true } },
      { type: "firewall", backend: "iptables" },
    ],
  };
}
