import { ProtoReader, ProtoWriter } from "../../etcd/protobuf.ts";

/** What a stored value was encrypted with. */
export const keySources = { aesGcmKey: 0, hkdfSeed: 1 } as const;

/** A value as it is stored behind the prefix of its provider. */
export interface EncryptedObject {
  readonly encryptedData: Buffer;
  readonly keyId: string;
  /** The data encryption key, or the seed of keys, as the KMS encrypted it. */
  readonly encryptedSource: Buffer;
  readonly annotations: ReadonlyMap<string, Buffer>;
  readonly sourceType: number;
}

const maxKeyIdBytes = 1_024;
const maxSourceBytes = 1_024;
const maxAnnotationBytes = 32 * 1_024;

/** Throws an Error for bytes that are no such object, or one beyond its bounds. */
export function decodeEncryptedObject(bytes: Buffer): EncryptedObject {
  const annotations = new Map<string, Buffer>();
  const none: Buffer = Buffer.alloc(0);
  const object = { encryptedData: none, keyId: "", encryptedSource: none, sourceType: 0 };
  const reader = new ProtoReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) object.encryptedData = reader.bytes();
    else if (reader.field === 2) object.keyId = reader.text();
    else if (reader.field === 3) object.encryptedSource = Buffer.from(reader.bytes());
    else if (reader.field === 4) annotations.set(...reader.message(readAnnotation));
    else if (reader.field === 5) object.sourceType = reader.number();
    else reader.skip();
  }
  checkEncryptedObject({ ...object, annotations });
  return { ...object, annotations };
}

export function encodeEncryptedObject(object: EncryptedObject): Buffer {
  checkEncryptedObject(object);
  const { encryptedData, keyId, encryptedSource, annotations, sourceType } = object;
  const writer = new ProtoWriter(encryptedData.length + 2 * maxKeyIdBytes + maxSourceBytes + 2 * maxAnnotationBytes);
  writer.integer(5, sourceType);
  writeAnnotations(writer, 4, annotations);
  writer.bytes(3, encryptedSource);
  writer.bytes(2, Buffer.from(keyId));
  writer.bytes(1, encryptedData);
  return Buffer.from(writer.finish());
}

export function writeAnnotations(writer: ProtoWriter, field: number, annotations: ReadonlyMap<string, Buffer>): void {
  for (const [key, value] of annotations) {
    writer.message(field, (entry) => {
      entry.bytes(2, value);
      entry.bytes(1, Buffer.from(key));
    });
  }
}

export function readAnnotation(reader: ProtoReader): [key: string, value: Buffer] {
  let key = "";
  let value: Buffer = Buffer.alloc(0);
  while (reader.next()) {
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) value = Buffer.from(reader.bytes());
    else reader.skip();
  }
  return [key, value];
}

/** Throws for a key ID that no KMS may have. */
export function checkKeyId(keyId: string): void {
  if (keyId === "") throw new Error("keyID is empty");
  const bytes = Buffer.byteLength(keyId);
  if (bytes > maxKeyIdBytes) throw new Error(`keyID is ${bytes} bytes, exceeds 1kB`);
}

function checkEncryptedObject({
  encryptedData,
  keyId,
  encryptedSource,
  annotations,
  sourceType,
}: EncryptedObject): void {
  if (sourceType !== keySources.aesGcmKey && sourceType !== keySources.hkdfSeed) {
    throw new Error(`unknown encryptedDEKSourceType: ${sourceType}`);
  }
  if (encryptedData.length === 0) throw new Error("encrypted data is empty");
  checkSource(encryptedSource);
  checkKeyId(keyId);
  checkAnnotations(annotations);
}

export function checkSource(encryptedSource: Buffer): void {
  if (encryptedSource.length === 0) throw new Error("encrypted DEK source is empty");
  const { length } = encryptedSource;
  if (length > maxSourceBytes)
    throw new Error(`encrypted DEK source is ${length} bytes, which exceeds the max size of ${maxSourceBytes}`);
}

export function checkAnnotations(annotations: ReadonlyMap<string, Buffer>): void {
  let size = 0;
  for (const [key, value] of annotations) size += Buffer.byteLength(key) + value.length;
  if (size > maxAnnotationBytes)
    throw new Error(`total size of annotations is ${size}, which exceeds the max size of ${maxAnnotationBytes}`);
}
