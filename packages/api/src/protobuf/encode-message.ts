import { parseDuration } from "@kube-ts/std/duration";
import { parseTime } from "../rfc3339.ts";
import type { ObjectType, ScalarType, UnionType, ValueType } from "../schema-registry.ts";
import { type MessageField, messageLayout, wireTypeOf } from "./message-layout.ts";
import { ProtobufError } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** Encoding is synchronous: one writer serves every message. */
const writer = new WireWriter();

/**
 * The protobuf message of an object in its JSON form, without the envelope: fields in the order of their numbers and
 * map entries in the order of their keys, zero values where upstream writes them. The object must be a valid one of
 * the type, with canonical quantities and times. Throws ProtobufError when it cannot be written.
 */
export function encodeMessage(type: ObjectType, object: object): Buffer {
  try {
    writeFields(writer, planOf(type), object as JsonRecord);
    return writer.take();
  } finally {
    writer.clear();
  }
}

/** As `encodeMessage`, with the tag of the field that holds the message, and its length, before it. */
export function encodeMessageField(number: number, type: ObjectType, object: object): Buffer {
  try {
    writeFields(writer, planOf(type), object as JsonRecord);
    writer.varint(writer.length);
    writer.varint(number * 8 + 2);
    return writer.take();
  } finally {
    writer.clear();
  }
}

type JsonRecord = Readonly<Record<string, unknown>>;

interface FieldPlan {
  readonly name: string;
  readonly type: ValueType;
  readonly tag: number;
  /** The plan of an object, made on first use: types refer to themselves. */
  plan: MessagePlan | undefined;
  readonly isListMessage: boolean;
  /** What stands for a value that JSON does not have, tag included; undefined for nothing. */
  zero: Buffer | undefined;
}

type MessagePlan = readonly FieldPlan[];

const plans = new Map<ObjectType, FieldPlan[]>();

/** The fields from the last to the first, as the writer takes them. */
function planOf(type: ObjectType): MessagePlan {
  const known = plans.get(type);
  if (known) return known;
  const plan: FieldPlan[] = [];
  plans.set(type, plan);
  for (const field of messageLayout(type).toReversed()) {
    plan.push({
      name: field.name,
      type: field.type,
      tag: field.number * 8 + wireTypeOf(field.type),
      plan: undefined,
      isListMessage: field.isListMessage,
      zero: undefined,
    });
  }
  for (const [index, field] of messageLayout(type).toReversed().entries()) {
    const entry = plan[index];
    if (entry && field.alwaysWritten && field.name !== "") entry.zero = zeroOf(field);
  }
  return plan;
}

/** The field with its zero value. Fields that are always written never lead back to their own type. */
function zeroOf(field: MessageField): Buffer {
  const own = new WireWriter();
  if (field.type.kind === "object") {
    writeFields(own, planOf(field.type), {});
    own.varint(own.length);
  } else own.raw(zeroScalar(field.type));
  own.varint(field.number * 8 + wireTypeOf(field.type));
  return own.take();
}

function zeroScalar(type: ValueType): Buffer {
  switch (type.kind) {
    case "float64":
      return Buffer.alloc(8);
    case "quantity":
      return Buffer.from([3, 0x0a, 1, 0x30]);
    case "duration":
      return Buffer.from([2, 0x08, 0]);
    case "intOrString":
      return Buffer.from([6, 0x08, 0, 0x10, 0, 0x1a, 0]);
    default:
      return Buffer.from([0]);
  }
}

function writeFields(out: WireWriter, plan: MessagePlan, object: JsonRecord): void {
  for (const field of plan) {
    if (field.name === "") {
      writeObject(out, field, object);
      out.varint(field.tag);
      continue;
    }
    const value = object[field.name];
    if (value === undefined || value === null) {
      if (field.zero) out.raw(field.zero);
    } else writeField(out, field, value);
  }
}

function writeField(out: WireWriter, field: FieldPlan, value: unknown): void {
  const { type, tag } = field;
  switch (type.kind) {
    case "string":
    case "uid":
      out.string(value as string);
      break;
    case "object":
      writeObject(out, field, value as JsonRecord);
      break;
    case "list":
      if (!field.isListMessage) {
        writeItems(out, type.items, value as readonly unknown[], tag);
        return;
      }
      writeValue(out, type, value);
      break;
    case "map":
      writeEntries(out, type.values, value as JsonRecord, tag);
      return;
    default:
      writeValue(out, type, value);
  }
  out.varint(tag);
}

function writeObject(out: WireWriter, field: FieldPlan, value: JsonRecord): void {
  const plan = (field.plan ??= planOf(field.type as ObjectType));
  const before = out.length;
  writeFields(out, plan, value);
  out.varint(out.length - before);
}

function writeItems(out: WireWriter, items: ValueType, list: readonly unknown[], tag: number): void {
  const plan = items.kind === "object" ? planOf(items) : undefined;
  for (let index = list.length - 1; index >= 0; index -= 1) {
    if (plan) {
      const before = out.length;
      writeFields(out, plan, (list[index] ?? {}) as JsonRecord);
      out.varint(out.length - before);
    } else writeValue(out, items, list[index]);
    out.varint(tag);
  }
}

const entryKeyTag = 0x0a;

