import { isJsonObject, jsonEqual } from "../json-value.ts";

/** Whether one key may stand for both elements of a list, whatever the key is. */
export function mayBeSameElement(a: unknown, b: unknown): boolean {
  if (!isJsonObject(a) || !isJsonObject(b)) return jsonEqual(a, b);
  return Object.keys(a).some((key) => typeof a[key] !== "object" && Object.hasOwn(b, key) && a[key] === b[key]);
}

/** The value without elements of lists that one key may stand for. */
export function withDistinctElements(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isNew = (item: unknown, index: number) =>
      !value.slice(0, index).some((earlier) => mayBeSameElement(earlier, item));
    return value.filter(isNew).map(withDistinctElements);
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDistinctElements(item)] as const));
}
