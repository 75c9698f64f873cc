import type { Service, ServicePort as ApiServicePort } from "@kube-ts/api/core/v1";
import { serviceProxyNameLabel } from "@kube-ts/api/well-known-labels";
import { formatCidr, formatIpAddress, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

export type ProxyProtocol = "tcp" | "udp" | "sctp";

/** What the proxy has to know of one port of one Service, in one address family. Addresses are canonical. */
export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name:port`, without the colon when the port has no name: upstream's text, from which chain names derive. */
  readonly id: string;
  readonly protocol: ProxyProtocol;
  readonly clusterIp: string;
  readonly port: number;
  readonly nodePort: number | undefined;
  readonly externalIps: readonly string[];
  /** Addresses of the load balancer that arrive here as destinations. */
  readonly loadBalancerIps: readonly string[];
  /** Sources that may use the load balancer; empty for all. */
  readonly loadBalancerSourceRanges: readonly string[];
  /** How long a client stays with its endpoint; undefined without session affinity. */
  readonly affinitySeconds: number | undefined;
  /** External traffic goes only to endpoints on this node. */
  readonly externalPolicyLocal: boolean;
  /** Traffic to the cluster IP goes only to endpoints on this node. */
  readonly internalPolicyLocal: boolean;
  readonly healthCheckNodePort: number | undefined;
}

/** Whether anything but the cluster IP leads to the port. */
export function isExternallyReachable(port: ServicePort): boolean {
  return port.nodePort !== undefined || port.loadBalancerIps.length > 0 || port.externalIps.length > 0;
}

/** Identifies a port and the endpoints that belong to it; two ports may share a name but not a protocol then. */
export function servicePortKey(id: string, protocol: ProxyProtocol): string {
  return `${id}/${protocol}`;
}

/** `namespace/name:port` as upstream writes it. */
export function servicePortId(namespace: string, name: string, portName: string): string {
  return portName === "" ? `${namespace}/${name}` : `${namespace}/${name}:${portName}`;
}

/** Lowercase protocol; TCP when unset. */
export function proxyProtocol(protocol: string | undefined): ProxyProtocol | undefined {
  switch (protocol ?? "TCP") {
    case "TCP":
      return "tcp";
    case "UDP":
      return "udp";
    case "SCTP":
      return "sctp";
    default:
      return undefined;
  }
}

const defaultAffinitySeconds = 10800;

/**
 * The ports to proxy; none for a Service that is headless, of type ExternalName, left to another proxy, or
 * without a cluster IP of the family.
 */
export function servicePorts(service: Service, family: IpFamily): readonly ServicePort[] {
  const { namespace = "", name = "", labels } = service.metadata;
  if (service.spec.type === "ExternalName" || labels?.[serviceProxyNameLabel] !== undefined) return [];
  const clusterIp = clusterIpOf(service, family);
  if (clusterIp === undefined) return [];
  const shared = sharedFields(service, family);
  return (service.spec.ports ?? []).flatMap((port) => {
    const protocol = proxyProtocol(port.protocol);
    if (protocol === undefined || !isPort(port.port)) return [];
    return [
      {
        ...shared,
        namespace,
        name,
        id: servicePortId(namespace, name, port.name ?? ""),
        protocol,
        clusterIp,
        port: port.port,
        nodePort: nodePortOf(port),
      },
    ];
  });
}

type SharedFields = Omit<ServicePort, "namespace" | "name" | "id" | "protocol" | "clusterIp" | "port" | "nodePort">;

function sharedFields(service: Service, family: IpFamily): SharedFields {
  const { spec, status } = service;
  const loadBalanced = spec.type === "LoadBalancer";
  const ingress = loadBalanced ? (status?.loadBalancer?.ingress ?? []) : [];
  const virtual = ingress.filter((entry) => entry.ip !== undefined && (entry.ipMode ?? "VIP") === "VIP");
  const healthCheckNodePort = loadBalanced && spec.externalTrafficPolicy === "Local" ? spec.healthCheckNodePort : 0;
  return {
    externalIps: addressesOf(spec.externalIPs ?? [], family),
    loadBalancerIps: addressesOf(
      virtual.map((entry) => entry.ip ?? ""),
      family,
    ),
    loadBalancerSourceRanges: rangesOf(spec.loadBalancerSourceRanges ?? [], family),
    affinitySeconds:
      spec.sessionAffinity === "ClientIP"
        ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds)
        : undefined,
    externalPolicyLocal: spec.externalTrafficPolicy === "Local",
    internalPolicyLocal: spec.internalTrafficPolicy === "Local",
    healthCheckNodePort: isPort(healthCheckNodePort) ? healthCheckNodePort : undefined,
  };
}

function clusterIpOf(service: Service, family: IpFamily): string | undefined {
  const { clusterIP, clusterIPs } = service.spec;
  const candidates = clusterIPs && clusterIPs.length > 0 ? clusterIPs : [clusterIP ?? ""];
  return addressesOf(candidates, family)[0];
}

function nodePortOf(port: ApiServicePort): number | undefined {
  return isPort(port.nodePort) ? port.nodePort : undefined;
}

function isPort(port: number | undefined): port is number {
  return port !== undefined && Number.isInteger(port) && port > 0 && port < 65536;
}

/** The addresses of the family, canonical, each once, in their order. */
function addressesOf(texts: readonly string[], family: IpFamily): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) {
    const address = parseIpAddress(text);
    if (address?.family === family) found.add(formatIpAddress(address));
  }
  return [...found];
}

function rangesOf(texts: readonly string[], family: IpFamily): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) {
    const cidr = parseCidr(text.trim());
    if (cidr?.family === family) found.add(formatCidr(cidr));
  }
  return [...found];
}
