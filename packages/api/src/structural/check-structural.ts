import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { type FieldError, fieldErrorText, forbiddenField, invalidField, requiredField } from "../field-error.ts";
import type { FieldPath } from "../field-path.ts";
import { compilePattern, PatternError } from "./linear-pattern.ts";
import { itemsOf, propertyOf, valuesOf } from "./schema-parts.ts";

/** Where a schema stands in the one that holds it. */
type Level = "root" | "item" | "field";

/**
 * Whether a schema is structural: every field has a type outside of `allOf`, `anyOf`, `oneOf` and `not`, and these
 * only restrict values. The errors are ordered by their text.
 */
export function checkStructural(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  checkNode(schema, "root", path, errors);
  checkCompleteness(schema, path, errors);
  return errors
    .map((error) => ({ error, text: fieldErrorText(error) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ error }) => error);
}

/** Whether a schema was accepted before structural schemas were required, and is none. */
export function isStructural(schema: JSONSchemaProps, path: FieldPath): boolean {
  return checkStructural(schema, path).length === 0;
}

function checkNode(schema: JSONSchemaProps, level: Level, path: FieldPath, errors: FieldError[]): void {
  const items = itemsOf(schema);
  if (schema.type === "array" && !items) errors.push(requiredField(path.child("items"), "must be specified"));
  if (items) checkNode(items, "item", path.child("items"), errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    checkNode(property, "field", path.child("properties").key(name), errors);
  }
  if (schema.additionalProperties !== undefined) {
    const at = path.child("additionalProperties");
    if (level === "root") errors.push(forbiddenField(at, "must not be used at the root"));
    const values = valuesOf(schema);
    if (values) checkNode(values, "field", at, errors);
  }
  checkExtensions(schema, path, errors);
  checkJunctors(
    schema,
    path,
    { any: isIntOrStringAnyOf(schema), firstAll: isIntOrStringAnyOf(schema.allOf?.[0]) },
    errors,
  );
  checkType(schema, level, path, errors);
  checkObjectFields(schema, level, path, errors);
}

function checkExtensions(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  if (!schema["x-kubernetes-int-or-string"]) return;
  for (const extension of ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const) {
    if (!schema[extension]) continue;
    errors.push(invalidField(path.child(extension), true, "must be false if x-kubernetes-int-or-string is true"));
  }
}

function checkType(schema: JSONSchemaProps, level: Level, path: FieldPath, errors: FieldError[]): void {
  const { type = "" } = schema;
  const at = path.child("type");
  const embedded = schema["x-kubernetes-embedded-resource"] ?? false;
  if (embedded && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? requiredField(at, detail) : invalidField(at, type, detail));
  } else if (type === "" && !schema["x-kubernetes-int-or-string"] && !schema["x-kubernetes-preserve-unknown-fields"]) {
    errors.push(requiredField(at, missingType[level]));
  }
  if (embedded && schema.additionalProperties !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(forbiddenField(path.child("additionalProperties"), detail));
  }
  if (level === "root" && type !== "" && type !== "object") {
    errors.push(invalidField(at, type, "must be object at the root"));
  }
}

const missingType: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function checkObjectFields(schema: JSONSchemaProps, level: Level, path: FieldPath, errors: FieldError[]): void {
  const embedded = schema["x-kubernetes-embedded-resource"] ?? false;
  const isObject = level === "root" || embedded;
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const properties = path.child("properties");
  for (const [name, property] of Object.entries({ kind, apiVersion })) {
    if (!property || !isObject || property.type === "string") continue;
    errors.push(invalidField(properties.key(name).child("type"), property.type ?? "", "must be string"));
  }
  if (metadata) {
    const at = properties.key("metadata");
    if (isObject && metadata.type !== "object") {
      errors.push(invalidField(at.child("type"), metadata.type ?? "", "must be object"));
    }
    if (level === "root" && !restrictsNamesOnly(metadata)) {
      const detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
      errors.push(forbiddenField(at, detail));
    }
  }
  if (
    embedded &&
    !schema["x-kubernetes-preserve-unknown-fields"] &&
    Object.keys(schema.properties ?? {}).length === 0
  ) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(requiredField(path.child("properties"), detail));
  }
}

function restrictsNamesOnly(metadata: JSONSchemaProps): boolean {
  const { properties = {}, type: _type, default: _default, ...rest } = metadata;
  return (
    Object.keys(rest).length === 0 &&
    Object.keys(properties).every((name) => name === "name" || name === "generateName")
  );
}

/** `anyOf` of an integer and a string, which may accompany x-kubernetes-int-or-string for the sake of clients. */
function isIntOrStringAnyOf(schema: JSONSchemaProps | undefined): boolean {
  const [first, second, third] = schema?.anyOf ?? [];
  return isOnlyType(first, "integer") && isOnlyType(second, "string") && third === undefined;
}

