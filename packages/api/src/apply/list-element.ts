import { getOwn, isJsonObject } from "../json-value.ts";
import type { ListSchema } from "./apply-schema.ts";
import { goQuote } from "../go-quote.ts";
import { type PathElement, keyElement, valueElement } from "./path-element.ts";

/** Something in an object that its schema does not allow, in upstream's words. */
export class TypedValueError extends Error {
  override readonly name = "TypedValueError";
  readonly code = "typed-value";
}

/** The path element of a list's item by the keys or the value that identify it. Throws `TypedValueError`. */
export function itemElement(list: ListSchema, item: unknown): PathElement {
  return list.relation === "map" ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListSchema, item: unknown): PathElement {
  if (item === null) throw new TypedValueError("associative list with keys may not have a null element");
  if (!isJsonObject(item)) throw new TypedValueError("associative list with keys may not have non-map elements");
  const keys: [string, unknown][] = [];
  for (const name of list.keys) {
    const value = getOwn(item, name) ?? keyDefault(list, name);
    if (value !== undefined) keys.push([name, value]);
  }
  if (keys.length > 0) return keyElement(keys);
  const names = list.keys.map(goQuote).join(" ");
  throw new TypedValueError(
    `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  );
}

/** What a key is that an item leaves out; undefined when it then is no part of the element. */
export function keyDefault(list: ListSchema, name: string): unknown {
  return list.items.kind === "map" ? list.items.field(name)?.default : undefined;
}

function setElement(item: unknown): PathElement {
  if (isJsonObject(item)) throw new TypedValueError("associative list without keys has an element that's a map type");
  if (Array.isArray(item)) throw new TypedValueError("not supported: associative list with lists as elements");
  if (item === null || item === undefined) {
    throw new TypedValueError("associative list without keys has an element that's an explicit null");
  }
  return valueElement(item);
}
