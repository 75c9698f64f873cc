import { type FieldError, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { exceedsBytes } from "../meta/byte-length.ts";
import { checkTexts } from "../meta/validate-fields.ts";

const maxParameters = 512;
const maxParameterBytes = 256 * 1024;

/** The name of a provisioner or driver. Capital letters are allowed, though messages show small ones. */
export function checkProvisioner(provisioner: string, path: FieldPath, errors: FieldError[]): void {
  if (provisioner === "") errors.push(requiredField(path, ""));
  else checkTexts(qualifiedNameErrors(provisioner.toLowerCase()), provisioner.toLowerCase(), path, errors);
}

/** Parameters that only the provisioner understands. */
export function checkParameters(
  parameters: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const entries = Object.entries(parameters ?? {});
  if (entries.length > maxParameters) {
    errors.push(tooLongField(path, maxParameters));
    return;
  }
  if (parameters?.[""] !== undefined) errors.push(invalidField(path, "", "field can not be empty."));
  if (exceedsBytes(entries.flat(), maxParameterBytes)) errors.push(tooLongField(path, maxParameterBytes));
}
