import { ProtobufError, WireReader } from "./wire-reader.ts";
import { putVarint, varintSize } from "./wire-writer.ts";

/** The media type of the Kubernetes protobuf encoding. */
export const protobufMediaType = "application/vnd.kubernetes.protobuf";

const magic = Buffer.from("k8s\0");

/** The outer message of every object: what it is, and its own message. */
export interface ProtobufEnvelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly message: Buffer;
}

/** The field of the envelope that holds the message, as `encodeMessageField` takes it. */
export const envelopeField = 2;

/** What follows the message: content encoding and content type, which are always empty. */
export const envelopeTail = Buffer.from([0x1a, 0, 0x22, 0]);

/** What precedes the field with the message. */
export function envelopeHead(apiVersion: string, kind: string): Buffer {
  const version = Buffer.from(apiVersion);
  const name = Buffer.from(kind);
  const type = Buffer.concat([lengthPrefix(0x0a, version.length), version, lengthPrefix(0x12, name.length), name]);
  return Buffer.concat([magic, lengthPrefix(0x0a, type.length), type]);
}

/** An object in its envelope. The message comes with the tag of `envelopeField` and its length. */
export function sealEnvelope(apiVersion: string, kind: string, message: Buffer): Buffer {
  return Buffer.concat([envelopeHead(apiVersion, kind), message, envelopeTail]);
}

/** The tag and length that stand before a length-delimited field; the tag is one byte. */
export function lengthPrefix(tag: number, sizeBytes: number): Buffer {
  const prefix = Buffer.allocUnsafe(1 + varintSize(sizeBytes));
  prefix[0] = tag;
  putVarint(prefix, 1, sizeBytes);
  return prefix;
}

/** Opens the envelope. Throws ProtobufError. */
export function openEnvelope(bytes: Buffer): ProtobufEnvelope {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new ProtobufError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  }
  const reader = new WireReader(bytes.subarray(magic.length));
  let type = { apiVersion: "", kind: "" };
  let message: Buffer = Buffer.alloc(0);
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) type = readType(reader.bytes());
    else if (number === 2) message = reader.bytes();
    else if (number === 3) refuseEncoding(reader.string());
    else reader.skip(wireType);
  }
  return { ...type, message };
}

function readType(bytes: Buffer): { apiVersion: string; kind: string } {
  const reader = new WireReader(bytes);
  let apiVersion = "";
  let kind = "";
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) apiVersion = reader.string();
    else if (number === 2) kind = reader.string();
    else reader.skip(wireType);
  }
  return { apiVersion, kind };
}

function refuseEncoding(encoding: string): void {
  if (encoding !== "") throw new ProtobufError(`unsupported content encoding ${encoding}`);
}
