import type { ProxyEndpoint } from "./endpoint.ts";
import type { ProxiedPort } from "./proxied-ports.ts";
import { servicePortKey } from "./service-port.ts";

/** A connection that the kernel tracks, as far as the proxy cares. */
export interface TrackedFlow {
  /** Where the client sends to. */
  readonly destination: string;
  readonly destinationPort: number;
  /** Who answers: the endpoint, once the packet was redirected. */
  readonly replySource: string;
}

/** The addresses that may be called as a port of a Service, and who serves there. */
type ServingByDestination = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * UDP flows to Services that lead to something that is no endpoint any more, each combination once. UDP has no
 * end of connection: a client that keeps sending would be sent to a dead endpoint for ever, or past the Service
 * if it began before there was one. A Service without any endpoint keeps its flows; its packets are refused.
 */
export function staleUdpFlows(
  flows: readonly TrackedFlow[],
  ports: readonly ProxiedPort[],
  nodeAddresses: readonly string[],
): readonly TrackedFlow[] {
  const served = ports.filter(({ port, endpoints }) => port.protocol === "udp" && endpoints.some(isServing));
  return notServed(flows, servingByDestination(served, nodeAddresses));
}

/**
 * Unanswered attempts to connect to Services whose endpoint serves no longer, each combination once. The kernel
 * remembers for two minutes where it sent an attempt: it goes there again when the client repeats it, and so does
 * another connection that happens to leave from the same port.
 */
export function staleTcpAttempts(
  flows: readonly TrackedFlow[],
  ports: readonly ProxiedPort[],
  nodeAddresses: readonly string[],
): readonly TrackedFlow[] {
  const tcp = ports.filter(({ port }) => port.protocol === "tcp");
  return notServed(flows, servingByDestination(tcp, nodeAddresses));
}

/** Whether something served the ports before and serves them no longer. */
export function hasLostServer(before: readonly ProxiedPort[], after: readonly ProxiedPort[]): boolean {
  const now = new Map(after.map(({ port, endpoints }) => [servicePortKey(port.id, port.protocol), endpoints]));
  return before.some(({ port, endpoints }) => {
    const current = now.get(servicePortKey(port.id, port.protocol));
    if (current === undefined || current === endpoints) return false;
    const serving = new Set(current.filter(isServing).map(({ ip }) => ip));
    return endpoints.some((endpoint) => isServing(endpoint) && !serving.has(endpoint.ip));
  });
}

/** Ready ones that do not serve are those of Services that publish every address. */
function isServing({ ready, serving }: ProxyEndpoint): boolean {
  return ready || serving;
}

function notServed(flows: readonly TrackedFlow[], serving: ServingByDestination): readonly TrackedFlow[] {
  const stale = new Map<string, TrackedFlow>();
  for (const flow of flows) {
    const endpoints = serving.get(destinationKey(flow.destination, flow.destinationPort));
    if (!endpoints || endpoints.has(flow.replySource)) continue;
    stale.set(`${destinationKey(flow.destination, flow.destinationPort)} ${flow.replySource}`, flow);
  }
  return [...stale.values()];
}

function servingByDestination(ports: readonly ProxiedPort[], nodeAddresses: readonly string[]): ServingByDestination {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { port, endpoints } of ports) {
    const serving = new Set(endpoints.filter(isServing).map(({ ip }) => ip));
    for (const ip of [port.clusterIp, ...port.externalIps, ...port.loadBalancerIps]) {
      found.set(destinationKey(ip, port.port), serving);
    }
    if (port.nodePort === undefined) continue;
    for (const ip of nodeAddresses) found.set(destinationKey(ip, port.nodePort), serving);
  }
  return found;
}

function destinationKey(ip: string, port: number): string {
  return `${ip} ${port}`;
}
