import type { Node } from "@kube-ts/api/core/v1";
import { formatCidr, formatIpAddress, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

/** An address or a range, in canonical form. */
export interface FamilyText {
  readonly family: IpFamily;
  readonly text: string;
}

/** What the pod network goes by of one node. */
export interface ClusterNode {
  readonly name: string;
  /** Ranges of its pods: at most one of each family counts. */
  readonly podCidrs: readonly FamilyText[];
  /** Its own addresses: at most one of each family counts. */
  readonly addresses: readonly FamilyText[];
}

/** Reads what counts of a Node; what is no range or no address is left out. */
export function clusterNode(node: Node): ClusterNode {
  const { podCIDR, podCIDRs = podCIDR ? [podCIDR] : [] } = node.spec;
  const internal = (node.status?.addresses ?? []).filter(({ type }) => type === "InternalIP");
  return {
    name: node.metadata.name ?? "",
    podCidrs: firstOfEachFamily(podCIDRs.flatMap(canonicalCidr)),
    addresses: firstOfEachFamily(internal.flatMap(({ address }) => canonicalAddress(address))),
  };
}

/** The text of that family, if there is one. */
export function ofFamily(texts: readonly FamilyText[], family: IpFamily): string | undefined {
  return texts.find((entry) => entry.family === family)?.text;
}

export function canonicalCidr(text: string): readonly FamilyText[] {
  const cidr = parseCidr(text);
  return cidr ? [{ family: cidr.family, text: formatCidr(cidr) }] : [];
}

export function canonicalAddress(text: string): readonly FamilyText[] {
  const address = parseIpAddress(text);
  return address ? [{ family: address.family, text: formatIpAddress(address) }] : [];
}

/** The first address of a range. */
export function baseAddress(cidr: string): string {
  return cidr.slice(0, cidr.indexOf("/"));
}

function firstOfEachFamily(texts: readonly FamilyText[]): readonly FamilyText[] {
  return texts.filter((entry, index) => texts.findIndex(({ family }) => family === entry.family) === index);
}
