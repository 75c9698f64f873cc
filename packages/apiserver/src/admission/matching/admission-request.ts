import type { AdmissionRequest } from "@kube-ts/api/admission/v1";
import type { RawExtension } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { AdmissionAttributes } from "../admission.ts";
import type { AdmissionForm } from "./served-forms.ts";

/** A write as webhooks and expressions are told of it, without its objects; fields that say nothing are left out. */
export function admissionRequest(
  write: AdmissionAttributes,
  form: AdmissionForm,
  requested: AdmissionForm,
): AdmissionRequest {
  const { user, subresource, name, namespace } = write;
  return {
    kind: form.kind,
    resource: form.resource,
    ...(subresource && { subResource: subresource }),
    requestKind: requested.kind,
    requestResource: requested.resource,
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation: write.operation,
    userInfo: {
      ...(user.name && { username: user.name }),
      ...(user.uid && { uid: user.uid }),
      ...(user.groups.length > 0 && { groups: [...user.groups] }),
      ...(Object.keys(user.extra).length > 0 && { extra: extraOf(user.extra) }),
    },
    dryRun: write.dryRun,
    options: (write.options ?? null) as unknown as RawExtension,
  };
}

function extraOf(extra: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
}

/** The objects of a write in the form in which a hook sees them. */
export interface ShownObjects {
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
}

export async function showObjects(
  write: AdmissionAttributes,
  form: AdmissionForm,
  signal: AbortSignal,
): Promise<ShownObjects> {
  const [object, oldObject] = await Promise.all([
    write.object ? form.show(write.object, signal) : null,
    write.oldObject ? form.show(write.oldObject, signal) : null,
  ]);
  return { object, oldObject };
}
