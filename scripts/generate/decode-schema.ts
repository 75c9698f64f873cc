import { omitsZero } from "../../packages/api/src/omitted-fields.ts";
import type { FieldEntry, TypeTable } from "../../packages/api/src/type-table.ts";

/** JSON schemas that accept only objects without anything to repair, with our own keywords for scalars. */
export interface DecodeSchemas {
  /** By type: `core/v1.Pod`. */
  readonly definitions: Readonly<Record<string, object>>;
  /** The types that requests carry. */
  readonly roots: readonly string[];
}

const maxSafe = Number.MAX_SAFE_INTEGER;
const scalarSchemas: Readonly<Record<string, object>> = {
  string: { type: "string" },
  uid: { type: "string" },
  duration: { duration: true },
  bool: { type: "boolean" },
  int32: { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int64: { type: "integer", minimum: -maxSafe, maximum: maxSafe },
  float64: { type: "number" },
  quantity: { quantity: true },
  time: { time: true },
  microTime: { microTime: true },
  intOrString: { intOrString: true },
  bytes: { bytes: true },
  raw: { raw: true },
  any: { any: true },
};

/** Values that Go gives to required fields that are absent; the other types have none in JSON. */
const zeroValues: Readonly<Record<string, unknown>> = {
  string: "",
  uid: "",
  bool: false,
  int32: 0,
  int64: 0,
  float64: 0,
  quantity: "0",
  intOrString: 0,
};

export function decodeSchemas(tables: ReadonlyMap<string, TypeTable>): DecodeSchemas {
  const definitions: Record<string, object> = {};
  const roots: string[] = [];
  const visit = (id: string): void => {
    if (Object.hasOwn(definitions, id)) return;
    const [directory, name] = splitId(id);
    const entry = tables.get(directory)?.objects[name];
    if (!entry) throw new Error(`no type ${id}`);
    const properties: Record<string, object> = {};
    const required: string[] = [];
    definitions[id] = { type: "object", additionalProperties: false, properties, required };
    for (const [field, description] of Object.entries(entry.fields)) {
      const shape = valueSchema(description.type, directory, tables);
      properties[field] = fieldSchema(description, shape, omitsZero(directory, name, field, description, shape.kind));
      if (mustBeGiven(description, shape)) required.push(field);
      shape.references.forEach(visit);
    }
  };
  for (const [directory, table] of tables) {
    for (const [name, entry] of Object.entries(table.objects)) {
      if (!entry.kind || name.endsWith("List")) continue;
      roots.push(`${directory}.${name}`);
      visit(`${directory}.${name}`);
    }
  }
  return { definitions, roots };
}

/** The name of the generated validator of a type. */
export function validatorName(id: string): string {
  return `is_${id.replaceAll(/\W/g, "_")}`;
}

function fieldSchema(field: FieldEntry, { schema, kind, zero }: ValueSchema, omitsZero: boolean): object {
  const hasDefault = field.default !== undefined && !(omitsZero && !field.default);
  if (hasDefault) return { ...schema, default: field.default, ...(omitsZero && { nonZero: kind }) };
  if (field.nullable && kind === "list")
    return { ...schema, type: ["array", "null"], default: null, emptyIsNull: true };
  if (field.nullable && nullableKinds.has(kind)) return { [`${kind}OrNull`]: true, default: null };
  if (omitsZero) return { ...schema, nonZero: kind };
  if (zero === undefined || !(field.alwaysPresent || field.required)) return schema;
  return { ...schema, default: zero };
}

/** The kinds, beside lists, whose nulls the validators know; an object with another one is left to the decoder. */
const nullableKinds: ReadonlySet<string> = new Set(["time", "microTime"]);

function mustBeGiven(field: FieldEntry, { kind }: ValueSchema): boolean {
  return field.nullable === true && field.default === undefined && kind !== "list" && !nullableKinds.has(kind);
}

interface ValueSchema {
  readonly schema: object;
  /** The scalar, or what else it is. */
  readonly kind: string;
  readonly references: readonly string[];
  readonly zero: unknown;
}

function valueSchema(type: string, directory: string, tables: ReadonlyMap<string, TypeTable>): ValueSchema {
  if (type.includes("|")) {
    const members = type.split("|").map((member) => valueSchema(member, directory, tables));
    const references = members.flatMap((member) => member.references);
    return { schema: { union: true }, kind: "union", references, zero: undefined };
  }
  if (type.startsWith("[]")) {
    const { schema, references } = valueSchema(type.slice(2), directory, tables);
    return { schema: { type: "array", items: schema }, kind: "list", references, zero: [] };
  }
  if (type.startsWith("{}")) {
    const { schema, references } = valueSchema(type.slice(2), directory, tables);
    return { schema: { type: "object", additionalProperties: schema }, kind: "map", references, zero: {} };
  }
  const scalar = scalarSchemas[type];
  if (scalar) return { schema: scalar, kind: type, references: [], zero: zeroValues[type] };
  const [owner, name] = type.includes(".") ? splitId(type) : [directory, type];
  const alias = tables.get(owner)?.aliases[name];
  if (alias) return valueSchema(alias.type, owner, tables);
  const id = `${owner}.${name}`;
  return { schema: { $ref: validatorName(id) }, kind: "object", references: [id], zero: {} };
}

function splitId(id: string): [directory: string, name: string] {
  const dot = id.lastIndexOf(".");
  return [id.slice(0, dot), id.slice(dot + 1)];
}
