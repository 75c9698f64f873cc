import type { AliasEntry, DocTable, FieldEntry, ObjectEntry, TypeTable } from "../../packages/api/src/type-table.ts";
import type { GroupVersionTypes, TaggedSchema } from "./read-types.ts";

/** Names in meta/v1/primitives.ts that stand for scalars of the type tables. */
const scalars: Readonly<Record<string, string>> = {
  Int32: "int32",
  Int64: "int64",
  Float64: "float64",
  Quantity: "quantity",
  IntOrString: "intOrString",
  Time: "time",
  MicroTime: "microTime",
  Duration: "duration",
  Bytes: "bytes",
  Uid: "uid",
  RawExtension: "raw",
  FieldsV1: "raw",
};

export function typeTableOf(types: GroupVersionTypes): TypeTable {
  const aliases: Record<string, AliasEntry> = {};
  const objects: Record<string, ObjectEntry> = {};
  for (const [name, schema] of types.declared) {
    if (Object.hasOwn(scalars, name)) continue;
    if (schema.properties || isEmptyObject(schema)) objects[name] = objectEntry(name, schema, types);
    else aliases[name] = aliasEntry(name, schema, types);
  }
  return { aliases, objects };
}

export function docTableOf(types: GroupVersionTypes): DocTable {
  const docs: Record<string, { doc: string; fields?: Record<string, string> }> = {};
  for (const [name, schema] of types.declared) {
    if (Object.hasOwn(scalars, name)) continue;
    const known = schema.knownValues === undefined ? "" : ` Known values: ${schema.knownValues}.`;
    const fields = Object.entries(schema.properties ?? {}).map(
      ([field, property]) => [field, property.description ?? ""] as const,
    );
    docs[name] = {
      doc: `${schema.description ?? ""}${known}`,
      ...(fields.length === 0 ? undefined : { fields: Object.fromEntries(fields) }),
    };
  }
  return docs;
}

function isEmptyObject(schema: TaggedSchema): boolean {
  return schema.type === "object" && schema.additionalProperties === false;
}

function objectEntry(name: string, schema: TaggedSchema, types: GroupVersionTypes): ObjectEntry {
  const fields: Record<string, FieldEntry> = {};
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const at = `${types.directory} ${name}.${field}`;
    fields[field] = fieldEntry(property, schema.required?.includes(field) ?? false, types, at);
  }
  return {
    ...(schema.kind ? { kind: true } : undefined),
    ...(schema.mapType === "atomic" ? { atomic: true } : undefined),
    fields,
  };
}

function fieldEntry(schema: TaggedSchema, required: boolean, types: GroupVersionTypes, at: string): FieldEntry {
  const { proto, listType, listMapKey, mapType, patchStrategy, patchMergeKey, alwaysPresent } = schema;
  const given = withoutNull(schema);
  const entry: Record<string, unknown> = { type: typeExpression(given, types, at) };
  if (proto !== undefined) entry["proto"] = proto;
  if (required) entry["required"] = true;
  if (alwaysPresent) entry["alwaysPresent"] = true;
  if (given !== schema) entry["nullable"] = true;
  if (listType !== undefined) entry["listType"] = oneOf(listType, ["atomic", "set", "map"], at);
  if (listMapKey !== undefined) entry["listMapKeys"] = listMapKey.split(",");
  if (mapType !== undefined) entry["mapType"] = oneOf(mapType, ["atomic", "granular"], at);
  if (patchStrategy !== undefined) entry["patchStrategy"] = patchStrategy.split(",");
  if (patchMergeKey !== undefined) entry["patchMergeKey"] = patchMergeKey;
  if (schema.default !== undefined) entry["default"] = schema.default;
  if (listType === "map" && listMapKey === undefined) throw new Error(`${at}: a list of type map needs its keys`);
  return entry as unknown as FieldEntry;
}

/** The schema of what else than null a value may be; the schema itself where null is not allowed. */
function withoutNull(schema: TaggedSchema): TaggedSchema {
  if (Array.isArray(schema.type) && schema.type.includes("null")) {
    const [type] = schema.type.filter((name) => name !== "null");
    return { ...schema, ...(type !== undefined && { type }) };
  }
  const members = schema.anyOf?.filter(({ type }) => type !== "null");
  if (members === undefined || members.length === schema.anyOf?.length) return schema;
  const [only] = members;
  return only !== undefined && members.length === 1 ? only : { ...schema, anyOf: members };
}

function oneOf(value: string, allowed: readonly string[], at: string): string {
  if (!allowed.includes(value)) throw new Error(`${at}: ${value} is none of ${allowed.join(", ")}`);
  return value;
}

function aliasEntry(name: string, schema: TaggedSchema, types: GroupVersionTypes): AliasEntry {
  const type = typeExpression(schema, types, `${types.directory} ${name}`);
  const values = schema.enum ?? (schema.const === undefined ? schema.knownValues?.split(", ") : [schema.const]);
  // Without values it is another name of a type that has them.
  if (!schema.enumeration || values === undefined) return { type };
  return { type, enum: values.map(String).toSorted() };
}

function typeExpression(schema: TaggedSchema, types: GroupVersionTypes, at: string): string {
  if (schema.$ref !== undefined) return reference(decodeURIComponent(schema.$ref.replace("#/definitions/", "")), types);
  if (schema.type === "string" || schema.enum !== undefined) return "string";
  if (schema.type === "boolean") return "bool";
  if (schema.type === "array" && schema.items) return `[]${typeExpression(schema.items, types, at)}`;
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    return `{}${typeExpression(schema.additionalProperties, types, at)}`;
  }
  if (schema.anyOf) return schema.anyOf.map((member) => typeExpression(member, types, at)).join("|");
  if (schema.type === undefined) return "any";
  throw new Error(`${at}: no type table entry for ${JSON.stringify(schema)}`);
}

function reference(name: string, types: GroupVersionTypes): string {
  if (Object.hasOwn(scalars, name)) return scalars[name] ?? name;
  const directory = types.directoryOf(name);
  return directory === types.directory ? name : `${directory}.${name}`;
}
