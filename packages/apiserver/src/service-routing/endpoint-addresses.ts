import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointSlices, endpoints } from "@kube-ts/api/resource-types";
import { serviceNameLabel } from "@kube-ts/api/well-known-labels";
import type { ObjectSource } from "../registry/object-source.ts";

/** Where one endpoint of a service listens. */
export interface EndpointAddress {
  readonly address: string;
  readonly port: number;
  /** The pod that has the address; absent for endpoints of something else. */
  readonly pod?: { readonly namespace: string | undefined; readonly name: string };
}

/** The slices of a service. */
export function slicesOf(source: ObjectSource, namespace: string, name: string): EndpointSlice[] {
  return source.list(endpointSlices, namespace).filter(({ metadata }) => metadata.labels?.[serviceNameLabel] === name);
}

/** The ready addresses of a service's port, by its slices; by its Endpoints where it has no slices. */
export function readyAddresses(
  source: ObjectSource,
  namespace: string,
  name: string,
  portName: string,
): EndpointAddress[] {
  const slices = slicesOf(source, namespace, name);
  if (slices.length > 0) return slices.flatMap((slice) => addressesOfSlice(slice, portName));
  const subsets = source.get(endpoints, namespace, name)?.subsets ?? [];
  return subsets.flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find((each) => (each.name ?? "") === portName)?.port;
    if (port === undefined) return [];
    return addresses.map(({ ip, targetRef }) => ({ address: ip, port, ...podOf(targetRef) }));
  });
}

function addressesOfSlice({ addressType, ports, endpoints: members }: EndpointSlice, portName: string) {
  const port = ports?.find((each) => (each.name ?? "") === portName)?.port;
  if (port === undefined || addressType === "FQDN") return [];
  return (members ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses: [address], targetRef }) =>
      address === undefined ? [] : [{ address, port, ...podOf(targetRef) }],
    );
}

function podOf(reference: Endpoint["targetRef"]): Pick<EndpointAddress, "pod"> {
  if (reference?.name === undefined || (reference.kind ?? "Pod") !== "Pod") return {};
  return { pod: { namespace: reference.namespace, name: reference.name } };
}
