import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { canonicalCidrErrors } from "@kube-ts/api/ip-address";
import type { ServiceCIDR, ServiceCIDRSpec } from "@kube-ts/api/networking/v1";
import { serviceCidrs } from "@kube-ts/api/resource-types";
import { parseCidr } from "@kube-ts/std/ip-address";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts, immutableText } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const cidrsPath = fieldPath("spec", "cidrs");
const maxCidrs = 2;

export const serviceCidrResource = defineResource<ServiceCIDR>({
  type: serviceCidrs,
  singular: "servicecidr",
  storagePrefix: "servicecidrs",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateServiceCidr,
    validateUpdate(serviceCidr, old) {
      const errors = [
        ...validateServiceCidr(serviceCidr),
        ...validateObjectMetaUpdate(serviceCidr.metadata, old.metadata),
      ];
      checkCidrsUpdate(serviceCidr.spec, old.spec, errors);
      return errors;
    },
  },
  status: {
    prepareForUpdate(serviceCidr, old) {
      serviceCidr.spec = old.spec;
    },
    validateUpdate: (serviceCidr, old) => validateObjectMetaUpdate(serviceCidr.metadata, old.metadata),
  },
  columns: {
    definitions: [nameColumn, column("CIDRs", "string", "Ranges for the addresses of services."), ageColumn],
    row: (serviceCidr, nowMs) => ({
      cells: [nameCell(serviceCidr), (serviceCidr.spec.cidrs ?? []).join(","), ageCell(serviceCidr, nowMs)],
    }),
  },
});

function validateServiceCidr(serviceCidr: ServiceCIDR): FieldError[] {
  const errors = validateObjectMeta(serviceCidr.metadata, "Cluster", subdomainName);
  checkCidrs(serviceCidr.spec, errors);
  return errors;
}

function checkCidrs(spec: ServiceCIDRSpec, errors: FieldError[]): void {
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length === 0) {
    errors.push(requiredField(cidrsPath, "at least one CIDR required"));
    return;
  }
  if (cidrs.length > maxCidrs) {
    errors.push(invalidField(cidrsPath, spec, "may only hold up to 2 values"));
    return;
  }
  for (const [index, cidr] of cidrs.entries())
    checkTexts(canonicalCidrErrors(cidr), cidr, cidrsPath.index(index), errors);
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.family);
  if (first !== undefined && first === second) {
    const text = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
    errors.push(invalidField(cidrsPath, cidrs, text));
  }
}

/** Ranges stay, but one of the other family may join a single one. */
function checkCidrsUpdate(spec: ServiceCIDRSpec, old: ServiceCIDRSpec, errors: FieldError[]): void {
  const [now, before] = [spec.cidrs ?? [], old.cidrs ?? []];
  if (now.length === before.length || (before.length === 1 && now.length === maxCidrs)) {
    for (const [index, cidr] of before.entries()) {
      if (cidr !== now[index]) errors.push(invalidField(cidrsPath.index(index), now[index] ?? "", immutableText));
    }
    return;
  }
  errors.push(invalidField(cidrsPath, now, immutableText));
}
