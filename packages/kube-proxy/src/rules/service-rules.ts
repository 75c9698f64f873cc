import type { Rule } from "@kube-ts/iptables/rule";
import { cidrContains, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { ProxyEndpoint } from "../model/endpoint.ts";
import { selectEndpoints } from "../model/select-endpoints.ts";
import type { SelectedEndpoints } from "../model/select-endpoints.ts";
import { isExternallyReachable } from "../model/service-port.ts";
import type { ServicePort } from "../model/service-port.ts";
import { chain, endpointChainName, serviceChainNames } from "./chain-names.ts";
import type { ServiceChainNames } from "./chain-names.ts";
import { fromRange, ifLocal, ifNotLocal, jumpTo, onlyAddress, toAddress, toNodePort } from "./conditions.ts";
import type { RuleOptions } from "./rule-options.ts";

/** What one Service port adds to the chains that all share, and the chains of its own. */
export interface ServiceRules {
  readonly natServices: readonly Rule[];
  readonly natNodePorts: readonly Rule[];
  readonly natChains: readonly (readonly [string, readonly Rule[]])[];
  readonly filterServices: readonly Rule[];
  readonly filterExternalServices: readonly Rule[];
  readonly filterNodePorts: readonly Rule[];
  readonly filterProxyFirewall: readonly Rule[];
  /** Policy Local is in force, there are endpoints, and none is on this node: such packets are dropped. */
  readonly noLocalEndpoints: { readonly internal: boolean; readonly external: boolean };
}

/** How traffic of one Service port runs, decided once and then spelled out as rules. */
interface Route {
  readonly port: ServicePort;
  readonly endpoints: SelectedEndpoints;
  readonly names: ServiceChainNames;
  /** Where traffic to the cluster IP goes. */
  readonly internalChain: string;
  /** Where external traffic goes after the external chain has marked it. */
  readonly externalPolicyChain: string;
  readonly hasInternal: boolean;
  readonly hasExternal: boolean;
  /** The external chain exists: the node's own clients pass through it even when no one else may. */
  readonly usesExternalChain: boolean;
  readonly usesFirewallChain: boolean;
}

export function serviceRules(
  port: ServicePort,
  endpoints: readonly ProxyEndpoint[],
  options: RuleOptions,
): ServiceRules {
  const route = planRoute(port, selectEndpoints(endpoints, port, options.topology), options);
  return {
    natServices: dispatchRules(route),
    natNodePorts: nodePortRules(route),
    natChains: ownChains(route, options),
    filterServices: route.hasInternal ? [] : [refuseRule(route, toAddress(port.clusterIp, port))],
    filterExternalServices: externalRefusals(route),
    filterNodePorts: healthCheckRules(port),
    filterProxyFirewall: route.usesFirewallChain
      ? port.loadBalancerIps.map((ip) => ({
          ...toAddress(ip, port),
          comment: `${port.id} traffic not accepted by ${route.names.firewall}`,
          target: { kind: "drop" },
        }))
      : [],
    noLocalEndpoints: {
      internal: route.endpoints.anywhere && !route.hasInternal,
      external: route.endpoints.anywhere && !route.hasExternal && isExternallyReachable(port),
    },
  };
}

function planRoute(port: ServicePort, endpoints: SelectedEndpoints, options: RuleOptions): Route {
  const names = serviceChainNames(port.id, port.protocol, options.hash);
  const { anywhere } = endpoints;
  const hasLocal = endpoints.local.length > 0;
  const usesExternalChain = anywhere && isExternallyReachable(port);
  return {
    port,
    endpoints,
    names,
    internalChain: port.internalPolicyLocal ? names.local : names.cluster,
    externalPolicyChain: port.externalPolicyLocal ? names.local : names.cluster,
    hasInternal: anywhere && (!port.internalPolicyLocal || hasLocal),
    hasExternal: anywhere && (!port.externalPolicyLocal || hasLocal),
    usesExternalChain,
    usesFirewallChain: usesExternalChain && port.loadBalancerIps.length > 0 && port.loadBalancerSourceRanges.length > 0,
  };
}

/** From the chain of all Services to the chains of this one. */
function dispatchRules(route: Route): readonly Rule[] {
  const { port, names } = route;
  const rules: Rule[] = [];
  if (route.hasInternal) {
    rules.push({
      ...toAddress(port.clusterIp, port),
      comment: `${port.id} cluster IP`,
      ...jumpTo(route.internalChain),
    });
  }
  if (!route.usesExternalChain) return rules;
  for (const ip of port.externalIps) {
    rules.push({ ...toAddress(ip, port), comment: `${port.id} external IP`, ...jumpTo(names.external) });
  }
  const loadBalancerChain = route.usesFirewallChain ? names.firewall : names.external;
  for (const ip of port.loadBalancerIps) {
    rules.push({ ...toAddress(ip, port), comment: `${port.id} loadbalancer IP`, ...jumpTo(loadBalancerChain) });
  }
  return rules;
}

function nodePortRules(route: Route): readonly Rule[] {
  const { port } = route;
  if (port.nodePort === undefined || !route.usesExternalChain) return [];
  return [{ ...toNodePort(port.protocol, port.nodePort), comment: port.id, ...jumpTo(route.names.external) }];
}

/** Refuses or drops external traffic that no endpoint may take. */
function externalRefusals(route: Route): readonly Rule[] {
  const { port } = route;
  if (route.hasExternal) return [];
  const addresses = [...port.externalIps, ...port.loadBalancerIps];
  const rules = addresses.map((ip) => refuseRule(route, toAddress(ip, port)));
  if (port.nodePort !== undefined) {
    const toNode: Rule = { ...toNodePort(port.protocol, port.nodePort), destinationIsLocal: true };
    rules.push(refuseRule(route, toNode));
  }
  return rules;
}

/** Without endpoints anywhere clients are told so; without local ones a load balancer should try another node. */
function refuseRule(route: Route, condition: Rule): Rule {
  return route.endpoints.anywhere
    ? { ...condition, comment: `${route.port.id} has no local endpoints`, target: { kind: "drop" } }
    : { ...condition, comment: `${route.port.id} has no endpoints`, target: { kind: "reject" } };
}

/** Lets the load balancer's health checks in where a firewall would drop them. */
function healthCheckRules(port: ServicePort): readonly Rule[] {
  if (port.healthCheckNodePort === undefined) return [];
  const comment = `${port.namespace}/${port.name} health check node port`;
  return [{ ...toNodePort("tcp", port.healthCheckNodePort), comment, target: { kind: "accept" } }];
}

function ownChains(route: Route, options: RuleOptions): readonly (readonly [string, readonly Rule[]])[] {
  const { port, endpoints, names } = route;
  const chains: (readonly [string, readonly Rule[]])[] = [];
  const masquerade = route.hasInternal ? internalMasquerade(port, options) : [];
  const spread = (name: string, targets: readonly ProxyEndpoint[]) => {
    if (targets.length === 0) return;
    const first = name === route.internalChain ? masquerade : [];
    chains.push([name, [...first, ...spreadRules(port, targets, options)]]);
  };
  if (route.usesExternalChain) chains.push([names.external, externalRules(route, options)]);
  if (route.usesFirewallChain) chains.push([names.firewall, firewallRules(route, options)]);
  spread(names.cluster, endpoints.cluster);
  spread(names.local, endpoints.local);
  for (const endpoint of endpoints.reachable) {
    const name = endpointChainName(port.id, port.protocol, endpoint.address, options.hash);
    chains.push([name, endpointRules(port, endpoint, name)]);
  }
  return chains;
}

/** Marks traffic to the cluster IP that comes from outside the cluster, so that answers return through this node. */
function internalMasquerade(port: ServicePort, options: RuleOptions): readonly Rule[] {
  const condition = options.masqueradeAll ? {} : options.localTraffic && ifNotLocal(options.localTraffic);
  if (!condition) return [];
  const comment = `${port.id} cluster IP`;
  return [{ ...toAddress(port.clusterIp, port), ...condition, comment, ...jumpTo(chain.markMasquerade) }];
}

function externalRules(route: Route, options: RuleOptions): readonly Rule[] {
  const { port, names } = route;
  const rules: Rule[] = [];
  if (!port.externalPolicyLocal) {
    const comment = `masquerade traffic for ${port.id} external destinations`;
    rules.push({ comment, ...jumpTo(chain.markMasquerade) });
  } else {
    // Pods and the node itself are inside the cluster: for them the policy of external traffic does not hold.
    if (options.localTraffic) {
      const comment = `pod traffic for ${port.id} external destinations`;
      rules.push({ ...ifLocal(options.localTraffic), comment, ...jumpTo(names.cluster) });
    }
    const fromNode: Rule = { sourceIsLocal: true };
    const masqueraded = `masquerade LOCAL traffic for ${port.id} external destinations`;
    const routed = `route LOCAL traffic for ${port.id} external destinations`;
    rules.push({ ...fromNode, comment: masqueraded, ...jumpTo(chain.markMasquerade) });
    rules.push({ ...fromNode, comment: routed, ...jumpTo(names.cluster) });
  }
  if (route.hasExternal) rules.push(jumpTo(route.externalPolicyChain));
  return rules;
}

/** Lets the admitted sources pass; what falls through is dropped by the chain of all load balancers. */
function firewallRules(route: Route, options: RuleOptions): readonly Rule[] {
  const { port, names } = route;
  const comment = `${port.id} loadbalancer IP`;
  const admitted = [...port.loadBalancerSourceRanges];
  const nodeIp = parseIpAddress(options.nodeIp ?? "");
  const admitsNode = admitted.some((text) => {
    const range = parseCidr(text);
    return range !== undefined && nodeIp !== undefined && cidrContains(range, nodeIp);
  });
  // A client on the node that connects to the load balancer's address may send from that same address.
  if (admitsNode) admitted.push(...port.loadBalancerIps.map(onlyAddress));
  const rules: Rule[] = admitted.map((range) => ({ ...fromRange(range), comment, ...jumpTo(names.external) }));
  rules.push({ comment: `other traffic to ${port.id} will be dropped by ${chain.proxyFirewall}` });
  return rules;
}

/** Sends known clients to their endpoint, the others to each endpoint with the same probability. */
function spreadRules(port: ServicePort, targets: readonly ProxyEndpoint[], options: RuleOptions): readonly Rule[] {
  const named = targets.map((endpoint) => ({
    comment: `${port.id} -> ${endpoint.address}`,
    name: endpointChainName(port.id, port.protocol, endpoint.address, options.hash),
  }));
  const rules: Rule[] = [];
  if (port.affinitySeconds !== undefined) {
    for (const { comment, name } of named) {
      const recent = { list: name, action: "check", seconds: port.affinitySeconds } as const;
      rules.push({ comment, recent, ...jumpTo(name) });
    }
  }
  for (const [index, { comment, name }] of named.entries()) {
    const left = named.length - index;
    rules.push({ comment, ...(left > 1 ? { probability: 1 / left } : {}), ...jumpTo(name) });
  }
  return rules;
}

function endpointRules(port: ServicePort, endpoint: ProxyEndpoint, name: string): readonly Rule[] {
  const comment = port.id;
  return [
    // An endpoint that reaches itself through the Service must see an answer from elsewhere.
    { source: { is: onlyAddress(endpoint.ip) }, comment, ...jumpTo(chain.markMasquerade) },
    {
      comment,
      ...(port.affinitySeconds === undefined ? {} : { recent: { list: name, action: "set" } as const }),
      protocol: port.protocol,
      target: { kind: "dnat", address: endpoint.address },
    },
  ];
}
