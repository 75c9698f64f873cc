import type { SchemaDecl } from "./schema-decl.ts";

export type CelTypeKind =
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "null"
  | "timestamp"
  | "duration"
  | "dyn"
  | "error"
  | "list"
  | "map"
  | "object"
  | "opaque"
  | "type"
  | "param";

/** A static type. Lists, maps, `type(…)` and optional types have parameters; objects and opaque types have names. */
export interface CelType {
  readonly kind: CelTypeKind;
  readonly name: string;
  readonly params: readonly CelType[];
  /** The type of a field of an object type; undefined when there is no such field. */
  readonly field?: ((name: string) => CelType | undefined) | undefined;
  /** The schema an object type was made from. */
  readonly decl?: SchemaDecl | undefined;
}

function simple(kind: CelTypeKind, name: string = kind): CelType {
  return { kind, name, params: [] };
}

export const boolType: CelType = simple("bool");
export const intType: CelType = simple("int");
export const uintType: CelType = simple("uint");
export const doubleType: CelType = simple("double");
export const stringType: CelType = simple("string");
export const bytesType: CelType = simple("bytes");
export const nullType: CelType = simple("null", "null_type");
export const timestampType: CelType = simple("timestamp", "google.protobuf.Timestamp");
export const durationType: CelType = simple("duration", "google.protobuf.Duration");
export const dynType: CelType = simple("dyn");
export const errorType: CelType = simple("error", "!error!");

export function listOf(element: CelType): CelType {
  return { kind: "list", name: "list", params: [element] };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: "map", name: "map", params: [key, value] };
}

export function typeOfType(of: CelType | undefined): CelType {
  return { kind: "type", name: "type", params: of ? [of] : [] };
}

export function optionalOf(of: CelType): CelType {
  return { kind: "opaque", name: "optional_type", params: [of] };
}

export function opaque(name: string): CelType {
  return { kind: "opaque", name, params: [] };
}

/** An object type whose fields are found by name; without `field` nothing can be selected from it. */
export function objectType(name: string, field?: (name: string) => CelType | undefined): CelType {
  return { kind: "object", name, params: [], field };
}

export function typeParam(name: string): CelType {
  return { kind: "param", name, params: [] };
}

export function isOptional(type: CelType): boolean {
  return type.kind === "opaque" && type.name === "optional_type";
}

export function isDynOrError(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "error";
}

const shown: Partial<Record<CelTypeKind, string>> = {
  null: "null",
  timestamp: "timestamp",
  duration: "duration",
  error: "!error!",
};

/** The type as error messages show it: `map(string, int)`. */
export function formatType(type: CelType): string {
  const name = shown[type.kind] ?? type.name;
  if (type.params.length === 0) return name;
  return `${name}(${type.params.map(formatType).join(", ")})`;
}

export function sameType(a: CelType, b: CelType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false;
  return a.params.every((param, index) => {
    const other = b.params[index];
    return other !== undefined && sameType(param, other);
  });
}
