import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { DecodeError } from "../decode.ts";
import { walkObject } from "../decode-walk.ts";
import { type FieldError, invalidField, requiredField } from "../field-error.ts";
import { type FieldPath, fieldPath } from "../field-path.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import type { ObjectMeta } from "../meta/v1.ts";
import { dns1035LabelErrors } from "../names.ts";
import { typeById } from "../schema-registry.ts";
import { itemsOf, propertyOf, valuesOf } from "./schema-parts.ts";

/** The rules for the metadata of an object that is part of another. */
export type MetadataRules = (metadata: ObjectMeta, path: FieldPath) => FieldError[];

/** What came of metadata: its known fields, and the names of the others. */
export interface DecodedMetadata {
  readonly metadata: ObjectMeta;
  readonly unknown: readonly string[];
}

/** Decodes the metadata of an object. Throws a DecodeError. */
export function decodeMetadata(value: unknown): DecodedMetadata {
  const { object, unknownFields } = walkObject(typeById("meta/v1.ObjectMeta"), value);
  return { metadata: object, unknown: unknownFields };
}

/** An object inside of another that is not one: its apiVersion, kind or metadata cannot be read. */
export interface Coercion {
  readonly errors: readonly FieldError[];
  /** The paths of fields of metadata that do not exist and were removed. */
  readonly unknown: readonly string[];
}

/** Puts the metadata of embedded objects into canonical form, in place. `isRoot` takes the value itself for one. */
export function coerceEmbedded(value: unknown, schema: JSONSchemaProps, isRoot: boolean, root?: FieldPath): Coercion {
  const coercion = { errors: [] as FieldError[], unknown: [] as string[] };
  visit(value, schema, isRoot, root, (object, path) => coerceOne(object, path, coercion));
  return coercion;
}

/** What is wrong with the apiVersion, kind and metadata of embedded objects. */
export function checkEmbedded(
  value: unknown,
  schema: JSONSchemaProps,
  isRoot: boolean,
  rules: MetadataRules,
  root?: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  visit(value, schema, isRoot, root, (object, path) => checkOne(object, path, rules, errors));
  return errors;
}

type Visit = (object: JsonObject, path: FieldPath | undefined) => void;

function visit(
  value: unknown,
  schema: JSONSchemaProps,
  isRoot: boolean,
  path: FieldPath | undefined,
  take: Visit,
): void {
  if (isJsonObject(value)) {
    if (isRoot || schema["x-kubernetes-embedded-resource"]) take(value, path);
    for (const name of Object.keys(value)) {
      const property = propertyOf(schema, name);
      const inner = property ?? valuesOf(schema);
      if (inner) visit(value[name], inner, false, property ? childOf(path, name) : keyIn(path, name), take);
    }
    return;
  }
  const items = itemsOf(schema);
  if (!Array.isArray(value) || !items) return;
  for (const [index, item] of value.entries()) visit(item, items, false, path?.index(index), take);
}

function coerceOne(
  object: JsonObject,
  path: FieldPath | undefined,
  coercion: { errors: FieldError[]; unknown: string[] },
): void {
  for (const name of ["apiVersion", "kind"]) {
    if (!Object.hasOwn(object, name) || typeof object[name] === "string") continue;
    coercion.errors.push(invalidField(childOf(path, name), object[name], "must be a string"));
  }
  if (!Object.hasOwn(object, "metadata")) return;
  const at = childOf(path, "metadata");
  try {
    const { metadata, unknown } = decodeMetadata(object["metadata"]);
    object["metadata"] = metadata;
    coercion.unknown.push(...unknown.map((name) => `${String(at)}.${name}`));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    coercion.errors.push(invalidField(at, object["metadata"], error.message));
  }
}

function checkOne(object: JsonObject, path: FieldPath | undefined, rules: MetadataRules, errors: FieldError[]): void {
  const { apiVersion, kind, metadata } = object;
  if (apiVersion === undefined || apiVersion === "") errors.push(requiredField(childOf(path, "apiVersion")));
  else if (typeof apiVersion !== "string") {
    errors.push(invalidField(childOf(path, "apiVersion"), apiVersion, "must be a string"));
  } else if (apiVersion.split("/").length > 2) {
    const detail = `unexpected GroupVersion string: ${apiVersion}`;
    errors.push(invalidField(childOf(path, "apiVersion"), apiVersion, detail));
  }
  if (kind === undefined || kind === "") errors.push(requiredField(childOf(path, "kind")));
  else if (typeof kind !== "string") errors.push(invalidField(childOf(path, "kind"), kind, "must be a string"));
  else {
    const problems = dns1035LabelErrors(kind.toLowerCase());
    const detail = `may have mixed case, but should otherwise match: ${problems.join(",")}`;
    if (problems.length > 0) errors.push(invalidField(childOf(path, "kind"), kind, detail));
  }
  if (isJsonObject(metadata)) errors.push(...rules(metadata, childOf(path, "metadata")));
}

function childOf(path: FieldPath | undefined, name: string): FieldPath {
  return path ? path.child(name) : fieldPath(name);
}

function keyIn(path: FieldPath | undefined, name: string): FieldPath {
  return path ? path.key(name) : fieldPath(`[${name}]`);
}
