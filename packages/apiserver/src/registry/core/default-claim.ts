import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "@kube-ts/api/core/v1";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { canonicalizeResources } from "./canonical-resources.ts";

export function defaultClaimSpec(spec: PersistentVolumeClaimSpec): void {
  dropZeroFields(spec, ["volumeName"]);
  spec.volumeMode ??= "Filesystem";
  spec.resources ??= {};
  canonicalizeResources(spec.resources.limits);
  canonicalizeResources(spec.resources.requests);
}

export function defaultClaim(claim: PersistentVolumeClaim): void {
  claim.spec ??= {};
  defaultClaimSpec(claim.spec);
  claim.status ??= {};
  claim.status.phase ||= "Pending";
  canonicalizeResources(claim.status.capacity);
  canonicalizeResources(claim.status.allocatedResources);
}
