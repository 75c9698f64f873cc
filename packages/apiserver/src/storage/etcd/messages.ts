import { ProtoReader, ProtoWriter } from "./protobuf.ts";
import type { Revision } from "../store.ts";

/** Room for the fixed parts of a request: tags, lengths and integers. */
const overheadBytes = 192;

export interface KeyValue {
  readonly key: string;
  readonly value: Buffer;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  readonly version: bigint;
}

export interface RangeRequest {
  readonly key: Buffer;
  readonly rangeEnd?: Buffer;
  readonly limit?: number;
  /** 0 reads the current state. */
  readonly revision?: Revision;
  readonly keysOnly?: boolean;
}

export interface RangeResponse {
  readonly revision: Revision;
  readonly values: readonly KeyValue[];
  /** Keys in the whole range, whatever the limit. */
  readonly count: number;
}

/** Writes or deletes one key if it is in the expected state, else reads it. */
export interface TxnRequest {
  readonly key: Buffer;
  /** The condition: the key's mod revision (0: it does not exist), or its version. */
  readonly expect: { readonly modRevision: Revision } | { readonly version: bigint };
  /** The bytes to write; undefined deletes the key. */
  readonly value: Buffer | undefined;
  /** The lease that the key is attached to; 0 for none. */
  readonly lease?: bigint;
}

export interface TxnResponse {
  readonly revision: Revision;
  readonly succeeded: boolean;
  /** The key's state when the condition did not hold. */
  readonly current: KeyValue | undefined;
}

export interface WatchEvent {
  readonly type: "put" | "delete";
  readonly kv: KeyValue;
}

export interface WatchResponse {
  readonly clusterId: bigint;
  readonly revision: Revision;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: Revision;
  readonly cancelReason: string;
  /** Further parts of the same answer follow. */
  readonly fragment: boolean;
  readonly events: readonly WatchEvent[];
}

/** The enumeration values that the requests use. */
const compareEqual = 0;
const compareVersion = 0;
const compareModRevision = 2;
const eventDelete = 1;

export function encodeRange(request: RangeRequest): Buffer {
  const { key, rangeEnd } = request;
  const writer = new ProtoWriter(key.length + (rangeEnd?.length ?? 0) + overheadBytes);
  writeRange(writer, request);
  return writer.finish();
}

function writeRange(writer: ProtoWriter, request: RangeRequest): void {
  writer.flag(8, request.keysOnly ?? false);
  writer.integer(4, request.revision ?? 0n);
  writer.integer(3, request.limit ?? 0);
  if (request.rangeEnd) writer.bytes(2, request.rangeEnd);
  writer.bytes(1, request.key);
}

export function encodeTxn(request: TxnRequest): Buffer {
  const { key, value, expect, lease } = request;
  const writer = new ProtoWriter(3 * key.length + (value?.length ?? 0) + overheadBytes);
  writer.message(3, (operation) => operation.message(1, (range) => range.bytes(1, key)));
  writer.message(2, (operation) => {
    if (!value) return operation.message(3, (deletion) => deletion.bytes(1, key));
    operation.message(2, (put) => {
      put.integer(3, lease ?? 0n);
      put.bytes(2, value);
      put.bytes(1, key);
    });
  });
  writer.message(1, (compare) => {
    const [target, field, operand] =
      "modRevision" in expect ? [compareModRevision, 6, expect.modRevision] : [compareVersion, 4, expect.version];
    compare.integer(field, operand);
    compare.bytes(3, key);
    compare.integer(2, target);
    compare.integer(1, compareEqual);
  });
  return writer.finish();
}

/** Starts a watch of every key from `startRevision` on, large answers in fragments. */
export function encodeWatchEverything(startRevision: Revision): Buffer {
  const everything = Buffer.from([0]);
  const writer = new ProtoWriter(overheadBytes);
  writer.message(1, (create) => {
    create.flag(8, true);
    create.integer(3, startRevision);
    create.bytes(2, everything);
    create.bytes(1, everything);
  });
  return writer.finish();
}

export function decodeRange(message: Buffer): RangeResponse {
  return readRange(new ProtoReader(message));
}

function readRange(reader: ProtoReader): RangeResponse {
  let revision = 0n;
  let count = 0;
  const values: KeyValue[] = [];
  while (reader.next()) {
    if (reader.field === 1) ({ revision } = reader.message(readHeader));
    else if (reader.field === 2) values.push(reader.message(readKeyValue));
    else if (reader.field === 4) count = reader.number();
    else reader.skip();
  }
  return { revision, values, count };
}

export function decodeTxn(message: Buffer): TxnResponse {
  const reader = new ProtoReader(message);
  let revision = 0n;
  let succeeded = false;
  let current: KeyValue | undefined;
  while (reader.next()) {
    if (reader.field === 1) ({ revision } = reader.message(readHeader));
    else if (reader.field === 2) succeeded = reader.flag();
    else if (reader.field === 3) current = reader.message(readRangeOperation) ?? current;
    else reader.skip();
  }
  return { revision, succeeded, current };
}

/** The value of a transaction's range operation; undefined for another kind of operation or an absent key. */
function readRangeOperation(reader: ProtoReader): KeyValue | undefined {
  let value: KeyValue | undefined;
  while (reader.next()) {
    if (reader.field === 1) value = reader.message(readRange).values[0];
    else reader.skip();
  }
  return value;
}

export function decodeWatch(message: Buffer): WatchResponse {
  const reader = new ProtoReader(message);
  let header = { clusterId: 0n, revision: 0n };
  let created = false;
  let canceled = false;
  let compactRevision = 0n;
  let cancelReason = "";
  let fragment = false;
  const events: WatchEvent[] = [];
  while (reader.next()) {
    const { field } = reader;
    if (field === 11) events.push(reader.message(readEvent));
    else if (field === 1) header = reader.message(readHeader);
    else if (field === 3) created = reader.flag();
    else if (field === 4) canceled = reader.flag();
    else if (field === 5) compactRevision = reader.integer();
    else if (field === 6) cancelReason = reader.text();
    else if (field === 7) fragment = reader.flag();
    else reader.skip();
  }
  return { ...header, created, canceled, compactRevision, cancelReason, fragment, events };
}

function readEvent(reader: ProtoReader): WatchEvent {
  let type: WatchEvent["type"] = "put";
  let kv = emptyKeyValue;
  while (reader.next()) {
    if (reader.field === 1) type = reader.number() === eventDelete ? "delete" : "put";
    else if (reader.field === 2) kv = reader.message(readKeyValue);
    else reader.skip();
  }
  return { type, kv };
}

function readHeader(reader: ProtoReader): { clusterId: bigint; revision: Revision } {
  let clusterId = 0n;
  let revision = 0n;
  while (reader.next()) {
    if (reader.field === 1) clusterId = reader.integer();
    else if (reader.field === 3) revision = reader.integer();
    else reader.skip();
  }
  return { clusterId, revision };
}

const noBytes: Buffer = Buffer.alloc(0);
const emptyKeyValue: KeyValue = { key: "", value: noBytes, createRevision: 0n, modRevision: 0n, version: 0n };

function readKeyValue(reader: ProtoReader): KeyValue {
  let key = "";
  let value = noBytes;
  let createRevision = 0n;
  let modRevision = 0n;
  let version = 0n;
  while (reader.next()) {
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 5) value = reader.bytes();
    else if (reader.field === 2) createRevision = reader.integer();
    else if (reader.field === 3) modRevision = reader.integer();
    else if (reader.field === 4) version = reader.integer();
    else reader.skip();
  }
  return { key, value, createRevision, modRevision, version };
}
