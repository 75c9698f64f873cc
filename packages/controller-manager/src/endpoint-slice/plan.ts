import type { Node, Pod, Service } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointPort, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { controllerReference } from "@kube-ts/api/owner-references";
import { services } from "@kube-ts/api/resource-types";
import { headlessServiceLabel } from "@kube-ts/api/well-known-labels";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { isEndpoint, podEndpoint, podPorts } from "./pod-endpoint.ts";

export const serviceNameLabel = "kubernetes.io/service-name";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";
export const controllerName = "endpointslice-controller.k8s.io";

/** A slice holds at most this many endpoints. */
export const maxEndpointsPerSlice = 100;

/** What one service's slices are made from. */
export interface SliceView {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly nodeOf: (name: string) => Node | undefined;
  /** The slices of this service that this controller manages. */
  readonly slices: readonly EndpointSlice[];
}

/** What has to be written so that the slices show the pods. */
export interface SlicePlan {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
}

/** Endpoints that listen on the same ports share slices. */
interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** Fills the slices that exist before it makes new ones, and changes as few as it can. */
export function planSlices(view: SliceView): SlicePlan {
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const kept = new Set<EndpointSlice>();
  for (const family of familiesOf(view.service)) {
    for (const group of groupByPorts(view, family).values()) {
      const existing = view.slices.filter(
        (slice) => slice.addressType === family && semanticEqual(slice.ports ?? [], group.ports),
      );
      for (const slice of existing) kept.add(slice);
      const placed = placeEndpoints(view.service, family, group, existing);
      create.push(...placed.create);
      update.push(...placed.update);
      for (const empty of placed.empty) kept.delete(empty);
    }
    const isFamily = (slice: EndpointSlice) => slice.addressType === family;
    if (create.some(isFamily) || [...kept].some(isFamily)) continue;
    const spare = view.slices.find((slice) => isFamily(slice) && isPlaceholder(slice, view.service));
    if (spare) kept.add(spare);
    else create.push(newSlice(view.service, family, [], []));
  }
  return { create, update, remove: view.slices.filter((slice) => !kept.has(slice)) };
}

/** The address families of the service. */
export function familiesOf({ spec }: Service): IpFamily[] {
  const families = (spec.ipFamilies ?? []).filter((family) => family === "IPv4" || family === "IPv6");
  return families.length > 0 ? families : ["IPv4"];
}

function groupByPorts(view: SliceView, family: IpFamily): Map<string, PortGroup> {
  const groups = new Map<string, PortGroup>();
  for (const pod of view.pods) {
    if (!isEndpoint(pod, family)) continue;
    const ports = podPorts(pod, view.service);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(podEndpoint(pod, view.service, view.nodeOf(pod.spec.nodeName ?? ""), family));
    groups.set(key, group);
  }
  return groups;
}

function placeEndpoints(
  service: Service,
  family: IpFamily,
  group: PortGroup,
  existing: readonly EndpointSlice[],
): { create: EndpointSlice[]; update: EndpointSlice[]; empty: EndpointSlice[] } {
  const pending = new Map(group.endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const contents = existing.map((slice) => {
    const staying: Endpoint[] = [];
    for (const old of slice.endpoints ?? []) {
      const current = pending.get(identityOf(old));
      if (!current) continue;
      pending.delete(identityOf(old));
      staying.push(current);
    }
    return { slice, staying };
  });
  // New endpoints go where something changes anyway, then to the fullest slice that has room.
  contents.sort((a, b) => Number(isUnchanged(a)) - Number(isUnchanged(b)) || b.staying.length - a.staying.length);
  for (const content of contents) {
    for (const [key, endpoint] of pending) {
      if (content.staying.length >= maxEndpointsPerSlice) break;
      content.staying.push(endpoint);
      pending.delete(key);
    }
  }
  const wanted = { labels: sliceLabels(service) };
  const update = contents
    .filter((content) => content.staying.length > 0)
    .filter((content) => !isUnchanged(content) || !hasLabels(content.slice, wanted.labels))
    .map(({ slice, staying }) => ({
      ...slice,
      metadata: { ...slice.metadata, labels: wanted.labels },
      endpoints: staying,
    }));
  const empty = contents.filter(({ staying }) => staying.length === 0).map(({ slice }) => slice);
  return { create: newSlices(service, family, group.ports, [...pending.values()]), update, empty };
}

function isUnchanged({ slice, staying }: { slice: EndpointSlice; staying: readonly Endpoint[] }): boolean {
  return semanticEqual(slice.endpoints ?? [], staying);
}

function hasLabels({ metadata }: EndpointSlice, labels: Record<string, string>): boolean {
  return semanticEqual(metadata.labels ?? {}, labels);
}

function newSlices(
  service: Service,
  family: IpFamily,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
): EndpointSlice[] {
  const slices: EndpointSlice[] = [];
  for (let start = 0; start < endpoints.length; start += maxEndpointsPerSlice) {
    slices.push(newSlice(service, family, ports, endpoints.slice(start, start + maxEndpointsPerSlice)));
  }
  return slices;
}

function newSlice(
  service: Service,
  family: IpFamily,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
): EndpointSlice {
  return {
    metadata: {
      generateName: `${nameOf(service)}-`,
      namespace: namespaceOf(service),
      labels: sliceLabels(service),
      ownerReferences: [controllerReference(service, services)],
    },
    addressType: family,
    ports: [...ports],
    endpoints: [...endpoints],
  };
}

/** A service without endpoints has one empty slice, which says that there are none. */
function isPlaceholder(slice: EndpointSlice, service: Service): boolean {
  const isEmpty = (slice.endpoints ?? []).length === 0 && (slice.ports ?? []).length === 0;
  return isEmpty && hasLabels(slice, sliceLabels(service));
}

function sliceLabels(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    [serviceNameLabel]: nameOf(service),
    [managedByLabel]: controllerName,
    ...(service.spec.clusterIP === "None" && { [headlessServiceLabel]: "" }),
  };
}

/** The same pod at the same address is the same endpoint. */
function identityOf({ targetRef, addresses }: Endpoint): string {
  return `${targetRef?.uid ?? ""} ${addresses[0] ?? ""}`;
}
