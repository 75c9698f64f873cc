import { type Field, type ObjectType, type ValueType, typeById } from "../schema-registry.ts";
import { isPointer as isPointerField } from "../omitted-fields.ts";
import { embeddedMessages } from "./embedded-messages.ts";
import { wireTypes } from "./wire-reader.ts";

/** A field of a message, as its protobuf form has it. */
export interface MessageField {
  readonly number: number;
  /** Its name in JSON; empty for a message whose fields JSON has inline. */
  readonly name: string;
  readonly type: ValueType;
  /** Whether upstream writes the zero value of the field when JSON has none. */
  readonly alwaysWritten: boolean;
  /** Whether upstream's JSON leaves the field out when it is zero. */
  readonly omitsZero: boolean;
  /** A list that is a message of its own, with the items as its field 1. */
  readonly isListMessage: boolean;
}

const layouts = new Map<ObjectType, readonly MessageField[]>();

/** The fields of a type's message, ordered by number. */
export function messageLayout(type: ObjectType): readonly MessageField[] {
  const known = layouts.get(type);
  if (known) return known;
  const embedded = embeddedMessages[`${type.source.directory.split("/")[0]}.${type.name}`];
  const nested = embedded && typeById(`${type.source.directory}.${embedded.type}`);
  const fields: MessageField[] = [];
  for (const field of type.fields.values()) {
    if (field.proto === undefined || nested?.fields.has(field.name) || isTypeMeta(type, field)) continue;
    fields.push({
      number: field.proto,
      name: field.name,
      type: field.type,
      alwaysWritten: isAlwaysWritten(type, field),
      omitsZero: omitsZero(type, field),
      isListMessage: listMessages.has(`${type.id}.${field.name}`),
    });
  }
  if (embedded && nested) {
    fields.push({
      number: embedded.number,
      name: "",
      type: nested,
      alwaysWritten: true,
      omitsZero: false,
      isListMessage: false,
    });
  }
  fields.sort((a, b) => a.number - b.number);
  layouts.set(type, fields);
  return fields;
}

/** The wire type of a field of the type; that of its items for a list. */
export function wireTypeOf(type: ValueType): number {
  switch (type.kind) {
    case "list":
      return wireTypeOf(type.items);
    case "bool":
    case "int32":
    case "int64":
      return wireTypes.varint;
    case "float64":
      return wireTypes.fixed64;
    default:
      return wireTypes.bytes;
  }
}

/** Named lists that are not the value of a map entry. */
const listMessages: ReadonlySet<string> = new Set(["meta/v1.APIResource.verbs"]);

/** Kind and apiVersion of a top-level object stand in the envelope, not in its message. */
function isTypeMeta(type: ObjectType, { name }: Field): boolean {
  if (!type.isTopLevel || (name !== "kind" && name !== "apiVersion")) return false;
  return type.fields.get("kind")?.proto === 1 && type.fields.get("apiVersion")?.proto === 2;
}

function isAlwaysWritten(type: ObjectType, field: Field): boolean {
  switch (field.type.kind) {
    case "list":
    case "map":
    case "bytes":
    case "union":
      return false;
    case "object":
      return field.required || field.alwaysPresent;
    default:
      // Of a group version that is not in the table, only what JSON has is written: clients read the same from it.
      return isPointer(type, field) === undefined ? field.required : !isPointer(type, field);
  }
}

function omitsZero(type: ObjectType, field: Field): boolean {
  return !field.required && zeroKinds.has(field.type.kind) && isPointer(type, field) === false;
}

const zeroKinds: ReadonlySet<string> = new Set([
  "string",
  "uid",
  "bool",
  "int32",
  "int64",
  "float64",
  "time",
  "microTime",
  "raw",
]);

/** Undefined when nothing is known of the type's group version. */
function isPointer(type: ObjectType, { name }: Field): boolean | undefined {
  return isPointerField(type.source.directory, type.name, name);
}
