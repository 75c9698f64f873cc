import { isJsonObject } from "../json-value.ts";
import {
  type ApplySchema,
  type FieldSchema,
  type ListSchema,
  type MapSchema,
  type ResolvedSchema,
  resolveFor,
} from "./apply-schema.ts";
import { FieldSet } from "./field-set.ts";
import { itemElement } from "./list-element.ts";
import { type PathElement, fieldElement } from "./path-element.ts";

/** The fields in which two values differ. No field is in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/**
 * Compares two objects of one type. Fields that are always served count as there; fields that nobody owns are left
 * out. Throws `TypedValueError` for lists whose elements have no keys.
 */
export function compareTyped(schema: ApplySchema, before: unknown, after: unknown): Comparison {
  const comparer = new Comparer();
  comparer.compare(schema, before, after);
  return comparer;
}

/** A step down that becomes a path element when something is found below it: a field's name, or a list's element. */
type Step = string | { readonly list: ListSchema; readonly item: unknown };

class Comparer implements Comparison {
  readonly added = new FieldSet();
  readonly modified = new FieldSet();
  readonly removed = new FieldSet();
  readonly #steps: Step[] = [];

  compare(schema: ApplySchema, before: unknown, after: unknown): void {
    if (before === after) return;
    // Most changes leave whole fields of the root as they are.
    const isRootField = this.#steps.length === 1 && !(schema.kind === "map" && schema.hasUntracked);
    if (isRootField && sameJson(before, after)) return;
    const left = before === undefined ? undefined : resolveFor(schema, before);
    const right = after === undefined ? undefined : resolveFor(schema, after);
    // Null takes the shape of what it is compared with.
    if (right === undefined || (after === null && schema.kind === "deduced")) this.#walk(left, before, after);
    else if (left === undefined || left === right || before === null) this.#walk(right, before, after);
    else {
      this.#walk(left, before, after);
      this.#walk(right, before, after);
    }
  }

  #walk(schema: ResolvedSchema | undefined, before: unknown, after: unknown): void {
    if (schema?.kind === "list" && schema.relation !== "atomic") {
      const left = Array.isArray(before) ? before : [];
      const right = Array.isArray(after) ? after : [];
      if (left.length > 0 || right.length > 0) {
        this.#items(schema, left, right);
        return this.#container(before, after);
      }
    } else if (schema?.kind === "map" && !schema.isAtomic) {
      const left = isJsonObject(before) ? before : undefined;
      const right = isJsonObject(after) ? after : undefined;
      if ((left && !isEmpty(left)) || (right && !isEmpty(right))) {
        this.#fields(schema, left, right);
        return this.#container(before, after);
      }
    }
    this.#leaf(before, after);
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined) this.added.insert(this.#path());
    else if (after === undefined) this.removed.insert(this.#path());
    else if (!sameJson(before, after)) this.modified.insert(this.#path());
  }

  #container(before: unknown, after: unknown): void {
    if (before === undefined) this.added.insert(this.#path());
    else if (after === undefined) this.removed.insert(this.#path());
  }

  #path(): PathElement[] {
    return this.#steps.map((step) =>
      typeof step === "string" ? fieldElement(step) : itemElement(step.list, step.item),
    );
  }

  #fields(
    map: MapSchema,
    before: Record<string, unknown> | undefined,
    after: Record<string, unknown> | undefined,
  ): void {
    if (before) for (const name of Object.keys(before)) this.#field(map, name, before, after);
    if (!after) return;
    for (const name of Object.keys(after)) {
      if (!before || !Object.hasOwn(before, name)) this.#field(map, name, before, after);
    }
  }

  #field(
    map: MapSchema,
    name: string,
    before: Record<string, unknown> | undefined,
    after: Record<string, unknown> | undefined,
  ): void {
    const field = map.field(name);
    const schema = field?.schema ?? map.elements;
    if (!schema || field?.isUntracked) return;
    const left = presentValue(field, before, name);
    const right = presentValue(field, after, name);
    if (left === right) return;
    this.#steps.push(name);
    this.compare(schema, left, right);
    this.#steps.pop();
  }

  #items(list: ListSchema, before: readonly unknown[], after: readonly unknown[]): void {
    if (sameElements(list, before, after)) {
      for (const [index, item] of after.entries()) this.#item(list, item, before[index], item);
      return;
    }
    const left = groupItems(list, before);
    const right = groupItems(list, after);
    for (const [element, items] of left) this.#group(list, items, right.get(element) ?? []);
    for (const [element, items] of right) if (!left.has(element)) this.#group(list, [], items);
  }

  #item(list: ListSchema, item: unknown, before: unknown, after: unknown): void {
    this.#steps.push({ list, item });
    this.compare(list.items, before, after);
    this.#steps.pop();
  }

  /** What one element was and is; several of either are one leaf, compared as a whole. */
  #group(list: ListSchema, before: readonly unknown[], after: readonly unknown[]): void {
    const item = after[0] ?? before[0];
    if (before.length <= 1 && after.length <= 1) return this.#item(list, item, before[0], after[0]);
    if (before.length <= 1 && before.length > 0) this.#item(list, item, before[0], undefined);
    if (after.length <= 1 && after.length > 0) this.#item(list, item, undefined, after[0]);
    this.#steps.push({ list, item });
    if (before.length <= 1) this.added.insert(this.#path());
    else if (after.length <= 1) this.removed.insert(this.#path());
    else if (!sameJson(before, after)) this.modified.insert(this.#path());
    this.#steps.pop();
  }
}

/** What a field counts as: absent when empty ones are not stored, its zero value when it is always served. */
function presentValue(
  field: FieldSchema | undefined,
  object: Record<string, unknown> | undefined,
  name: string,
): unknown {
  if (object === undefined) return undefined;
  let value = object[name];
  // Objects inherit some names that fields may have.
  if (value !== undefined && !Object.hasOwn(object, name)) value = undefined;
  if (!field) return value;
  if (field.dropsEmpty && isEmptyContainer(value)) value = undefined;
  return value === undefined ? field.zero : value;
}

/** Whether the lists hold elements with the same keys in the same order, none of them twice. */
function sameElements(list: ListSchema, before: readonly unknown[], after: readonly unknown[]): boolean {
  const [key] = list.keys;
  if (list.relation !== "map" || key === undefined || list.keys.length > 1 || before.length !== after.length) {
    return false;
  }
  const seen = new Set<string>();
  for (const [index, item] of after.entries()) {
    const previous = before[index];
    const name = isJsonObject(item) ? item[key] : undefined;
    if (typeof name !== "string" || !isJsonObject(previous) || previous[key] !== name || seen.has(name)) return false;
    seen.add(name);
  }
  return true;
}

/** As `jsonEqual`, for the path that every update takes. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) if (!sameJson(a[index], b[index])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (!sameJson(left[key], right[key]) || !Object.hasOwn(right, key)) return false;
  }
  return true;
}

export function isEmptyContainer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.length === 0 : isEmpty(value);
}

function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

function groupItems(list: ListSchema, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const item of items) {
    const element = itemElement(list, item);
    const known = groups.get(element);
    if (known) known.push(item);
    else groups.set(element, [item]);
  }
  return groups;
}
