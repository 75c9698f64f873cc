import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { storageClasses } from "@kube-ts/api/resource-types";
import type { StorageClass } from "@kube-ts/api/storage/v1";
import { defaultStorageClassAnnotation } from "@kube-ts/api/well-known-labels";
import { deprecatedNodeLabelText } from "../core/deprecated-node-labels.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkImmutable, checkRequiredChoice, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { checkParameters, checkProvisioner } from "./validate-parameters.ts";
import { checkTopologyTerms } from "./validate-topology-terms.ts";

const defaultAnnotations = [defaultStorageClassAnnotation, "storageclass.beta.kubernetes.io/is-default-class"];

export const storageClassResource = defineResource<StorageClass>({
  type: storageClasses,
  singular: "storageclass",
  shortNames: ["sc"],
  storagePrefix: "storageclasses",
  strategy: {
    defaults(storageClass) {
      storageClass.reclaimPolicy ??= "Delete";
      storageClass.volumeBindingMode ??= "Immediate";
    },
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
    warnings: storageClassWarnings,
    returnsDeletedObject: true,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Provisioner", "string", "Provisioner that makes volumes of the class."),
      column("ReclaimPolicy", "string", "What happens to a volume when its claim is gone."),
      column("VolumeBindingMode", "string", "When claims are provisioned and bound."),
      column("AllowVolumeExpansion", "string", "Whether claims can be made larger."),
      ageColumn,
    ],
    row: (storageClass, nowMs) => ({
      cells: [
        nameCell(storageClass) + (isDefaultStorageClass(storageClass) ? " (default)" : ""),
        storageClass.provisioner,
        storageClass.reclaimPolicy ?? "Delete",
        storageClass.volumeBindingMode ?? "Immediate",
        storageClass.allowVolumeExpansion ?? false,
        ageCell(storageClass, nowMs),
      ],
    }),
  },
});

/** Whether claims that name no class get this one. */
export function isDefaultStorageClass({ metadata }: StorageClass): boolean {
  return defaultAnnotations.some((name) => metadata.annotations?.[name] === "true");
}

function validateStorageClass(storageClass: StorageClass): FieldError[] {
  const errors = validateObjectMeta(storageClass.metadata, "Cluster", subdomainName);
  checkProvisioner(storageClass.provisioner, fieldPath("provisioner"), errors);
  checkParameters(storageClass.parameters, fieldPath("parameters"), errors);
  if (!isBlank(storageClass.reclaimPolicy)) {
    checkChoice(storageClass.reclaimPolicy, ["Delete", "Retain"], fieldPath("reclaimPolicy"), errors);
  }
  const modes = ["Immediate", "WaitForFirstConsumer"];
  checkRequiredChoice(storageClass.volumeBindingMode, modes, fieldPath("volumeBindingMode"), errors);
  checkTopologyTerms(storageClass.allowedTopologies ?? [], fieldPath("allowedTopologies"), errors);
  return errors;
}

function validateStorageClassUpdate(storageClass: StorageClass, old: StorageClass): FieldError[] {
  const errors = [
    ...validateStorageClass(storageClass),
    ...validateObjectMetaUpdate(storageClass.metadata, old.metadata),
  ];
  for (const field of ["parameters", "provisioner", "reclaimPolicy"] as const) {
    if (!semanticEqual(storageClass[field], old[field])) {
      errors.push(forbiddenField(field, `updates to ${field} are forbidden.`));
    }
  }
  checkImmutable(storageClass.volumeBindingMode, old.volumeBindingMode, fieldPath("volumeBindingMode"), errors);
  return errors;
}

function storageClassWarnings(storageClass: StorageClass): string[] {
  const warnings: string[] = [];
  for (const [at, term] of (storageClass.allowedTopologies ?? []).entries()) {
    for (const [index, { key }] of (term.matchLabelExpressions ?? []).entries()) {
      const text = deprecatedNodeLabelText(key);
      if (text !== undefined) warnings.push(`allowedTopologies[${at}].matchLabelExpressions[${index}].key: ${text}`);
    }
  }
  return warnings;
}
