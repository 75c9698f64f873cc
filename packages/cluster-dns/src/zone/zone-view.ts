import type { Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";

/** What the zone is made from. */
export interface ZoneView {
  service(namespace: string, name: string): Service | undefined;
  namespaceExists(name: string): boolean;
  /** The slices of one Service. */
  slices(namespace: string, service: string): readonly EndpointSlice[];
  /** Services with this cluster IP; addresses are canonical. */
  servicesByClusterIp(ip: string): readonly Service[];
  /** Slices that hold an endpoint with this address. */
  slicesByAddress(ip: string): readonly EndpointSlice[];
}
