import { type JsonObject, isJsonObject } from "../json-value.ts";
import { WireWriter } from "../protobuf/wire-writer.ts";

/** How a JSON value stands in the protobuf form of an OpenAPI document. */
export type Shape = "string" | "bool" | "double" | "int64" | "any" | MessageShape | ListShape | ChoiceShape;

/** An object whose fields are those of a message. */
export interface MessageShape {
  readonly kind: "message";
  /** Number and shape by JSON name, ordered by number. */
  readonly fields: Readonly<Record<string, readonly [number, () => Shape]>>;
  /** The list of named values that holds the keys with `x-`. */
  readonly extensions?: number;
  /** The list of named values that holds all other keys. */
  readonly entries?: readonly [number, () => Shape];
}

/** A message whose field 1 is a list; in JSON a list, or an item alone. */
export interface ListShape {
  readonly kind: "list";
  readonly items: () => Shape;
  /** Whether the list is the field itself, instead of field 1 of a message. */
  readonly bare: boolean;
}

/** A message of which one field is set. */
export interface ChoiceShape {
  readonly kind: "choice";
  /** Number and shape of the field for a value; undefined where there is none. */
  readonly pick: (value: unknown) => readonly [number, Shape] | undefined;
}

// The parts of which the shapes of both versions are built.
export const text = (): Shape => "string";
export const flag = (): Shape => "bool";
export const integer = (): Shape => "int64";
export const double = (): Shape => "double";
export const any = (): Shape => "any";

/** A list that is a field of its own. */
export function listOf(items: () => Shape): () => ListShape {
  const shape: ListShape = { kind: "list", items, bare: true };
  return () => shape;
}

/** A list in a message of its own. */
export function wrapped(items: () => Shape): () => ListShape {
  const shape: ListShape = { kind: "list", items, bare: false };
  return () => shape;
}

/** An object that is a list of named values. */
export function named(of: () => Shape): () => MessageShape {
  const shape: MessageShape = { kind: "message", fields: {}, entries: [1, of] };
  return () => shape;
}

/** The protobuf form of a document. */
export function gnosticBytes(shape: MessageShape, document: JsonObject): Buffer {
  const out = new WireWriter();
  writeMessage(out, shape, document);
  return out.take();
}

function writeField(out: WireWriter, number: number, shape: Shape, value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof shape === "object" && shape.kind === "list" && shape.bare) {
    for (const item of asList(value).toReversed()) writePresent(out, number, shape.items(), item);
    return;
  }
  if (value === "" || value === false || value === 0) {
    if (typeof shape === "string" && shape !== "any") return;
  }
  writePresent(out, number, shape, value);
}

/** A field with its tag, zero or not. */
function writePresent(out: WireWriter, number: number, shape: Shape, value: unknown): void {
  switch (shape) {
    case "string":
      out.string(String(value));
      break;
    case "bool":
      out.byte(value === true ? 1 : 0);
      break;
    case "int64":
      out.signed(Number(value));
      break;
    case "double":
      out.double(Number(value));
      break;
    default: {
      const before = out.length;
      if (shape === "any") writeAny(out, value);
      else writeBody(out, shape, value);
      out.varint(out.length - before);
    }
  }
  out.varint(number * 8 + (shape === "double" ? 1 : shape === "bool" || shape === "int64" ? 0 : 2));
}

function writeBody(out: WireWriter, shape: MessageShape | ListShape | ChoiceShape, value: unknown): void {
  if (shape.kind === "list") {
    for (const item of asList(value).toReversed()) writePresent(out, 1, shape.items(), item);
  } else if (shape.kind === "choice") {
    const picked = shape.pick(value);
    if (picked) writePresent(out, picked[0], picked[1], value);
  } else if (isJsonObject(value)) writeMessage(out, shape, value);
}

interface Part {
  readonly number: number;
  readonly write: (out: WireWriter) => void;
}

function writeMessage(out: WireWriter, shape: MessageShape, value: JsonObject): void {
  const parts: Part[] = [];
  for (const key of Object.keys(value)) {
    const [number, inner] = placeOf(shape, key);
    if (number === 0) continue;
    const named = !Object.hasOwn(shape.fields, key);
    parts.push({
      number,
      write: (out) =>
        named ? writeNamed(out, number, key, inner(), value[key]) : writeField(out, number, inner(), value[key]),
    });
  }
  // The sort is stable: named values keep their order.
  for (const part of parts.sort((a, b) => a.number - b.number).toReversed()) part.write(out);
}

/** Number zero where the message has no place for the key. */
function placeOf(shape: MessageShape, key: string): readonly [number, () => Shape] {
  if (Object.hasOwn(shape.fields, key)) return shape.fields[key] ?? nowhere;
  if (shape.extensions !== undefined && key.startsWith("x-")) return [shape.extensions, () => "any"];
  return shape.entries ?? nowhere;
}

const nowhere = [0, (): Shape => "any"] as const;

function writeNamed(out: WireWriter, number: number, name: string, shape: Shape, value: unknown): void {
  const before = out.length;
  writePresent(out, 2, shape, value);
  out.string(name);
  out.varint(0x0a);
  out.varint(out.length - before);
  out.varint(number * 8 + 2);
}

/** A value of any kind goes as YAML text, of which JSON is a part. */
function writeAny(out: WireWriter, value: unknown): void {
  out.string(`${JSON.stringify(value)}\n`);
  out.varint(0x12);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
