import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointSlices } from "@kube-ts/api/resource-types";
import { countChange, startGeneration } from "../meta/generation.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, firstItems, nameCell, nameColumn } from "../table/columns.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./validate-endpoint-slice.ts";

const shownItems = 3;

export const endpointSliceResource = defineResource<EndpointSlice>({
  type: endpointSlices,
  singular: "endpointslice",
  storagePrefix: "endpointslices",
  strategy: {
    defaults(slice) {
      for (const port of slice.ports ?? []) {
        port.name ??= "";
        port.protocol ??= "TCP";
      }
      for (const endpoint of slice.endpoints ?? []) endpoint.conditions ??= {};
    },
    prepareForCreate(slice) {
      startGeneration(slice);
      dropTopology(slice, undefined);
    },
    prepareForUpdate(slice, old) {
      dropTopology(slice, old);
      countChange(slice, content(slice), content(old));
    },
    validateCreate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
    warnings(slice) {
      const text = "FQDN endpoints are deprecated";
      return slice.addressType === "FQDN" ? [`addressType: ${text}`] : [];
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("AddressType", "string", "Kind of the addresses in the slice."),
      column("Ports", "string", "Ports that the endpoints of the slice listen on."),
      column("Endpoints", "string", "Addresses in the slice."),
      ageColumn,
    ],
    row: (slice, nowMs) => ({
      cells: [
        nameCell(slice),
        slice.addressType,
        firstItems(portTexts(slice), shownItems, "<unset>"),
        firstItems(
          (slice.endpoints ?? []).flatMap(({ addresses }) => addresses),
          shownItems,
          "<unset>",
        ),
        ageCell(slice, nowMs),
      ],
    }),
  },
});

function portTexts(slice: EndpointSlice): string[] {
  return (slice.ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? "*") : String(port)));
}

function content(slice: EndpointSlice) {
  return { addressType: slice.addressType, endpoints: slice.endpoints, ports: slice.ports };
}

/** This version of the API shows old topology labels, but takes no new ones. */
function dropTopology(slice: EndpointSlice, old: EndpointSlice | undefined): void {
  const hadTopology = old?.endpoints?.some((endpoint) => endpoint.deprecatedTopology !== undefined);
  if (hadTopology) return;
  for (const endpoint of slice.endpoints ?? []) delete endpoint.deprecatedTopology;
}
