/**
 * Removes the fields listed that hold their type's zero value (`false`, `0`, `""`), which the wire does not tell
 * from absent. Only for fields that are no pointers upstream: there zero is not served back.
 */
export function dropZeroFields<T extends object>(object: T, fields: readonly (keyof T)[]): void {
  for (const field of fields) {
    const value = object[field];
    if (value === undefined) continue;
    if (value === false || value === 0 || value === "") delete object[field];
  }
}
