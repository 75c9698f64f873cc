import { formatDuration } from "@kube-ts/std/duration";
import { type JsonObject, setOwn } from "../json-value.ts";
import { formatTime } from "../rfc3339.ts";
import type { ObjectType, ScalarType, UnionType, ValueType } from "../schema-registry.ts";
import { type MessageField, messageLayout } from "./message-layout.ts";
import { ProtobufError, WireReader } from "./wire-reader.ts";

/** Messages may nest this deep; the API's own types stay far below. */
const maxDepth = 100;

/** Reads one field's value from the reader into the object. */
type FieldReader = (reader: WireReader, target: JsonObject, depth: number) => void;

const plans = new Map<ObjectType, ReadonlyMap<number, FieldReader>>();

/**
 * The JSON form of a message of the type, as a JSON client would have sent it. Unknown fields are left out, as
 * upstream does. Throws ProtobufError.
 */
export function decodeMessage(type: ObjectType, bytes: Buffer, depth = 0): JsonObject {
  const object: JsonObject = {};
  readInto(object, type, bytes, depth);
  return object;
}

function readInto(target: JsonObject, type: ObjectType, bytes: Buffer, depth: number): void {
  if (depth > maxDepth) throw new ProtobufError("message is nested too deeply");
  const plan = planOf(type);
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const read = plan.get(number);
    if (read) read(reader, target, depth);
    else reader.skip(wireType);
  }
}

function planOf(type: ObjectType): ReadonlyMap<number, FieldReader> {
  const known = plans.get(type);
  if (known) return known;
  const plan = new Map<number, FieldReader>();
  for (const field of messageLayout(type)) plan.set(field.number, fieldReader(field));
  plans.set(type, plan);
  return plan;
}

function fieldReader({ name, type, isListMessage, omitsZero }: MessageField): FieldReader {
  if (name === "") {
    return (reader, target, depth) => readInto(target, type as ObjectType, reader.bytes(), depth + 1);
  }
  if (type.kind === "list" && !isListMessage) return listReader(name, type.items);
  if (type.kind === "map") return mapReader(name, type.values);
  return (reader, target, depth) => {
    const value = readValue(reader, type, depth);
    if (!omitsZero || !isZero(value)) setOwn(target, name, value);
    else delete target[name];
  };
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false || value === null;
}

function listReader(name: string, items: ValueType): FieldReader {
  return (reader, target, depth) => {
    const list = (Object.hasOwn(target, name) ? target[name] : undefined) as unknown[] | undefined;
    const value = readValue(reader, items, depth);
    if (list) list.push(value);
    else setOwn(target, name, [value]);
  };
}

function mapReader(name: string, values: ValueType): FieldReader {
  return (reader, target, depth) => {
    const entry = new WireReader(reader.bytes());
    let key = "";
    let value: unknown = emptyValue(values);
    while (!entry.done) {
      const { number, wireType } = entry.tag();
      if (number === 1) key = entry.string();
      else if (number === 2) value = readValue(entry, values, depth + 1);
      else entry.skip(wireType);
    }
    const map = Object.hasOwn(target, name) ? (target[name] as JsonObject) : {};
    setOwn(map, key, value);
    setOwn(target, name, map);
  };
}

/** What an entry without a value stands for. */
function emptyValue(type: ValueType): unknown {
  if (type.kind === "object" || type.kind === "map") return {};
  return type.kind === "list" ? [] : "";
}

function readValue(reader: WireReader, type: ValueType, depth: number): unknown {
  switch (type.kind) {
    case "object":
      return decodeMessage(type, reader.bytes(), depth + 1);
    case "list":
      // A list inside a map or list is a message of its own, such as ExtraValue: its items are field 1.
      return readItems(reader.bytes(), type.items, depth + 1);
    case "map":
      throw new ProtobufError("a map cannot be the item of a list or map");
    case "union":
      return readUnion(reader.bytes(), type, depth + 1);
    default:
      return readScalar(reader, type);
  }
}

function readItems(bytes: Buffer, items: ValueType, depth: number): unknown[] {
  const reader = new WireReader(bytes);
  const list: unknown[] = [];
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) list.push(readValue(reader, items, depth));
    else reader.skip(wireType);
  }
  return list;
}

/** A message of two fields of which one is set: a boolean before an object, or an object before a list. */
function readUnion(bytes: Buffer, { members }: UnionType, depth: number): unknown {
  const reader = new WireReader(bytes);
  const byNumber = members.some(({ kind }) => kind === "bool") ? members.toReversed() : members;
  let value: unknown;
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const member = byNumber[number - 1];
    if (!member) reader.skip(wireType);
    else if (member.kind !== "list") value = readValue(reader, member, depth);
    else value = [...(Array.isArray(value) ? value : []), readValue(reader, member.items, depth)];
  }
  return value;
}

function readScalar(reader: WireReader, { kind }: ScalarType): unknown {
  switch (kind) {
    case "string":
    case "uid":
      return reader.string();
    case "bool":
      return reader.varint() !== 0n;
    case "int32":
      return reader.int32();
    case "int64":
      return reader.int64();
    case "float64":
      return reader.double();
    case "bytes":
      return reader.bytes().toString("base64");
    case "quantity":
      return readWrapped(reader.bytes()).text;
    case "duration":
      return formatDuration(readWrapped(reader.bytes()).first / 1_000_000);
    case "time":
    case "microTime":
      return readTime(reader.bytes(), kind);
    case "intOrString":
      return readIntOrString(reader.bytes());
    default:
      return readRaw(reader.bytes());
  }
}

/** A message whose field 1 is a text or a number. */
function readWrapped(bytes: Buffer): { text: string; first: number } {
  const reader = new WireReader(bytes);
  let text = "";
  let first = 0;
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === "bytes") text = reader.string();
    else if (number === 1 && wireType === "varint") first = reader.int64();
    else reader.skip(wireType);
  }
  return { text, first };
}

/** Null stands for the zero time, as in JSON. */
function readTime(bytes: Buffer, kind: "time" | "microTime"): string | null {
  const reader = new WireReader(bytes);
  let seconds = 0;
  let nanos = 0;
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) seconds = reader.int64();
    else if (number === 2) nanos = reader.int32();
    else reader.skip(wireType);
  }
  if (bytes.length === 0) return null;
  const text = formatTime(seconds * 1000);
  if (kind === "time") return text;
  return `${text.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z`;
}

function readIntOrString(bytes: Buffer): number | string {
  const reader = new WireReader(bytes);
  let isString = false;
  let number_ = 0;
  let text = "";
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) isString = reader.int64() === 1;
    else if (number === 2) number_ = reader.int32();
    else if (number === 3) text = reader.string();
    else reader.skip(wireType);
  }
  return isString ? text : number_;
}

/** An object that was embedded as JSON. */
function readRaw(bytes: Buffer): unknown {
  const { text } = readWrapped(bytes);
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtobufError("an embedded object is not JSON", { cause });
  }
}
