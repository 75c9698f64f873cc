import type { Match, Rule } from "@kube-ts/iptables/rule";
import type { LocalTraffic } from "../model/local-traffic.ts";
import type { ServicePort } from "../model/service-port.ts";

/** The range that holds one address only. */
export function onlyAddress(ip: string): string {
  return ip.includes(":") ? `${ip}/128` : `${ip}/32`;
}

/** Matches sources in the range; a range that holds every address needs no condition. */
export function fromRange(cidr: string): Pick<Rule, "source"> {
  return cidr.endsWith("/0") ? {} : { source: { is: cidr } };
}

/** Matches packets to the port at this address. */
export function toAddress(ip: string, port: ServicePort): Rule {
  return { destination: { is: onlyAddress(ip) }, protocol: port.protocol, destinationPort: port.port };
}

/** Matches packets to a port of the node, whatever the address. */
export function toNodePort(protocol: ServicePort["protocol"], nodePort: number): Rule {
  return { protocol, destinationPort: nodePort };
}

/** Matches pods' traffic. */
export function ifLocal(local: LocalTraffic): Rule {
  return localCondition(local, (value) => ({ is: value }));
}

/** Matches traffic that no pod of this node or cluster sends. */
export function ifNotLocal(local: LocalTraffic): Rule {
  return localCondition(local, (value) => ({ not: value }));
}

export function jumpTo(chain: string): Pick<Rule, "target"> {
  return { target: { kind: "jump", chain } };
}

function localCondition(local: LocalTraffic, match: (value: string) => Match<string>): Rule {
  return local.by === "source" ? { source: match(local.cidr) } : { inInterface: match(local.name) };
}
