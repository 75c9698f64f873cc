import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  JSONSchemaProps,
  SelectableField,
} from "@kube-ts/api/apiextensions/v1";
import { duplicateField, type FieldError, invalidField, requiredField, tooManyField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dotPathErrors, followSchema, SchemaPathError } from "./simple-path.ts";

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const maxSelectableFields = 8;
const maxWarningLength = 256;

/** What is wrong with the deprecation of a version. */
export function checkDeprecation(
  version: CustomResourceDefinitionVersion,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { deprecated, deprecationWarning: text } = version;
  if (text === undefined) return;
  const add = (detail: string) => errors.push(invalidField(path.child("deprecationWarning"), text, detail));
  if (!deprecated) {
    add("can only be set for deprecated versions");
    return;
  }
  if (Buffer.byteLength(text) > maxWarningLength) add(`must be <= ${maxWarningLength} characters long`);
  if (text === "") add("must not be an empty string");
  const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(text);
  if (unprintable) {
    const at = Buffer.byteLength(text.slice(0, unprintable.index));
    add(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`);
  }
}

export function checkSubresources({ scale }: CustomResourceSubresources, path: FieldPath, errors: FieldError[]): void {
  if (!scale) return;
  const check = (field: keyof typeof scale, roots: readonly string[], detail: string) => {
    const at = path.child(`scale.${field}`);
    const text = scale[field];
    if (!text) {
      if (field !== "labelSelectorPath") errors.push(requiredField(at));
      return;
    }
    const problems = dotPathErrors(text, at);
    if (problems.length > 0) errors.push(...problems);
    else if (!roots.some((root) => text.startsWith(root))) errors.push(invalidField(at, text, detail));
  };
  check("specReplicasPath", [".spec."], "should be a json path under .spec");
  check("statusReplicasPath", [".status."], "should be a json path under .status");
  check("labelSelectorPath", [".spec.", ".status."], "should be a json path under either .spec or .status");
}

export function checkColumn(column: CustomResourceColumnDefinition, path: FieldPath, errors: FieldError[]): void {
  const { name, type, format, jsonPath } = column;
  const oneOf = (choices: readonly string[]) => `must be one of ${choices.join(",")}`;
  if (!name) errors.push(requiredField(path.child("name")));
  if (!type) errors.push(requiredField(path.child("type"), oneOf(columnTypes)));
  else if (!columnTypes.includes(type)) errors.push(invalidField(path.child("type"), type, oneOf(columnTypes)));
  if (format && !columnFormats.includes(format)) {
    errors.push(invalidField(path.child("format"), format, oneOf(columnFormats)));
  }
  if (!jsonPath) errors.push(requiredField(path.child("JSONPath")));
  else errors.push(...dotPathErrors(jsonPath, path.child("JSONPath")));
}

export function checkSelectableFields(
  fields: readonly SelectableField[],
  schema: JSONSchemaProps,
  path: FieldPath,
  errors: FieldError[],
): void {
  const seen = new Set<string>();
  for (const [index, { jsonPath }] of fields.entries()) {
    const at = path.index(index).child("jsonPath");
    if (!jsonPath) errors.push(requiredField(at));
    else checkSelectableField(jsonPath, schema, at, seen, errors);
  }
  if (seen.size > maxSelectableFields) errors.push(tooManyField(path, seen.size, maxSelectableFields));
}

function checkSelectableField(
  text: string,
  root: JSONSchemaProps,
  path: FieldPath,
  seen: Set<string>,
  errors: FieldError[],
): void {
  try {
    const { names, schema } = followSchema(text, root);
    if (names[0] === "metadata") errors.push(invalidField(path, text, "must not point to fields in metadata"));
    if (!["string", "boolean", "integer"].includes(schema.type ?? "")) {
      const detail =
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      errors.push(invalidField(path, text, detail));
    }
    const key = JSON.stringify(names);
    if (seen.has(key)) errors.push(duplicateField(path, text));
    seen.add(key);
  } catch (error) {
    if (!(error instanceof SchemaPathError)) throw error;
    errors.push(invalidField(path, text, `is an invalid path: ${error.message}`));
  }
}
