import type { KubeObject } from "@kube-ts/api/object";

/** The object without the record of who set which field, which is a large part of it: a `transform` of informers. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