function isOnlyType(schema: JSONSchemaProps | undefined, type: string): boolean {
  return schema?.type === type && Object.keys(schema).length === 1;
}

interface Skips {
  readonly any: boolean;
  readonly firstAll: boolean;
}

const skipNothing: Skips = { any: false, firstAll: false };

/** The parts of a schema that restrict values only. */
function checkJunctors(schema: JSONSchemaProps, path: FieldPath, skips: Skips, errors: FieldError[]): void {
  if (!skips.any)
    schema.anyOf?.forEach((each, index) => checkNested(each, false, path.child("anyOf").index(index), errors));
  schema.allOf?.forEach((each, index) =>
    checkNested(each, skips.firstAll && index === 0, path.child("allOf").index(index), errors),
  );
  schema.oneOf?.forEach((each, index) => checkNested(each, false, path.child("oneOf").index(index), errors));
  if (schema.not) checkNested(schema.not, false, path.child("not"), errors);
  if (schema.pattern) checkPattern(schema.pattern, path.child("pattern"), errors);
}

function checkPattern(pattern: string, path: FieldPath, errors: FieldError[]): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const detail = `must be a valid regular expression, but isn't: ${error.message}`;
    errors.push(invalidField(path, pattern, detail));
  }
}

function checkNested(schema: JSONSchemaProps, skipAny: boolean, path: FieldPath, errors: FieldError[]): void {
  checkJunctors(schema, path, { ...skipNothing, any: skipAny }, errors);
  const items = itemsOf(schema);
  if (items) checkNested(items, false, path.child("items"), errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    checkNested(property, false, path.child("properties").key(name), errors);
  }
  for (const [field, detail] of forbiddenInside) {
    const value = schema[field];
    const isSet = detail.startsWith("must be undefined")
      ? value !== undefined
      : Array.isArray(value)
        ? value.length > 0
        : Boolean(value);
    if (isSet) errors.push(forbiddenField(path.child(field), detail));
  }
  if (schema.properties && Object.hasOwn(schema.properties, "metadata")) {
    const at = path.child("properties").key("metadata");
    errors.push(forbiddenField(at, "must not be specified in a nested context"));
  }
}

const empty = "must be empty to be structural";
const isFalse = "must be false to be structural";
const absent = "must be undefined to be structural";

const forbiddenInside: readonly (readonly [keyof JSONSchemaProps, string])[] = [
  ["type", empty],
  ["additionalProperties", absent],
  ["default", absent],
  ["title", empty],
  ["description", empty],
  ["nullable", isFalse],
  ["externalDocs", absent],
  ["x-kubernetes-preserve-unknown-fields", isFalse],
  ["x-kubernetes-embedded-resource", isFalse],
  ["x-kubernetes-int-or-string", isFalse],
  ["x-kubernetes-list-map-keys", empty],
  ["x-kubernetes-list-type", absent],
  ["x-kubernetes-map-type", absent],
  ["x-kubernetes-validations", empty],
];

/** Whether every field that a junctor speaks of is declared outside of it, too. */
function checkCompleteness(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  checkDeclared(schema, schema, path, path, errors);
  const items = itemsOf(schema);
  if (items) checkCompleteness(items, path.child("items"), errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    checkCompleteness(property, path.child("properties").key(name), errors);
  }
  const values = valuesOf(schema);
  if (values) checkCompleteness(values, path.child("additionalProperties"), errors);
}

function checkDeclared(
  junction: JSONSchemaProps,
  schema: JSONSchemaProps,
  path: FieldPath,
  schemaPath: FieldPath,
  errors: FieldError[],
): void {
  for (const list of ["allOf", "anyOf", "oneOf"] as const) {
    junction[list]?.forEach((each, index) => {
      checkNestedDeclared(each, schema, path.child(list).index(index), schemaPath, errors);
    });
  }
  if (junction.not) checkNestedDeclared(junction.not, schema, path.child("not"), schemaPath, errors);
}

function checkNestedDeclared(
  nested: JSONSchemaProps,
  schema: JSONSchemaProps | undefined,
  path: FieldPath,
  schemaPath: FieldPath,
  errors: FieldError[],
): void {
  if (!schema) {
    errors.push(requiredField(schemaPath, `because it is defined in ${String(path)}`));
    return;
  }
  checkDeclared(nested, schema, path, schemaPath, errors);
  const items = itemsOf(nested);
  if (items) checkNestedDeclared(items, itemsOf(schema), path.child("items"), schemaPath.child("items"), errors);
  for (const [name, property] of Object.entries(nested.properties ?? {})) {
    const at = schemaPath.child("properties").key(name);
    checkNestedDeclared(property, propertyOf(schema, name), path.child("properties").key(name), at, errors);
  }
}
