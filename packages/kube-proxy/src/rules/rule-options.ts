import type { IpFamily } from "@kube-ts/std/ip-address";
import type { LocalTraffic } from "../model/local-traffic.ts";
import type { NodePortAddresses } from "../model/node-port-addresses.ts";
import type { Topology } from "../model/select-endpoints.ts";
import type { ChainHash } from "./chain-names.ts";

/** What rules depend on besides Services and endpoints. */
export interface RuleOptions {
  readonly family: IpFamily;
  /** Masquerade everything that goes to a cluster IP. */
  readonly masqueradeAll: boolean;
  /** One bit of the packet mark: the packet's source is rewritten to this node's address when it leaves. */
  readonly masqueradeMark: number;
  /** How pods' own traffic is known; without it, no traffic to cluster IPs counts as foreign. */
  readonly localTraffic: LocalTraffic | undefined;
  readonly nodePortAddresses: NodePortAddresses;
  readonly topology: Topology;
  /** This node's address in the family, as far as it is known. */
  readonly nodeIp: string | undefined;
  /** Drop packets that connection tracking finds invalid; they could reset connections through a node port. */
  readonly dropInvalid: boolean;
  readonly hash: ChainHash;
}
