import type { FieldError } from "@kube-ts/api/field-error";
import { goQuote } from "@kube-ts/api/go-quote";
import type { Device, ResourceSlice } from "@kube-ts/api/resource/v1";
import { resourceSlices } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { checkSliceSpec } from "./validate-resource-slice.ts";

const listValues = ["bools", "ints", "strings", "versions"] as const;

export const resourceSliceResource = defineResource<ResourceSlice>({
  type: resourceSlices,
  singular: "resourceslice",
  storagePrefix: "resourceslices",
  selectableFields: {
    "spec.driver": ({ spec }) => spec.driver,
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
  },
  fieldProblem: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  strategy: {
    prepareForCreate(slice, { nowMs }) {
      prepare(slice, undefined, nowMs);
      startGeneration(slice);
    },
    prepareForUpdate(slice, old, { nowMs }) {
      prepare(slice, old, nowMs);
      countChange(slice, slice.spec, old.spec);
    },
    validateCreate(slice): FieldError[] {
      const errors = validateObjectMeta(slice.metadata, "Cluster", subdomainName);
      checkSliceSpec(slice.spec, undefined, errors);
      return errors;
    },
    validateUpdate(slice, old) {
      const errors = validateObjectMetaUpdate(slice.metadata, old.metadata);
      checkSliceSpec(slice.spec, old.spec, errors);
      return errors;
    },
    warnings({ spec: { driver } }) {
      if (driver === driver.toLowerCase()) return [];
      return [`spec.driver: driver names should be lowercase; ${goQuote(driver)} contains uppercase characters`];
    },
    returnsDeletedObject: true,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Node", "string", "Node that the devices are on."),
      column("Driver", "string", "Driver that offers the devices."),
      column("Pool", "string", "Pool that the slice is part of."),
      ageColumn,
    ],
    row: (slice, nowMs) => ({
      cells: [
        nameCell(slice),
        slice.spec.nodeName ?? "",
        slice.spec.driver,
        slice.spec.pool.name,
        ageCell(slice, nowMs),
      ],
    }),
  },
});

/** Dates new taints, and drops what alpha features bring: lists as attributes, and devices as resources of nodes. */
function prepare(slice: ResourceSlice, old: ResourceSlice | undefined, nowMs: number): void {
  const before = old?.spec.devices ?? [];
  const keepsLists = before.some(hasLists);
  const keepsMappings = before.some(({ nodeAllocatableResourceMappings }) => nodeAllocatableResourceMappings);
  for (const device of slice.spec.devices ?? []) {
    for (const taint of device.taints ?? []) taint.timeAdded ??= formatTime(nowMs);
    if (!keepsMappings) delete device.nodeAllocatableResourceMappings;
    if (keepsLists) continue;
    for (const attribute of Object.values(device.attributes ?? {})) {
      for (const field of listValues) delete attribute[field];
    }
  }
}

function hasLists({ attributes = {} }: Device): boolean {
  return Object.values(attributes).some((attribute) => listValues.some((field) => attribute[field] !== undefined));
}
