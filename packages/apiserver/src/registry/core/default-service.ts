import type { Service, ServicePort, ServiceSpec } from "@kube-ts/api/core/v1";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { isExternallyAccessible } from "./service-needs.ts";

const affinityTimeoutSeconds = 10_800;
const specZeroFields = [
  "clusterIP",
  "type",
  "sessionAffinity",
  "loadBalancerIP",
  "externalName",
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "publishNotReadyAddresses",
] as const satisfies (keyof ServiceSpec)[];

export function defaultService(service: Service): void {
  const spec = (service.spec ??= {});
  dropZeroFields(spec, specZeroFields);
  spec.sessionAffinity ??= "None";
  if (spec.sessionAffinity === "None") delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === "ClientIP" && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinityTimeoutSeconds } };
  }
  spec.type ??= "ClusterIP";
  for (const port of spec.ports ?? []) defaultPort(port);
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ??= "Cluster";
  if (["ClusterIP", "NodePort", "LoadBalancer"].includes(spec.type)) spec.internalTrafficPolicy ??= "Cluster";
  service.status ??= {};
  service.status.loadBalancer ??= {};
  if (spec.type !== "LoadBalancer") return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of service.status.loadBalancer.ingress ?? []) {
    dropZeroFields(ingress, ["ip", "hostname"]);
    if (ingress.ip !== undefined) ingress.ipMode ??= "VIP";
  }
}

function defaultPort(port: ServicePort): void {
  dropZeroFields(port, ["name", "protocol", "nodePort"]);
  port.protocol ??= "TCP";
  if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === "") port.targetPort = port.port;
}
