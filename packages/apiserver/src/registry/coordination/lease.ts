import type { Lease, LeaseSpec } from "@kube-ts/api/coordination/v1";
import { type FieldError, forbiddenField, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { leases } from "@kube-ts/api/resource-types";
import { subdomainName } from "../meta/object-names.ts";
import { checkNonNegative, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const specPath = fieldPath("spec");

export const leaseResource = defineResource<Lease>({
  type: leases,
  singular: "lease",
  storagePrefix: "leases",
  strategy: {
    defaults(lease) {
      lease.spec ??= {};
    },
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate(lease) {
      const errors = validateObjectMeta(lease.metadata, "Namespaced", subdomainName);
      checkSpec(lease.spec, errors);
      return errors;
    },
    validateUpdate(lease, old) {
      const errors = validateObjectMetaUpdate(lease.metadata, old.metadata);
      checkSpec(lease.spec, errors);
      return errors;
    },
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
  },
  columns: {
    definitions: [nameColumn, column("Holder", "string", "Who holds the lease."), ageColumn],
    row: (lease, nowMs) => ({
      cells: [nameCell(lease), lease.spec.holderIdentity ?? "", ageCell(lease, nowMs)],
    }),
  },
});

function checkSpec(spec: LeaseSpec, errors: FieldError[]): void {
  const { leaseDurationSeconds: seconds, leaseTransitions, strategy, preferredHolder } = spec;
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalidField(specPath.child("leaseDurationSeconds"), seconds, "must be greater than 0"));
  }
  checkNonNegative(leaseTransitions, specPath.child("leaseTransitions"), errors);
  if (strategy !== undefined && strategy !== "OldestEmulationVersion") {
    checkTexts(qualifiedNameErrors(strategy), strategy, specPath.child("strategy"), errors);
  }
  if (!isBlank(preferredHolder) && isBlank(strategy)) {
    const text = "may only be specified when `strategy` is defined";
    errors.push(forbiddenField(specPath.child("preferredHolder"), text));
  }
}
