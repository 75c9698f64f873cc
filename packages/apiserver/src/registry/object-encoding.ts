import type { KubeObject } from "@kube-ts/api/object";

/**
 * The bytes that are stored: kind, apiVersion and metadata come first, so that serving can splice the
 * resourceVersion in and lists can drop the type without parsing. The resourceVersion itself is not stored.
 */
export function encodeForStorage(object: KubeObject): Buffer {
  const { kind, apiVersion, metadata, ...rest } = object;
  const { resourceVersion: _assignedByStore, selfLink: _neverServed, ...stored } = metadata;
  return Buffer.from(JSON.stringify({ kind, apiVersion, metadata: stored, ...rest }));
}

/** A private, changeable copy of served bytes. */
export function parseObject<T extends KubeObject>(bytes: Buffer): T {
  return JSON.parse(bytes.toString()) as T;
}
