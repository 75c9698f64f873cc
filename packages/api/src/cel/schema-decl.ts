import { celKeywords, escapeIdentifier } from "./escape.ts";
import { additionalPropertiesOf, itemsOf, withTypeAndObjectMeta, type CelSchema } from "./schema.ts";
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  stringType,
  timestampType,
  type CelType,
} from "./types.ts";

export type SchemaDeclKind =
  | "intOrString"
  | "list"
  | "map"
  | "object"
  | "string"
  | "bytes"
  | "duration"
  | "date"
  | "timestamp"
  | "bool"
  | "double"
  | "int";

/** What expressions see of a schema: its type, how to convert data to it, and the bounds that cost is estimated from. */
export interface SchemaDecl {
  readonly kind: SchemaDeclKind;
  readonly type: CelType;
  readonly schema: CelSchema;
  /** Of list items or map values. */
  readonly element?: SchemaDecl | undefined;
  /** By the name used in expressions. Only objects have them. */
  readonly fields?: ReadonlyMap<string, SchemaField> | undefined;
  /** The same by the name in JSON, unescapable ones included. */
  readonly properties?: ReadonlyMap<string, SchemaField> | undefined;
  /** At most so many characters, bytes, items or entries. */
  readonly maxElements: number;
  /** The fewest bytes of JSON that a value takes. */
  readonly minSizeBytes: number;
}

export interface SchemaField {
  readonly property: string;
  readonly decl: SchemaDecl;
}

/** The largest request, which bounds whatever the schema leaves open. */
export const maxRequestSizeBytes: number = 3 * 1024 * 1024;

const scalarSizes: Partial<Record<SchemaDeclKind, { type: CelType; minSizeBytes: number; maxElements: number }>> = {
  duration: { type: durationType, minSizeBytes: 3, maxElements: 32 },
  date: { type: timestampType, minSizeBytes: 12, maxElements: 12 },
  timestamp: { type: timestampType, minSizeBytes: 21, maxElements: 32 },
  bool: { type: boolType, minSizeBytes: 4, maxElements: 0 },
  double: { type: doubleType, minSizeBytes: 1, maxElements: 0 },
  int: { type: intType, minSizeBytes: 1, maxElements: 0 },
};

export interface SchemaDeclOptions {
  /** What the type of the root is called in error messages. */
  readonly name?: string;
  /** The root of a resource has kind, apiVersion and metadata whatever its schema says. */
  readonly isResourceRoot?: boolean;
}

/** What expressions see of the schema; undefined when they may not see it at all. */
export function schemaDecl(schema: CelSchema, options: SchemaDeclOptions = {}): SchemaDecl | undefined {
  return new DeclBuilder().build(schema, options.isResourceRoot ?? false, options.name ?? "object");
}

function declaration(
  original: CelSchema,
  isResourceRoot: boolean,
  name: string,
  builder: DeclBuilder,
): SchemaDecl | undefined {
  if (original["x-kubernetes-int-or-string"]) {
    const maxElements = original.maxLength === undefined ? maxRequestSizeBytes - 2 : characters(original.maxLength);
    return { kind: "intOrString", type: dynType, schema: original, maxElements, minSizeBytes: 1 };
  }
  const schema = isResourceRoot ? withTypeAndObjectMeta(original) : original;
  switch (schema.type) {
    case "array":
      return listDecl(schema, name, builder);
    case "object":
      return additionalPropertiesOf(schema) ? mapDecl(schema, name, builder) : objectDecl(schema, name, builder);
    case "string":
      return stringDecl(schema);
    case "boolean":
      return scalar("bool", schema);
    case "number":
      return scalar("double", schema);
    case "integer":
      return scalar("int", schema);
    default:
      return undefined;
  }
}

/** Builds declarations; a schema within itself, as linked definitions can be, is not visible there. */
class DeclBuilder {
  readonly #within = new Set<CelSchema>();

