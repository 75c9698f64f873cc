import { type FieldError, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { canonicalIpAddressErrors } from "@kube-ts/api/ip-address";
import { dns1123SubdomainErrors, pathSegmentNameErrors } from "@kube-ts/api/names";
import type { IPAddress, ParentReference } from "@kube-ts/api/networking/v1";
import { ipAddresses } from "@kube-ts/api/resource-types";
import { checkImmutable, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { checkRequiredSegment } from "./validate-reference.ts";

const parentPath = fieldPath("spec", "parentRef");

/** Addresses in use. Those of services are made by the server's allocators, which write the same keys. */
export const ipAddressResource = defineResource<IPAddress>({
  type: ipAddresses,
  singular: "ipaddress",
  shortNames: ["ip"],
  storagePrefix: "ipaddresses",
  strategy: {
    defaults({ spec }) {
      if (spec.parentRef) dropZeroFields(spec.parentRef, ["group", "resource", "namespace", "name"]);
    },
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateIpAddress,
    validateUpdate(address, old) {
      const errors = [...validateIpAddress(address), ...validateObjectMetaUpdate(address.metadata, old.metadata)];
      checkImmutable(address.spec.parentRef, old.spec.parentRef, parentPath, errors);
      return errors;
    },
  },
  columns: {
    definitions: [nameColumn, column("ParentRef", "string", "Object that uses the address."), ageColumn],
    row: (address, nowMs) => ({
      cells: [nameCell(address), parentText(address.spec.parentRef), ageCell(address, nowMs)],
    }),
  },
});

function parentText(parent: ParentReference | undefined): string {
  if (!parent) return "<none>";
  const { group = "", resource = "", namespace = "", name = "" } = parent;
  const groupResource = (group === "" ? resource : `${resource}.${group}`).toLowerCase();
  return [groupResource, ...(namespace === "" ? [] : [namespace]), name].join("/");
}

function validateIpAddress(address: IPAddress): FieldError[] {
  const errors = validateObjectMeta(address.metadata, "Cluster", canonicalIpAddressErrors);
  const parent = address.spec.parentRef;
  if (!parent) {
    errors.push(requiredField(parentPath, ""));
    return errors;
  }
  const { group, resource, name, namespace } = parent;
  if (!isBlank(group)) checkTexts(dns1123SubdomainErrors(group), group, parentPath.child("group"), errors);
  checkRequiredSegment(resource, parentPath.child("resource"), errors);
  checkRequiredSegment(name, parentPath.child("name"), errors);
  if (!isBlank(namespace))
    checkTexts(pathSegmentNameErrors(namespace), namespace, parentPath.child("namespace"), errors);
  return errors;
}
