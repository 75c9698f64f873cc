import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { itemsOf, objectFields, propertyOf, valuesOf } from "./schema-parts.ts";

const maxUnknownFields = 100;

/**
 * Removes the fields that the schema does not know from the value, in place, and answers their paths, at most a
 * hundred. At the root of an object, apiVersion, kind and metadata stay as they are.
 */
export function prune(value: unknown, schema: JSONSchemaProps, isRoot: boolean): string[] {
  const pruner = new Pruner();
  pruner.value(value, schema, isRoot);
  return pruner.unknown;
}

class Pruner {
  readonly unknown: string[] = [];
  readonly #path: string[] = [];

  value(value: unknown, schema: JSONSchemaProps | undefined, isObject: boolean): void {
    if (!schema) return;
    if (isJsonObject(value)) this.#object(value, schema, isObject);
    else if (Array.isArray(value)) this.#list(value, schema);
  }

  #object(object: JsonObject, schema: JSONSchemaProps, isObject: boolean): void {
    const embedded = isObject || schema["x-kubernetes-embedded-resource"];
    const keeps = schema["x-kubernetes-preserve-unknown-fields"] || schema.additionalProperties !== undefined;
    for (const name of Object.keys(object)) {
      if (embedded && objectFields.has(name)) continue;
      const inner = propertyOf(schema, name) ?? valuesOf(schema);
      this.#path.push(this.#path.length === 0 ? name : `.${name}`);
      if (inner) this.value(object[name], inner, false);
      else if (!keeps) {
        delete object[name];
        if (this.unknown.length < maxUnknownFields) this.unknown.push(this.#path.join(""));
      }
      this.#path.pop();
    }
  }

  #list(list: readonly unknown[], schema: JSONSchemaProps): void {
    const items = itemsOf(schema);
    if (!items) return;
    for (const [index, item] of list.entries()) {
      this.#path.push(`[${index}]`);
      this.value(item, items, false);
      this.#path.pop();
    }
  }
}
