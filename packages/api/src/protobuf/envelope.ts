import { ProtobufError, WireReader } from "./wire-reader.ts";

/** The media type of the Kubernetes protobuf encoding. */
export const protobufMediaType = "application/vnd.kubernetes.protobuf";

const magic = Buffer.from("k8s\0");

/** The outer message of every object: what it is, and its own message. */
export interface ProtobufEnvelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly message: Buffer;
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
