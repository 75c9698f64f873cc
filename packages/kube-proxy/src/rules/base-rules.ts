import type { ConnectionState, Mark, Match, Rule } from "@kube-ts/iptables/rule";
import { acceptsLoopback } from "../model/node-port-addresses.ts";
import { chain } from "./chain-names.ts";
import { jumpTo, onlyAddress } from "./conditions.ts";
import type { RuleOptions } from "./rule-options.ts";
import type { EnsuredRule } from "./rule-set.ts";

/** Rewrites the source of marked packets. */
export function postroutingRules(options: RuleOptions): readonly Rule[] {
  const { masqueradeMark } = options;
  return [
    { mark: { not: markBit(masqueradeMark) }, target: { kind: "return" } },
    // Cleared, so that a packet that is encapsulated and passes again is not masqueraded twice.
    { target: { kind: "set-mark", mark: { value: masqueradeMark, mask: 0 } } },
    {
      comment: "kubernetes service traffic requiring SNAT",
      target: { kind: "masquerade", fullyRandom: true },
    },
  ];
}

export function markMasqueradeRules(options: RuleOptions): readonly Rule[] {
  return [{ target: { kind: "set-mark", mark: markBit(options.masqueradeMark) } }];
}

export function forwardRules(options: RuleOptions): readonly Rule[] {
  const invalid: Rule = { connectionState: { is: ["INVALID"] }, target: { kind: "drop" } };
  return [
    ...(options.dropInvalid ? [invalid] : []),
    {
      comment: "kubernetes forwarding rules",
      mark: { is: markBit(options.masqueradeMark) },
      target: { kind: "accept" },
    },
    {
      comment: "kubernetes forwarding conntrack rule",
      connectionState: { is: ["RELATED", "ESTABLISHED"] },
      target: { kind: "accept" },
    },
  ];
}

/** The end of the chain of all Services: what is for the node itself may be for a node port. */
export function nodePortDispatch(options: RuleOptions): readonly Rule[] {
  const comment = "kubernetes service nodeports; NOTE: this must be the last rule in this chain";
  const { nodePortAddresses, family } = options;
  if (nodePortAddresses.kind === "some") {
    return nodePortAddresses.addresses.map((ip) => ({
      destination: { is: onlyAddress(ip) },
      comment,
      ...jumpTo(chain.nodePorts),
    }));
  }
  const loopback: Match<string> = { not: family === "IPv4" ? "127.0.0.0/8" : "::1/128" };
  const condition = nodePortAddresses.loopback ? {} : { destination: loopback };
  return [{ ...condition, destinationIsLocal: true, comment, ...jumpTo(chain.nodePorts) }];
}

const newConnections: Pick<Rule, "connectionState"> = { connectionState: { is: ["NEW"] } };

/** Jumps from the built-in chains of the filter table. */
export function filterJumps(options: RuleOptions): readonly EnsuredRule[] {
  const external = "kubernetes externally-visible service portals";
  const portals = "kubernetes service portals";
  const firewall = "kubernetes load balancer firewall";
  return [
    jump("INPUT", chain.externalServices, external, newConnections),
    jump("FORWARD", chain.externalServices, external, newConnections),
    jump("INPUT", chain.nodePorts, "kubernetes health check service ports"),
    jump("FORWARD", chain.services, portals, newConnections),
    jump("OUTPUT", chain.services, portals, newConnections),
    jump("FORWARD", chain.forward, "kubernetes forwarding rules"),
    jump("INPUT", chain.proxyFirewall, firewall, newConnections),
    jump("OUTPUT", chain.proxyFirewall, firewall, newConnections),
    jump("FORWARD", chain.proxyFirewall, firewall, newConnections),
    ...(guardsLoopback(options) ? loopbackGuard() : []),
  ];
}

/** Jumps from the built-in chains of the nat table. */
export function natJumps(): readonly EnsuredRule[] {
  return [
    jump("OUTPUT", chain.services, "kubernetes service portals"),
    jump("PREROUTING", chain.services, "kubernetes service portals"),
    jump("POSTROUTING", chain.postrouting, "kubernetes postrouting rules"),
  ];
}

/** Whether node ports on loopback addresses are served, for which the kernel must route such addresses. */
export function guardsLoopback(options: RuleOptions): boolean {
  return options.family === "IPv4" && acceptsLoopback(options.nodePortAddresses);
}

const knownConnections: readonly ConnectionState[] = ["RELATED", "ESTABLISHED", "DNAT"];

/** Drops what neighbours send to this host's loopback addresses: routing them would open its private services. */
export const loopbackGuardRule: Rule = {
  source: { not: "127.0.0.0/8" },
  destination: { is: "127.0.0.0/8" },
  comment: "block incoming localnet connections",
  connectionState: { not: knownConnections },
  target: { kind: "drop" },
};

function loopbackGuard(): readonly EnsuredRule[] {
  return [
    { chain: chain.firewall, rule: loopbackGuardRule },
    { chain: "INPUT", rule: jumpTo(chain.firewall) },
    { chain: "OUTPUT", rule: jumpTo(chain.firewall) },
  ];
}

function jump(from: string, to: string, comment: string, condition: Rule = {}): EnsuredRule {
  return { chain: from, rule: { ...condition, comment, ...jumpTo(to) } };
}

function markBit(bit: number): Mark {
  return { value: bit, mask: bit };
}
