import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { duplicateField, type FieldError } from "../field-error.ts";
import { type FieldPath, fieldPath } from "../field-path.ts";
import { sortKeys } from "../go-json.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { itemsOf, propertyOf, valuesOf } from "./schema-parts.ts";

/** Items of lists of type set, and keys of items of lists of type map, that occur more than once. */
export function checkListTypes(value: unknown, schema: JSONSchemaProps): FieldError[] {
  const errors: FieldError[] = [];
  check(value, schema, undefined, errors);
  return errors;
}

function check(value: unknown, schema: JSONSchemaProps, path: FieldPath | undefined, errors: FieldError[]): void {
  if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      const property = propertyOf(schema, name);
      const inner = property ?? valuesOf(schema);
      if (!inner) continue;
      const at = path === undefined ? fieldPath(name) : property ? path.child(name) : path.key(name);
      check(value[name], inner, at, errors);
    }
    return;
  }
  const items = itemsOf(schema);
  if (!Array.isArray(value) || !items || path === undefined) return;
  const list: readonly unknown[] = value;
  if (schema["x-kubernetes-list-type"] === "set") checkUnique(list, (item) => item, path, errors);
  if (schema["x-kubernetes-list-type"] === "map") {
    const keys = schema["x-kubernetes-list-map-keys"] ?? [];
    checkUnique(list, (item) => keyOf(item, keys), path, errors);
  }
  for (const [index, item] of list.entries()) check(item, items, path.index(index), errors);
}

function checkUnique(
  list: readonly unknown[],
  identity: (item: unknown) => unknown,
  path: FieldPath,
  errors: FieldError[],
): void {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const value = identity(item);
    if (value === undefined) continue;
    const text = JSON.stringify(sortKeys(value));
    if (seen.has(text)) errors.push(duplicateField(path.index(index), value));
    seen.add(text);
  }
}

/** The keys of an item of a list of type map; what is not an object is for validation to find. */
function keyOf(item: unknown, keys: readonly string[]): JsonObject | undefined {
  if (!isJsonObject(item)) return undefined;
  const present = keys.filter((key) => Object.hasOwn(item, key));
  return Object.fromEntries(present.map((key) => [key, item[key]] as const));
}
