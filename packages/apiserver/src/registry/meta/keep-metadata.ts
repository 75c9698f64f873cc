import type { KubeObject } from "@kube-ts/api/object";

/** Undoes all changes of the metadata, but for the record of who manages which fields. */
export function keepMetadata(object: KubeObject, old: KubeObject): void {
  const { managedFields } = object.metadata;
  object.metadata = { ...old.metadata };
  if (managedFields === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = managedFields;
}
