import type { Endpoint as ApiEndpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { serviceNameLabel } from "@kube-ts/api/well-known-labels";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { proxyProtocol, servicePortId, servicePortKey } from "./service-port.ts";

/** One backend of a Service port. */
export interface ProxyEndpoint {
  /** Canonical. */
  readonly ip: string;
  readonly port: number;
  /** `ip:port`, with brackets around an IPv6 address; unique among the endpoints of a port. */
  readonly address: string;
  readonly ready: boolean;
  /** Able to take traffic, whether or not it is shutting down. */
  readonly serving: boolean;
  readonly terminating: boolean;
  /** On this node. */
  readonly local: boolean;
  /** Zones and nodes whose clients should use it; empty for no preference. */
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** Name of the Service that the slice belongs to; undefined for a slice that stands alone. */
export function serviceNameOf(slice: EndpointSlice): string | undefined {
  return slice.metadata.labels?.[serviceNameLabel] || undefined;
}

/**
 * The endpoints in the slices of one Service, by `servicePortKey`, sorted by address. An endpoint that is in
 * two slices for a moment, as when it moves, counts once; the one that can do more wins.
 */
export function endpointsByPort(
  slices: readonly EndpointSlice[],
  family: IpFamily,
  nodeName: string,
): ReadonlyMap<string, readonly ProxyEndpoint[]> {
  const found = new Map<string, Map<string, ProxyEndpoint>>();
  for (const slice of slices) {
    const service = serviceNameOf(slice);
    if (service === undefined || slice.addressType !== family) continue;
    for (const port of slice.ports ?? []) {
      const protocol = proxyProtocol(port.protocol);
      if (protocol === undefined || port.port === undefined) continue;
      const key = servicePortKey(servicePortId(slice.metadata.namespace ?? "", service, port.name ?? ""), protocol);
      const byAddress = found.get(key) ?? new Map<string, ProxyEndpoint>();
      found.set(key, byAddress);
      for (const endpoint of slice.endpoints ?? []) {
        addEndpoint(byAddress, readEndpoint(endpoint, port.port, family, nodeName));
      }
    }
  }
  return new Map([...found].map(([key, byAddress]) => [key, [...byAddress.values()].sort(byAddressText)]));
}

function readEndpoint(
  endpoint: ApiEndpoint,
  port: number,
  family: IpFamily,
  nodeName: string,
): ProxyEndpoint | undefined {
  const parsed = parseIpAddress(endpoint.addresses[0] ?? "");
  if (parsed?.family !== family) return undefined;
  const ip = formatIpAddress(parsed);
  return {
    ip,
    port,
    address: family === "IPv6" ? `[${ip}]:${port}` : `${ip}:${port}`,
    ready: endpoint.conditions?.ready ?? true,
    serving: endpoint.conditions?.serving ?? true,
    terminating: endpoint.conditions?.terminating ?? false,
    local: endpoint.nodeName !== undefined && endpoint.nodeName === nodeName,
    zoneHints: (endpoint.hints?.forZones ?? []).map((zone) => zone.name),
    nodeHints: (endpoint.hints?.forNodes ?? []).map((node) => node.name),
  };
}

function addEndpoint(byAddress: Map<string, ProxyEndpoint>, endpoint: ProxyEndpoint | undefined): void {
  if (!endpoint) return;
  const other = byAddress.get(endpoint.address);
  if (!other || usability(endpoint) > usability(other)) byAddress.set(endpoint.address, endpoint);
}

function usability(endpoint: ProxyEndpoint): number {
  if (endpoint.ready) return 2;
  return endpoint.serving ? 1 : 0;
}

function byAddressText(a: ProxyEndpoint, b: ProxyEndpoint): number {
  return a.address < b.address ? -1 : Number(a.address > b.address);
}
