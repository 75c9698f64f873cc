import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, forbiddenField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { volumeAttributesClasses } from "@kube-ts/api/resource-types";
import type { VolumeAttributesClass } from "@kube-ts/api/storage/v1";
import { subdomainName } from "../meta/object-names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { checkParameters, checkProvisioner } from "./validate-parameters.ts";

const defaultAnnotation = "volumeattributesclass.alpha.kubernetes.io/is-default-class";

export const volumeAttributesClassResource = defineResource<VolumeAttributesClass>({
  type: volumeAttributesClasses,
  singular: "volumeattributesclass",
  shortNames: ["vac"],
  storagePrefix: "volumeattributesclasses",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateVolumeAttributesClass,
    validateUpdate(attributesClass, old) {
      const errors = validateObjectMetaUpdate(attributesClass.metadata, old.metadata);
      for (const field of ["driverName", "parameters"] as const) {
        if (!semanticEqual(attributesClass[field], old[field])) {
          errors.push(forbiddenField(field, `updates to ${field} are forbidden.`));
        }
      }
      errors.push(...validateVolumeAttributesClass(attributesClass));
      return errors;
    },
    returnsDeletedObject: true,
  },
  columns: {
    definitions: [
      nameColumn,
      column("DriverName", "string", "CSI driver that knows the parameters of the class."),
      ageColumn,
    ],
    row: (attributesClass, nowMs) => ({
      cells: [
        nameCell(attributesClass) + (isDefault(attributesClass) ? " (default)" : ""),
        attributesClass.driverName,
        ageCell(attributesClass, nowMs),
      ],
    }),
  },
});

function isDefault({ metadata }: VolumeAttributesClass): boolean {
  return metadata.annotations?.[defaultAnnotation] === "true";
}

function validateVolumeAttributesClass(attributesClass: VolumeAttributesClass): FieldError[] {
  const errors = validateObjectMeta(attributesClass.metadata, "Cluster", subdomainName);
  const path = fieldPath("parameters");
  checkProvisioner(attributesClass.driverName, fieldPath("driverName"), errors);
  checkParameters(attributesClass.parameters, path, errors);
  if (Object.keys(attributesClass.parameters ?? {}).length === 0) {
    errors.push(requiredField(path, "must contain at least one key/value pair"));
  }
  return errors;
}
