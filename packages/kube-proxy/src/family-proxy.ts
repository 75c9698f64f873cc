import type { Service, Node } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { Iptables } from "@kube-ts/iptables/iptables";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { chainHash } from "./chain-hash.ts";
import type { ProxyConfig } from "./config/proxy-config.ts";
import { localTraffic } from "./model/local-traffic.ts";
import { nodeFacts } from "./model/node-facts.ts";
import { nodePortAddresses } from "./model/node-port-addresses.ts";
import type { NodePortAddresses } from "./model/node-port-addresses.ts";
import { createPortJoin } from "./model/proxied-ports.ts";
import type { PortJoin, ProxiedPort } from "./model/proxied-ports.ts";
import { guardsLoopback } from "./rules/base-rules.ts";
import { createRuleBuilder } from "./rules/build-rules.ts";
import type { BuiltRules } from "./rules/build-rules.ts";
import type { RuleOptions } from "./rules/rule-options.ts";
import { RuleWriter } from "./writer/rule-writer.ts";
import type { WriteOutcome } from "./writer/rule-writer.ts";

/** What a round starts from. Objects are those of the informers. */
export interface ClusterView {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly node: Node | undefined;
  /** Addresses of this host's interfaces. */
  readonly hostAddresses: readonly string[];
}

export interface FamilyRound {
  readonly family: IpFamily;
  readonly ports: readonly ProxiedPort[];
  readonly built: BuiltRules;
  readonly outcome: WriteOutcome;
  readonly nodePortAddresses: NodePortAddresses;
  /** Node ports are served on loopback addresses, which the kernel must be told to route. */
  readonly needsRouteLocalnet: boolean;
}

type RuleBuilder = ReturnType<typeof createRuleBuilder>;

/** One address family's way from the cluster to the packet filter. */
export class FamilyProxy {
  readonly family: IpFamily;
  readonly #config: ProxyConfig;
  readonly #nodeName: string;
  readonly #join: PortJoin;
  readonly #writer: RuleWriter;
  #builder: { readonly options: RuleOptions; readonly build: RuleBuilder } | undefined;

  constructor(iptables: Iptables, config: ProxyConfig, nodeName: string) {
    this.family = iptables.family;
    this.#config = config;
    this.#nodeName = nodeName;
    this.#join = createPortJoin(this.family, nodeName);
    this.#writer = new RuleWriter(iptables);
  }

  /** Brings the tables to what the cluster asks for. Rejects with an `IptablesError`. */
  async write(view: ClusterView, resync: boolean, signal: AbortSignal): Promise<FamilyRound> {
    const { options, build } = this.#builderFor(view);
    const ports = this.#join(view.services, view.slices);
    const built = build(ports);
    const outcome = await this.#writer.write(built.rules, resync, signal);
    const needsRouteLocalnet = guardsLoopback(options);
    return {
      family: this.family,
      ports,
      built,
      outcome,
      nodePortAddresses: options.nodePortAddresses,
      needsRouteLocalnet,
    };
  }

  /** Keeps the builder, and what it knows of unchanged ports, as long as the options stay. */
  #builderFor(view: ClusterView): { readonly options: RuleOptions; readonly build: RuleBuilder } {
    const options = this.#options(view);
    if (!this.#builder || JSON.stringify(this.#builder.options) !== JSON.stringify(options)) {
      this.#builder = { options, build: createRuleBuilder(options) };
    }
    return this.#builder;
  }

  #options(view: ClusterView): RuleOptions {
    const { iptables, detectLocal, nodePortRanges, conntrack, bindAddress } = this.#config;
    const facts = nodeFacts(view.node, bindAddress);
    const nodeIp = facts.ips[this.family];
    const settings = { ranges: nodePortRanges, localhost: iptables.localhostNodePorts };
    return {
      family: this.family,
      masqueradeAll: iptables.masqueradeAll,
      // Unsigned, also for bit 31.
      masqueradeMark: 2 ** iptables.masqueradeBit,
      localTraffic: localTraffic(detectLocal, this.family, facts.podCidrs),
      nodePortAddresses: nodePortAddresses(settings, this.family, view.hostAddresses, nodeIp),
      topology: { nodeName: this.#nodeName, zone: facts.zone },
      nodeIp,
      dropInvalid: !conntrack.tcpBeLiberal,
      hash: chainHash,
    };
  }
}
