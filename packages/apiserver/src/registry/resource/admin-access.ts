import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { type KubeObject, nameOf, namespaceOf } from "@kube-ts/api/object";
import type {
  DeviceClaim,
  DeviceRequestAllocationResult,
  ResourceClaim,
  ResourceClaimTemplate,
} from "@kube-ts/api/resource/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { namespaces, resourceClaimTemplates, resourceClaims } from "@kube-ts/api/resource-types";
import { invalid } from "@kube-ts/api/status-error";
import type { ObjectSource } from "../object-source.ts";
import type { RegistryHooks } from "../write-request.ts";

/** Namespaces with this label, set to `true`, may ask for devices that are in use, to administer them. */
const adminLabel = "resource.kubernetes.io/admin-access";

const requestsPath = fieldPath("spec", "devices", "requests");
const resultsPath = fieldPath("status", "allocation", "devices", "results");

type Labels = Readonly<Record<string, string>> | undefined;

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

/** The checks by resource, as `group/plural`. `source` is asked for at each write. */
export function adminAccessHooks(source: () => ObjectSource): Map<string, RegistryHooks<KubeObject>> {
  const check = async (
    type: ResourceType,
    object: KubeObject,
    errorsIn: (labels: Labels) => FieldError[],
    signal: AbortSignal,
  ): Promise<undefined> => {
    if (errorsIn(undefined).length === 0) return;
    const namespace = await source().getLatest(namespaces, "", namespaceOf(object), signal);
    const errors = errorsIn(namespace?.metadata.labels);
    if (errors.length > 0) throw invalid(type, nameOf(object), errors);
  };
  const claim: RegistryHooks<KubeObject> = {
    beforeWrite(object, old, { signal }) {
      const { spec } = object as ResourceClaim;
      const errorsIn = (labels: Labels) =>
        old
          ? adminResultErrors(resultsOf(object as ResourceClaim), resultsOf(old as ResourceClaim), labels)
          : adminRequestErrors(spec.devices, labels);
      return check(resourceClaims, object, errorsIn, signal);
    },
  };
  const template: RegistryHooks<KubeObject> = {
    beforeWrite(object, old, { signal }) {
      const { spec } = object as ResourceClaimTemplate;
      const errorsIn = (labels: Labels) => (old ? [] : adminRequestErrors(spec.spec?.devices, labels));
      return check(resourceClaimTemplates, object, errorsIn, signal);
    },
  };
  return new Map([
    ["resource.k8s.io/resourceclaims", claim],
    ["resource.k8s.io/resourceclaimtemplates", template],
  ]);
}

function resultsOf(claim: ResourceClaim): readonly DeviceRequestAllocationResult[] {
  return claim.status?.allocation?.devices?.results ?? [];
}
