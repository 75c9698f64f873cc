import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { Endpoint as LegacyEndpoint, EndpointSlice as LegacySlice } from "@kube-ts/api/discovery/v1beta1";
import { endpointSlices } from "@kube-ts/api/resource-types";
import { hostnameLabel, zoneLabel } from "@kube-ts/api/well-known-labels";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

export const legacyEndpointSlices: readonly AlternateVersion<EndpointSlice>[] = [
  legacyVersion<EndpointSlice, LegacySlice>(endpointSlices, "discovery.k8s.io/v1beta1", {
    fromStored: (slice) => ({ ...slice, endpoints: (slice.endpoints ?? []).map(legacyEndpoint) }),
    toStored: (slice) => ({ ...slice, endpoints: (slice.endpoints ?? []).map(storedEndpoint) }),
  }),
];

/** Zone and node were labels of the topology. */
function legacyEndpoint({ zone, deprecatedTopology, ...endpoint }: Endpoint): LegacyEndpoint {
  const { nodeName } = endpoint;
  if (zone === undefined && deprecatedTopology === undefined && nodeName === undefined) return endpoint;
  const topology = {
    ...(nodeName !== undefined && { [hostnameLabel]: nodeName }),
    ...deprecatedTopology,
    ...(zone !== undefined && { [zoneLabel]: zone }),
  };
  return { ...endpoint, topology };
}

function storedEndpoint({ topology, ...endpoint }: LegacyEndpoint): Endpoint {
  if (!topology) return endpoint;
  const { [zoneLabel]: zone, ...rest } = topology;
  // A host name that differs from the node's name is kept.
  if (rest[hostnameLabel] === endpoint.nodeName) delete rest[hostnameLabel];
  return {
    ...endpoint,
    ...(Object.keys(rest).length > 0 && { deprecatedTopology: rest }),
    ...(zone !== undefined && { zone }),
  };
}
