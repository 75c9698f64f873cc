import { type FieldError, forbiddenField, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import { dns1123LabelErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { validateLabels } from "@kube-ts/api/selectors";
import { managedFieldsText } from "../../storage/cache/managed-fields-text.ts";
import { exceedsBytes } from "./byte-length.ts";
import type { NameRule } from "./object-names.ts";
import { checkImmutable, checkNonNegative, checkTexts, isBlank } from "./validate-fields.ts";

export const metadataPath: FieldPath = fieldPath("metadata");

const maxAnnotationBytes = 256 * 1024;
const maxManagerLength = 128;
const maxSubresourceLength = 256;
const orphanFinalizer = "orphan";
const foregroundFinalizer = "foregroundDeletion";
const standardFinalizers = new Set(["kubernetes", orphanFinalizer, foregroundFinalizer]);

/** Which finalizers an object may have: those of custom resources and their definitions need not be qualified. */
export type FinalizerRule = "standardOrQualified" | "any";

/** The rules for the metadata of a new object, whose name has been generated already. */
export function validateObjectMeta(
  meta: ObjectMeta,
  scope: "Namespaced" | "Cluster",
  nameRule: NameRule,
  path: FieldPath = metadataPath,
  finalizers: FinalizerRule = "standardOrQualified",
): FieldError[] {
  const errors: FieldError[] = [];
  if (meta.generateName) {
    checkTexts(nameRule(meta.generateName, true), meta.generateName, path.child("generateName"), errors);
  }
  if (isBlank(meta.name)) errors.push(requiredField(path.child("name"), "name or generateName is required"));
  else checkTexts(nameRule(meta.name, false), meta.name, path.child("name"), errors);
  checkNamespace(meta.namespace, scope, path, errors);
  checkNonNegative(meta.generation, path.child("generation"), errors);
  checkSharedParts(meta, path, finalizers, errors);
  return errors;
}

/** The rules for the metadata of an update, whose resourceVersion was compared with the stored one already. */
export function validateObjectMetaUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  path = metadataPath,
  finalizers: FinalizerRule = "standardOrQualified",
): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) checkNoNewFinalizers(meta, old, path.child("finalizers"), errors);
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalidField(path.child("generation"), meta.generation ?? 0, "must not be decremented"));
  }
  for (const field of immutableFields) {
    if (meta[field] !== old[field]) checkImmutable(meta[field] ?? "", old[field] ?? "", path.child(field), errors);
  }
  checkSharedParts(meta, path, finalizers, errors);
  return errors;
}

const immutableFields = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

/** Adds the errors of an annotation map. */
export function checkAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (annotations === undefined) return;
  for (const key in annotations) checkTexts(qualifiedNameErrors(key.toLowerCase()), key, path, errors);
  if (exceedsBytes(Object.entries(annotations).flat(), maxAnnotationBytes)) {
    errors.push(tooLongField(path, maxAnnotationBytes));
  }
}

/** Adds the errors of the metadata in a template of an object, where only labels and annotations may be set. */
export function checkTemplateMeta(meta: ObjectMeta | undefined, path: FieldPath, errors: FieldError[]): void {
  if (meta === undefined) return;
  checkAnnotations(meta.annotations, path.child("annotations"), errors);
  if (meta.labels !== undefined) errors.push(...validateLabels(meta.labels, path.child("labels")));
  for (const [field, value] of Object.entries(meta)) {
    if (field === "labels" || field === "annotations" || isZero(value)) continue;
    errors.push(forbiddenField(path.child(field), "cannot be set"));
  }
}

/** Adds the errors of the name of a finalizer of any object. */
export function checkFinalizerName(name: string, path: FieldPath, errors: FieldError[]): void {
  checkTexts(qualifiedNameErrors(name), name, path, errors);
  checkStandardFinalizer(name, path, errors);
}

function isZero(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0;
}

function checkNamespace(
  namespace: string | undefined,
  scope: "Namespaced" | "Cluster",
  path: FieldPath,
  errors: FieldError[],
): void {
  if (scope === "Cluster") {
    if (!isBlank(namespace)) errors.push(forbiddenField(path.child("namespace"), "not allowed on this type"));
  } else if (isBlank(namespace)) {
    errors.push(requiredField(path.child("namespace"), ""));
  } else {
    checkTexts(dns1123LabelErrors(namespace), namespace, path.child("namespace"), errors);
  }
}

