import type { CrossVersionObjectReference } from "@kube-ts/api/autoscaling/v2";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { pathSegmentNameErrors } from "@kube-ts/api/names";
import { checkTexts } from "../meta/validate-fields.ts";

/** What the API version of a reference has to be: any text, any version, or one with a group. */
export type ApiVersionRule = "any" | "parsable" | "grouped";

/** A reference to an object of any kind. */
export function checkReference(
  { kind, name, apiVersion = "" }: CrossVersionObjectReference,
  rule: ApiVersionRule,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [field, value] of [
    ["kind", kind],
    ["name", name],
  ] as const) {
    if (value === "") errors.push(requiredField(path.child(field), ""));
    else checkTexts(pathSegmentNameErrors(value), value, path.child(field), errors);
  }
  const problem = apiVersionProblem(apiVersion, rule);
  if (problem !== undefined) errors.push(invalidField(path.child("apiVersion"), apiVersion, problem));
}

export function apiVersionProblem(apiVersion: string, rule: ApiVersionRule): string | undefined {
  if (rule === "any") return undefined;
  const parts = apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const hasGroup = parts.length === 2 && parts[0] !== "";
  return rule === "grouped" && !hasGroup ? "apiVersion must specify API group" : undefined;
}
