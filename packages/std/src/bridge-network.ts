export interface BridgeNetworkOptions {
  /** Ranges that pods get addresses of, one of each family; the first one's is a pod's first address. */
  readonly ranges: readonly string[];
  /** Hides pods behind the node's address towards everything outside of the node's ranges. */
  readonly masquerade: boolean;
  /** The largest packet in bytes; by default what the bridge takes. */
  readonly mtu?: number;
}

/** A CNI network list, as far as its readers here look into it. */
export interface BridgeNetwork {
  readonly cniVersion: string;
  readonly name: string;
  readonly disableCheck: boolean;
  readonly plugins: readonly { readonly type: string; readonly [field: string]: unknown }[];
}

/**
 * The CNI network of one node: a bridge, host ports, bandwidth, and open forwarding. Whoever writes a node's network gives
 * it the same name and bridge, so that one may take over from another without giving addresses out twice.
 */
export function bridgeNetwork({ ranges, masquerade, mtu }: BridgeNetworkOptions): BridgeNetwork {
  return {
    cniVersion: "1.0.0",
    name: "pod-network",
    // Released bandwidth plugins crash on CHECK for a pod without bandwidth.
    disableCheck: true,
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        isDefaultGateway: true,
        ipMasq: masquerade,
        // A pod must reach itself through its service.
        hairpinMode: true,
        ...(mtu === undefined ? {} : { mtu }),
        ipam: { type: "host-local", ranges: ranges.map((subnet) => [{ subnet }]) },
      },
      { type: "portmap", capabilities: { portMappings: true } },
      { type: "bandwidth", capabilities: { bandwidth: true } },
      // The engine drops forwarded packets that nobody accepts.
      { type: "firewall", backend: "iptables" },
    ],
  };
}
