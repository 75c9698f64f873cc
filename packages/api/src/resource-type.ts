import type { KubeObject } from "./object.ts";

declare const objectType: unique symbol;

/** Names one resource of the API and carries its object type, so that clients and informers are typed by it. */
export interface ResourceType<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  /** Lowercase plural, as in URLs. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly [objectType]?: T;
}

/** `v1` for the core group, `group/version` otherwise. */
export function apiVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** The names of a resource that error messages print. */
export function groupResourceOf(type: ResourceType): { readonly group: string; readonly resource: string } {
  return { group: type.group, resource: type.plural };
}

/** The URL path of a resource's collection, or of one object, or of a subresource of it. */
export function resourcePath(type: ResourceType, namespace?: string, name?: string, subresource?: string): string {
  let path = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  if (type.namespaced && namespace) path += `/namespaces/${encodeURIComponent(namespace)}`;
  path += `/${type.plural}`;
  if (name !== undefined) path += `/${encodeURIComponent(name)}`;
  if (subresource !== undefined) path += `/${subresource}`;
  return path;
}

function define<T extends KubeObject>(
  group: string,
  version: string,
  plural: string,
  kind: string,
  scope: "Namespaced" | "Cluster",
): ResourceType<T> {
  return { group, version, plural, kind, namespaced: scope === "Namespaced" };
}

export { define as defineResourceType };
