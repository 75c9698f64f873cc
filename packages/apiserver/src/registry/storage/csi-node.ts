import { type FieldError, duplicateField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { csiNodes } from "@kube-ts/api/resource-types";
import type { CSINode, CSINodeDriver } from "@kube-ts/api/storage/v1";
import { checkDriverName } from "../core/validate-volume-sources.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkNonNegative, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const driversPath = fieldPath("spec", "drivers");
const maxNodeIdLength = 256;

export const csiNodeResource = defineResource<CSINode>({
  type: csiNodes,
  singular: "csinode",
  storagePrefix: "csinodes",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateCsiNode,
    validateUpdate(node, old) {
      const errors = [...validateCsiNode(node), ...validateObjectMetaUpdate(node.metadata, old.metadata)];
      checkDriversKept(node.spec.drivers ?? [], old.spec.drivers ?? [], errors);
      return errors;
    },
    allowUnconditionalUpdate: false,
    returnsDeletedObject: true,
  },
  columns: {
    definitions: [nameColumn, column("Drivers", "integer", "How many CSI drivers are on the node."), ageColumn],
    row: (node, nowMs) => ({ cells: [nameCell(node), node.spec.drivers?.length ?? 0, ageCell(node, nowMs)] }),
  },
});

function validateCsiNode(node: CSINode): FieldError[] {
  const errors = validateObjectMeta(node.metadata, "Cluster", subdomainName);
  const names = new Set<string>();
  for (const [index, driver] of (node.spec.drivers ?? []).entries()) {
    const path = driversPath.index(index);
    checkDriver(driver, path, errors);
    if (names.has(driver.name)) errors.push(duplicateField(path.child("name"), driver.name));
    names.add(driver.name);
    checkTopologyKeys(driver.topologyKeys ?? [], path, errors);
  }
  return errors;
}

function checkDriver(driver: CSINodeDriver, path: FieldPath, errors: FieldError[]): void {
  checkDriverName(driver.name, path.child("name"), errors);
  const idPath = path.child("nodeID");
  if (driver.nodeID === "") errors.push(requiredField(idPath, ""));
  if (Buffer.byteLength(driver.nodeID) > maxNodeIdLength) {
    errors.push(invalidField(idPath, driver.nodeID, `must be ${maxNodeIdLength} characters or less`));
  }
  checkNonNegative(driver.allocatable?.count, path.child("allocatable", "count"), errors);
}

/** Upstream reports problems of keys under the path of the driver. */
function checkTopologyKeys(keys: readonly string[], path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (key === "") errors.push(requiredField(path, ""));
    if (seen.has(key)) errors.push(duplicateField(path, key));
    seen.add(key);
    checkTexts(qualifiedNameErrors(key), key, path, errors);
  }
}

/** Drivers come and go, but while one is there only what it can hold changes. */
function checkDriversKept(
  drivers: readonly CSINodeDriver[],
  old: readonly CSINodeDriver[],
  errors: FieldError[],
): void {
  for (const before of old) {
    for (const driver of drivers) {
      if (driver.name !== before.name) continue;
      const { allocatable: _now, ...kept } = driver;
      const { allocatable: _then, ...keptBefore } = before;
      checkImmutable(kept, keptBefore, driversPath, errors);
    }
  }
}
