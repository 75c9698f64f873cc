import type { FieldError } from "@kube-ts/api/field-error";
import { type KubeObject, nameOf, namespaceOf } from "@kube-ts/api/object";
import type { DeviceRequestAllocationResult, ResourceClaim, ResourceClaimTemplate } from "@kube-ts/api/resource/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { namespaces, resourceClaimTemplates, resourceClaims } from "@kube-ts/api/resource-types";
import { invalid } from "@kube-ts/api/status-error";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { ObjectSource } from "../object-source.ts";
import type { RegistryHooks, WriteRequest } from "../write-request.ts";
import { type Labels, adminRequestErrors, adminResultErrors } from "./admin-access.ts";
import { statusAccessErrors } from "./status-access.ts";

/** What the checks ask the server; each is there once the server serves. */
export interface ClaimHookParts {
  readonly source: () => ObjectSource;
  readonly authorizer: () => Authorizer;
}

/** Checks of claims that need more than the claim, by resource, as `group/plural`. */
export function claimHooks(parts: ClaimHookParts): Map<string, RegistryHooks<KubeObject>> {
  const claim: RegistryHooks<KubeObject> = {
    async beforeWrite(object, old, request) {
      await checkClaim(object as ResourceClaim, old as ResourceClaim | undefined, parts, request);
      return undefined;
    },
  };
  const template: RegistryHooks<KubeObject> = {
    async beforeWrite(object, old, { signal }) {
      if (old) return;
      const { spec } = object as ResourceClaimTemplate;
      const errorsIn = (labels: Labels) => adminRequestErrors(spec.spec?.devices, labels);
      reject(resourceClaimTemplates, object, await adminErrors(object, errorsIn, parts, signal));
      return undefined;
    },
  };
  return new Map([
    ["resource.k8s.io/resourceclaims", claim],
    ["resource.k8s.io/resourceclaimtemplates", template],
  ]);
}

async function checkClaim(
  claim: ResourceClaim,
  old: ResourceClaim | undefined,
  parts: ClaimHookParts,
  { context, verb, signal }: WriteRequest<KubeObject>,
): Promise<void> {
  const errorsIn = (labels: Labels) =>
    old ? adminResultErrors(resultsOf(claim), resultsOf(old), labels) : adminRequestErrors(claim.spec.devices, labels);
  const errors = await adminErrors(claim, errorsIn, parts, signal);
  if (old && verb !== undefined) {
    const writer = { user: context.user, verb, authorizer: parts.authorizer() };
    errors.push(...(await statusAccessErrors(claim, old, writer, signal)));
  }
  reject(resourceClaims, claim, errors);
}

/** The errors by the labels of the namespace, which is read only if that can matter. */
async function adminErrors(
  object: KubeObject,
  errorsIn: (labels: Labels) => FieldError[],
  { source }: ClaimHookParts,
  signal: AbortSignal,
): Promise<FieldError[]> {
  if (errorsIn(undefined).length === 0) return [];
  const namespace = await source().getLatest(namespaces, "", namespaceOf(object), signal);
  return errorsIn(namespace?.metadata.labels);
}

function reject(type: ResourceType, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(type, nameOf(object), errors);
}

function resultsOf(claim: ResourceClaim): readonly DeviceRequestAllocationResult[] {
  return claim.status?.allocation?.devices?.results ?? [];
}
