import type { KubeObject } from "@kube-ts/api/object";
import type { TableColumns } from "../registry/resource-definition.ts";

/** The columns of resources that declare none. */
export const defaultColumns: TableColumns<KubeObject> = {
  definitions: [
    { name: "Name", type: "string", format: "name", description: "Name of the object.", priority: 0 },
    { name: "Created At", type: "date", format: "", description: "When the object was created.", priority: 0 },
  ],
  row: ({ metadata }) => ({ cells: [metadata.name ?? "", metadata.creationTimestamp ?? ""] }),
};
