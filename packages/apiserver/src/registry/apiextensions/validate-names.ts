import type { CustomResourceDefinitionNames } from "@kube-ts/api/apiextensions/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1035LabelErrors } from "@kube-ts/api/names";

/** What is wrong with names that are given. */
export function checkNames(names: CustomResourceDefinitionNames, path: FieldPath, errors: FieldError[]): void {
  const label = (value: string | undefined, at: FieldPath) => {
    const problems = value ? dns1035LabelErrors(value) : [];
    if (problems.length > 0) errors.push(invalidField(at, value, problems.join(",")));
  };
  const kind = (value: string | undefined, at: FieldPath) => {
    const problems = value ? dns1035LabelErrors(value.toLowerCase()) : [];
    const detail = `may have mixed case, but should otherwise match: ${problems.join(",")}`;
    if (problems.length > 0) errors.push(invalidField(at, value, detail));
  };
  label(names.plural, path.child("plural"));
  label(names.singular, path.child("singular"));
  kind(names.kind, path.child("kind"));
  kind(names.listKind, path.child("listKind"));
  for (const [index, name] of (names.shortNames ?? []).entries()) {
    const problems = dns1035LabelErrors(name);
    if (problems.length > 0) errors.push(invalidField(path.child("shortNames").index(index), name, problems.join(",")));
  }
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalidField(path.child("listKind"), names.listKind, "kind and listKind may not be the same"));
  }
  for (const [index, name] of (names.categories ?? []).entries()) {
    const problems = dns1035LabelErrors(name);
    if (problems.length > 0) errors.push(invalidField(path.child("categories").index(index), name, problems.join(",")));
  }
}

/** Names that a specification must have, other than those that were accepted. */
export function checkRequiredNames(names: CustomResourceDefinitionNames, path: FieldPath, errors: FieldError[]): void {
  for (const field of ["plural", "singular", "kind", "listKind"] as const) {
    if (!names[field]) errors.push(requiredField(path.child(field)));
  }
}
