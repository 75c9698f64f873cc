import type { ProxyEndpoint } from "./endpoint.ts";
import { isExternallyReachable } from "./service-port.ts";
import type { ServicePort } from "./service-port.ts";

/** Where this node is, for endpoints that prefer clients near them. */
export interface Topology {
  readonly nodeName: string;
  readonly zone: string | undefined;
}

/** Which endpoints the traffic of one Service port may reach from this node. */
export interface SelectedEndpoints {
  /** For traffic under policy Cluster. */
  readonly cluster: readonly ProxyEndpoint[];
  /** For traffic under policy Local. */
  readonly local: readonly ProxyEndpoint[];
  /** Everything in `cluster` or `local`, each once. */
  readonly reachable: readonly ProxyEndpoint[];
  /** Whether any node has an endpoint that takes traffic; if not, clients are refused rather than left waiting. */
  readonly anywhere: boolean;
}

/**
 * Chooses the endpoints: ready ones that the topology hints allow; when none is, those that shut down but
 * still serve, so that the last endpoints of a Service drain without refusing clients.
 */
export function selectEndpoints(
  endpoints: readonly ProxyEndpoint[],
  port: ServicePort,
  topology: Topology,
): SelectedEndpoints {
  const external = isExternallyReachable(port);
  // A port that is reached from outside needs all endpoints even under policy Local, for the node's own clients.
  const usesCluster = !port.internalPolicyLocal || external;
  const usesLocal = port.internalPolicyLocal || (port.externalPolicyLocal && external);
  const cluster = usesCluster ? clusterEndpoints(endpoints, topology) : [];
  const local = usesLocal ? preferReady(endpoints.filter((endpoint) => endpoint.local)) : [];
  const anywhere = usesCluster && cluster.length > 0 ? true : usesLocal && preferReady(endpoints).length > 0;
  return { cluster, local, reachable: union(cluster, local), anywhere };
}

/** Number of ready endpoints on this node, as a load balancer's health check counts them. */
export function countReadyLocal(endpoints: readonly ProxyEndpoint[]): number {
  return endpoints.filter((endpoint) => endpoint.local && endpoint.ready).length;
}

function clusterEndpoints(endpoints: readonly ProxyEndpoint[], topology: Topology): readonly ProxyEndpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? preferNear(ready, topology) : preferReady(endpoints);
}

/** The ready ones, else those that shut down but still serve. */
function preferReady(endpoints: readonly ProxyEndpoint[]): readonly ProxyEndpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  if (ready.length > 0) return ready;
  return endpoints.filter((endpoint) => endpoint.serving && endpoint.terminating);
}

/**
 * Follows hints for nodes, else for zones, but only where every ready endpoint has them and one names this
 * place: with partial hints, some endpoints would get no traffic at all.
 */
function preferNear(ready: readonly ProxyEndpoint[], topology: Topology): readonly ProxyEndpoint[] {
  if (ready.every((endpoint) => endpoint.nodeHints.length > 0)) {
    const near = ready.filter((endpoint) => endpoint.nodeHints.includes(topology.nodeName));
    if (near.length > 0) return near;
  }
  const { zone } = topology;
  if (zone !== undefined && ready.every((endpoint) => endpoint.zoneHints.length > 0)) {
    const near = ready.filter((endpoint) => endpoint.zoneHints.includes(zone));
    if (near.length > 0) return near;
  }
  return ready;
}

function union(cluster: readonly ProxyEndpoint[], local: readonly ProxyEndpoint[]): readonly ProxyEndpoint[] {
  if (local.length === 0) return cluster;
  if (cluster.length === 0) return local;
  const known = new Set(cluster.map((endpoint) => endpoint.address));
  const added = local.filter((endpoint) => !known.has(endpoint.address));
  return added.length === 0 ? cluster : [...cluster, ...added];
}
