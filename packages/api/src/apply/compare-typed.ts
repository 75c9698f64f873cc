import { isJsonObject, jsonEqual } from "../json-value.ts";
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

class Comparer implements Comparison {
  readonly added = new FieldSet();
  readonly modified = new FieldSet();
  readonly removed = new FieldSet();
  readonly #path: PathElement[] = [];

  compare(schema: ApplySchema, before: unknown, after: unknown): void {
    if (before === after) return;
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
      const left = isJsonObject(before) ? before : {};
      const right = isJsonObject(after) ? after : {};
      if (!isEmpty(left) || !isEmpty(right)) {
        this.#fields(schema, left, right, isJsonObject(before), isJsonObject(after));
        return this.#container(before, after);
      }
    }
    this.#leaf(before, after);
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined) this.added.insert(this.#path);
    else if (after === undefined) this.removed.insert(this.#path);
    else if (!jsonEqual(before, after)) this.modified.insert(this.#path);
  }

  #container(before: unknown, after: unknown): void {
    if (before === undefined) this.added.insert(this.#path);
    else if (after === undefined) this.removed.insert(this.#path);
  }

  #fields(
    map: MapSchema,
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    existed: boolean,
    exists: boolean,
  ): void {
    for (const name of Object.keys(before)) this.#field(map, name, before, after, existed, exists);
    for (const name of Object.keys(after)) {
      if (!Object.hasOwn(before, name)) this.#field(map, name, before, after, existed, exists);
    }
  }

  #field(
    map: MapSchema,
    name: string,
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    existed: boolean,
    exists: boolean,
  ): void {
    const field = map.field(name);
    const schema = field?.schema ?? map.elements;
    if (!schema || field?.isUntracked) return;
    const left = presentValue(field, Object.hasOwn(before, name) ? before[name] : undefined, existed);
    const right = presentValue(field, Object.hasOwn(after, name) ? after[name] : undefined, exists);
    if (left === right) return;
    this.#path.push(fieldElement(name));
    this.compare(schema, left, right);
    this.#path.pop();
  }

  #items(list: ListSchema, before: readonly unknown[], after: readonly unknown[]): void {
    const left = groupItems(list, before);
    const right = groupItems(list, after);
    for (const [element, items] of left) this.#item(list, element, items, right.get(element) ?? []);
    for (const [element, items] of right) if (!left.has(element)) this.#item(list, element, [], items);
  }

  /** What one element was and is; several of either are one leaf, compared as a whole. */
  #item(list: ListSchema, element: PathElement, before: readonly unknown[], after: readonly unknown[]): void {
    this.#path.push(element);
    if (before.length <= 1 && after.length <= 1) this.compare(list.items, before[0], after[0]);
    else if (before.length > 1 && after.length > 1) {
      if (!jsonEqual(before, after)) this.modified.insert(this.#path);
    } else if (before.length > 1) {
      if (after.length > 0) this.compare(list.items, undefined, after[0]);
      this.removed.insert(this.#path);
    } else {
      if (before.length > 0) this.compare(list.items, before[0], undefined);
      this.added.insert(this.#path);
    }
    this.#path.pop();
  }
}

/** What a field counts as: absent when empty ones are not stored, its zero value when it is always served. */
function presentValue(field: FieldSchema | undefined, value: unknown, inObject: boolean): unknown {
  if (field === undefined) return value;
  const present = field.dropsEmpty && isEmptyContainer(value) ? undefined : value;
  return present === undefined && inObject ? field.zero : present;
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
