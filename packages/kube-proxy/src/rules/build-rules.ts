import type { Rule } from "@kube-ts/iptables/rule";
import type { ProxiedPort } from "../model/proxied-ports.ts";
import { servicePortKey } from "../model/service-port.ts";
import {
  filterJumps,
  forwardRules,
  guardsLoopback,
  markMasqueradeRules,
  natJumps,
  nodePortDispatch,
  postroutingRules,
} from "./base-rules.ts";
import { chain } from "./chain-names.ts";
import type { RuleOptions } from "./rule-options.ts";
import type { ProxyTable, RuleSet, TableRules } from "./rule-set.ts";
import { serviceRules } from "./service-rules.ts";
import type { ServiceRules } from "./service-rules.ts";

export interface BuiltRules {
  readonly rules: RuleSet;
  /** Service ports under policy Local that have endpoints, but none on this node. */
  readonly noLocalEndpoints: { readonly internal: number; readonly external: number };
}

/** Rules for these ports. The same input gives the same rules in the same order. */
export function buildRules(ports: readonly ProxiedPort[], options: RuleOptions): BuiltRules {
  return createRuleBuilder(options)(ports);
}

/**
 * As `buildRules` for one set of options, keeping what was built for each port: a port that did not change
 * costs nothing and yields the very same arrays of rules, by which a change is found cheaply.
 */
export function createRuleBuilder(options: RuleOptions): (ports: readonly ProxiedPort[]) => BuiltRules {
  let known = new Map<string, ProxiedPort & { readonly built: ServiceRules }>();
  const base = baseTables(options);
  return (ports) => {
    const current: typeof known = new Map();
    for (const { port, endpoints } of ports) {
      const key = servicePortKey(port.id, port.protocol);
      const before = known.get(key);
      const same = before && before.port === port && before.endpoints === endpoints;
      current.set(key, same ? before : { port, endpoints, built: serviceRules(port, endpoints, options) });
    }
    known = current;
    const built = [...current.keys()].sort().flatMap((key) => current.get(key)?.built ?? []);
    return { rules: assemble(built, base, options), noLocalEndpoints: countNoLocal(built) };
  };
}

interface BaseTables {
  readonly nat: readonly (readonly [string, readonly Rule[]])[];
  readonly filter: readonly (readonly [string, readonly Rule[]])[];
}

const canaryChain = [chain.canary, []] as const;

function baseTables(options: RuleOptions): BaseTables {
  return {
    nat: [
      [chain.postrouting, postroutingRules(options)],
      [chain.markMasquerade, markMasqueradeRules(options)],
      canaryChain,
    ],
    filter: [[chain.forward, forwardRules(options)], canaryChain],
  };
}

function assemble(built: readonly ServiceRules[], base: BaseTables, options: RuleOptions): RuleSet {
  const nat: TableRules = {
    chains: new Map([
      [chain.services, [...built.flatMap((service) => service.natServices), ...nodePortDispatch(options)]],
      [chain.nodePorts, built.flatMap((service) => service.natNodePorts)],
      ...base.nat,
      ...built.flatMap((service) => service.natChains),
    ]),
    shared: [],
    ensured: natJumps(),
  };
  const filter: TableRules = {
    chains: new Map([
      [chain.services, built.flatMap((service) => service.filterServices)],
      [chain.externalServices, built.flatMap((service) => service.filterExternalServices)],
      [chain.nodePorts, uniqueByPort(built.flatMap((service) => service.filterNodePorts))],
      [chain.proxyFirewall, built.flatMap((service) => service.filterProxyFirewall)],
      ...base.filter,
    ]),
    shared: guardsLoopback(options) ? [chain.firewall] : [],
    ensured: filterJumps(options),
  };
  const mangle: TableRules = { chains: new Map([canaryChain]), shared: [], ensured: [] };
  return new Map<ProxyTable, TableRules>([
    ["filter", filter],
    ["nat", nat],
    ["mangle", mangle],
  ]);
}

/** The ports of one Service share its health check, which needs one rule only. */
function uniqueByPort(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((rule) => [rule.destinationPort, rule])).values()];
}

function countNoLocal(built: readonly ServiceRules[]): { readonly internal: number; readonly external: number } {
  return {
    internal: built.filter((service) => service.noLocalEndpoints.internal).length,
    external: built.filter((service) => service.noLocalEndpoints.external).length,
  };
}
