import { type FieldError, requiredField, tooLongField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { exceedsBytes } from "../meta/byte-length.ts";

const maxBytes = 10 * 1024;

/** An object that only a driver understands. What is stored already may be as large as it is. */
export function checkOpaqueObject(value: unknown, isStored: boolean, path: FieldPath, errors: FieldError[]): void {
  if (value === undefined || value === null) errors.push(requiredField(path, ""));
  else if (!isStored && exceedsBytes([JSON.stringify(value)], maxBytes)) errors.push(tooLongField(path, maxBytes));
}
