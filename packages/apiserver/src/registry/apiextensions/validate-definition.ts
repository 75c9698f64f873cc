import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "@kube-ts/api/apiextensions/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { dns1035LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import { anySchema, hasDefaults } from "@kube-ts/api/structural/schema-parts";
import { subdomainName } from "../meta/object-names.ts";
import { checkRequiredChoice, immutableText } from "../meta/validate-fields.ts";
import { metadataPath, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { approvalAnnotation, approvalOf, isProtectedGroup } from "./api-approval.ts";
import { isConditionTrue } from "./conditions.ts";
import { viewDefinition } from "./definition-view.ts";
import { checkConversion, conversionTolerance } from "./validate-conversion.ts";
import { checkNames, checkRequiredNames } from "./validate-names.ts";
import { checkVersionSchema, schemaRules } from "./validate-schema.ts";
import { checkColumn, checkDeprecation, checkSelectableFields, checkSubresources } from "./validate-version.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const versionsPath = specPath.child("versions");

/** The rules for a new definition. */
export function validateDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { plural } = definition.spec.names;
  const nameRule = (name: string, isPrefix: boolean) => {
    const errors = subdomainName(name, isPrefix);
    if (name !== `${plural}.${definition.spec.group}`) errors.push('must be spec.names.plural+"."+spec.group');
    return errors;
  };
  const errors = validateObjectMeta(definition.metadata, "Cluster", nameRule, metadataPath, "any");
  checkDefinition(definition, undefined, errors);
  return errors;
}

export function validateDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const errors = validateObjectMetaUpdate(definition.metadata, old.metadata, metadataPath, "any");
  checkDefinition(definition, old, errors);
  const { spec } = definition;
  const immutable: [unknown, unknown, string[]][] = [
    [spec.group, old.spec.group, ["group"]],
    [spec.names.plural, old.spec.names.plural, ["names", "plural"]],
  ];
  if (isConditionTrue(old, "Established")) {
    immutable.unshift(
      [spec.scope, old.spec.scope, ["scope"]],
      [spec.names.kind, old.spec.names.kind, ["names", "kind"]],
    );
  }
  for (const [value, before, path] of immutable) {
    if (value !== before) errors.push(invalidField(specPath.child(...path), value, immutableText));
  }
  return errors;
}

export function validateDefinitionStatusUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const errors = validateObjectMetaUpdate(definition.metadata, old.metadata, metadataPath, "any");
  checkStatus(definition, errors);
  return errors;
}

function checkDefinition(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldError[],
): void {
  const { spec } = definition;
  checkGroup(spec.group, errors);
  checkRequiredChoice(spec.scope, ["Cluster", "Namespaced"], specPath.child("scope"), errors);
  checkVersions(spec, old, errors);
  checkVersionParts(definition, old, errors);
  checkRequiredNames(spec.names, specPath.child("names"), errors);
  checkNames(spec.names, specPath.child("names"), errors);
  if (spec.conversion) {
    const path = specPath.child("conversion");
    if (spec.conversion.strategy !== "None" && spec.preserveUnknownFields) {
      const detail = "must be None if spec.preserveUnknownFields is true";
      errors.push(invalidField(path.child("strategy"), spec.conversion.strategy, detail));
    }
    checkConversion(spec.conversion, conversionTolerance(old), path, errors);
  }
  checkStatus(definition, errors);
  checkStoredVersions(definition, errors);
  checkApproval(definition, old, errors);
  if (spec.preserveUnknownFields && !old?.spec.preserveUnknownFields) {
    const detail =
      "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
    errors.push(invalidField(specPath.child("preserveUnknownFields"), true, detail));
  }
}

function checkGroup(group: string, errors: FieldError[]): void {
  const path = specPath.child("group");
  const problems = group === "" ? [] : dns1123SubdomainErrors(group);
  if (group === "") errors.push(requiredField(path));
  else if (problems.length > 0) errors.push(invalidField(path, group, problems.join(",")));
  else if (!group.includes(".")) {
    errors.push(invalidField(path, group, "should be a domain with at least one dot"));
  }
}

