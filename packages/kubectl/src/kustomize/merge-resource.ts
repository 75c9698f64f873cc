import { cloneJson, getOwn, isJsonObject, setOwn } from "@kube-ts/api/json-value";
import { type ObjectType, typeOf, type ValueType } from "@kube-ts/api/schema-registry";
import type { JsonObject } from "../session/api.ts";
import type { ResourceId } from "./kustomize-resource.ts";

const directive = "$patch";

type Schema = ValueType | undefined;

/**
 * An object with a strategic merge patch, in kustomize's order: elements of a list that the patch names come first.
 * Undefined where the patch deletes the object. Kinds that are not known here merge without keys for their lists.
 */
export function mergeResource(object: JsonObject, patch: JsonObject, id: ResourceId): JsonObject | undefined {
  if (patch[directive] === "delete") return undefined;
  const type: ObjectType | undefined = typeOf(id.group, id.version, id.kind);
  const merged = mergeObjects(cloneJson(object), cloneJson(patch), type);
  return merged;
}

function mergeObjects(into: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  if (patch[directive] === "replace") return withoutDirectives(patch);
  for (const key of Object.keys(patch)) {
    if (key === directive) continue;
    const value = getOwn(patch, key);
    const current = getOwn(into, key);
    if (value === null || (isJsonObject(value) && value[directive] === "delete")) delete into[key];
    else if (isJsonObject(value)) {
      const merged = mergeObjects(isJsonObject(current) ? current : {}, value, fieldSchema(schema, key));
      setOwn(into, key, merged);
    } else if (Array.isArray(value)) setOwn(into, key, mergeLists(current, value, schema, key));
    else setOwn(into, key, value);
  }
  return into;
}

function fieldSchema(schema: Schema, key: string): Schema {
  if (schema?.kind === "map") return schema.values;
  return schema?.kind === "object" ? schema.fields.get(key)?.type : undefined;
}

function mergeLists(current: unknown, patch: readonly unknown[], schema: Schema, key: string): unknown[] {
  const field = schema?.kind === "object" ? schema.fields.get(key) : undefined;
  const items = field?.type.kind === "list" ? field.type.items : undefined;
  const replaced = patch.some((each) => isJsonObject(each) && each[directive] === "replace");
  const named = patch.filter((each) => !(isJsonObject(each) && each[directive] === "replace"));
  if (replaced || !Array.isArray(current) || !field?.patchStrategy?.includes("merge")) return withoutDirectives(named);
  const keys = field.listMapKeys ?? (field.patchMergeKey === undefined ? [] : [field.patchMergeKey]);
  if (keys.length === 0 || named.length === 0) return mergeScalars(current, named);
  return mergeElements(current, named, keys, items);
}

function mergeScalars(current: readonly unknown[], patch: readonly unknown[]): unknown[] {
  return [...patch, ...current.filter((each) => !patch.includes(each))];
}

/** What tells elements apart; keys that an element lacks count as empty. */
function elementKey(element: unknown, keys: readonly string[]): string {
  return isJsonObject(element) ? JSON.stringify(keys.map((key) => String(element[key] ?? ""))) : "";
}

function mergeElements(
  current: readonly unknown[],
  patch: readonly unknown[],
  keys: readonly string[],
  schema: Schema,
): unknown[] {
  const named = new Map(patch.map((each) => [elementKey(each, keys), each] as const));
  const known = new Map(current.map((each) => [elementKey(each, keys), each] as const));
  const merged = new Map<string, unknown>();
  for (const [key, element] of named) {
    if (!isJsonObject(element)) continue;
    if (element[directive] === "delete") {
      known.delete(key);
      continue;
    }
    const old = known.get(key);
    merged.set(key, mergeObjects(isJsonObject(old) ? cloneJson(old) : {}, element, schema));
  }
  // With several keys, elements that were there keep their order behind the new ones; with one, the patch's order counts.
  if (keys.length > 1) {
    const added = [...merged].filter(([key]) => !known.has(key)).map(([, element]) => element);
    return [...added, ...[...known].map(([key, element]) => merged.get(key) ?? element)];
  }
  const rest = [...known].filter(([key]) => !merged.has(key)).map(([, element]) => element);
  return [...merged.values(), ...rest];
}

function withoutDirectives<T>(value: T): T {
  if (Array.isArray(value)) {
    return value
      .filter((each) => !(isJsonObject(each) && each[directive] === "delete"))
      .map((each: unknown) => withoutDirectives(each)) as T;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([key, field]) => key !== directive && field !== null);
  return Object.fromEntries(entries.map(([key, field]) => [key, withoutDirectives(field)])) as T;
}
