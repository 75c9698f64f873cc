/**
 * What server-side apply has to know of a type. Built-in types and custom resources both come as such schemas. They
 * may refer to themselves: what hangs below a schema is made when it is asked for.
 */
export type ApplySchema = ScalarSchema | ListSchema | MapSchema | DeducedSchema;

export interface ScalarSchema {
  readonly kind: "scalar";
  /** `untyped` takes any scalar. */
  readonly type: "string" | "number" | "boolean" | "untyped";
}

export interface ListSchema {
  readonly kind: "list";
  readonly relation: "atomic" | "set" | "map";
  /** The fields that tell elements of a `map` apart, sorted. */
  readonly keys: readonly string[];
  readonly items: ApplySchema;
}

/** An object with declared fields, a map from keys to values of one type, or both. */
export interface MapSchema {
  readonly kind: "map";
  readonly isAtomic: boolean;
  /** Declared fields, sorted by name. */
  readonly fields: readonly FieldSchema[];
  field(name: string): FieldSchema | undefined;
  /** The type of undeclared keys; undefined when there may be none. */
  readonly elements: ApplySchema | undefined;
  /** Whether some fields are owned by nobody. */
  readonly hasUntracked?: boolean;
}

/** A value without a declared type: objects are merged field by field, lists are replaced as a whole. */
export interface DeducedSchema {
  readonly kind: "deduced";
}

export interface FieldSchema {
  readonly name: string;
  readonly schema: ApplySchema;
  /** What the field is when an object that exists leaves it out: fields that are always served. */
  readonly zero?: unknown;
  /** What a list's key is when an element leaves it out. */
  readonly default?: unknown;
  /** Never owned by anybody: what the server sets and what identifies the object. */
  readonly isUntracked?: boolean;
  /** An empty list or map is not stored, and so nothing that could be owned. */
  readonly dropsEmpty?: boolean;
}

export const deducedSchema: DeducedSchema = { kind: "deduced" };
export const untypedScalar: ScalarSchema = { kind: "scalar", type: "untyped" };

/** The schema of lists in values without a declared type. */
export const untypedList: ListSchema = { kind: "list", relation: "atomic", keys: [], items: deducedSchema };

/** The schema of objects in values without a declared type. */
export const untypedMap: MapSchema = {
  kind: "map",
  isAtomic: false,
  fields: [],
  field: () => undefined,
  elements: deducedSchema,
};

/** A schema that is not deduced any more. */
export type ResolvedSchema = ScalarSchema | ListSchema | MapSchema;

/** The schema by which a value is to be treated. */
export function resolveFor(schema: ApplySchema, value: unknown): ResolvedSchema {
  if (schema.kind !== "deduced") return schema;
  if (Array.isArray(value)) return untypedList;
  return typeof value === "object" && value !== null ? untypedMap : untypedScalar;
}

/** The schema of a field or map key, and whether it is declared by name; undefined when there can be no such key. */
export function fieldOf(
  schema: ApplySchema | undefined,
  name: string,
): { readonly schema: ApplySchema; readonly isDeclared: boolean } | undefined {
  if (schema?.kind === "deduced") return { schema, isDeclared: false };
  if (schema?.kind !== "map") return undefined;
  const field = schema.field(name);
  if (field) return { schema: field.schema, isDeclared: true };
  return schema.elements && { schema: schema.elements, isDeclared: false };
}

/** The schema of a list's elements; undefined for what is no list. */
export function itemsOf(schema: ApplySchema | undefined): ApplySchema | undefined {
  return schema?.kind === "list" ? schema.items : undefined;
}

/** A map schema of declared fields, which may come in any order and are asked for when first needed. */
export function mapSchema(
  declared: () => readonly FieldSchema[],
  options: { readonly isAtomic?: boolean; readonly hasUntracked?: boolean; readonly elements?: () => ApplySchema } = {},
): MapSchema {
  let byName: ReadonlyMap<string, FieldSchema> | undefined;
  let sorted: readonly FieldSchema[] | undefined;
  let elements: ApplySchema | undefined;
  const index = (): ReadonlyMap<string, FieldSchema> => {
    byName ??= new Map(declared().map((field) => [field.name, field]));
    return byName;
  };
  return {
    kind: "map",
    isAtomic: options.isAtomic ?? false,
    hasUntracked: options.hasUntracked ?? false,
    get fields() {
      sorted ??= [...index().values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return sorted;
    },
    field: (name) => index().get(name),
    get elements() {
      elements ??= options.elements?.();
      return elements;
    },
  };
}
