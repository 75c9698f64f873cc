import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import type { DeviceClaim, DeviceRequestAllocationResult } from "@kube-ts/api/resource/v1";

/** Namespaces with this label, set to `true`, may ask for devices that are in use, to administer them. */
const adminLabel = "resource.kubernetes.io/admin-access";

const requestsPath = fieldPath("spec", "devices", "requests");
const resultsPath = fieldPath("status", "allocation", "devices", "results");

export type Labels = Readonly<Record<string, string>> | undefined;

/** What is wrong with requests for administrative access in a namespace with the labels; the first is enough. */
export function adminRequestErrors(claim: DeviceClaim | undefined, namespace: Labels): FieldError[] {
  const index = (claim?.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess);
  return index < 0 ? [] : refusal(namespace, requestsPath.index(index).child("adminAccess"));
}

/** The same for devices that are being allocated; those that were allocated so before may stay. */
export function adminResultErrors(
  results: readonly DeviceRequestAllocationResult[],
  old: readonly DeviceRequestAllocationResult[],
  namespace: Labels,
): FieldError[] {
  if (old.some(({ adminAccess }) => adminAccess)) return [];
  const index = results.findIndex(({ adminAccess }) => adminAccess);
  return index < 0 ? [] : refusal(namespace, resultsPath.index(index).child("adminAccess"));
}

function refusal(namespace: Labels, path: FieldPath): FieldError[] {
  if (namespace?.[adminLabel] === "true") return [];
  const label = `\`${adminLabel}: true\``;
  return [forbiddenField(path, `admin access to devices requires the ${label} label on the containing namespace`)];
}
