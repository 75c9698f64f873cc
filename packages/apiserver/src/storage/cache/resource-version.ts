import type { KubeObject } from "@kube-ts/api/object";
import type { Revision } from "../store.ts";

const ownStart = Buffer.from('{"kind":"');
const metadataMark = Buffer.from('"metadata":{');
const versionMark = Buffer.from('"resourceVersion":"');
/** Kind and apiVersion are short: metadata begins this early in everything that this server wrote. */
const searchWindowBytes = 512;

/** Makes an uninitialized buffer. */
export type Allocate = (sizeBytes: number) => Buffer;

/** Memory of its own, so that nothing else is kept along with it. */
export const allocateAlone: Allocate = (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes);

/** The parts as one, in memory of its own: what `Buffer.concat` answers may keep 64 KiB that it shares with others. */
export function joinAlone(...parts: readonly Buffer[]): Buffer {
  const joined = allocateAlone(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) end += part.copy(joined, end);
  return joined;
}

const openingBrace = 0x7b;
const closingBrace = 0x7d;
const quote = 0x22;
const comma = 0x2c;

/**
 * An object's JSON with the revision as its metadata.resourceVersion, in memory of its own. Takes JSON as stored,
 * without a version, and JSON as served, whose version is replaced. The layout `{"kind":…,"apiVersion":…,"metadata":{`
 * is spliced; any other is parsed. Throws SyntaxError when it is not JSON.
 */
export function withResourceVersion(bytes: Buffer, revision: Revision, allocate: Allocate = allocateAlone): Buffer {
  const start = metadataStart(bytes);
  if (start < 0) return laidOut(bytes, revision, allocate);
  let rest = start;
  if (startsWith(bytes, versionMark, start)) {
    rest = bytes.indexOf(quote, start + versionMark.length) + 1;
    if (bytes[rest] === comma) rest += 1;
  }
  const isLast = bytes[rest] === closingBrace;
  const version = `"resourceVersion":"${revision}"${isLast ? "" : ","}`;
  const result = allocate(bytes.length - (rest - start) + version.length);
  bytes.copy(result, 0, 0, start);
  result.write(version, start, "latin1");
  bytes.copy(result, start + version.length, rest);
  return result;
}

/** Where the fields of metadata begin, or -1 when the layout is not our own. */
function metadataStart(bytes: Buffer): number {
  if (!startsWith(bytes, ownStart, 0)) return -1;
  const head = bytes.subarray(0, searchWindowBytes);
  const brace = head.indexOf(openingBrace, 1);
  const start = brace + 1;
  return brace > 0 && startsWith(bytes, metadataMark, start - metadataMark.length) ? start : -1;
}

/** What an object of the type begins with in our own layout. */
export function typePrefixOf(kind: string, apiVersion: string): Buffer {
  return Buffer.from(`{"kind":"${kind}","apiVersion":"${apiVersion}",`);
}

/** Whether the part stands at the place. */
export function startsWith(bytes: Buffer, part: Buffer, at = 0): boolean {
  if (at < 0) return false;
  for (let index = 0; index < part.length; index += 1) if (bytes[at + index] !== part[index]) return false;
  return true;
}

/** The same object in our own layout, with the version. */
function laidOut(bytes: Buffer, revision: Revision, allocate: Allocate): Buffer {
  const object = JSON.parse(bytes.toString()) as Partial<KubeObject>;
  const { kind = "", apiVersion = "", metadata = {}, ...rest } = object;
  const { resourceVersion: _replaced, ...stored } = metadata;
  const stamped = { resourceVersion: String(revision), ...stored };
  const json = JSON.stringify({ kind, apiVersion, metadata: stamped, ...rest });
  const result = allocate(Buffer.byteLength(json));
  result.write(json);
  return result;
}
