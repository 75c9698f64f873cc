import { type ApiError, forbidden } from "@kube-ts/api/status-error";
import type { StatusCause } from "@kube-ts/api/meta/v1";
import { apiErrorFromStatus } from "@kube-ts/api/status-error";
import type { AdmissionAttributes } from "./admission.ts";

/** The refusal of a write, in the form that all plugins use. */
export function admissionForbidden(attributes: AdmissionAttributes, problem: string, cause?: StatusCause): ApiError {
  const { group, plural } = attributes.type;
  const error = forbidden({ group, resource: plural }, nameIn(attributes), problem);
  if (!cause) return error;
  const { details } = error.status;
  return apiErrorFromStatus({ ...error.status, details: { ...details, causes: [cause] } });
}

function nameIn(attributes: AdmissionAttributes): string {
  const metadata = attributes.object?.metadata;
  return attributes.name || metadata?.name || metadata?.generateName || "Unknown";
}

/** Whether the write is of the resource itself (or of one of the subresources given). */
export function isWriteOf(
  attributes: AdmissionAttributes,
  type: { readonly group: string; readonly plural: string },
  subresources: readonly string[] = [""],
): boolean {
  return (
    attributes.type.plural === type.plural &&
    attributes.type.group === type.group &&
    subresources.includes(attributes.subresource)
  );
}
