import type { ListMeta, ObjectMeta, TypeMeta } from "./meta/v1.ts";

/** What every stored object has. */
export interface KubeObject extends TypeMeta {
  metadata: ObjectMeta;
}

/** What every list has. */
export interface KubeList<T> extends TypeMeta {
  metadata: ListMeta;
  items: T[];
}

/** One change on a watch stream, as the API server sends it. */
export type WatchEvent<T> =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: T }
  | { type: "BOOKMARK"; object: KubeObject }
  | { type: "ERROR"; object: unknown };

declare const objectKeyBrand: unique symbol;

/** `namespace/name`, or just `name` for a cluster-scoped object. */
export type ObjectKey = string & { readonly [objectKeyBrand]: true };

/** The key of an object by its parts; pass an empty namespace for a cluster-scoped object. */
export function objectKey(namespace: string | undefined, name: string): ObjectKey {
  return (namespace ? `${namespace}/${name}` : name) as ObjectKey;
}

/** The key of an object. */
export function keyOf(object: KubeObject): ObjectKey {
  return objectKey(object.metadata.namespace, nameOf(object));
}

/** The namespace and name in a key; the namespace is empty for a cluster-scoped object. */
export function splitKey(key: ObjectKey): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { namespace: "", name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The object's name. Throws when it has none: a stored object always does. */
export function nameOf(object: KubeObject): string {
  if (!object.metadata.name) throw new Error("object has no metadata.name");
  return object.metadata.name;
}

/** The object's uid. Throws when it has none: a stored object always does. */
export function uidOf(object: KubeObject): string {
  if (!object.metadata.uid) throw new Error("object has no metadata.uid");
  return object.metadata.uid;
}

/** The object's namespace, empty for a cluster-scoped object. */
export function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? "";
}
