import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { parseQuantity } from "@kube-ts/api/quantity";
import { csiStorageCapacities } from "@kube-ts/api/resource-types";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import type { CSIStorageCapacity } from "@kube-ts/api/storage/v1";
import { deprecatedNodeLabelText } from "../core/deprecated-node-labels.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts, immutableText, negativeText } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { column, nameCell, nameColumn } from "../table/columns.ts";

export const csiStorageCapacityResource = defineResource<CSIStorageCapacity>({
  type: csiStorageCapacities,
  singular: "csistoragecapacity",
  storagePrefix: "csistoragecapacities",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateCapacity,
    validateUpdate(capacity, old) {
      const errors = [...validateCapacity(capacity), ...validateObjectMetaUpdate(capacity.metadata, old.metadata)];
      for (const field of ["nodeTopology", "storageClassName"] as const) {
        if (!semanticEqual(capacity[field], old[field])) {
          errors.push(invalidField(field, capacity[field] ?? null, immutableText));
        }
      }
      return errors;
    },
    warnings: capacityWarnings,
    allowUnconditionalUpdate: false,
  },
  columns: {
    definitions: [
      nameColumn,
      column("StorageClassName", "string", "Storage class that the capacity is for."),
      column("Capacity", "string", "Storage that is left."),
    ],
    row: (capacity) => ({ cells: [nameCell(capacity), capacity.storageClassName, capacity.capacity ?? "<unset>"] }),
  },
});

function validateCapacity(capacity: CSIStorageCapacity): FieldError[] {
  const errors = validateObjectMeta(capacity.metadata, "Namespaced", subdomainName);
  errors.push(...validateLabelSelector(capacity.nodeTopology, fieldPath("nodeTopology")));
  const className = capacity.storageClassName;
  checkTexts(subdomainName(className, false), className, fieldPath("storageClassName"), errors);
  if (capacity.capacity !== undefined && parseQuantity(capacity.capacity).sign() < 0) {
    errors.push(invalidField("capacity", capacity.capacity, negativeText));
  }
  return errors;
}

function capacityWarnings({ nodeTopology }: CSIStorageCapacity): string[] {
  const warnings: string[] = [];
  for (const [index, { key }] of (nodeTopology?.matchExpressions ?? []).entries()) {
    const text = deprecatedNodeLabelText(key);
    if (text !== undefined) warnings.push(`nodeTopology.matchExpressions[${index}].key: ${key} is ${text}`);
  }
  for (const key of Object.keys(nodeTopology?.matchLabels ?? {})) {
    const text = deprecatedNodeLabelText(key);
    if (text !== undefined) warnings.push(`nodeTopology.matchLabels.${key}: ${text}`);
  }
  return warnings;
}
