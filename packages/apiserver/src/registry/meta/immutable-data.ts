import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";

/** Adds errors for changes to the fields of an object that was marked immutable, and for unmarking it. */
export function checkImmutableWhenSet<T extends { immutable?: boolean }>(
  object: T,
  old: T,
  fields: readonly (keyof T & string)[],
  errors: FieldError[],
): void {
  if (!old.immutable) return;
  const text = "field is immutable when `immutable` is set";
  if (!object.immutable) errors.push(forbiddenField("immutable", text));
  for (const field of fields) {
    if (!semanticEqual(object[field], old[field])) errors.push(forbiddenField(field, text));
  }
}
