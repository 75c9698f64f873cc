import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import type { IntOrString } from "@kube-ts/api/meta/v1";
import { percentErrors } from "@kube-ts/api/names";
import { checkNonNegative, checkTexts } from "../meta/validate-fields.ts";

/** A count or a percentage. */
export function checkCountOrPercent(value: IntOrString | undefined, path: FieldPath, errors: FieldError[]): void {
  if (typeof value === "string") checkTexts(percentErrors(value), value, path, errors);
  else checkNonNegative(value, path, errors);
}

export function checkAtMostAll(value: IntOrString | undefined, path: FieldPath, errors: FieldError[]): void {
  if (typeof value === "string" && amountOf(value) > 100) {
    errors.push(invalidField(path, value, "must not be greater than 100%"));
  }
}

/** The number in a count or a percentage; zero for what is neither. */
export function amountOf(value: IntOrString | undefined): number {
  if (typeof value !== "string") return value ?? 0;
  return /^[0-9]+%?$/.test(value) ? Number(value.replace("%", "")) : 0;
}
