import type { Node, Pod, Service } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointPort } from "@kube-ts/api/discovery/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { zoneLabel } from "@kube-ts/api/well-known-labels";
import { ipFamilyOf } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { hasEnded, isPodReady } from "../framework/pod-ranking.ts";

/** The pod's address of the family, empty while it has none. */
export function podAddress({ status }: Pod, family: IpFamily): string {
  return (status?.podIPs ?? []).map(({ ip }) => ip).find((ip) => ipFamilyOf(ip) === family) ?? "";
}

/** Whether a pod can be an endpoint at all: it has an address and has not ended. */
export function isEndpoint(pod: Pod, family: IpFamily): boolean {
  return !hasEnded(pod) && podAddress(pod, family) !== "";
}

/** The endpoint that the pod is for the service. */
export function podEndpoint(pod: Pod, service: Service, node: Node | undefined, family: IpFamily): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = Boolean(service.spec.publishNotReadyAddresses) || (serving && !terminating);
  const hostname = ownHostname(pod, service);
  const zone = node?.metadata.labels?.[zoneLabel];
  return {
    addresses: [podAddress(pod, family)],
    conditions: { ready, serving, terminating },
    ...(hostname !== "" && { hostname }),
    targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  };
}

/** Pods with a hostname in the service's subdomain get a name of their own in DNS. */
export function ownHostname({ spec, metadata }: Pod, service: Service): string {
  const belongs = spec.subdomain === nameOf(service) && metadata.namespace === namespaceOf(service);
  return belongs ? (spec.hostname ?? "") : "";
}

/** The service's ports as this pod serves them: named target ports are looked up in its containers. */
export function podPorts(pod: Pod, service: Service): EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const protocol = port.protocol ?? "TCP";
    const number = targetPortNumber(pod, port.targetPort ?? port.port, protocol);
    if (number === undefined) continue;
    ports.push({
      name: port.name ?? "",
      protocol,
      port: number,
      ...(port.appProtocol && { appProtocol: port.appProtocol }),
    });
  }
  return ports;
}

function targetPortNumber({ spec }: Pod, target: number | string, protocol: string): number | undefined {
  if (typeof target === "number") return target;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const container of [...spec.containers, ...sidecars]) {
    const found = container.ports?.find((port) => port.name === target && (port.protocol ?? "TCP") === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}
