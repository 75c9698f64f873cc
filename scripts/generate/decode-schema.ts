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
    definitions[id] = { type: "object", additionalProperties: false, properties };
    for (const [field, description] of Object.entries(entry.fields)) {
      const { schema, references, zero } = valueSchema(description.type, directory, tables);
      const value = defaultOf(description, zero);
      properties[field] = value === undefined ? schema : { ...schema, default: value };
      references.forEach(visit);
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

function defaultOf(field: FieldEntry, zero: unknown): unknown {
  if (field.default !== undefined) return field.default;
  return field.alwaysPresent || field.required ? zero : undefined;
}

interface ValueSchema {
  readonly schema: object;
  readonly references: readonly string[];
  readonly zero: unknown;
}

function valueSchema(type: string, directory: string, tables: ReadonlyMap<string, TypeTable>): ValueSchema {
  if (type.includes("|")) {
    const members = type.split("|").map((member) => valueSchema(member, directory, tables));
    return { schema: { union: true }, references: members.flatMap(({ references }) => references), zero: undefined };
  }
  if (type.startsWith("[]")) {
    const { schema, references } = valueSchema(type.slice(2), directory, tables);
    return { schema: { type: "array", items: schema }, references, zero: [] };
  }
  if (type.startsWith("{}")) {
    const { schema, references } = valueSchema(type.slice(2), directory, tables);
    return { schema: { type: "object", additionalProperties: schema }, references, zero: {} };
  }
  const scalar = scalarSchemas[type];
  if (scalar) return { schema: scalar, references: [], zero: zeroValues[type] };
  const [owner, name] = type.includes(".") ? splitId(type) : [directory, type];
  const alias = tables.get(owner)?.aliases[name];
  if (alias) return valueSchema(alias.type, owner, tables);
  const id = `${owner}.${name}`;
  return { schema: { $ref: validatorName(id) }, references: [id], zero: {} };
}

function splitId(id: string): [directory: string, name: string] {
  const dot = id.lastIndexOf(".");
  return [id.slice(0, dot), id.slice(dot + 1)];
}
