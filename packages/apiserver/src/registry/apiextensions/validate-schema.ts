import type { CustomResourceDefinition, JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import { type FieldError, forbiddenField, invalidField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { cloneJson, jsonEqual } from "@kube-ts/api/json-value";
import { checkDefaults } from "@kube-ts/api/structural/check-defaults";
import { checkRules } from "@kube-ts/api/structural/check-rules";
import {
  checkMapKeys,
  checkSchema,
  hasInvalidType,
  hasNonAtomicSet,
  type SchemaTolerance,
} from "@kube-ts/api/structural/check-schema";
import { checkStructural, isStructural } from "@kube-ts/api/structural/check-structural";
import type { MetadataRules } from "@kube-ts/api/structural/embedded-objects";
import { isNestedDeeper, maxNesting } from "@kube-ts/api/structural/nesting";
import { prune } from "@kube-ts/api/structural/prune";
import { anySchema, hasDefaults, innerSchemas } from "@kube-ts/api/structural/schema-parts";
import { validateObjectMeta } from "../meta/validate-object-meta.ts";
import { pathSegmentName } from "../meta/object-names.ts";

/** What schemas of a definition may be, going by what they were before. */
export interface SchemaRules extends SchemaTolerance {
  readonly requireStructural: boolean;
  readonly requirePrunedDefaults: boolean;
}

/** The rules for new schemas, or for those that follow upon old ones. */
export function schemaRules(old: CustomResourceDefinition | undefined): SchemaRules {
  const schemas = (old?.spec.versions ?? []).flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);
  const any = (condition: (schema: JSONSchemaProps) => boolean) =>
    schemas.some((schema) => anySchema(schema, condition));
  return {
    requireStructural: schemas.every((schema) => isStructural(schema, anyPath)),
    requirePrunedDefaults: !schemas.some(hasUnprunedDefaults),
    invalidTypes: any(hasInvalidType),
    nonAtomicSets: any(hasNonAtomicSet),
    looseMapKeys: any((schema) => checkMapKeys(schema, anyPath).length > 0),
  };
}

const anyPath = fieldPath("schema");

function hasUnprunedDefaults(schema: JSONSchemaProps): boolean {
  if (!hasDefaults(schema)) return false;
  const { default: value } = schema;
  if (value !== undefined && value !== null) {
    const copy = cloneJson(value);
    prune(copy, schema, schema["x-kubernetes-embedded-resource"] ?? false);
    if (!jsonEqual(copy, value)) return true;
  }
  return [...innerSchemas(schema)].some(hasUnprunedDefaults);
}

/** The metadata of objects that are part of others has no scope of its own and may have no name. */
export const embeddedMetadataRules: MetadataRules = (metadata, path) => {
  const scope = metadata.namespace ? "Namespaced" : "Cluster";
  return validateObjectMeta({ ...metadata, name: metadata.name || "fakename" }, scope, pathSegmentName, path, "any");
};

const rootFieldNames: readonly (readonly [keyof JSONSchemaProps, string])[] = [
  ["description", "Description"],
  ["type", "Type"],
  ["format", "Format"],
  ["title", "Title"],
  ["maximum", "Maximum"],
  ["exclusiveMaximum", "ExclusiveMaximum"],
  ["minimum", "Minimum"],
  ["exclusiveMinimum", "ExclusiveMinimum"],
  ["maxLength", "MaxLength"],
  ["minLength", "MinLength"],
  ["pattern", "Pattern"],
  ["maxItems", "MaxItems"],
  ["minItems", "MinItems"],
  ["uniqueItems", "UniqueItems"],
  ["multipleOf", "MultipleOf"],
  ["required", "Required"],
  ["items", "Items"],
  ["properties", "Properties"],
  ["externalDocs", "ExternalDocs"],
  ["example", "Example"],
  ["x-kubernetes-preserve-unknown-fields", "XPreserveUnknownFields"],
  ["x-kubernetes-validations", "XValidations"],
];
const rootFields: ReadonlySet<string> = new Set(rootFieldNames.map(([field]) => field));

/** What is wrong with the schema of a version; the path is that of what holds it. */
export function checkVersionSchema(
  schema: JSONSchemaProps,
  hasStatus: boolean,
  rules: SchemaRules,
  path: FieldPath,
  errors: FieldError[],
): void {
  const at = path.child("openAPIV3Schema");
  if (isNestedDeeper(schema, maxNesting)) {
    errors.push(forbiddenField(at, `must not nest deeper than ${maxNesting} levels`));
    return;
  }
  const found: FieldError[] = [];
  if (hasStatus) checkRootWithStatus(schema, at, found);
  if (schema.nullable)
    found.push(forbiddenField(path.child("openAPIV3Schema.nullable"), "nullable cannot be true at the root"));
  const structural = rules.requireStructural ? checkStructural(schema, at) : [];
  found.push(...structural);
  const supported = checkSchema(schema, at, rules);
  if (rules.requireStructural && structural.length === 0 && supported.length === 0) {
    found.push(...checkDefaults(schema, at, embeddedMetadataRules, rules.requirePrunedDefaults));
  }
  found.push(...supported);
  found.push(...checkRules(schema, at, rules.requireStructural && found.length === 0));
  errors.push(...found);
}

/** With a status of its own, nothing at the root may speak of more than one part of the object. */
function checkRootWithStatus(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  for (const [field, value] of Object.entries(schema)) {
    if (value === undefined || value === false || value === "") continue;
    if (field === "type" && value !== "object") {
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      errors.push(invalidField(path.child("type"), value, detail));
      return;
    }
    if (rootFields.has(field)) continue;
    const names = rootFieldNames.map(([, name]) => name).join(" ");
    const detail = `only [${names}] fields are allowed at the root of the schema if the status subresource is enabled`;
    errors.push(invalidField(path, schema, detail));
    return;
  }
}