  build(schema: CelSchema, isResourceRoot: boolean, name: string): SchemaDecl | undefined {
    if (this.#within.has(schema)) return undefined;
    this.#within.add(schema);
    const decl = declaration(schema, isResourceRoot, name, this);
    this.#within.delete(schema);
    return decl;
  }

  nested(schema: CelSchema, name: string): SchemaDecl | undefined {
    return this.build(schema, schema["x-kubernetes-embedded-resource"] ?? false, name);
  }
}

function listDecl(schema: CelSchema, name: string, builder: DeclBuilder): SchemaDecl | undefined {
  const items = itemsOf(schema);
  const element = items && builder.nested(items, `${name}.@idx`);
  if (!element) return undefined;
  const bound = Math.floor((maxRequestSizeBytes - 2) / (element.minSizeBytes + 1));
  const maxElements = schema.maxItems === undefined ? bound : natural(schema.maxItems);
  return { kind: "list", type: listOf(element.type), schema, element, maxElements, minSizeBytes: 2 };
}

function mapDecl(schema: CelSchema, name: string, builder: DeclBuilder): SchemaDecl | undefined {
  const values = additionalPropertiesOf(schema);
  const element = values && builder.nested(values, `${name}.@elem`);
  if (!element) return undefined;
  const bound = Math.floor((maxRequestSizeBytes - 2) / (element.minSizeBytes + 6));
  const maxElements = schema.maxProperties === undefined ? bound : natural(schema.maxProperties);
  return { kind: "map", type: mapOf(stringType, element.type), schema, element, maxElements, minSizeBytes: 2 };
}

function objectDecl(schema: CelSchema, name: string, builder: DeclBuilder): SchemaDecl {
  const fields = new Map<string, SchemaField>();
  const properties = new Map<string, SchemaField>();
  const required = new Set(schema.required);
  let minSizeBytes = 2;
  for (const [property, propertySchema] of Object.entries(schema.properties ?? {})) {
    const escaped = escapeIdentifier(property);
    const decl = builder.nested(propertySchema, `${name}.${escaped ?? property}`);
    if (!decl) continue;
    const field: SchemaField = { property, decl };
    properties.set(property, field);
    if (escaped !== undefined) fields.set(escaped, field);
    if (required.has(property) && propertySchema.default === undefined) {
      minSizeBytes += property.length + decl.minSizeBytes + 4;
    }
  }
  const decl: SchemaDecl = {
    kind: "object",
    type: {
      kind: "object",
      name,
      params: [],
      field: (field) => fieldOf(decl, field)?.decl.type,
      get decl() {
        return decl;
      },
    },
    schema,
    fields,
    properties,
    maxElements: 0,
    minSizeBytes,
  };
  return decl;
}

/** The field an expression means; a keyword may be written as it is. */
export function fieldOf(decl: SchemaDecl, name: string): SchemaField | undefined {
  return decl.fields?.get(name) ?? (celKeywords.has(name) ? decl.fields?.get(`__${name}__`) : undefined);
}

function stringDecl(schema: CelSchema): SchemaDecl {
  switch (schema.format) {
    case "byte": {
      const maxElements = schema.maxLength === undefined ? maxRequestSizeBytes - 2 : natural(schema.maxLength);
      return { kind: "bytes", type: bytesType, schema, maxElements, minSizeBytes: 2 };
    }
    case "duration":
      return scalar("duration", schema);
    case "date":
      return scalar("date", schema);
    case "date-time":
      return scalar("timestamp", schema);
    default:
      return { kind: "string", type: stringType, schema, maxElements: maxCharacters(schema), minSizeBytes: 2 };
  }
}

function maxCharacters(schema: CelSchema): number {
  if (schema.maxLength !== undefined) return characters(schema.maxLength);
  if (schema.enum === undefined || schema.enum.length === 0) return maxRequestSizeBytes - 2;
  return Math.max(...schema.enum.map((value) => (typeof value === "string" ? Buffer.byteLength(value) : 0)));
}

function scalar(kind: SchemaDeclKind, schema: CelSchema): SchemaDecl {
  const { type, minSizeBytes, maxElements } = scalarSizes[kind] ?? { type: dynType, minSizeBytes: 1, maxElements: 0 };
  return { kind, type, schema, minSizeBytes, maxElements };
}

function natural(value: number | bigint): number {
  return Math.max(0, Number(value));
}

/** maxLength counts code points, sizes count bytes, of which a code point has up to four. */
function characters(maxLength: number | bigint): number {
  return natural(maxLength) * 4;
}
