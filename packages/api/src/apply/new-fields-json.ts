import { isJsonObject, jsonEqual } from "../json-value.ts";
import { type ApplySchema, type FieldSchema, type ListSchema, type MapSchema, resolveFor } from "./apply-schema.ts";
import { isEmptyContainer } from "./compare-typed.ts";
import { itemElement, keyDefault } from "./list-element.ts";
import { type PathElement, compareElements, compareText, compareValues } from "./path-element.ts";

/**
 * FieldsV1 of all fields that a new object has, as `compareTyped` with an empty object would find them, written in
 * one pass: this is what creating an object costs. Fields of the root named in `ignored` are left out. Empty text when
 * there are none. Throws `TypedValueError`.
 */
export function newFieldsJson(schema: MapSchema, object: object, ignored: ReadonlySet<string>): string {
  const fields = servedFields(schema, object as Record<string, unknown>, ignored);
  return fields === "" ? "" : `{${fields}}`;
}

const noNames: ReadonlySet<string> = new Set();

/** The members of an object that is always served: itself nobody's, and without its zero values. */
function servedFields(map: MapSchema, value: Record<string, unknown>, ignored: ReadonlySet<string>): string {
  let json = "";
  for (const field of presentFields(map, value)) {
    if (ignored.size > 0 && ignored.has(field.name)) continue;
    const item = value[field.name];
    const member =
      field.zero === undefined ? addedMember(field.schema, item) : servedMember(field.schema, item, field.zero);
    if (member !== "") json += `${json === "" ? "" : ","}"f:${field.name}":${member}`;
  }
  return json;
}

/** The declared fields that the object has and that can be owned, sorted by name. */
function presentFields(map: MapSchema, value: Record<string, unknown>): FieldSchema[] {
  const present: FieldSchema[] = [];
  for (const name of Object.keys(value)) {
    const field = map.field(name);
    if (!field || field.isUntracked) continue;
    const item = value[name];
    if (item === undefined || (field.dropsEmpty && isEmptyContainer(item))) continue;
    let at = present.length;
    for (; at > 0; at -= 1) {
      const previous = present[at - 1] as FieldSchema;
      if (previous.name < name) break;
      present[at] = previous;
    }
    present[at] = field;
  }
  return present;
}

/** What is owned of a field that is there even when nobody gives it. */
function servedMember(schema: ApplySchema, value: unknown, zero: unknown): string {
  if (value === zero) return "";
  const resolved = resolveFor(schema, value);
  if (resolved.kind === "map" && !resolved.isAtomic && isJsonObject(value) && zero !== null) {
    const fields = servedFields(resolved, value, noNames);
    return fields === "" ? "" : `{${fields}}`;
  }
  const below = membersBelow(schema, value);
  if (below !== "") return `{${below}}`;
  return jsonEqual(value, zero) ? "" : "{}";
}

/** What is owned of a field or element that came with its owner. */
function addedMember(schema: ApplySchema, value: unknown): string {
  const below = membersBelow(schema, value);
  return below === "" ? "{}" : `{".":{},${below}}`;
}

/** The members of what is merged part by part; empty text for leaves. */
function membersBelow(schema: ApplySchema, value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const resolved = resolveFor(schema, value);
  if (resolved.kind === "scalar") return "";
  if (resolved.kind === "list") {
    return resolved.relation !== "atomic" && Array.isArray(value) ? itemMembers(resolved, value) : "";
  }
  if (resolved.isAtomic || Array.isArray(value)) return "";
  return resolved.elements
    ? keyMembers(resolved, resolved.elements, value as Record<string, unknown>)
    : fieldMembers(resolved, value as Record<string, unknown>);
}

function fieldMembers(map: MapSchema, value: Record<string, unknown>): string {
  let json = "";
  for (const field of presentFields(map, value)) {
    const item = value[field.name];
    json += `${json === "" ? "" : ","}"f:${field.name}":${addedMember(field.schema, item)}`;
  }
  return json;
}

/** Text that is the same inside quotes. */
const plainText = /^[\w./-]*$/;

function keyMembers(map: MapSchema, elements: ApplySchema, value: Record<string, unknown>): string {
  const keys = Object.keys(value);
  if (keys.length > 1) keys.sort(compareText);
  let json = "";
  for (const key of keys) {
    const item = value[key];
    if (item === undefined) continue;
    const name = plainText.test(key) ? `"f:${key}"` : JSON.stringify(`f:${key}`);
    json += `${json === "" ? "" : ","}${name}:${addedMember(map.field(key)?.schema ?? elements, item)}`;
  }
  return json;
}

function itemMembers(list: ListSchema, items: readonly unknown[]): string {
  const [key] = list.keys;
  if (list.relation === "map" && list.keys.length === 1 && key !== undefined) {
    const json = namedItems(list, key, items);
    if (json !== undefined) return json;
  }
  const byElement = new Map<PathElement, unknown>();
  const repeated = new Set<PathElement>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (byElement.has(element)) repeated.add(element);
    byElement.set(element, item);
  }
  const sorted = byElement.size > 1 ? [...byElement].toSorted(([a], [b]) => compareElements(a, b)) : [...byElement];
  return sorted
    .map(([element, item]) => {
      const member = repeated.has(element) ? "{}" : addedMember(list.items, item);
      return `${JSON.stringify(element)}:${member}`;
    })
    .join(",");
}

/** The usual list, of elements with one plain name each; undefined when it is not that. */
function namedItems(list: ListSchema, key: string, items: readonly unknown[]): string | undefined {
  const names: string[] = [];
  const fallback = keyDefault(list, key);
  for (const item of items) {
    const name = isJsonObject(item) ? (item[key] ?? fallback) : undefined;
    if (typeof name !== "string" || !plainText.test(name)) return undefined;
    names.push(name);
  }
  if (new Set(names).size < names.length) return undefined;
  const order = names.map((_name, index) => index);
  if (order.length > 1) order.sort((a, b) => compareValues(names[a], names[b]));
  let json = "";
  for (const index of order) {
    const prefix = json === "" ? "" : ",";
    json += `${prefix}"k:{\\"${key}\\":\\"${names[index]}\\"}":${addedMember(list.items, items[index])}`;
  }
  return json;
}
