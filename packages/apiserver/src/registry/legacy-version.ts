import type { KubeObject } from "@kube-ts/api/object";
import { type ResourceType, apiVersionOf, defineResourceType } from "@kube-ts/api/resource-type";
import type { AlternateVersion } from "./resource-definition.ts";

/** What a legacy version has otherwise than the stored one; everything left out is the same. */
export interface LegacyDifferences<T extends KubeObject, L extends KubeObject> extends Omit<
  AlternateVersion<T>,
  "type" | "fromStored" | "toStored" | "defaults"
> {
  /** The stored object, which stays as it is, in this version; apiVersion is set by the caller. */
  readonly fromStored?: (object: T) => L;
  /** An object of this version, which may be taken apart, in the stored one. */
  readonly toStored?: (object: L) => T;
  readonly defaults?: (object: L) => void;
}

/** An API version in which upstream once served what is stored as another one today: `extensions/v1beta1`. */
export function legacyVersion<T extends KubeObject, L extends KubeObject = T>(
  stored: ResourceType<T>,
  apiVersion: string,
  differences: LegacyDifferences<T, L> = {},
): AlternateVersion<T> {
  const { fromStored, toStored, defaults, ...rest } = differences;
  const [group = "", version = ""] = apiVersion.split("/");
  const scope = stored.namespaced ? "Namespaced" : "Cluster";
  const storedVersion = apiVersionOf(stored);
  return {
    ...rest,
    type: defineResourceType(group, version, stored.plural, stored.kind, scope),
    fromStored: (object) => ({ ...(fromStored?.(object) ?? object), apiVersion }),
    toStored(object) {
      const converted = toStored ? toStored(object as L) : (object as unknown as T);
      return { ...converted, apiVersion: storedVersion, kind: stored.kind };
    },
    ...(defaults && { defaults: (object: KubeObject) => defaults(object as L) }),
  };
}

/** The object with a field of a former version kept as an annotation, or without it where there is nothing to keep. */
export function withAnnotation<T extends KubeObject>(object: T, name: string, value: string | undefined): T {
  const { [name]: _old, ...others } = object.metadata.annotations ?? {};
  const annotations = value === undefined ? others : { ...others, [name]: value };
  const { annotations: _annotations, ...metadata } = object.metadata;
  const isEmpty = Object.keys(annotations).length === 0;
  return { ...object, metadata: isEmpty ? metadata : { ...metadata, annotations } };
}
