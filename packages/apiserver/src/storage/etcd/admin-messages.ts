import type { Revision } from "../store.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";

/** Room for a request of a few integers. */
const smallRequestBytes = 32;

export function encodeCompaction(revision: Revision): Buffer {
  const writer = new ProtoWriter(smallRequestBytes);
  writer.integer(1, revision);
  return writer.finish();
}

/** Asks for a lease whose id the member chooses. */
export function encodeLeaseGrant(ttlSeconds: number): Buffer {
  const writer = new ProtoWriter(smallRequestBytes);
  writer.integer(1, ttlSeconds);
  return writer.finish();
}

export function decodeLeaseGrant(message: Buffer): bigint {
  const reader = new ProtoReader(message);
  let id = 0n;
  while (reader.next()) {
    if (reader.field === 2) id = reader.integer();
    else reader.skip();
  }
  return id;
}

export interface MemberStatus {
  readonly version: string;
  readonly databaseBytes: number;
}

export function decodeStatus(message: Buffer): MemberStatus {
  const reader = new ProtoReader(message);
  let version = "";
  let databaseBytes = 0;
  while (reader.next()) {
    if (reader.field === 2) version = reader.text();
    else if (reader.field === 3) databaseBytes = reader.number();
    else reader.skip();
  }
  return { version, databaseBytes };
}
