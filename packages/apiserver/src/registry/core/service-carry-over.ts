import type { Service } from "@kube-ts/api/core/v1";
import { sameList } from "./service-families.ts";
import { isExternallyAccessible, needsClusterIp, needsHealthCheckNodePort, needsNodePorts } from "./service-needs.ts";

/** Brings `clusterIP` and `clusterIPs` in line, taking the one that the client changed for what is meant. */
export function normalizeClusterIps(service: Service, old: Service | undefined): void {
  const { spec } = service;
  if (old === undefined) {
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
    return;
  }
  const sameIps = sameList(spec.clusterIPs, old.spec.clusterIPs);
  if ((spec.clusterIP ?? "") === (old.spec.clusterIP ?? "")) {
    if (!sameIps && !spec.clusterIPs?.length) delete spec.clusterIP;
  } else if (!spec.clusterIP) {
    if (sameIps) delete spec.clusterIPs;
  } else if (sameIps || !spec.clusterIPs?.length) {
    spec.clusterIPs = [spec.clusterIP];
  }
}

/** Gives an update the allocated values that the client did not repeat. */
export function keepAllocated(service: Service, old: Service): void {
  const { spec } = service;
  if (needsClusterIp(old) && needsClusterIp(service)) {
    if (!spec.clusterIP && old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
    if (!spec.clusterIPs?.length && spec.clusterIP === old.spec.clusterIP && old.spec.clusterIPs) {
      spec.clusterIPs = [...old.spec.clusterIPs];
    }
  }
  if (needsNodePorts(old) && needsNodePorts(service)) keepNodePorts(service, old);
  if (needsHealthCheckNodePort(old) && needsHealthCheckNodePort(service) && old.spec.healthCheckNodePort) {
    spec.healthCheckNodePort ??= old.spec.healthCheckNodePort;
  }
}

function keepNodePorts(service: Service, old: Service): void {
  const oldPorts = old.spec.ports ?? [];
  const ports = service.spec.ports ?? [];
  const taken = new Set(ports.map((port) => port.nodePort ?? 0));
  const byName = new Map(oldPorts.map((port) => [port.name ?? "", port.nodePort ?? 0]));
  for (const port of ports) {
    const before = byName.get(port.name ?? "") ?? 0;
    if (!port.nodePort && before !== 0 && !taken.has(before)) port.nodePort = before;
  }
}

/** Clears what a service of the new type has no use for, unless the client sets it on purpose. */
export function dropUnneeded(service: Service, old: Service): void {
  const { spec } = service;
  const before = old.spec;
  if (needsClusterIp(old) && !needsClusterIp(service)) {
    if (spec.clusterIP === before.clusterIP && sameList(spec.clusterIPs, before.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (sameList(spec.ipFamilies, before.ipFamilies)) delete spec.ipFamilies;
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  }
  if (needsNodePorts(old) && !needsNodePorts(service) && sameNodePorts(service, old)) {
    for (const port of spec.ports ?? []) delete port.nodePort;
  }
  if (needsHealthCheckNodePort(old) && !needsHealthCheckNodePort(service)) {
    if (spec.healthCheckNodePort === before.healthCheckNodePort) delete spec.healthCheckNodePort;
  }
  if (before.type === "LoadBalancer" && spec.type !== "LoadBalancer") {
    if (spec.allocateLoadBalancerNodePorts === before.allocateLoadBalancerNodePorts) {
      delete spec.allocateLoadBalancerNodePorts;
    }
    if (spec.loadBalancerClass === before.loadBalancerClass) delete spec.loadBalancerClass;
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec)) {
    if (spec.externalTrafficPolicy === before.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  }
}

function sameNodePorts(service: Service, old: Service): boolean {
  const ports = new Set((service.spec.ports ?? []).map((port) => port.nodePort ?? 0));
  const before = new Set((old.spec.ports ?? []).map((port) => port.nodePort ?? 0));
  return ports.size === before.size && [...ports].every((port) => before.has(port));
}