function writeEntries(out: WireWriter, values: ValueType, map: JsonRecord, tag: number): void {
  const keys = Object.keys(map);
  if (keys.length > 1) sortKeys(keys);
  const valueTag = 2 * 8 + wireTypeOf(values);
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] as string;
    const value = map[key];
    const before = out.length;
    if (value !== null || values.kind !== "bytes") {
      writeValue(out, values, value);
      out.varint(valueTag);
    }
    out.string(key);
    out.varint(entryKeyTag);
    out.varint(out.length - before);
    out.varint(tag);
  }
}

/** By their UTF-8 bytes. Strings compare by UTF-16, which differs only where surrogates stand for a character. */
function sortKeys(keys: string[]): void {
  if (keys.some(hasSurrogates)) keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  else keys.sort();
}

function hasSurrogates(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0xd800) return true;
  return false;
}

/** A value without its tag; its length stands before it where the wire wants one. */
function writeValue(out: WireWriter, type: ValueType, value: unknown): void {
  switch (type.kind) {
    case "object": {
      const before = out.length;
      writeFields(out, planOf(type), (value ?? {}) as JsonRecord);
      out.varint(out.length - before);
      return;
    }
    case "list": {
      const before = out.length;
      writeItems(out, type.items, (value ?? []) as readonly unknown[], 8 + wireTypeOf(type.items));
      out.varint(out.length - before);
      return;
    }
    case "map":
      throw new ProtobufError("a map cannot be the item of a list or map");
    case "union":
      writeUnion(out, type, value);
      return;
    default:
      writeScalar(out, type, value);
  }
}

/** A message of two fields of which one is set: a boolean before an object, or an object before a list. */
function writeUnion(out: WireWriter, { members }: UnionType, value: unknown): void {
  const before = out.length;
  const object = members.find((member) => member.kind === "object");
  const list = members.find((member) => member.kind === "list");
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (Array.isArray(value) && list) writeItems(out, list.items, value, 2 * 8 + wireTypeOf(list.items));
  if (isObject && object) {
    writeValue(out, object, value);
    out.varint((list ? 1 : 2) * 8 + 2);
  }
  if (!list) {
    // What an object stands for is allowed.
    out.byte(isObject || value === true ? 1 : 0);
    out.varint(8);
  }
  out.varint(out.length - before);
}

function writeScalar(out: WireWriter, { kind }: ScalarType, value: unknown): void {
  switch (kind) {
    case "string":
    case "uid":
      out.string(value as string);
      return;
    case "bool":
      out.byte(value === true ? 1 : 0);
      return;
    case "int32":
    case "int64":
      out.signed(value as number);
      return;
    case "float64":
      out.double(value as number);
      return;
    case "bytes":
      out.bytes(Buffer.from(value as string, "base64"));
      return;
    case "quantity":
      writeWrapped(out, String(value));
      return;
    case "duration":
      writeDuration(out, value as string);
      return;
    case "time":
    case "microTime":
      writeTime(out, value, kind);
      return;
    case "intOrString":
      writeIntOrString(out, value as number | string);
      return;
    default:
      writeRaw(out, value);
  }
}

/** A message whose field 1 is the text. */
function writeWrapped(out: WireWriter, text: string): void {
  const before = out.length;
  out.string(text);
  out.byte(0x0a);
  out.varint(out.length - before);
}

function writeDuration(out: WireWriter, text: string): void {
  const before = out.length;
  out.signed(Math.round(parseDuration(text) * 1_000_000));
  out.byte(0x08);
  out.varint(out.length - before);
}

/** The zero time is an empty message. */
function writeTime(out: WireWriter, value: unknown, kind: "time" | "microTime"): void {
  if (value === null || value === undefined) {
    out.byte(0);
    return;
  }
  const text = value as string;
  const before = out.length;
  const micros = kind === "time" ? 0 : Number((/\.(\d{1,6})/.exec(text)?.[1] ?? "0").padEnd(6, "0"));
  out.varint(micros * 1000);
  out.byte(0x10);
  out.signed(epochSeconds(text));
  out.byte(0x08);
  out.varint(out.length - before);
}

const canonicalTimeLength = "2006-01-02T15:04:05Z".length;

/** Seconds since the epoch. Times in canonical form are read without a regular expression: objects are full of them. */
function epochSeconds(text: string): number {
  if (text.length === canonicalTimeLength && text.endsWith("Z")) {
    const year = digits(text, 0) * 100 + digits(text, 2);
    const day = Date.UTC(year, digits(text, 5) - 1, digits(text, 8)) / 1000;
    const seconds = day + digits(text, 11) * 3600 + digits(text, 14) * 60 + digits(text, 17);
    if (year >= 100 && !Number.isNaN(seconds)) return seconds;
  }
  const epochMs = parseTime(text);
  if (epochMs === undefined) throw new ProtobufError(`${text} is not a time`);
  return Math.floor(epochMs / 1000);
}

/** The two digits at a place. */
function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) * 10 + text.charCodeAt(at + 1) - 0x30;
}

function writeIntOrString(out: WireWriter, value: number | string): void {
  const before = out.length;
  const isString = typeof value === "string";
  out.string(isString ? value : "");
  out.byte(0x1a);
  out.signed(isString ? 0 : value);
  out.byte(0x10);
  out.byte(isString ? 1 : 0);
  out.byte(0x08);
  out.varint(out.length - before);
}

/** A value that is embedded as JSON; null is an empty message. */
function writeRaw(out: WireWriter, value: unknown): void {
  if (value === null || value === undefined) out.byte(0);
  else writeWrapped(out, JSON.stringify(value));
}
