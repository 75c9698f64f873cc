import { type ObjectType, type ValueType, typeOf } from "@kube-ts/api/schema-registry";
import type { ResourceType } from "@kube-ts/api/resource-type";

/** A JSON value in which every field of the resource is set; types that contain themselves end after one round. */
export function fullObject({ group, version, kind }: ResourceType): Record<string, unknown> {
  const type = typeOf(group, version, kind);
  if (!type) throw new Error(`no type ${group}/${version} ${kind}`);
  return objectValue(type, []);
}

function objectValue(type: ObjectType, above: readonly ObjectType[]): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of type.fields.values()) {
    const item = valueOf(field.type, [...above, type]);
    if (item !== undefined) value[field.name] = item;
  }
  return value;
}

function valueOf(type: ValueType, above: readonly ObjectType[]): unknown {
  switch (type.kind) {
    case "object":
      return above.includes(type) ? undefined : objectValue(type, above);
    case "list": {
      const item = valueOf(type.items, above);
      return item === undefined ? [] : [item];
    }
    case "map":
      return { key: valueOf(type.values, above) };
    case "union":
      return type.members.map((member) => valueOf(member, above)).find((value) => value !== undefined);
    case "bool":
      return true;
    case "int32":
    case "int64":
    case "float64":
    case "intOrString":
      return 3;
    case "quantity":
      return "2";
    case "time":
      return "2026-01-31T11:00:00Z";
    case "microTime":
      return "2026-01-31T11:00:00.000000Z";
    case "duration":
      return "1m0s";
    case "bytes":
      return "YQ==";
    case "string":
    case "uid":
      return type.enum?.[0] ?? "text";
    default:
      return undefined;
  }
}

/** Every variant of the value that has one thing less, or one thing empty or out of range. The variants share parts. */
export function* variantsOf(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield [];
    for (const [index, item] of value.entries()) {
      for (const variant of variantsOf(item)) yield value.with(index, variant);
    }
  } else if (typeof value === "object" && value !== null) {
    yield {};
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _left, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const variant of variantsOf(item)) yield { ...value, [key]: variant };
    }
  } else if (typeof value === "string") yield "";
  else if (typeof value === "number") yield* [0, -1];
  else if (typeof value === "boolean") yield !value;
}
