import type { Node } from "@kube-ts/api/core/v1";
import { zoneLabel } from "@kube-ts/api/well-known-labels";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

/** What the rules depend on of this node; all unknown while the Node object does not exist. */
export interface NodeFacts {
  readonly ips: Readonly<Partial<Record<IpFamily, string>>>;
  readonly zone: string | undefined;
  /** Ranges of this node's pods. */
  readonly podCidrs: readonly string[];
}

/** Internal addresses are preferred; names do not count. */
const addressTypes = ["InternalIP", "ExternalIP"];

/** `bindAddress` replaces the address of its family unless it is an unspecified one. */
export function nodeFacts(node: Node | undefined, bindAddress: string): NodeFacts {
  const ips: Partial<Record<IpFamily, string>> = {};
  const addresses = node?.status?.addresses ?? [];
  const candidates = [
    bindAddress,
    ...addressTypes.flatMap((type) => addresses.filter((entry) => entry.type === type).map((entry) => entry.address)),
  ];
  for (const text of candidates) {
    const address = parseIpAddress(text);
    if (address && address.value !== 0n) ips[address.family] ??= formatIpAddress(address);
  }
  const { podCIDR, podCIDRs } = node?.spec ?? {};
  return {
    ips,
    zone: node?.metadata.labels?.[zoneLabel],
    podCidrs: podCIDRs && podCIDRs.length > 0 ? podCIDRs : podCIDR ? [podCIDR] : [],
  };
}
