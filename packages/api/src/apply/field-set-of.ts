import { isJsonObject } from "../json-value.ts";
import { type ApplySchema, type ListSchema, type MapSchema, resolveFor } from "./apply-schema.ts";
import { FieldSet } from "./field-set.ts";
import { itemElement } from "./list-element.ts";
import { type PathElement, fieldElement } from "./path-element.ts";

/**
 * The fields that a value names: its leaves, map keys and list elements. Declared fields that only hold others are
 * not among them. Elements that a list holds more than once count as one leaf. Throws `TypedValueError`.
 */
export function fieldSetOf(schema: ApplySchema, value: unknown): FieldSet {
  const set = new FieldSet();
  collect(schema, value, [], set);
  return set;
}

function collect(schema: ApplySchema, value: unknown, path: PathElement[], set: FieldSet): void {
  const resolved = resolveFor(schema, value);
  switch (resolved.kind) {
    case "scalar":
      return set.insert(path);
    case "list":
      if (resolved.relation === "atomic") return set.insert(path);
      return Array.isArray(value) ? collectItems(resolved, value, path, set) : undefined;
    default:
      if (resolved.isAtomic) return set.insert(path);
      return isJsonObject(value) ? collectFields(resolved, value, path, set) : undefined;
  }
}

function collectItems(list: ListSchema, items: readonly unknown[], path: PathElement[], set: FieldSet): void {
  const elements = items.map((item) => itemElement(list, item));
  const seen = new Set<PathElement>();
  const repeated = new Set(elements.filter((element) => seen.has(element) || (seen.add(element), false)));
  for (const [index, element] of elements.entries()) {
    path.push(element);
    if (!repeated.has(element)) collect(list.items, items[index], path, set);
    set.insert(path);
    path.pop();
  }
}

function collectFields(map: MapSchema, value: Record<string, unknown>, path: PathElement[], set: FieldSet): void {
  for (const name of Object.keys(value)) {
    const field = map.field(name);
    const item = value[name];
    const schema = field?.schema ?? map.elements;
    if (item === undefined || !schema || field?.isUntracked) continue;
    path.push(fieldElement(name));
    collect(schema, item, path, set);
    if (!field || item === null || isEmptyObject(item)) set.insert(path);
    path.pop();
  }
}

function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
