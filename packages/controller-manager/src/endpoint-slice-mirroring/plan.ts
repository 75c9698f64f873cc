import type { EndpointAddress, Endpoints, Service } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointPort, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { controllerReference } from "@kube-ts/api/owner-references";
import { endpoints as endpointsType } from "@kube-ts/api/resource-types";
import { headlessServiceLabel, skipEndpointSliceMirrorLabel } from "@kube-ts/api/well-known-labels";
import { type IpFamily, ipFamilyOf } from "@kube-ts/std/ip-address";
import { type SlicePlan, managedByLabel, serviceNameLabel } from "../endpoint-slice/plan.ts";

export const mirrorName = "endpointslicemirroring-controller.k8s.io";
const leaderAnnotation = "control-plane.alpha.kubernetes.io/leader";

/** Annotations that concern the Endpoints object itself. */
const ownAnnotations: ReadonlySet<string> = new Set([
  "endpoints.kubernetes.io/last-change-trigger-time",
  "kubectl.kubernetes.io/last-applied-configuration",
]);

/** What the mirrored slices of one service are made from. */
export interface MirrorView {
  readonly service: Service | undefined;
  readonly endpoints: Endpoints | undefined;
  /** The slices of this service that this controller manages. */
  readonly slices: readonly EndpointSlice[];
  readonly maxEndpointsPerSubset: number;
}

/** What has to be written so that slices show what the Endpoints object says, and how many addresses had no room. */
export interface MirrorPlan extends SlicePlan {
  readonly dropped: number;
}

/** A slice for each address family and list of ports. Endpoints that another controller writes are not mirrored. */
export function planMirror(view: MirrorView): MirrorPlan {
  const { service, endpoints, slices } = view;
  if (!service || service.spec.selector || !endpoints || !isMirrored(endpoints)) {
    return { create: [], update: [], remove: slices, dropped: 0 };
  }
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const kept = new Set<EndpointSlice>();
  const { wanted, dropped } = wantedSlices(endpoints, view.maxEndpointsPerSubset);
  for (const slice of wanted) {
    const current = slices.find(
      (candidate) =>
        !kept.has(candidate) &&
        candidate.addressType === slice.addressType &&
        semanticEqual(candidate.ports ?? [], slice.ports ?? []),
    );
    if (!current) {
      create.push(slice);
      continue;
    }
    kept.add(current);
    if (!isAsWanted(current, slice)) update.push({ ...slice, metadata: { ...current.metadata, ...wishes(slice) } });
  }
  return { create, update, remove: slices.filter((slice) => !kept.has(slice)), dropped };
}

/** Whether slices shall show the object: the record of a leader election and what opts out are left alone. */
function isMirrored({ metadata }: Endpoints): boolean {
  return (
    metadata.labels?.[skipEndpointSliceMirrorLabel] !== "true" && metadata.annotations?.[leaderAnnotation] === undefined
  );
}

function wishes({ metadata }: EndpointSlice): EndpointSlice["metadata"] {
  const { labels = {}, annotations = {}, ownerReferences = [] } = metadata;
  return { labels, annotations, ownerReferences };
}

function isAsWanted(current: EndpointSlice, wanted: EndpointSlice): boolean {
  return semanticEqual(current.endpoints ?? [], wanted.endpoints) && semanticEqual(wishes(current), wishes(wanted));
}

function wantedSlices(object: Endpoints, limit: number): { wanted: EndpointSlice[]; dropped: number } {
  const groups = new Map<string, { family: IpFamily; ports: EndpointPort[]; endpoints: Endpoint[] }>();
  let dropped = 0;
  for (const subset of object.subsets ?? []) {
    const ports = (subset.ports ?? []).map((port): EndpointPort => ({ name: "", protocol: "TCP", ...port }));
    const addresses = [
      ...(subset.addresses ?? []).map((address) => ({ address, ready: true })),
      ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: false })),
    ];
    for (const { address, ready } of addresses) {
      const family = ipFamilyOf(address.ip);
      if (!family) continue;
      const key = `${family} ${JSON.stringify(ports)}`;
      const group = groups.get(key) ?? { family, ports, endpoints: [] };
      groups.set(key, group);
      if (group.endpoints.length < limit) group.endpoints.push(mirrored(address, ready));
      else dropped += 1;
    }
  }
  const wanted = [...groups.values()].map(({ family, ports, endpoints }) => ({
    metadata: sliceMetadata(object),
    addressType: family,
    ports,
    endpoints,
  }));
  return { wanted, dropped };
}

function mirrored({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

function sliceMetadata(object: Endpoints): EndpointSlice["metadata"] {
  const { [headlessServiceLabel]: _headless, ...labels } = object.metadata.labels ?? {};
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name));
  return {
    generateName: `${nameOf(object)}-`,
    namespace: namespaceOf(object),
    labels: { ...labels, [serviceNameLabel]: nameOf(object), [managedByLabel]: mirrorName },
    annotations: Object.fromEntries(annotations),
    ownerReferences: [controllerReference(object, endpointsType)],
  };
}
