import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { familiesOf } from "../endpoint-slice/plan.ts";
import { isEndpoint, ownHostname, podAddress, podPorts } from "../endpoint-slice/pod-endpoint.ts";
import { isPodReady } from "../framework/pod-ranking.ts";

/** An Endpoints object holds at most this many addresses; the rest is only in endpoint slices. */
export const maxAddresses = 1_000;

/** The subsets of the service's pods: pods that serve the same ports share one. */
export function planSubsets(service: Service, pods: readonly Pod[]): { subsets: EndpointSubset[]; truncated: boolean } {
  const [family = "IPv4"] = familiesOf(service);
  const groups = new Map<string, { ports: EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }>();
  let total = 0;
  let truncated = false;
  for (const pod of pods) {
    if (!isEndpoint(pod, family) || (pod.metadata.deletionTimestamp && !service.spec.publishNotReadyAddresses))
      continue;
    if (total >= maxAddresses) {
      truncated = true;
      break;
    }
    total += 1;
    const ports = corePorts(pod, service);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, ready: [], notReady: [] };
    const ready = Boolean(service.spec.publishNotReadyAddresses) || isPodReady(pod);
    (ready ? group.ready : group.notReady).push(address(pod, service, podAddress(pod, family)));
    groups.set(key, group);
  }
  return { subsets: [...groups.values()].map(subset), truncated };
}

function subset(group: {
  ports: EndpointPort[];
  ready: EndpointAddress[];
  notReady: EndpointAddress[];
}): EndpointSubset {
  const byAddress = (a: EndpointAddress, b: EndpointAddress) => (a.ip < b.ip ? -1 : 1);
  return {
    ...(group.ready.length > 0 && { addresses: group.ready.toSorted(byAddress) }),
    ...(group.notReady.length > 0 && { notReadyAddresses: group.notReady.toSorted(byAddress) }),
    ...(group.ports.length > 0 && { ports: group.ports }),
  };
}

function address(pod: Pod, service: Service, ip: string): EndpointAddress {
  const hostname = ownHostname(pod, service);
  return {
    ip,
    ...(hostname !== "" && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
  };
}

function corePorts(pod: Pod, service: Service): EndpointPort[] {
  return podPorts(pod, service).flatMap(({ name, port, protocol, appProtocol }) =>
    port === undefined
      ? []
      : [{ ...(name && { name }), port, protocol: protocol ?? "TCP", ...(appProtocol && { appProtocol }) }],
  );
}
