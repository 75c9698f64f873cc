import type { ConfigMapNodeConfigSource, Node, NodeConfigSource } from "@kube-ts/api/core/v1";
import { type FieldError, duplicateField, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { cidrErrors, parseCidr } from "@kube-ts/api/ip-address";
import { configMapKeyErrors, dns1123LabelErrors } from "@kube-ts/api/names";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { metadataPath, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { checkAmounts } from "./validate-resources.ts";
import { checkTaints } from "./validate-tolerations.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
/** Upstream reports taints on the metadata. */
const taintsPath = metadataPath.child("taints");

export function validateNode(node: Node): FieldError[] {
  const errors = validateObjectMeta(node.metadata, "Cluster", subdomainName);
  if (node.spec.taints) checkTaints(node.spec.taints, taintsPath, errors);
  checkNodeResources(node, errors);
  const ranges = node.spec.podCIDRs ?? [];
  const path = specPath.child("podCIDRs");
  for (const [index, range] of ranges.entries()) checkTexts(cidrErrors(range), range, path.index(index), errors);
  if (ranges.length > 1) {
    const families = new Set(ranges.map((range) => parseCidr(range)?.family));
    if (families.size < 2 || ranges.length > 2) {
      errors.push(invalidField(path, ranges, "may specify no more than one CIDR for each IP family"));
    }
    for (const [index, range] of ranges.entries()) {
      if (ranges.indexOf(range) < index) errors.push(duplicateField(path.index(index), range));
    }
  }
  return errors;
}

/** Both the whole node and its status are held to these rules. */
export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors = validateObjectMetaUpdate(node.metadata, old.metadata);
  checkNodeResources(node, errors);
  checkAddresses(node, errors);
  checkFixedFields(node, old, errors);
  if (node.spec.configSource) checkConfigSource(node.spec.configSource, "spec", specPath.child("configSource"), errors);
  for (const field of ["assigned", "active", "lastKnownGood"] as const) {
    const source = node.status?.config?.[field];
    if (source) checkConfigSource(source, "status", statusPath.child("config", field), errors);
  }
  if (node.spec.taints) checkTaints(node.spec.taints, taintsPath, errors);
  return errors;
}

function checkNodeResources(node: Node, errors: FieldError[]): void {
  for (const field of ["capacity", "allocatable"] as const) {
    checkAmounts(node.status?.[field], (name) => statusPath.child(field, name), errors);
  }
}

function checkAddresses(node: Node, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, address] of (node.status?.addresses ?? []).entries()) {
    const identity = `${address.type} ${address.address}`;
    if (seen.has(identity)) errors.push(duplicateField(statusPath.child("addresses").index(index), address));
    seen.add(identity);
  }
}

function checkFixedFields(node: Node, old: Node, errors: FieldError[]): void {
  const ranges = node.spec.podCIDRs ?? [];
  const oldRanges = old.spec.podCIDRs ?? [];
  if (oldRanges.length > 0) {
    const error = forbiddenField(
      specPath.child("podCIDRs"),
      'node updates may not change podCIDR except from "" to valid',
    );
    if (ranges.length !== oldRanges.length) errors.push(error);
    else for (const [index, range] of oldRanges.entries()) if (range !== ranges[index]) errors.push(error);
  }
  if (!isBlank(old.spec.providerID) && old.spec.providerID !== node.spec.providerID) {
    const text = 'node updates may not change providerID except from "" to valid';
    errors.push(forbiddenField(specPath.child("providerID"), text));
  }
  if ((node.spec.externalID ?? "") !== (old.spec.externalID ?? "")) {
    errors.push(forbiddenField(specPath.child("externalID"), "may not be updated"));
  }
}

function checkConfigSource(
  source: NodeConfigSource,
  where: "spec" | "status",
  path: FieldPath,
  errors: FieldError[],
): void {
  if (source.configMap) checkConfigMapSource(source.configMap, where, path.child("configMap"), errors);
  else errors.push(invalidField(path, source, "exactly one reference subfield must be non-nil"));
}

function checkConfigMapSource(
  source: ConfigMapNodeConfigSource,
  where: "spec" | "status",
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const field of ["uid", "resourceVersion"] as const) {
    const isUnset = isBlank(source[field]);
    if (where === "spec" && !isUnset) {
      errors.push(forbiddenField(path.child(field), `${field} must not be set in spec`));
    }
    if (where === "status" && isUnset) {
      errors.push(requiredField(path.child(field), `${field} must be set in status`));
    }
  }
  const { namespace, name, kubeletConfigKey: key } = source;
  if (isBlank(namespace)) errors.push(requiredField(path.child("namespace"), "namespace must be set"));
  else checkTexts(dns1123LabelErrors(namespace), namespace, path.child("namespace"), errors);
  if (isBlank(name)) errors.push(requiredField(path.child("name"), "name must be set"));
  else checkTexts(subdomainName(name, false), name, path.child("name"), errors);
  if (isBlank(key)) errors.push(requiredField(path.child("kubeletConfigKey"), "kubeletConfigKey must be set"));
  else checkTexts(configMapKeyErrors(key), key, path.child("kubeletConfigKey"), errors);
}
