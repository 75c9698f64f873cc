import type { FieldError } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import type { ResourceClaim, ResourceClaimStatus } from "@kube-ts/api/resource/v1";
import { resourceClaims } from "@kube-ts/api/resource-types";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { keepMetadata } from "../meta/keep-metadata.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type ResourceDefinition, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { defaultDeviceRequests } from "./default-device-requests.ts";
import { checkClaimStatus } from "./validate-claim-status.ts";
import { checkDeviceClaim } from "./validate-device-claim.ts";

const specPath = fieldPath("spec");

export function resourceClaimResource(compile: CompileExpression): ResourceDefinition<ResourceClaim> {
  const validateSpec = (claim: ResourceClaim, isStored: boolean, errors: FieldError[]): void =>
    checkDeviceClaim(claim.spec.devices ?? {}, { compile, isStored }, specPath.child("devices"), errors);
  return defineResource<ResourceClaim>({
    type: resourceClaims,
    singular: "resourceclaim",
    storagePrefix: "resourceclaims",
    strategy: {
      defaults({ spec, status }) {
        defaultDeviceRequests(spec);
        for (const consumer of status?.reservedFor ?? []) dropZeroFields(consumer, ["apiGroup"]);
      },
      prepareForCreate(claim) {
        claim.status = {};
      },
      prepareForUpdate(claim, old) {
        if (old.status !== undefined) claim.status = old.status;
      },
      validateCreate(claim) {
        const errors = validateObjectMeta(claim.metadata, "Namespaced", subdomainName);
        validateSpec(claim, false, errors);
        return errors;
      },
      validateUpdate(claim, old) {
        const errors = validateObjectMetaUpdate(claim.metadata, old.metadata);
        checkImmutable(claim.spec, old.spec, specPath, errors);
        validateSpec(claim, true, errors);
        return errors;
      },
      returnsDeletedObject: true,
    },
    status: {
      prepareForUpdate(claim, old) {
        keepMetadata(claim, old);
        claim.spec = old.spec;
        if (claim.status) dropDeallocated(claim.status, old.status);
      },
      validateUpdate(claim, old) {
        const errors = validateObjectMetaUpdate(claim.metadata, old.metadata);
        checkClaimStatus(claim, old, errors);
        return errors;
      },
    },
    columns: {
      definitions: [
        nameColumn,
        column("State", "string", "Whether the claim is pending, allocated, reserved or deleted."),
        ageColumn,
      ],
      row: (claim, nowMs) => ({ cells: [nameCell(claim), stateText(claim), ageCell(claim, nowMs)] }),
    },
  });
}

function stateText({ metadata, status }: ResourceClaim): string {
  const states: string[] = [];
  const isDeleted = metadata.deletionTimestamp !== undefined;
  if (isDeleted) states.push("deleted");
  if (status?.allocation) {
    states.push("allocated");
    if (status.reservedFor?.length) states.push("reserved");
  } else if (!isDeleted) states.push("pending");
  return states.join(",");
}

/** What drivers reported of devices goes when the devices do. */
function dropDeallocated(status: ResourceClaimStatus, old: ResourceClaimStatus | undefined): void {
  if (!status.devices) return;
  const idOf = (of: { driver: string; pool: string; device: string }) => `${of.driver}/${of.pool}/${of.device}`;
  const kept = new Set((status.allocation?.devices?.results ?? []).map(idOf));
  const before = (old?.allocation?.devices?.results ?? []).map(idOf);
  const gone = new Set(before.filter((id) => !kept.has(id)));
  if (gone.size > 0) status.devices = status.devices.filter((device) => !gone.has(idOf(device)));
  if (status.devices.length === 0) delete status.devices;
}