function checkSharedParts(meta: ObjectMeta, path: FieldPath, rule: FinalizerRule, errors: FieldError[]): void {
  if (meta.labels !== undefined) errors.push(...validateLabels(meta.labels, path.child("labels")));
  checkAnnotations(meta.annotations, path.child("annotations"), errors);
  if (meta.ownerReferences !== undefined) {
    checkOwnerReferences(meta.ownerReferences, path.child("ownerReferences"), errors);
  }
  if (meta.finalizers !== undefined) checkFinalizers(meta.finalizers, rule, path.child("finalizers"), errors);
  // What the server has written itself is right, and not read for this.
  if (managedFieldsText(meta) === undefined && meta.managedFields !== undefined)
    checkManagedFields(meta.managedFields, path.child("managedFields"), errors);
}

function checkOwnerReferences(references: readonly OwnerReference[], path: FieldPath, errors: FieldError[]): void {
  let controller: string | undefined;
  for (const reference of references) {
    checkOwnerReference(reference, path, errors);
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === undefined) {
      controller = name;
      continue;
    }
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
    errors.push(invalidField(path, references, text));
  }
}

function checkOwnerReference(reference: OwnerReference, path: FieldPath, errors: FieldError[]): void {
  const version = reference.apiVersion.slice(reference.apiVersion.indexOf("/") + 1);
  if (version === "") {
    errors.push(invalidField(path.child("apiVersion"), reference.apiVersion, "version must not be empty"));
  }
  for (const field of ["kind", "name", "uid"] as const) {
    if (isBlank(reference[field])) errors.push(invalidField(path.child(field), "", "must not be empty"));
  }
  if (reference.apiVersion === "v1" && reference.kind === "Event") {
    errors.push(invalidField(path, reference, "/v1, Kind=Event is disallowed from being an owner"));
  }
}

function checkFinalizers(
  finalizers: readonly string[],
  rule: FinalizerRule,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const name of finalizers) checkTexts(qualifiedNameErrors(name), name, path, errors);
  if (finalizers.includes(orphanFinalizer) && finalizers.includes(foregroundFinalizer)) {
    const text = `finalizer ${orphanFinalizer} and ${foregroundFinalizer} cannot be both set`;
    errors.push(invalidField(path, finalizers, text));
  }
  if (rule === "any") return;
  for (const [index, name] of finalizers.entries()) checkStandardFinalizer(name, path.index(index), errors);
}

function checkStandardFinalizer(name: string, path: FieldPath, errors: FieldError[]): void {
  if (!name.includes("/") && !standardFinalizers.has(name)) {
    errors.push(invalidField(path, name, "name is neither a standard finalizer name nor is it fully qualified"));
  }
}

function checkNoNewFinalizers(meta: ObjectMeta, old: ObjectMeta, path: FieldPath, errors: FieldError[]): void {
  const kept = new Set(old.finalizers);
  const added = [...new Set(meta.finalizers)].filter((name) => !kept.has(name)).sort();
  if (added.length === 0) return;
  const list = `[]string{${added.map(goQuote).join(", ")}}`;
  const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
  errors.push(forbiddenField(path, text));
}

function checkManagedFields(entries: readonly ManagedFieldsEntry[], path: FieldPath, errors: FieldError[]): void {
  for (const [index, entry] of entries.entries()) {
    if (entry.operation !== "Apply" && entry.operation !== "Update") {
      const text = "must be `Apply` or `Update`";
      errors.push(invalidField(path.index(index).child("operation"), entry.operation ?? "", text));
    }
    if (!isBlank(entry.fieldsType) && entry.fieldsType !== "FieldsV1") {
      errors.push(invalidField(path.index(index).child("fieldsType"), entry.fieldsType, "must be `FieldsV1`"));
    }
    checkManager(entry.manager ?? "", path.index(index).child("manager"), errors);
    if (Buffer.byteLength(entry.subresource ?? "") > maxSubresourceLength) {
      errors.push(tooLongField(path.index(index).child("subresource"), maxSubresourceLength));
    }
  }
}

function checkManager(manager: string, path: FieldPath, errors: FieldError[]): void {
  if (Buffer.byteLength(manager) > maxManagerLength) errors.push(tooLongField(path, maxManagerLength));
  if (/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(manager)) {
    errors.push(invalidField(path, manager, "should not contain non-printable characters"));
  }
}
