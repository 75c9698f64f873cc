import type { ProxyProtocol } from "../model/service-port.ts";

/** Chains that always exist, by upstream's names. */
export const chain = {
  services: "KUBE-SERVICES",
  externalServices: "KUBE-EXTERNAL-SERVICES",
  nodePorts: "KUBE-NODEPORTS",
  postrouting: "KUBE-POSTROUTING",
  markMasquerade: "KUBE-MARK-MASQ",
  forward: "KUBE-FORWARD",
  proxyFirewall: "KUBE-PROXY-FIREWALL",
  /** Shared with the kubelet, which drops packets to foreign loopback addresses in it. */
  firewall: "KUBE-FIREWALL",
  /** Empty; that it disappears tells that someone flushed the tables. */
  canary: "KUBE-PROXY-CANARY",
} as const;

/** The first letters of chains that belong to one Service port or endpoint. */
const ownedPrefixes = ["KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-"];

const ownedNames: ReadonlySet<string> = new Set(Object.values(chain).filter((name) => name !== chain.firewall));

/** Whether only the proxy makes chains of this name, so that an unwanted one is a leftover. */
export function isOwnedChain(name: string): boolean {
  return ownedNames.has(name) || ownedPrefixes.some((prefix) => name.startsWith(prefix));
}

/** SHA-256 of the text, in base 32 (RFC 4648). */
export type ChainHash = (text: string) => string;

/** The chains of one Service port. */
export interface ServiceChainNames {
  /** Spreads over the endpoints of policy Cluster. */
  readonly cluster: string;
  /** Spreads over the endpoints of policy Local. */
  readonly local: string;
  /** Takes what arrives from outside. */
  readonly external: string;
  /** Admits the load balancer's source ranges. */
  readonly firewall: string;
}

export function serviceChainNames(id: string, protocol: ProxyProtocol, hash: ChainHash): ServiceChainNames {
  const suffix = hash(id + protocol).slice(0, 16);
  return {
    cluster: `KUBE-SVC-${suffix}`,
    local: `KUBE-SVL-${suffix}`,
    external: `KUBE-EXT-${suffix}`,
    firewall: `KUBE-FW-${suffix}`,
  };
}

/** The chain that leads to one endpoint of a Service port; `address` is `ip:port`. */
export function endpointChainName(id: string, protocol: ProxyProtocol, address: string, hash: ChainHash): string {
  return `KUBE-SEP-${hash(id + protocol + address).slice(0, 16)}`;
}
