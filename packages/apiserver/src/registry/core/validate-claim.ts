import type {
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  TypedLocalObjectReference,
  TypedObjectReference,
} from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, dns1123SubdomainErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { parseQuantity, quantityOf } from "@kube-ts/api/quantity";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import { describeChanges } from "../meta/describe-changes.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkImmutable, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { isNativeResource } from "./resource-names.ts";
import { checkAmount, checkBasicAmount, checkPositiveAmount } from "./validate-resources.ts";

export const accessModes: readonly string[] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const volumeModes: readonly string[] = ["Block", "Filesystem"];
const classAnnotation = "volume.beta.kubernetes.io/storage-class";
const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const resizeStatuses = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
  "NodeResizePending",
];

export function validateClaim(claim: PersistentVolumeClaim): FieldError[] {
  const errors = validateObjectMeta(claim.metadata, "Namespaced", subdomainName);
  checkClaimSpec(claim.spec, specPath, errors);
  return errors;
}

/** Modes that do not go together, or that do not exist. */
export function checkAccessModes(modes: readonly string[], path: FieldPath, errors: FieldError[]): void {
  for (const mode of modes) {
    if (!accessModes.includes(mode)) errors.push(notSupportedField(path, mode, accessModes));
  }
  const known = modes.filter((mode) => accessModes.includes(mode));
  if (known.includes("ReadWriteOncePod") && known.some((mode) => mode !== "ReadWriteOncePod")) {
    errors.push(forbiddenField(path, "may not use ReadWriteOncePod with other access modes"));
  }
}

export function checkClaimSpec(spec: PersistentVolumeClaimSpec, path: FieldPath, errors: FieldError[]): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) {
    errors.push(requiredField(path.child("accessModes"), "at least 1 access mode is required"));
  }
  errors.push(...validateLabelSelector(spec.selector, path.child("selector")));
  checkAccessModes(modes, path.child("accessModes"), errors);
  const storage = spec.resources?.requests?.["storage"];
  const storagePath = path.child("resources").key("storage");
  if (storage === undefined) errors.push(requiredField(storagePath, ""));
  else checkPositiveAmount(storage, storagePath, errors);
  const className = spec.storageClassName;
  if (!isBlank(className))
    checkTexts(subdomainName(className, false), className, path.child("storageClassName"), errors);
  checkChoice(spec.volumeMode, volumeModes, path.child("volumeMode"), errors);
  checkDataSources(spec, path, errors);
  const attributesClass = spec.volumeAttributesClassName;
  if (!isBlank(attributesClass)) {
    const texts = subdomainName(attributesClass, false);
    checkTexts(texts, attributesClass, path.child("volumeAttributesClassName"), errors);
  }
}

function checkDataSources(spec: PersistentVolumeClaimSpec, path: FieldPath, errors: FieldError[]): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) checkDataSource(dataSource, path.child("dataSource"), errors);
  if (dataSourceRef) {
    const refPath = path.child("dataSourceRef");
    checkDataSource(dataSourceRef, refPath, errors);
    const namespace = dataSourceRef.namespace;
    if (!isBlank(namespace)) checkTexts(dns1123LabelErrors(namespace), namespace, refPath.child("namespace"), errors);
  }
  if (!dataSource || !dataSourceRef) return;
  const sourcePath = path.child("dataSource").toString();
  if (!isBlank(dataSourceRef.namespace)) {
    const text = "may not be specified when dataSourceRef.namespace is specified";
    errors.push(invalidField(path, sourcePath, text));
  } else if (
    (dataSource.apiGroup ?? null) !== (dataSourceRef.apiGroup ?? null) ||
    dataSource.kind !== dataSourceRef.kind ||
    dataSource.name !== dataSourceRef.name
  ) {
    errors.push(invalidField(path, sourcePath, "must match dataSourceRef"));
  }
}

function checkDataSource(
  source: TypedLocalObjectReference | TypedObjectReference,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (isBlank(source.name)) errors.push(requiredField(path.child("name"), ""));
  if (isBlank(source.kind)) errors.push(requiredField(path.child("kind"), ""));
  const group = source.apiGroup ?? "";
  if (group !== "") {
    checkTexts(dns1123SubdomainErrors(group), group, path.child("apiGroup"), errors);
  } else if (source.kind !== "PersistentVolumeClaim") {
    const text = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalidField(path, source.kind, text));
  }
}

