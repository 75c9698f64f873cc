import type { Rule } from "@kube-ts/iptables/rule";
import type { TableName } from "@kube-ts/iptables/save-format";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { ofFamily } from "./cluster-node.ts";
import type { ClusterNode, FamilyText } from "./cluster-node.ts";
import { mergeCidrs } from "./merge-cidrs.ts";

/** One chain of ours, and the built-in chain that leads to it. */
export interface OwnedChain {
  readonly table: TableName;
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly from: string;
  readonly jump: Rule;
}

/** The packet filter's part for one family. */
export interface PacketRules {
  readonly family: IpFamily;
  readonly chains: readonly OwnedChain[];
}

export interface MasqueradeSettings {
  /** Hide pods behind the node's address towards everything outside the cluster. */
  readonly masquerade: boolean;
  /** Ranges of all pods, as far as they are configured. */
  readonly clusterCidrs: readonly FamilyText[];
  /** Further ranges that see pods' own addresses. */
  readonly nonMasqueradeCidrs: readonly FamilyText[];
}

const masqueradeChain = "POD-NETWORK-MASQ";
const forwardChain = "POD-NETWORK-FORWARD";
const multicast: Readonly<Record<IpFamily, string>> = { IPv4: "224.0.0.0/4", IPv6: "ff00::/8" };

/**
 * The rules of each family that this node's pods have: they are forwarded, and keep their addresses towards pods and
 * nodes. Pure.
 */
export function packetRules(
  settings: MasqueradeSettings,
  own: ClusterNode,
  others: readonly ClusterNode[],
): readonly PacketRules[] {
  return own.podCidrs.map(({ family, text }) => ({
    family,
    chains: [
      ownedChain("nat", masqueradeChain, "POSTROUTING", "pod network: leaving the cluster", [
        ...(settings.masquerade ? masqueradeRules(settings, family, text, [own, ...others]) : []),
      ]),
      // After the chains of the service proxy, which may have reasons to refuse a packet.
      ownedChain("filter", forwardChain, "FORWARD", "pod network: forwarding", [
        { source: { is: text }, comment: "from pods of this node", target: { kind: "accept" } },
        { destination: { is: text }, comment: "to pods of this node", target: { kind: "accept" } },
      ]),
    ],
  }));
}

function masqueradeRules(
  settings: MasqueradeSettings,
  family: IpFamily,
  ownRange: string,
  nodes: readonly ClusterNode[],
): readonly Rule[] {
  const single = family === "IPv4" ? "/32" : "/128";
  const direct = mergeCidrs([
    multicast[family],
    ...[...settings.clusterCidrs, ...settings.nonMasqueradeCidrs].flatMap((range) =>
      range.family === family ? [range.text] : [],
    ),
    ...nodes.flatMap(({ podCidrs }) => ofFamily(podCidrs, family) ?? []),
    ...nodes.flatMap(({ addresses }) => ofFamily(addresses, family) ?? []).map((address) => address + single),
  ]);
  return [
    { source: { not: ownRange }, comment: "not from pods of this node", target: { kind: "return" } },
    ...direct.map((range): Rule => ({ destination: { is: range }, target: { kind: "return" } })),
    { comment: "pods outside the cluster", target: { kind: "masquerade", fullyRandom: true } },
  ];
}

function ownedChain(table: TableName, name: string, from: string, comment: string, rules: readonly Rule[]): OwnedChain {
  return { table, name, rules, from, jump: { comment, target: { kind: "jump", chain: name } } };
}
