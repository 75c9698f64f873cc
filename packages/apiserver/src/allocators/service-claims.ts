import type { Service } from "@kube-ts/api/core/v1";
import type { IpFamily } from "@kube-ts/std/ip-address";

/** What a service has of the allocators, by its spec alone. */

export function usesClusterIps(service: Service): boolean {
  const { type, clusterIP, clusterIPs } = service.spec;
  return type !== "ExternalName" && (clusterIPs?.[0] ?? clusterIP) !== "None";
}

/** The addresses of the service, in the order of its families. */
export function clusterIpsOf(service: Service): string[] {
  if (!usesClusterIps(service)) return [];
  const { clusterIPs, clusterIP } = service.spec;
  if (clusterIPs?.length) return clusterIPs.filter((address) => address !== "");
  return clusterIP ? [clusterIP] : [];
}

export function usesNodePorts(service: Service): boolean {
  return service.spec.type === "NodePort" || service.spec.type === "LoadBalancer";
}

/** Whether ports of the service that name no node port get one. */
export function wantsNodePorts(service: Service): boolean {
  const { type, allocateLoadBalancerNodePorts } = service.spec;
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

export function usesHealthCheckPort(service: Service): boolean {
  return service.spec.type === "LoadBalancer" && service.spec.externalTrafficPolicy === "Local";
}

/** Every node port of the service, each once. */
export function nodePortsOf(service: Service): number[] {
  const ports = usesNodePorts(service) ? (service.spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0) : [];
  if (usesHealthCheckPort(service)) ports.push(service.spec.healthCheckNodePort ?? 0);
  return [...new Set(ports.filter((port) => port > 0))];
}

/** The families in which the service has addresses, with the address it asks for (empty for any). */
export function requestedIps(
  service: Service,
  defaultFamily: IpFamily,
): { readonly family: IpFamily; readonly address: string }[] {
  const { ipFamilies, clusterIPs } = service.spec;
  const families = (ipFamilies?.length ? ipFamilies : [defaultFamily]).filter((family) => family !== "");
  return families.map((family, index) => ({ family, address: clusterIPs?.[index] ?? "" }));
}