function checkVersions(
  { versions, preserveUnknownFields }: CustomResourceDefinitionSpec,
  old: CustomResourceDefinition | undefined,
  errors: FieldError[],
): void {
  const hadSchemas = old?.spec.versions.every(({ schema }) => schema?.openAPIV3Schema) ?? true;
  for (const [index, version] of versions.entries()) {
    const path = versionsPath.index(index);
    const schemaPath = path.child("schema", "openAPIV3Schema");
    if (!version.schema?.openAPIV3Schema) {
      if (hadSchemas) errors.push(requiredField(schemaPath, "schemas are required"));
      else if (!preserveUnknownFields && version.served) {
        errors.push(requiredField(schemaPath, "because otherwise all fields are pruned"));
      }
    }
    const problems = dns1035LabelErrors(version.name);
    if (problems.length > 0) errors.push(invalidField(path.child("name"), version.name, problems.join(",")));
    checkDeprecation(version, path, errors);
  }
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    errors.push(invalidField(versionsPath, versions, "must contain unique version names"));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(invalidField(versionsPath, versions, "must have exactly one version marked as storage version"));
  }
}

function checkVersionParts(
  { spec }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldError[],
): void {
  const view = viewDefinition(spec);
  const schemas = spec.versions.flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);
  const anyDefaults = schemas.some(hasDefaults);
  if (anyDefaults && spec.preserveUnknownFields) {
    const detail = "must be false in order to use defaults in the schema";
    errors.push(invalidField(specPath.child("preserveUnknownFields"), true, detail));
  }
  const rules = schemaRules(old);
  const requireStructural =
    rules.requireStructural ||
    !spec.preserveUnknownFields ||
    anyDefaults ||
    schemas.some((schema) => anySchema(schema, (inner) => extensions.some((name) => inner[name] !== undefined)));
  for (const { value, path, version } of view.schemas) {
    const hasStatus = (version ? [version] : spec.versions).some(({ subresources }) => subresources?.status);
    const schema = value.openAPIV3Schema;
    if (schema) checkVersionSchema(schema, hasStatus, { ...rules, requireStructural }, path, errors);
  }
  for (const { value, path } of view.subresources) checkSubresources(value, path, errors);
  for (const { value, path } of view.columns) {
    for (const [index, column] of value.entries()) checkColumn(column, path.index(index), errors);
  }
  for (const { value, path, version } of view.selectableFields) {
    const [first] = version ? [version] : spec.versions;
    const schema = first?.schema?.openAPIV3Schema;
    if (schema) checkSelectableFields(value, schema, path, errors);
  }
}

const extensions = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-validations",
] as const;

function checkStatus({ status }: CustomResourceDefinition, errors: FieldError[]): void {
  if (status?.acceptedNames) checkNames(status.acceptedNames, statusPath.child("acceptedNames"), errors);
}

function checkStoredVersions({ spec, status }: CustomResourceDefinition, errors: FieldError[]): void {
  const stored = status?.storedVersions ?? [];
  const path = statusPath.child("storedVersions");
  if (stored.length === 0) {
    errors.push(invalidField(path, stored, "must have at least one stored version"));
    return;
  }
  for (const { name, storage } of spec.versions) {
    if (storage && !stored.includes(name)) {
      errors.push(invalidField(path, stored, `must have the storage version ${name}`));
    }
  }
  for (const [index, name] of stored.entries()) {
    if (spec.versions.some((version) => version.name === name)) continue;
    errors.push(
      invalidField(
        path.index(index),
        name,
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
      ),
    );
  }
}

function checkApproval(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldError[],
): void {
  if (!isProtectedGroup(definition.spec.group)) return;
  const { state, reason } = approvalOf(definition);
  if (old && approvalOf(old).state === state) return;
  const path = metadataPath.child("annotations").key(approvalAnnotation);
  if (state === "missing") errors.push(requiredField(path, reason));
  if (state === "invalid") {
    errors.push(invalidField(path, definition.metadata.annotations?.[approvalAnnotation] ?? "", reason));
  }
}

/** Texts about formats that are accepted and not checked. */
export function formatWarnings(
  versions: readonly CustomResourceDefinitionVersion[],
  isKnown: (format: string) => boolean,
): string[] {
  const unknown = new Set<string>();
  for (const { schema } of versions) {
    if (!schema?.openAPIV3Schema) continue;
    anySchema(schema.openAPIV3Schema, ({ format }) => {
      if (format && !isKnown(format)) unknown.add(format);
      return false;
    });
  }
  return [...unknown].toSorted().map((format) => `unrecognized format "${format}"`);
}
