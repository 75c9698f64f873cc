import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  stringType,
  timestampType,
} from "@kube-ts/api/cel/types";
import type { ObjectType, ScalarType, ValueType } from "@kube-ts/api/schema-registry";

const known = new WeakMap<ObjectType, CelType>();

/** What expressions see of a built-in type when they are checked; at run time they see its JSON. */
export function objectCelType(type: ObjectType): CelType {
  const made = known.get(type);
  if (made) return made;
  const fields = new Map<string, CelType>();
  const celType = objectType(type.id, (name) => {
    const seen = fields.get(name);
    const field = type.fields.get(name);
    if (seen || !field) return seen;
    const of = valueType(field.type);
    fields.set(name, of);
    return of;
  });
  known.set(type, celType);
  return celType;
}

function valueType(type: ValueType): CelType {
  switch (type.kind) {
    case "object":
      return objectCelType(type);
    case "list":
      return listOf(valueType(type.items));
    case "map":
      return mapOf(stringType, valueType(type.values));
    case "union":
      return dynType;
    default:
      return scalarTypes[type.kind];
  }
}

const scalarTypes: Record<ScalarType["kind"], CelType> = {
  string: stringType,
  bool: boolType,
  int32: intType,
  int64: intType,
  float64: doubleType,
  quantity: stringType,
  time: timestampType,
  microTime: timestampType,
  duration: stringType,
  intOrString: dynType,
  bytes: bytesType,
  uid: stringType,
  raw: dynType,
  any: dynType,
};
