import { inServedForm } from "@kube-ts/api/decode";
import type { KubeObject } from "@kube-ts/api/object";
import type { ObjectMeta } from "@kube-ts/api/meta/v1";
import {
  joinManagedFields,
  managedFieldsText,
  parseStored,
  withoutManagedFields,
} from "../storage/cache/managed-fields-text.ts";

/**
 * The bytes that are stored: kind, apiVersion and metadata come first, so that serving can splice the
 * resourceVersion in and lists can drop the type without parsing. The resourceVersion itself is not stored.
 */
export function encodeForStorage(object: KubeObject): Buffer {
  const { json, managedFields } = encodeParts(object);
  return Buffer.from(joinManagedFields(json, managedFields));
}

/** As `encodeForStorage`, with other managed fields than those of the object: the JSON text of the list. */
export function encodeWithManagedFields(object: KubeObject, managedFields: string): Buffer {
  return Buffer.from(joinManagedFields(encodeParts(object).json, managedFields));
}

function encodeParts(object: KubeObject): { readonly json: string; readonly managedFields: string } {
  const { kind, apiVersion, metadata, ...rest } = object;
  const text = managedFieldsText(metadata);
  const stored = inServedForm({ kind, apiVersion, metadata: storedMetadata(metadata), ...rest });
  const json = JSON.stringify(stored);
  if (text !== undefined) return { json, managedFields: text };
  return { json, managedFields: metadata.managedFields?.length ? JSON.stringify(metadata.managedFields) : "" };
}

function storedMetadata(metadata: ObjectMeta): ObjectMeta {
  const { resourceVersion: _assignedByStore, selfLink: _neverServed, ...stored } = withoutManagedFields(metadata);
  return stored;
}

/** Gives private, changeable copies of served bytes. */
export { copiesOf } from "../storage/cache/managed-fields-text.ts";

/** A private, changeable copy of served bytes. */
export function parseObject<T extends KubeObject>(bytes: Buffer): T {
  return parseStored<T>(bytes);
}
