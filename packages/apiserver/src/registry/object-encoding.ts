import type { KubeObject } from "@kube-ts/api/object";
import type { Revision } from "../storage/store.ts";

/**
 * The bytes that are stored: kind, apiVersion and metadata come first, so that serving can splice the
 * resourceVersion in and lists can drop the type without parsing. The resourceVersion itself is not stored.
 */
export function encodeForStorage(object: KubeObject): Buffer {
  const { kind, apiVersion, metadata, ...rest } = object;
  const { resourceVersion: _assignedByStore, selfLink: _neverServed, ...stored } = metadata;
  return Buffer.from(JSON.stringify({ kind, apiVersion, metadata: stored, ...rest }));
}

const metadataMark = Buffer.from(',"metadata":{');
/** Kind and apiVersion are short: the mark is near the start of everything this server wrote. */
const searchWindowBytes = 512;

/** The stored bytes with the revision spliced in as metadata.resourceVersion. */
export function serveStored(bytes: Buffer, revision: Revision): Buffer {
  const at = bytes.subarray(0, searchWindowBytes).indexOf(metadataMark);
  if (at < 0 || !isOwnLayout(bytes)) return serveForeign(bytes, revision);
  const start = at + metadataMark.length;
  const isEmpty = bytes[start] === 0x7d;
  const insert = Buffer.from(`"resourceVersion":"${revision}"${isEmpty ? "" : ","}`);
  return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start)]);
}

/** An object that another program stored, in whatever order of fields. */
function serveForeign(bytes: Buffer, revision: Revision): Buffer {
  const object = JSON.parse(bytes.toString()) as KubeObject;
  return serveStored(encodeForStorage(object), revision);
}

const ownStart = Buffer.from('{"kind":"');

function isOwnLayout(bytes: Buffer): boolean {
  return bytes.subarray(0, ownStart.length).equals(ownStart);
}

/** A private, changeable copy of served bytes. */
export function parseObject<T extends KubeObject>(bytes: Buffer): T {
  return JSON.parse(bytes.toString()) as T;
}
