import type { Namespace } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { namespaces } from "@kube-ts/api/resource-types";
import { metadataNameLabel, namespaceFinalizer } from "@kube-ts/api/well-known-labels";
import { labelName } from "../meta/object-names.ts";
import { checkFinalizerName, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type PartStrategy, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const finalizersPath = fieldPath("spec", "finalizers");

/** The part that removes the finalizers of the namespace's own; the namespace controller writes it last. */
const finalizeStrategy: PartStrategy<Namespace> = {
  prepareForUpdate(namespace, old) {
    if (old.status !== undefined) namespace.status = old.status;
  },
  validateUpdate(namespace, old) {
    const errors = validateObjectMetaUpdate(namespace.metadata, old.metadata);
    for (const [index, name] of (namespace.spec.finalizers ?? []).entries()) {
      checkFinalizerName(name, finalizersPath.index(index), errors);
    }
    return errors;
  },
};

export const namespaceResource = defineResource<Namespace>({
  type: namespaces,
  singular: "namespace",
  shortNames: ["ns"],
  storagePrefix: "namespaces",
  strategy: {
    defaults(namespace) {
      namespace.spec ??= {};
      namespace.status ??= {};
      namespace.status.phase ||= "Active";
      setNameLabel(namespace);
    },
    prepareForCreate(namespace) {
      namespace.status = { phase: "Active" };
      setNameLabel(namespace);
      const finalizers = (namespace.spec.finalizers ??= []);
      if (!finalizers.includes(namespaceFinalizer)) finalizers.push(namespaceFinalizer);
    },
    prepareForUpdate(namespace, old) {
      namespace.spec.finalizers = old.spec.finalizers ?? [];
      if (old.status !== undefined) namespace.status = old.status;
      setNameLabel(namespace);
    },
    validateCreate(namespace) {
      const errors = validateObjectMeta(namespace.metadata, "Cluster", labelName);
      for (const name of namespace.spec.finalizers ?? []) checkFinalizerName(name, finalizersPath, errors);
      return errors;
    },
    validateUpdate: (namespace, old) => validateObjectMetaUpdate(namespace.metadata, old.metadata),
    prepareForGracefulDelete(namespace) {
      namespace.status = { ...namespace.status, phase: "Terminating" };
    },
    holdsDeletion: (namespace) => (namespace.spec.finalizers?.length ?? 0) > 0,
    returnsDeletedObject: true,
  },
  status: {
    prepareForUpdate(namespace, old) {
      namespace.spec = old.spec;
    },
    validateUpdate: validateStatusUpdate,
  },
  parts: { finalize: finalizeStrategy },
  columns: {
    definitions: [
      nameColumn,
      column("Status", "string", "Whether the namespace is in use or being deleted."),
      ageColumn,
    ],
    row: (namespace, nowMs) => ({
      cells: [nameCell(namespace), namespace.status?.phase ?? "", ageCell(namespace, nowMs)],
    }),
  },
  selectableFields: { "status.phase": (namespace) => namespace.status?.phase ?? "" },
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
});

/** Lets selectors of namespaces select one by its name. */
function setNameLabel(namespace: Namespace): void {
  if (!namespace.metadata.name) return;
  namespace.metadata.labels ??= {};
  namespace.metadata.labels[metadataNameLabel] = namespace.metadata.name;
}

function validateStatusUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  const errors = validateObjectMetaUpdate(namespace.metadata, old.metadata);
  const phase = namespace.status?.phase ?? "";
  const isTerminating = namespace.metadata.deletionTimestamp !== undefined;
  if (!isTerminating && phase !== "Active") {
    const text = "may only be 'Active' if `deletionTimestamp` is empty";
    errors.push(invalidField("status.Phase", phase, text));
  }
  if (isTerminating && phase !== "Terminating") {
    const text = "may only be 'Terminating' if `deletionTimestamp` is not empty";
    errors.push(invalidField("status.Phase", phase, text));
  }
  return errors;
}
