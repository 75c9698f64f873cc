import type { JSONSchemaProps } from "../apiextensions/v1.ts";

/** The schema of an array's items; undefined when there is none, or one for each place, which is not structural. */
export function itemsOf({ items }: JSONSchemaProps): JSONSchemaProps | undefined {
  return Array.isArray(items) ? undefined : items;
}

/** The schema of a map's values; undefined when there is none. */
export function valuesOf({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | undefined {
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

/** The schema of a named property, not of what the prototype has. */
export function propertyOf({ properties }: JSONSchemaProps, name: string): JSONSchemaProps | undefined {
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The names of the fields that every object has besides those of its schema. */
export const objectFields: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** Whether the schema or any that it contains meets the condition. */
export function anySchema(schema: JSONSchemaProps, condition: (schema: JSONSchemaProps) => boolean): boolean {
  if (condition(schema)) return true;
  for (const inner of innerSchemas(schema)) if (anySchema(inner, condition)) return true;
  return false;
}

/** The schemas directly inside of a schema, whatever they are for. */
export function* innerSchemas(schema: JSONSchemaProps): Generator<JSONSchemaProps> {
  const { items, additionalProperties, additionalItems, not, dependencies } = schema;
  if (Array.isArray(items)) yield* items;
  else if (items) yield items;
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) if (list) yield* list;
  if (not) yield not;
  for (const map of [schema.properties, schema.patternProperties, schema.definitions]) {
    if (map) yield* Object.values(map);
  }
  if (typeof additionalProperties === "object") yield additionalProperties;
  if (typeof additionalItems === "object") yield additionalItems;
  for (const dependency of Object.values(dependencies ?? {})) if (!Array.isArray(dependency)) yield dependency;
}

/** Whether defaults are anywhere in the schema. */
export function hasDefaults(schema: JSONSchemaProps): boolean {
  return anySchema(schema, (inner) => inner.default !== undefined);
}
