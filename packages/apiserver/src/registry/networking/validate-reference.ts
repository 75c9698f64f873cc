import { type FieldError, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors, pathSegmentNameErrors } from "@kube-ts/api/names";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";

/** A reference to an object of any kind by its group, kind and name. */
export function checkKindAndName(
  reference: { readonly apiGroup?: string | null; readonly kind?: string; readonly name?: string },
  path: FieldPath,
  errors: FieldError[],
): void {
  const { apiGroup } = reference;
  if (typeof apiGroup === "string")
    checkTexts(dns1123SubdomainErrors(apiGroup), apiGroup, path.child("apiGroup"), errors);
  for (const field of ["kind", "name"] as const) checkRequiredSegment(reference[field], path.child(field), errors);
}

/** A text that has to be there and that can stand in a URL path. */
export function checkRequiredSegment(value: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(value)) errors.push(requiredField(path, ""));
  else checkTexts(pathSegmentNameErrors(value), value, path, errors);
}
