import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { type FieldError, forbiddenField, invalidField, notSupportedField, requiredField } from "../field-error.ts";
import type { FieldPath } from "../field-path.ts";
import { itemsOf, objectFields, propertyOf, valuesOf } from "./schema-parts.ts";

/** What an older version of the schema did already, and so may go on doing. */
export interface SchemaTolerance {
  readonly invalidTypes: boolean;
  readonly nonAtomicSets: boolean;
  readonly looseMapKeys: boolean;
}

export const strict: SchemaTolerance = { invalidTypes: false, nonAtomicSets: false, looseMapKeys: false };

/** Whether a schema keeps to the part of OpenAPI v3 that custom resources may use. */
export function checkSchema(schema: JSONSchemaProps, path: FieldPath, tolerance: SchemaTolerance): FieldError[] {
  const errors: FieldError[] = [];
  new SchemaCheck(tolerance, errors).node(schema, path, { isRoot: true, insideMeta: false, forbidDefaults: undefined });
  return errors;
}

interface Place {
  readonly isRoot: boolean;
  /** Whether the schema is that of an object's apiVersion, kind or metadata. */
  readonly insideMeta: boolean;
  /** Why there may be no defaults here; undefined where there may. */
  readonly forbidDefaults: string | undefined;
}

const types: readonly string[] = ["array", "boolean", "integer", "number", "object", "string"];

class SchemaCheck {
  readonly #tolerance: SchemaTolerance;
  readonly #errors: FieldError[];

  constructor(tolerance: SchemaTolerance, errors: FieldError[]) {
    this.#tolerance = tolerance;
    this.#errors = errors;
  }

  node(schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    this.#unsupported(schema, path, place);
    this.#objectParts(schema, path, place);
    this.#junctors(schema, path, { ...place, isRoot: false });
    this.#items(schema, path, { ...place, isRoot: false });
    this.#extensions(schema, path);
    if (!this.#tolerance.looseMapKeys) this.#errors.push(...checkMapKeys(schema, path));
  }

  #unsupported(schema: JSONSchemaProps, path: FieldPath, { forbidDefaults, insideMeta }: Place): void {
    const forbid = (name: string, detail: string) => this.#errors.push(forbiddenField(path.child(name), detail));
    const { type = "" } = schema;
    if (!this.#tolerance.invalidTypes && type !== "" && !types.includes(type)) {
      this.#errors.push(notSupportedField(path.child("type"), type, types));
    }
    if (schema.default !== undefined && forbidDefaults !== undefined)
      forbid("default", `must not be set ${forbidDefaults}`);
    if (schema.id) forbid("id", "id is not supported");
    if (schema.additionalItems !== undefined) forbid("additionalItems", "additionalItems is not supported");
    for (const name of ["patternProperties", "definitions"] as const) {
      if (Object.keys(schema[name] ?? {}).length > 0) forbid(name, `${name} is not supported`);
    }
    if (schema.dependencies !== undefined) forbid("dependencies", "dependencies is not supported");
    if (schema.$ref !== undefined) forbid("$ref", "$ref is not supported");
    if (type === "null") forbid("type", "type cannot be set to null, use nullable as an alternative");
    if (Array.isArray(schema.items)) forbid("items", "items must be a schema object and not an array");
    if (insideMeta && schema["x-kubernetes-embedded-resource"]) {
      forbid("x-kubernetes-embedded-resource", "must not be used inside of resource meta");
    }
    if (schema.uniqueItems) {
      forbid("uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
  }

  #objectParts(schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    const { additionalProperties, properties = {} } = schema;
    if (additionalProperties !== undefined) {
      const at = path.child("additionalProperties");
      if (Object.keys(properties).length > 0 && additionalProperties !== true) {
        this.#errors.push(forbiddenField(at, "additionalProperties and properties are mutual exclusive"));
      }
      const reason = "inside additionalProperties applying to object metadata";
      const values = valuesOf(schema);
      const forbidDefaults = place.insideMeta ? reason : place.forbidDefaults;
      if (values) this.node(values, at, { ...place, isRoot: false, forbidDefaults });
    }
    const isObject = place.isRoot || schema["x-kubernetes-embedded-resource"];
    for (const [name, property] of Object.entries(properties)) {
      const isMeta = isObject && objectFields.has(name);
      const forbidDefaults = isMeta && place.isRoot ? `in top-level ${name}` : place.forbidDefaults;
      const inner: Place = { isRoot: false, insideMeta: place.insideMeta || Boolean(isMeta), forbidDefaults };
      this.node(property, path.child("properties").key(name), inner);
    }
  }

  #junctors(schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    if (schema.not) this.node(schema.not, path.child("not"), place);
    for (const name of ["allOf", "oneOf", "anyOf"] as const) {
      schema[name]?.forEach((inner, index) => this.node(inner, path.child(name).index(index), place));
    }
  }

