import type { LimitRange, LimitRangeItem } from "@kube-ts/api/core/v1";
import { limitRanges } from "@kube-ts/api/resource-types";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { column, nameCell, nameColumn } from "../table/columns.ts";
import { canonicalizeResources, copyMissingResources } from "./canonical-resources.ts";
import { validateLimitRange, validateLimitRangeUpdate } from "./validate-limit-range.ts";

export const limitRangeResource = defineResource<LimitRange>({
  type: limitRanges,
  singular: "limitrange",
  shortNames: ["limits"],
  storagePrefix: "limitranges",
  strategy: {
    defaults(range) {
      range.spec ??= { limits: [] };
      for (const item of range.spec.limits ?? []) defaultItem(item);
    },
    prepareForCreate(range) {
      range.metadata.name ||= range.metadata.uid ?? "";
      dropZeroFields(range.metadata, ["name"]);
    },
    prepareForUpdate() {},
    validateCreate: validateLimitRange,
    validateUpdate: validateLimitRangeUpdate,
    allowCreateOnUpdate: true,
  },
  columns: {
    definitions: [nameColumn, column("Created At", "date", "When the object was created.")],
    row: (range) => ({ cells: [nameCell(range), range.metadata.creationTimestamp ?? null] }),
  },
});

/** The limits of containers have defaults where only bounds are given. */
function defaultItem(item: LimitRangeItem): void {
  for (const field of ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const) {
    canonicalizeResources(item[field]);
  }
  if (item.type !== "Container") return;
  const limits = (item.default ??= {});
  const requests = (item.defaultRequest ??= {});
  copyMissingResources(limits, item.max);
  copyMissingResources(requests, limits);
  copyMissingResources(requests, item.min);
  if (Object.keys(limits).length === 0) delete item.default;
  if (Object.keys(requests).length === 0) delete item.defaultRequest;
}
