import type { ControllerRevision } from "@kube-ts/api/apps/v1";
import { type FieldError, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { controllerRevisions } from "@kube-ts/api/resource-types";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkNonNegative } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

export const controllerRevisionResource = defineResource<ControllerRevision>({
  type: controllerRevisions,
  singular: "controllerrevision",
  storagePrefix: "controllerrevisions",
  strategy: {
    defaults(revision) {
      revision.revision ??= 0;
    },
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateControllerRevision,
    validateUpdate(revision, old) {
      const errors = validateObjectMetaUpdate(revision.metadata, old.metadata);
      errors.push(...validateControllerRevision(revision));
      checkImmutable(revision.data, old.data, fieldPath("data"), errors);
      return errors;
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("Controller", "string", "Object that the revision is of."),
      column("Revision", "string", "Number of the revision."),
      ageColumn,
    ],
    row: (revision, nowMs) => ({
      cells: [nameCell(revision), controllerText(revision), revision.revision ?? 0, ageCell(revision, nowMs)],
    }),
  },
});

function validateControllerRevision(revision: ControllerRevision): FieldError[] {
  const errors = validateObjectMeta(revision.metadata, "Namespaced", subdomainName);
  if (revision.data === undefined) errors.push(requiredField("data", "data is mandatory"));
  checkNonNegative(revision.revision, fieldPath("revision"), errors);
  return errors;
}

function controllerText(revision: ControllerRevision): string {
  const owner = revision.metadata.ownerReferences?.find((reference) => reference.controller);
  if (owner === undefined) return "<none>";
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${(owner.kind + group).toLowerCase()}/${owner.name}`;
}
