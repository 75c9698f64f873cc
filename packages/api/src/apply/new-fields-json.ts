import { getOwn, isJsonObject, jsonEqual } from "../json-value.ts";
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
  return fields === "" ? "" : inOnePiece(`{${fields}}`);
}

/**
 * V8 keeps text that was put together as the tree of its parts until somebody looks into it. This one waits for the
 * object to be stored, and copying its tree in every collection until then would cost more than writing it.
 */
function inOnePiece(text: string): string {
  anything.test(text);
  return text;
}

const anything = /^/;

const noNames: ReadonlySet<string> = new Set();

/** The members of an object that is always served: itself nobody's, and without its zero values. */
function servedFields(map: MapSchema, value: Record<string, unknown>, ignored: ReadonlySet<string>): string {
  let json = "";
  for (const field of map.elements ? openFields(map, map.elements, value) : presentFields(map, value)) {
    if (ignored.size > 0 && ignored.has(field.name)) continue;
    const item = value[field.name];
    const member =
      field.zero === undefined ? addedMember(field.schema, item) : servedMember(field.schema, item, field.zero);
    if (member !== "") json += `${json === "" ? "" : ","}${fieldKey(field.name)}:${member}`;
  }
  return json;
}

/** As `presentFields`, of an object that may have undeclared fields too. */
function openFields(map: MapSchema, elements: ApplySchema, value: Record<string, unknown>): FieldSchema[] {
  const fields = Object.keys(value).map((name) => map.field(name) ?? { name, schema: elements });
  const present = fields.filter(({ name, isUntracked, dropsEmpty }) => {
    return !isUntracked && value[name] !== undefined && !(dropsEmpty && isEmptyContainer(value[name]));
  });
  return present.toSorted((a, b) => compareText(a.name, b.name));
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
    const member = typeof item === "object" ? addedMember(field.schema, item) : "{}";
    json += json === "" ? `"f:${field.name}":${member}` : `,"f:${field.name}":${member}`;
  }
  return json;
}

/** Text that is the same inside quotes. */
const plainText = /^[\w./-]*$/;

function fieldKey(name: string): string {
  return plainText.test(name) ? `"f:${name}"` : JSON.stringify(`f:${name}`);
}

function keyMembers(map: MapSchema, elements: ApplySchema, value: Record<string, unknown>): string {
  const keys = Object.keys(value);
  if (keys.length > 1) keys.sort(compareText);
  let json = "";
  for (const key of keys) {
    const item = value[key];
    if (item === undefined) continue;
    json += `${json === "" ? "" : ","}${fieldKey(key)}:${addedMember(map.field(key)?.schema ?? elements, item)}`;
  }
  return json;
}

function itemMembers(list: ListSchema, items: readonly unknown[]): string {
  const plain = list.relation === "map" ? plainlyKeyed(list, items) : undefined;
  if (plain) return plain;
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

interface KeyedItem {
  /** The element as it stands in JSON, without quotes around it. */
  readonly text: string;
  readonly values: readonly (string | number)[];
  readonly item: unknown;
}

/** The usual list, whose elements differ in keys that are numbers or need no escapes; undefined when it is not that. */
function plainlyKeyed(list: ListSchema, items: readonly unknown[]): string | undefined {
  const keyed = sortedByKeys(list, items);
  if (!keyed) return undefined;
  let json = "";
  for (const { text, item } of keyed) {
    const member = addedMember(list.items, item);
    json += json === "" ? `"${text}":${member}` : `,"${text}":${member}`;
  }
  return json;
}

/** The elements in the order of their keys; undefined when a key is not plain or not alone. */
function sortedByKeys(list: ListSchema, items: readonly unknown[]): readonly KeyedItem[] | undefined {
  const keyed: KeyedItem[] = [];
  let isSorted = true;
  for (const item of items) {
    const element = isJsonObject(item) ? plainElement(list, item) : undefined;
    if (!element) return undefined;
    const previous = keyed[keyed.length - 1];
    if (previous && compareKeyed(previous, element) >= 0) isSorted = false;
    keyed.push(element);
  }
  if (isSorted) return keyed;
  keyed.sort(compareKeyed);
  return keyed.some((element, index) => keyed[index - 1]?.text === element.text) ? undefined : keyed;
}

function plainElement(list: ListSchema, item: Record<string, unknown>): KeyedItem | undefined {
  let text = "";
  const values: (string | number)[] = [];
  for (const key of list.keys) {
    const value = getOwn(item, key) ?? keyDefault(list, key);
    const isText = typeof value === "string" && plainText.test(value);
    if (!isText && typeof value !== "number") return undefined;
    values.push(value);
    const shown = isText ? `\\"${value}\\"` : value;
    text += text === "" ? `k:{\\"${key}\\":${shown}` : `,\\"${key}\\":${shown}`;
  }
  return text === "" ? undefined : { text: `${text}}`, values, item };
}

function compareKeyed(a: KeyedItem, b: KeyedItem): number {
  for (let index = 0; index < a.values.length; index += 1) {
    const order = compareValues(a.values[index], b.values[index]);
    if (order !== 0) return order;
  }
  return 0;
}
