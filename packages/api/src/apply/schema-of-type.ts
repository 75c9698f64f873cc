import type { Field, ListType, MapType, ObjectType, ValueType } from "../schema-registry.ts";
import {
  type ApplySchema,
  type FieldSchema,
  type ListSchema,
  type MapSchema,
  type ScalarSchema,
  deducedSchema,
  mapSchema,
  untypedScalar,
} from "./apply-schema.ts";

const schemas = new WeakMap<ObjectType, Map<boolean, MapSchema>>();

/** The schema of a built-in type, one for each type. */
export function schemaOfType(type: ObjectType): MapSchema {
  return objectSchema(type, type.isAtomic);
}

const untrackedRoots = new Set(["kind", "apiVersion"]);
/** What identifies an object and what only the server sets. */
const untrackedMetadata = new Set([
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "generation",
  "managedFields",
  "resourceVersion",
]);

function objectSchema(type: ObjectType, isAtomic: boolean): MapSchema {
  let byAtomicity = schemas.get(type);
  if (!byAtomicity) schemas.set(type, (byAtomicity = new Map()));
  let schema = byAtomicity.get(isAtomic);
  if (!schema) {
    schema = mapSchema(() => [...type.fields.values()].map((field) => fieldSchema(type, field)), { isAtomic });
    byAtomicity.set(isAtomic, schema);
  }
  return schema;
}

function fieldSchema(owner: ObjectType, field: Field): FieldSchema {
  const zero = zeroOf(field);
  const isContainer = field.type.kind === "list" || field.type.kind === "map";
  return {
    name: field.name,
    schema: owner.isTopLevel && field.name === "metadata" ? rootMetadata(field) : valueSchema(field.type, field),
    ...(zero !== undefined && { zero }),
    ...(field.default !== undefined && { default: field.default }),
    ...(owner.isTopLevel && untrackedRoots.has(field.name) && { isUntracked: true }),
    ...(isContainer && !field.required && { dropsEmpty: true }),
  };
}

const rootSchemas = new WeakMap<ObjectType, MapSchema>();

/** The metadata of the object itself, not that of templates in it, has fields that nobody owns. */
function rootMetadata({ type }: Field): ApplySchema {
  if (type.kind !== "object") return valueSchema(type);
  let schema = rootSchemas.get(type);
  if (!schema) {
    const fields = () =>
      objectSchema(type, false).fields.map((field) =>
        untrackedMetadata.has(field.name) ? { ...field, isUntracked: true } : field,
      );
    rootSchemas.set(type, (schema = mapSchema(fields, { hasUntracked: true })));
  }
  return schema;
}

const textSchema: ScalarSchema = { kind: "scalar", type: "string" };
const numberSchema: ScalarSchema = { kind: "scalar", type: "number" };
const booleanSchema: ScalarSchema = { kind: "scalar", type: "boolean" };

/** The schema of a value; the field that holds it says how lists and maps are merged. */
function valueSchema(type: ValueType, field?: Pick<Field, "listType" | "listMapKeys" | "mapType">): ApplySchema {
  switch (type.kind) {
    case "object":
      return objectSchema(type, field?.mapType ? field.mapType === "atomic" : type.isAtomic);
    case "list":
      return listSchema(type, field);
    case "map":
      return valueMapSchema(type, field?.mapType === "atomic");
    case "string":
    case "uid":
    case "bytes":
    case "duration":
      return textSchema;
    case "bool":
      return booleanSchema;
    case "int32":
    case "int64":
    case "float64":
      return numberSchema;
    case "raw":
    case "any":
    case "union":
      return deducedSchema;
    default:
      return untypedScalar;
  }
}

function listSchema(type: ListType, field: Pick<Field, "listType" | "listMapKeys"> | undefined): ListSchema {
  const items = valueSchema(type.items);
  const relation = field?.listType ?? "atomic";
  return { kind: "list", relation, keys: relation === "map" ? (field?.listMapKeys ?? []).toSorted() : [], items };
}

function valueMapSchema(type: MapType, isAtomic: boolean): MapSchema {
  const elements = valueSchema(type.values);
  return mapSchema(() => [], { isAtomic, elements: () => elements });
}

/** What an object that exists has in a field that it does not name; undefined for nothing. */
function zeroOf({ type, required, alwaysPresent }: Field): unknown {
  if (!required && !alwaysPresent) return undefined;
  switch (type.kind) {
    case "object":
    case "map":
      return {};
    case "list":
      return [];
    case "string":
    case "uid":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "float64":
      return 0;
    default:
      return null;
  }
}
