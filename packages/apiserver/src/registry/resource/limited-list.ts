import { type FieldError, duplicateField, tooManyField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";

export type CheckItem<T> = (item: T, path: FieldPath, errors: FieldError[]) => void;

/** Checks the items of a list, unless there are too many. */
export function checkLimitedList<T>(
  items: readonly T[],
  max: number,
  check: CheckItem<T>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (items.length > max) {
    errors.push(tooManyField(path, items.length, max));
    return;
  }
  for (const [index, item] of items.entries()) check(item, path.index(index), errors);
}

/** Checks the items of a list as `checkLimitedList` does, and that no two have the same key. */
export function checkLimitedSet<T>(
  items: readonly T[],
  max: number,
  check: CheckItem<T>,
  keyOf: (item: T) => string,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkLimitedList(items, max, check, path, errors);
  if (items.length > max) return;
  const keys = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (keys.has(key)) errors.push(duplicateField(path.index(index), key));
    keys.add(key);
  }
}

const shortestKeyBytes = 16;

/** Checks the keys, under the path of the map, and the values, whose paths show the middle of long keys as dots. */
export function checkLimitedMap<T>(
  map: Readonly<Record<string, T>>,
  limits: { readonly max: number; readonly keyLength: number },
  checkKey: CheckItem<string>,
  checkValue: CheckItem<T>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const entries = Object.entries(map);
  if (entries.length > limits.max) {
    errors.push(tooManyField(path, entries.length, limits.max));
    return;
  }
  for (const [key, value] of entries) {
    checkKey(key, path, errors);
    checkValue(value, path.key(shortened(key, Math.max(limits.keyLength, shortestKeyBytes))), errors);
  }
}

function shortened(key: string, length: number): string {
  if (key.length <= length) return key;
  const rest = length - 3;
  return `${key.slice(0, Math.floor((rest + 1) / 2))}...${key.slice(key.length - Math.floor(rest / 2))}`;
}
