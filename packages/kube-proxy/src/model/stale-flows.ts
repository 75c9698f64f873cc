import type { ProxiedPort } from "./proxied-ports.ts";

/** A connection that the kernel tracks, as far as the proxy cares. */
export interface TrackedFlow {
  /** Where the client sends to. */
  readonly destination: string;
  readonly destinationPort: number;
  /** Who answers: the endpoint, once the packet was redirected. */
  readonly replySource: string;
}

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
  const serving = servingByDestination(ports, nodeAddresses);
  const stale = new Map<string, TrackedFlow>();
  for (const flow of flows) {
    const endpoints = serving.get(destinationKey(flow.destination, flow.destinationPort));
    if (!endpoints || endpoints.has(flow.replySource)) continue;
    stale.set(`${destinationKey(flow.destination, flow.destinationPort)} ${flow.replySource}`, flow);
  }
  return [...stale.values()];
}

function servingByDestination(
  ports: readonly ProxiedPort[],
  nodeAddresses: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { port, endpoints } of ports) {
    if (port.protocol !== "udp") continue;
    const serving = new Set(endpoints.filter((endpoint) => endpoint.serving).map((endpoint) => endpoint.ip));
    if (serving.size === 0) continue;
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
