import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import type { JsonObject } from "../json-value.ts";
import { typeById } from "../schema-registry.ts";
import { itemsOf, valuesOf } from "../structural/schema-parts.ts";
import type { GroupVersionKindName } from "./operations.ts";
import { type Dialect, openApiName, schemaReference } from "./schemas.ts";

/** A version of a custom resource, as documents describe it. */
export interface CustomType extends GroupVersionKindName {
  readonly listKind: string;
  /** Undefined where nothing is known of its objects. */
  readonly schema: JSONSchemaProps | undefined;
}

const objectMeta = typeById("meta/v1.ObjectMeta");
const listMeta = typeById("meta/v1.ListMeta");

/** Built-in types that the schemas of custom resources refer to. */
export const customTypeRoots = [objectMeta, listMeta] as const;

/** The name of a custom resource's schema: `com.example.v1.Thing`. */
export function customTypeName({ group, version, kind }: GroupVersionKindName): string {
  return [...group.split(".").toReversed(), version, kind].join(".");
}

/** The schemas of a custom resource and of its lists, by name. */
export function customSchemas(dialect: Dialect, type: CustomType): Record<string, JsonObject> {
  const { group, version, kind, listKind, schema } = type;
  const name = customTypeName(type);
  const open: JSONSchemaProps = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const object = withObjectFields(dialect, schemaObject(dialect, schema ?? open));
  object["x-kubernetes-group-version-kind"] = [{ group, kind, version }];
  const list: JsonObject = {
    description: `${listKind} is a list of ${kind}`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: apiVersionField,
      items: {
        description: `List of ${kind} objects.`,
        type: "array",
        items: schemaReference(dialect, name),
      },
      kind: kindField,
      metadata: reference(dialect, openApiName(listMeta), "Resource version and continuation of the list."),
    },
    "x-kubernetes-group-version-kind": [{ group, kind: listKind, version }],
  };
  return { [name]: object, [`${name}List`]: list };
}

const apiVersionField: JsonObject = {
  description: "The version of the schema that this object is in, as group/version.",
  type: "string",
};
const kindField: JsonObject = { description: "What this object is.", type: "string" };

function reference(dialect: Dialect, name: string, description: string): JsonObject {
  const target = schemaReference(dialect, name);
  return dialect === "v2" ? { description, ...target } : { description, allOf: [target] };
}

function withObjectFields(dialect: Dialect, schema: JsonObject): JsonObject {
  const properties = schema["properties"] as JsonObject | undefined;
  return {
    ...schema,
    properties: {
      ...properties,
      apiVersion: apiVersionField,
      kind: kindField,
      metadata: reference(dialect, openApiName(objectMeta), "Name, labels, annotations and other metadata."),
    },
  };
}

/** Version 2 has no words for these; what they say is left out. */
const onlyInV3 = new Set(["nullable", "oneOf", "anyOf", "not", "allOf", "x-kubernetes-validations"]);
const nestedKeys = new Set(["properties", "additionalProperties", "items", "allOf", "anyOf", "oneOf", "not"]);

function schemaObject(dialect: Dialect, schema: JSONSchemaProps): JsonObject {
  const result: JsonObject = {};
  const isOpaque = dialect === "v2" && (schema.nullable || schema["x-kubernetes-preserve-unknown-fields"]);
  for (const [key, value] of Object.entries(schema)) {
    if (nestedKeys.has(key) || (dialect === "v2" && onlyInV3.has(key))) continue;
    if (isOpaque && key === "type" && !hasKnownFields(schema)) continue;
    result[key] = value;
  }
  if (!(isOpaque && schema.nullable)) addNested(dialect, schema, result);
  const embedded = schema["x-kubernetes-embedded-resource"];
  return embedded ? withObjectFields(dialect, result) : result;
}

function hasKnownFields({ nullable, properties }: JSONSchemaProps): boolean {
  return !nullable && Object.keys(properties ?? {}).length > 0;
}

function addNested(dialect: Dialect, schema: JSONSchemaProps, result: JsonObject): void {
  const inner = (each: JSONSchemaProps) => schemaObject(dialect, each);
  const items = itemsOf(schema);
  if (items) result["items"] = inner(items);
  const values = valuesOf(schema);
  if (values) result["additionalProperties"] = inner(values);
  else if (schema.additionalProperties === true) result["additionalProperties"] = true;
  if (schema.properties) {
    const properties = Object.entries(schema.properties).map(([name, property]) => [name, inner(property)] as const);
    result["properties"] = Object.fromEntries(properties);
  }
  if (dialect === "v2") return;
  for (const key of ["allOf", "anyOf", "oneOf"] as const) if (schema[key]) result[key] = schema[key].map(inner);
  if (schema.not) result["not"] = inner(schema.not);
}
