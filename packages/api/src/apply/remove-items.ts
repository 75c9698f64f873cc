import { isJsonObject, setOwn } from "../json-value.ts";
import { type ApplySchema, type ListSchema, type MapSchema, resolveFor } from "./apply-schema.ts";
import { FieldSet } from "./field-set.ts";
import { itemElement } from "./list-element.ts";
import { fieldElement } from "./path-element.ts";

/** The value without the fields, keys and elements of the set; undefined when nothing is left of it. */
export function removeItems(schema: ApplySchema, value: unknown, set: FieldSet): unknown {
  if (set.isEmpty) return value;
  const resolved = resolveFor(schema, value);
  if (resolved.kind === "list" && Array.isArray(value)) return withoutItems(resolved, value, set);
  if (resolved.kind === "map" && isJsonObject(value)) return withoutFields(resolved, value, set);
  return value;
}

function withoutItems(list: ListSchema, items: readonly unknown[], set: FieldSet): unknown {
  if (list.relation === "atomic") return undefined;
  const left: unknown[] = [];
  for (const item of items) {
    const element = itemElement(list, item);
    if (!set.hasMember(element)) left.push(removeItems(list.items, item, set.below(element) ?? FieldSet.empty));
  }
  return left.length === 0 ? undefined : left;
}

function withoutFields(map: MapSchema, value: Record<string, unknown>, set: FieldSet): unknown {
  if (map.isAtomic) return undefined;
  const left: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const element = fieldElement(name);
    if (set.hasMember(element)) continue;
    const schema = map.field(name)?.schema ?? map.elements;
    const below = set.below(element);
    const kept = schema && below ? removeItems(schema, value[name], below) : value[name];
    if (kept !== undefined) setOwn(left, name, kept);
  }
  return Object.keys(left).length === 0 ? undefined : left;
}
