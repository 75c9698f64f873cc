import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";

/** What the system has to allocate for a service, by its spec. */

export function needsClusterIp(service: Service): boolean {
  return service.spec.type !== "ExternalName";
}

export function isHeadless(service: Service): boolean {
  const { clusterIPs, clusterIP } = service.spec;
  return clusterIPs === undefined ? clusterIP === "None" : clusterIPs.length === 1 && clusterIPs[0] === "None";
}

export function needsNodePorts(service: Service): boolean {
  const { type, allocateLoadBalancerNodePorts } = service.spec;
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

export function needsHealthCheckNodePort(service: Service): boolean {
  return service.spec.type === "LoadBalancer" && service.spec.externalTrafficPolicy === "Local";
}

/** Whether traffic from outside of the cluster can reach the service. */
export function isExternallyAccessible(spec: ServiceSpec): boolean {
  const { type, externalIPs } = spec;
  return type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && (externalIPs?.length ?? 0) > 0);
}
