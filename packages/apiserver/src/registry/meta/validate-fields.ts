import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";

export const negativeText = "must be greater than or equal to 0";
export const notPositiveText = "must be greater than zero";
export const immutableText = "field is immutable";

/** Adds an error when the number is negative. */
export function checkNonNegative(value: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (value !== undefined && value < 0) errors.push(invalidField(path, value, negativeText));
}

/** Adds an error when the value is not what it was. */
export function checkImmutable(value: unknown, old: unknown, path: FieldPath, errors: FieldError[]): void {
  if (!semanticEqual(value, old)) errors.push(invalidField(path, value, immutableText));
}

/** Adds an error per text. */
export function checkTexts(texts: readonly string[], value: unknown, path: FieldPath, errors: FieldError[]): void {
  for (const text of texts) errors.push(invalidField(path, value, text));
}

/** Adds an error when the value is missing or outside of the set; the set is printed in the order given. */
export function checkRequiredChoice(
  value: string | undefined,
  supported: readonly string[],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (value === undefined || value === "") errors.push(requiredField(path, ""));
  else checkChoice(value, supported, path, errors);
}

/** Adds an error when the value is set and outside of the set. */
export function checkChoice(
  value: string | undefined,
  supported: readonly string[],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (value !== undefined && !supported.includes(value)) errors.push(notSupportedField(path, value, supported));
}

/** Whether a text is unset as the wire means it. */
export function isBlank(text: string | undefined): text is undefined | "" {
  return text === undefined || text === "";
}