/** A claim's spec is fixed, but for growing a bound claim, its attributes class, and what the binder sets once. */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors = [...validateObjectMetaUpdate(claim.metadata, old.metadata), ...validateClaim(claim)];
  const classUpgraded = isClassUpgrade(claim, old);
  if (!classUpgraded) {
    const annotation = claim.metadata.annotations?.[classAnnotation] ?? "";
    if (annotation !== (old.metadata.annotations?.[classAnnotation] ?? "")) {
      const path = fieldPath("metadata", "annotations", classAnnotation);
      errors.push(invalidField(path, annotation, "field is immutable"));
    }
  }
  const spec = comparableSpec(claim, old, classUpgraded);
  const oldSpec = comparableOldSpec(claim, old);
  if (!semanticEqual(spec, oldSpec)) {
    const text =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbiddenField(specPath, `${text}\n${describeChanges(oldSpec, spec, "spec")}`));
  }
  checkShrink(claim, old, errors);
  checkImmutable(claim.spec.volumeMode, old.spec.volumeMode, fieldPath("volumeMode"), errors);
  checkAttributesClassChange(claim, old, errors);
  return errors;
}

function isClassUpgrade(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const oldAnnotation = old.metadata.annotations?.[classAnnotation];
  const annotation = claim.metadata.annotations?.[classAnnotation];
  return (
    oldAnnotation !== undefined &&
    old.spec.storageClassName === undefined &&
    claim.spec.storageClassName === oldAnnotation &&
    (annotation === undefined || annotation === oldAnnotation)
  );
}

function comparableSpec(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  classUpgraded: boolean,
): PersistentVolumeClaimSpec {
  const spec = structuredClone(claim.spec);
  const oldAnnotation = old.metadata.annotations?.[classAnnotation];
  const className = spec.storageClassName;
  const setsClass =
    className !== undefined &&
    old.spec.storageClassName === undefined &&
    (oldAnnotation === undefined || className === oldAnnotation);
  if (classUpgraded || setsClass) delete spec.storageClassName;
  if (claim.status?.phase === "Bound") {
    const oldStorage = old.spec.resources?.requests?.["storage"];
    if (spec.resources?.requests && oldStorage !== undefined) spec.resources.requests["storage"] = oldStorage;
    if (spec.volumeAttributesClassName !== undefined) {
      const oldClass = old.spec.volumeAttributesClassName;
      if (oldClass === undefined) delete spec.volumeAttributesClassName;
      else spec.volumeAttributesClassName = oldClass;
    }
  }
  return spec;
}

function comparableOldSpec(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): PersistentVolumeClaimSpec {
  if (!isBlank(old.spec.volumeName) || claim.spec.volumeName === undefined) return old.spec;
  return { ...old.spec, volumeName: claim.spec.volumeName };
}

function checkShrink(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: FieldError[]): void {
  const storagePath = fieldPath("spec", "resources", "requests", "storage");
  const size = quantityOf(claim.spec.resources?.requests?.["storage"]);
  if (size.compare(quantityOf(old.spec.resources?.requests?.["storage"])) >= 0) return;
  if (size.compare(quantityOf(old.status?.capacity?.["storage"])) <= 0) {
    errors.push(forbiddenField(storagePath, "field can not be less than status.capacity"));
  }
}

function checkAttributesClassChange(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  errors: FieldError[],
): void {
  if (old.spec.volumeAttributesClassName === undefined) return;
  const path = specPath.child("volumeAttributesClassName");
  const name = claim.spec.volumeAttributesClassName;
  if (name === undefined) {
    errors.push(forbiddenField(path, "update from non-nil value to nil is forbidden"));
  } else if (name === "" && old.spec.volumeAttributesClassName !== "") {
    errors.push(forbiddenField(path, "update from non-nil value to an empty string is forbidden"));
  }
}

export function validateClaimStatusUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors = validateObjectMetaUpdate(claim.metadata, old.metadata);
  if (!claim.spec.accessModes?.length) errors.push(requiredField("Spec.accessModes", ""));
  const status = claim.status ?? {};
  for (const [name, text] of Object.entries(status.capacity ?? {})) {
    checkBasicAmount(text, statusPath.child("capacity").key(name), errors);
  }
  const resizePath = statusPath.child("allocatedResourceStatus");
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    checkClaimResourceName(name, resizePath, errors);
    if (!resizeStatuses.includes(state)) errors.push(notSupportedField(resizePath, name, resizeStatuses));
  }
  const allocatedPath = statusPath.child("allocatedResources");
  for (const [name, text] of Object.entries(status.allocatedResources ?? {})) {
    const before = errors.length;
    checkClaimResourceName(name, allocatedPath, errors);
    if (errors.length === before) checkAmount("storage", parseQuantity(text), allocatedPath.key(name), errors);
  }
  return errors;
}

function checkClaimResourceName(name: string, path: FieldPath, errors: FieldError[]): void {
  const texts = qualifiedNameErrors(name);
  checkTexts(texts, name, path, errors);
  if (texts.length === 0 && isNativeResource(name) && name !== "storage") {
    errors.push(notSupportedField(path, name, ["storage"]));
  }
}
