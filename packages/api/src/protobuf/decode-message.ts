import { formatDuration } from "@kube-ts/std/duration";
import { type JsonObject, setOwn } from "../json-value.ts";
import { formatTime } from "../rfc3339.ts";
import type { ObjectType, ScalarType, UnionType, ValueType } from "../schema-registry.ts";
import { type MessageField, messageLayout, wireTypeOf } from "./message-layout.ts";
import { ProtobufError, WireReader, wireTypes } from "./wire-reader.ts";

/** Messages may nest this deep; the API's own types stay far below. */
const maxDepth = 100;

/** Reads one field's value from the reader into the object. */
type FieldReader = (reader: WireReader, target: JsonObject, depth: number) => void;

/** How the fields of a type are read. */
interface MessagePlan {
  /** By tag: the number times eight plus the wire type. */
  readonly readers: ReadonlyMap<number, FieldReader>;
  readonly names: ReadonlyMap<number, string>;
}

const plans = new Map<ObjectType, MessagePlan>();

/**
 * The JSON form of a message of the type, as a JSON client would have sent it. Unknown fields are left out, as
 * upstream does. Throws ProtobufError.
 */
export function decodeMessage(type: ObjectType, bytes: Buffer): JsonObject {
  const object: JsonObject = {};
  readFields(new WireReader(bytes), object, planOf(type), 0);
  return object;
}

function readFields(reader: WireReader, target: JsonObject, plan: MessagePlan, depth: number): void {
  if (depth > maxDepth) throw new ProtobufError("message is nested too deeply");
  while (!reader.done) {
    const key = reader.key();
    const read = plan.readers.get(key);
    if (read) {
      read(reader, target, depth);
      continue;
    }
    const name = plan.names.get(key >>> 3);
    if (name !== undefined) throw new ProtobufError(`proto: wrong wireType = ${key & 7} for field ${name}`);
    reader.skip(key & 7);
  }
}

/** Reads a message that stands in a field. */
function readInto(reader: WireReader, target: JsonObject, type: ObjectType, depth: number): JsonObject {
  const outer = reader.enter();
  readFields(reader, target, planOf(type), depth);
  reader.leave(outer);
  return target;
}

function planOf(type: ObjectType): MessagePlan {
  const known = plans.get(type);
  if (known) return known;
  const readers = new Map<number, FieldReader>();
  const names = new Map<number, string>();
  for (const field of messageLayout(type)) {
    names.set(field.number, field.name);
    readers.set(field.number * 8 + wireTypeOf(field.type), fieldReader(field));
    if (field.type.kind === "list" && wireTypeOf(field.type) !== wireTypes.bytes) {
      readers.set(field.number * 8 + wireTypes.bytes, packedReader(field.name, field.type.items));
    }
  }
  const plan = { readers, names };
  plans.set(type, plan);
  return plan;
}

function fieldReader({ name, type, isListMessage, omitsZero }: MessageField): FieldReader {
  if (name === "") return (reader, target, depth) => readInto(reader, target, type as ObjectType, depth + 1);
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
  return (reader, target, depth) => listOf(target, name).push(readValue(reader, items, depth));
}

/** Numbers may also stand one after the other in one field. */
function packedReader(name: string, items: ValueType): FieldReader {
  return (reader, target, depth) => {
    const list = listOf(target, name);
    const outer = reader.enter();
    while (!reader.done) list.push(readValue(reader, items, depth));
    reader.leave(outer);
  };
}

function listOf(target: JsonObject, name: string): unknown[] {
  if (!Object.hasOwn(target, name)) setOwn(target, name, []);
  return target[name] as unknown[];
}

function mapReader(name: string, values: ValueType): FieldReader {
  return (reader, target, depth) => {
    const outer = reader.enter();
    let key = "";
    let value: unknown = emptyValue(values);
    while (!reader.done) {
      const { number, wireType } = reader.tag();
      if (number === 1) key = reader.string();
      else if (number === 2) value = readValue(reader, values, depth + 1);
      else reader.skip(wireType);
    }
    reader.leave(outer);
    if (!Object.hasOwn(target, name)) setOwn(target, name, {});
    setOwn(target[name] as JsonObject, key, value);
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
      return readInto(reader, {}, type, depth + 1);
    case "list":
      // A list inside a map or list is a message of its own, such as ExtraValue: its items are field 1.
      return readItems(reader, type.items, depth + 1);
    case "map":
      throw new ProtobufError("a map cannot be the item of a list or map");
    case "union":
      return readUnion(reader, type, depth + 1);
    default:
      return readScalar(reader, type);
  }
}

