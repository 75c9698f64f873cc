import type { Endpoints } from "@kube-ts/api/core/v1";
import { endpoints } from "@kube-ts/api/resource-types";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, firstItems, nameCell, nameColumn } from "../table/columns.ts";
import { validateEndpoints, validateEndpointsUpdate } from "./validate-endpoints.ts";

const shownAddresses = 3;

export const endpointsResource = defineResource<Endpoints>({
  type: endpoints,
  singular: "endpoints",
  shortNames: ["ep"],
  storagePrefix: "services/endpoints",
  strategy: {
    defaults(object) {
      for (const subset of object.subsets ?? []) {
        for (const port of subset.ports ?? []) {
          dropZeroFields(port, ["name", "protocol"]);
          port.protocol ??= "TCP";
        }
        for (const address of [...(subset.addresses ?? []), ...(subset.notReadyAddresses ?? [])]) {
          dropZeroFields(address, ["hostname"]);
        }
      }
    },
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateEndpoints,
    validateUpdate: validateEndpointsUpdate,
    warnings: () => ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
    allowCreateOnUpdate: true,
  },
  columns: {
    definitions: [nameColumn, column("Endpoints", "string", "Addresses and ports that are ready."), ageColumn],
    row: (object, nowMs) => ({
      cells: [nameCell(object), firstItems(readyAddresses(object), shownAddresses, "<none>"), ageCell(object, nowMs)],
    }),
  },
});

function readyAddresses(object: Endpoints): string[] {
  return (object.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    if (ports.length === 0) return addresses.map(({ ip }) => ip);
    return ports.flatMap(({ port }) =>
      addresses.map(({ ip }) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)),
    );
  });
}
