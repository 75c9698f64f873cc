import type { Namespace, Service } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { objectKey } from "@kube-ts/api/object";
import { endpointSlices, namespaces, services } from "@kube-ts/api/resource-types";
import { serviceNameLabel } from "@kube-ts/api/well-known-labels";
import type { Informer, InformerSource } from "@kube-ts/client/informer";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import { clusterIps } from "./zone/service-endpoints.ts";
import type { ZoneView } from "./zone/zone-view.ts";

/** The zone's view of the cluster, as informers know it. */
export interface ClusterView extends ZoneView {
  /** Whether every informer is complete. */
  synced(): boolean;
  /** Calls back after every change of anything. */
  onChange(callback: () => void): void;
}

const byClusterIp = "cluster-dns/cluster-ip";
const byService = "cluster-dns/service";
const byAddress = "cluster-dns/address";

export function createClusterView(source: InformerSource): ClusterView {
  const serviceInformer = source.informer<Service>(services);
  const sliceInformer = source.informer<EndpointSlice>(endpointSlices);
  const namespaceInformer = source.informer<Namespace>(namespaces);
  serviceInformer.addIndex(byClusterIp, (service) => clusterIps(service).map(formatIpAddress));
  sliceInformer.addIndex(byService, (slice) => {
    const service = slice.metadata.labels?.[serviceNameLabel];
    return service ? [`${slice.metadata.namespace}/${service}`] : [];
  });
  sliceInformer.addIndex(byAddress, (slice) => (slice.endpoints ?? []).flatMap(canonicalAddress));
  const informers: readonly Informer<Service | EndpointSlice | Namespace>[] = [
    serviceInformer,
    sliceInformer,
    namespaceInformer,
  ] as const;
  return {
    service: (namespace, name) => serviceInformer.get(objectKey(namespace, name)),
    namespaceExists: (name) => namespaceInformer.get(objectKey("", name)) !== undefined,
    slices: (namespace, service) => sliceInformer.byIndex(byService, `${namespace}/${service}`),
    servicesByClusterIp: (ip) => serviceInformer.byIndex(byClusterIp, ip),
    slicesByAddress: (ip) => sliceInformer.byIndex(byAddress, ip),
    synced: () => informers.every((informer) => informer.synced),
    onChange: (callback) => {
      for (const informer of informers) informer.subscribe({ added: callback, updated: callback, deleted: callback });
    },
  };
}

function canonicalAddress(endpoint: Endpoint): readonly string[] {
  const address = parseIpAddress(endpoint.addresses[0] ?? "");
  return address ? [formatIpAddress(address)] : [];
}
