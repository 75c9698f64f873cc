import type { Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { endpointsByPort, serviceNameOf } from "./endpoint.ts";
import type { ProxyEndpoint } from "./endpoint.ts";
import { servicePortKey, servicePorts } from "./service-port.ts";
import type { ServicePort } from "./service-port.ts";

/** A port and its endpoints. Both are replaced, never changed: the same objects mean that nothing changed. */
export interface ProxiedPort {
  readonly port: ServicePort;
  readonly endpoints: readonly ProxyEndpoint[];
}

/** Joins Services with their slices. */
export type PortJoin = (services: readonly Service[], slices: readonly EndpointSlice[]) => readonly ProxiedPort[];

interface KnownEndpoints {
  readonly slices: readonly EndpointSlice[];
  readonly byPort: ReadonlyMap<string, readonly ProxyEndpoint[]>;
}

const noEndpoints: readonly ProxyEndpoint[] = [];

/**
 * Joins Services with their slices for one family, again and again over a changing cluster; objects of the API
 * are replaced when they change, so what did not change is not read again and keeps its identity.
 */
export function createPortJoin(family: IpFamily, nodeName: string): PortJoin {
  const portsOf = new WeakMap<Service, readonly ServicePort[]>();
  let known = new Map<string, KnownEndpoints>();
  return (services, slices) => {
    const current = new Map<string, KnownEndpoints>();
    for (const [key, members] of slicesByService(slices)) {
      const before = known.get(key);
      const same = before && sameMembers(before.slices, members);
      current.set(key, same ? before : { slices: members, byPort: endpointsByPort(members, family, nodeName) });
    }
    known = current;
    return services.flatMap((service) => {
      const ports = portsOf.get(service) ?? servicePorts(service, family);
      portsOf.set(service, ports);
      const endpoints = current.get(`${service.metadata.namespace}/${service.metadata.name}`)?.byPort;
      return ports.map((port) => ({
        port,
        endpoints: endpoints?.get(servicePortKey(port.id, port.protocol)) ?? noEndpoints,
      }));
    });
  };
}

function slicesByService(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const found = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const service = serviceNameOf(slice);
    if (service === undefined) continue;
    const key = `${slice.metadata.namespace}/${service}`;
    const members = found.get(key);
    if (members) members.push(slice);
    else found.set(key, [slice]);
  }
  return found;
}

function sameMembers(before: readonly EndpointSlice[], after: readonly EndpointSlice[]): boolean {
  return before.length === after.length && after.every((slice, index) => slice === before[index]);
}