function readItems(reader: WireReader, items: ValueType, depth: number): unknown[] {
  const list: unknown[] = [];
  const outer = reader.enter();
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) list.push(readValue(reader, items, depth));
    else reader.skip(wireType);
  }
  reader.leave(outer);
  return list;
}

/** A message of two fields of which one is set: a boolean before an object, or an object before a list. */
function readUnion(reader: WireReader, { members }: UnionType, depth: number): unknown {
  const byNumber = members.some(({ kind }) => kind === "bool") ? members.toReversed() : members;
  let value: unknown;
  const outer = reader.enter();
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const member = byNumber[number - 1];
    if (!member) reader.skip(wireType);
    else if (member.kind !== "list") value = readValue(reader, member, depth);
    else value = [...(Array.isArray(value) ? value : []), readValue(reader, member.items, depth)];
  }
  reader.leave(outer);
  return value;
}

function readScalar(reader: WireReader, { kind }: ScalarType): unknown {
  switch (kind) {
    case "string":
    case "uid":
      return reader.string();
    case "bool":
      return reader.bool();
    case "int32":
      return reader.int32();
    case "int64":
      return reader.int64();
    case "float64":
      return reader.double();
    case "bytes":
      return reader.bytes().toString("base64");
    case "quantity":
      return readText(reader);
    case "duration":
      return formatDuration(readFirst(reader) / 1_000_000);
    case "time":
    case "microTime":
      return readTime(reader, kind);
    case "intOrString":
      return readIntOrString(reader);
    default:
      return readRaw(reader);
  }
}

/** A message whose field 1 is a text. */
function readText(reader: WireReader): string {
  const outer = reader.enter();
  let text = "";
  while (!reader.done) {
    const key = reader.key();
    if (key === 8 + wireTypes.bytes) text = reader.string();
    else reader.skip(key & 7);
  }
  reader.leave(outer);
  return text;
}

/** A message whose field 1 is a number. */
function readFirst(reader: WireReader): number {
  const outer = reader.enter();
  let first = 0;
  while (!reader.done) {
    const key = reader.key();
    if (key === 8 + wireTypes.varint) first = reader.int64();
    else reader.skip(key & 7);
  }
  reader.leave(outer);
  return first;
}

/** Null stands for the zero time, as in JSON. */
function readTime(reader: WireReader, kind: "time" | "microTime"): string | null {
  const outer = reader.enter();
  const isZeroTime = reader.done;
  let seconds = 0;
  let nanos = 0;
  while (!reader.done) {
    const key = reader.key();
    if (key === 8 + wireTypes.varint) seconds = reader.int64();
    else if (key === 16 + wireTypes.varint) nanos = reader.int32();
    else reader.skip(key & 7);
  }
  reader.leave(outer);
  if (isZeroTime) return null;
  if (Math.abs(seconds) > maxSeconds) throw new ProtobufError(`time ${seconds} is out of range`);
  const text = formatTime(seconds * 1000);
  if (kind === "time") return text;
  return `${text.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z`;
}

/** As far as JavaScript's dates go. */
const maxSeconds = 8_640_000_000_000;

function readIntOrString(reader: WireReader): number | string {
  const outer = reader.enter();
  let isString = false;
  let number = 0;
  let text = "";
  while (!reader.done) {
    const key = reader.key();
    if (key === 8 + wireTypes.varint) isString = reader.int64() === 1;
    else if (key === 16 + wireTypes.varint) number = reader.int32();
    else if (key === 24 + wireTypes.bytes) text = reader.string();
    else reader.skip(key & 7);
  }
  reader.leave(outer);
  return isString ? text : number;
}

/** A value that was embedded as JSON. */
function readRaw(reader: WireReader): unknown {
  const text = readText(reader);
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtobufError("an embedded object is not JSON", { cause });
  }
}
