import type { Service } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpAddress } from "@kube-ts/std/ip-address";

/** An endpoint of a Service that DNS tells of. */
export interface NamedEndpoint {
  /** Its label below the Service's name: its hostname, else its address with dashes. */
  readonly label: string;
  readonly address: IpAddress;
}

/** One port of the endpoints. */
export interface NamedPort {
  readonly name: string;
  /** Lower case. */
  readonly protocol: string;
  readonly port: number;
  readonly endpoints: readonly NamedEndpoint[];
}

/** Whether the Service has no address of its own, so that its name stands for its endpoints. */
export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === "None" || service.spec.clusterIPs?.[0] === "None";
}

/** The Service's own addresses, none when it is headless. */
export function clusterIps(service: Service): readonly IpAddress[] {
  const { clusterIP = "", clusterIPs } = service.spec;
  const texts = clusterIPs && clusterIPs.length > 0 ? clusterIPs : [clusterIP];
  return texts.flatMap((text) => parseIpAddress(text) ?? []);
}

/** The endpoints that are ready, or all if the Service asks for that; each address once. */
export function publishedEndpoints(service: Service, slices: readonly EndpointSlice[]): readonly NamedEndpoint[] {
  return uniqueEndpoints(slices.flatMap((slice) => publishedIn(service, slice)));
}

/** The ports of the published endpoints, by name, protocol and number. */
export function publishedPorts(service: Service, slices: readonly EndpointSlice[]): readonly NamedPort[] {
  const found = new Map<string, { name: string; protocol: string; port: number; endpoints: NamedEndpoint[] }>();
  for (const slice of slices) {
    const endpoints = publishedIn(service, slice);
    for (const { name = "", protocol = "TCP", port } of slice.ports ?? []) {
      if (port === undefined) continue;
      const key = `${name} ${protocol} ${port}`;
      const known = found.get(key) ?? { name, protocol: protocol.toLowerCase(), port, endpoints: [] };
      known.endpoints.push(...endpoints);
      found.set(key, known);
    }
  }
  return [...found.values()].map((port) => ({ ...port, endpoints: uniqueEndpoints(port.endpoints) }));
}

function publishedIn(service: Service, slice: EndpointSlice): readonly NamedEndpoint[] {
  if (slice.addressType === "FQDN") return [];
  const all = service.spec.publishNotReadyAddresses === true;
  return (slice.endpoints ?? [])
    .filter((endpoint) => all || (endpoint.conditions?.ready ?? true))
    .flatMap((endpoint) => namedEndpoint(endpoint) ?? []);
}

function namedEndpoint(endpoint: Endpoint): NamedEndpoint | undefined {
  const address = parseIpAddress(endpoint.addresses[0] ?? "");
  if (!address) return undefined;
  return { label: endpoint.hostname?.toLowerCase() || dashed(address), address };
}

/** The address as one label: `10-244-1-2`, `fd00--1`. */
function dashed(address: IpAddress): string {
  return formatIpAddress(address).replaceAll(/[.:]/g, "-");
}

/** The address that a label of dashes stands for; undefined when it is none. */
export function undashed(label: string): IpAddress | undefined {
  return parseIpAddress(label.replaceAll("-", ".")) ?? parseIpAddress(label.replaceAll("-", ":"));
}

function uniqueEndpoints(endpoints: readonly NamedEndpoint[]): readonly NamedEndpoint[] {
  return [
    ...new Map(
      endpoints.map((endpoint) => [`${endpoint.label} ${formatIpAddress(endpoint.address)}`, endpoint]),
    ).values(),
  ];
}