  #items(schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    const { items } = schema;
    if (Array.isArray(items)) {
      items.forEach((inner, index) => this.node(inner, path.child("items").index(index), place));
    } else if (items) this.node(items, path.child("items"), place);
  }

  #extensions(schema: JSONSchemaProps, path: FieldPath): void {
    const preserves = schema["x-kubernetes-preserve-unknown-fields"];
    if (preserves === false) {
      const at = path.child("x-kubernetes-preserve-unknown-fields");
      this.#errors.push(invalidField(at, false, "must be true or undefined"));
    }
    const mapType = schema["x-kubernetes-map-type"];
    if (mapType !== undefined) this.#mapType(mapType, schema, path);
    const listType = schema["x-kubernetes-list-type"];
    if (listType !== undefined) this.#listType(listType, schema, path);
    const keys = schema["x-kubernetes-list-map-keys"] ?? [];
    if (keys.length > 0 && listType !== "map") {
      const at = path.child("x-kubernetes-list-type");
      const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
      this.#errors.push(listType === undefined ? requiredField(at, detail) : invalidField(at, listType, detail));
    }
    if (listType === "map") this.#listMap(keys, schema, path);
  }

  #mapType(mapType: string, { type = "" }: JSONSchemaProps, path: FieldPath): void {
    const detail = "must be object if x-kubernetes-map-type is specified";
    if (type !== "object") this.#errors.push(mustBeType(type, path, detail));
    if (mapType !== "atomic" && mapType !== "granular") {
      this.#errors.push(notSupportedField(path.child("x-kubernetes-map-type"), mapType, ["atomic", "granular"]));
    }
  }

  #listType(listType: string, schema: JSONSchemaProps, path: FieldPath): void {
    const { type = "" } = schema;
    if (type !== "array") {
      this.#errors.push(mustBeType(type, path, "must be array if x-kubernetes-list-type is specified"));
    } else if (listType === "set" && !this.#tolerance.nonAtomicSets) {
      const problem = nonAtomicItems(schema);
      const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
      if (problem) this.#errors.push(invalidField(path.child("items", problem.extension), problem.value, detail));
    }
    if (listType !== "atomic" && listType !== "set" && listType !== "map") {
      const at = path.child("x-kubernetes-list-type");
      this.#errors.push(notSupportedField(at, listType, ["atomic", "set", "map"]));
    }
  }

  #listMap(keys: readonly string[], schema: JSONSchemaProps, path: FieldPath): void {
    const at = path.child("x-kubernetes-list-map-keys");
    if (keys.length === 0) {
      this.#errors.push(requiredField(at, "must not be empty if x-kubernetes-list-type is map"));
    }
    const items = itemsOf(schema);
    if (!items) {
      this.#errors.push(requiredField(path.child("items"), "must have a schema if x-kubernetes-list-type is map"));
      return;
    }
    if (items.type !== "object") {
      const detail = "must be object if parent array's x-kubernetes-list-type is map";
      this.#errors.push(invalidField(path.child("items", "type"), items.type ?? "", detail));
      return;
    }
    for (const [index, key] of keys.entries()) {
      const property = propertyOf(items, key);
      if (!property) this.#errors.push(invalidField(at, keys, "entries must all be names of item properties"));
      else if (property.type === "array" || property.type === "object") {
        const typePath = path.child("items", "properties").key(key).child("type");
        const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
        this.#errors.push(invalidField(typePath, items.type, detail));
      }
      if (keys.indexOf(key) < index) this.#errors.push(invalidField(at, keys, "must not contain duplicate entries"));
    }
  }
}

function mustBeType(type: string, path: FieldPath, detail: string): FieldError {
  const at = path.child("type");
  return type === "" ? requiredField(at, detail) : invalidField(at, type, detail);
}

/** Why the items of a list of type set could not be compared as a whole. */
function nonAtomicItems(schema: JSONSchemaProps): { extension: string; value: unknown } | undefined {
  const items = itemsOf(schema);
  const listType = items?.["x-kubernetes-list-type"];
  if (items?.type === "array" && listType !== undefined && listType !== "atomic") {
    return { extension: "x-kubernetes-list-type", value: listType };
  }
  if (items?.type === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    return { extension: "x-kubernetes-map-type", value: listType ?? null };
  }
  return undefined;
}

/** Whether the schema has a list of type set whose items are no units. */
export function hasNonAtomicSet(schema: JSONSchemaProps): boolean {
  return schema["x-kubernetes-list-type"] === "set" && nonAtomicItems(schema) !== undefined;
}

/** Keys of a list of type map that an item may lack, and items of sets and maps that may be null. */
export function checkMapKeys(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const listType = schema["x-kubernetes-list-type"];
  if (!items || (listType !== "set" && listType !== "map")) return [];
  const errors: FieldError[] = [];
  if (items.nullable) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    errors.push(forbiddenField(path.child("items", "nullable"), detail));
  }
  if (listType === "set") return errors;
  for (const key of schema["x-kubernetes-list-map-keys"] ?? []) {
    const property = propertyOf(items, key);
    if (!property) continue;
    const at = path.child("items", "properties").key(key);
    if (!items.required?.includes(key) && property.default === undefined) {
      const detail =
        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
      errors.push(requiredField(at.child("default"), detail));
    }
    if (property.nullable) {
      const detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
      errors.push(forbiddenField(at.child("nullable"), detail));
    }
  }
  return errors;
}

/** Whether the type is none of OpenAPI's. */
export function hasInvalidType({ type = "" }: JSONSchemaProps): boolean {
  return type !== "" && !types.includes(type);
}
