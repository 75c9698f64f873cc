import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { cloneJson, isJsonObject, setOwn, type JsonObject } from "../json-value.ts";
import { itemsOf, propertyOf, valuesOf } from "./schema-parts.ts";

/**
 * Fills in the defaults of what is absent, or null where null is not allowed, in place. Fields that are null, may not
 * be and have no default are removed; such items of lists stay, for validation to find.
 */
export function applyDefaults(value: unknown, schema: JSONSchemaProps): void {
  if (isJsonObject(value)) defaultObject(value, schema);
  else if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items) defaultItems(value, items);
  }
}

function defaultObject(object: JsonObject, schema: JSONSchemaProps): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || Object.hasOwn(object, name)) continue;
    setOwn(object, name, cloneJson(property.default));
  }
  for (const name of Object.keys(object)) {
    const inner = propertyOf(schema, name) ?? valuesOf(schema);
    if (!inner) continue;
    if (object[name] === null && !inner.nullable) {
      if (inner.default === undefined) {
        delete object[name];
        continue;
      }
      object[name] = cloneJson(inner.default);
    }
    applyDefaults(object[name], inner);
  }
}

function defaultItems(list: unknown[], items: JSONSchemaProps): void {
  for (const [index, item] of list.entries()) {
    if (item === null && !items.nullable && items.default !== undefined) list[index] = cloneJson(items.default);
    applyDefaults(list[index], items);
  }
}
