/** One rule of `x-kubernetes-validations`. */
export interface CelValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/**
 * The part of an OpenAPI v3 schema that matters to CEL, with the names of the wire: a `JSONSchemaProps` fits it, and so
 * does any structural model that keeps those names. `items` as `{schema}` (how the API type spells one schema) is
 * taken too.
 */
export interface CelSchema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly maxLength?: number | bigint;
  readonly maxItems?: number | bigint;
  readonly maxProperties?: number | bigint;
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, CelSchema>>;
  readonly additionalProperties?: unknown;
  readonly allOf?: readonly CelSchema[];
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-validations"?: readonly CelValidationRule[];
}

function isSchema(value: unknown): value is CelSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema of list items; undefined when there is none. */
export function itemsOf(schema: CelSchema): CelSchema | undefined {
  return isSchema(schema.items) ? schema.items : undefined;
}

/** The schema of the values of a map; undefined when the schema is no map or takes anything. */
export function additionalPropertiesOf(schema: CelSchema): CelSchema | undefined {
  return isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

const stringSchema: CelSchema = { type: "string" };
const objectMetaSchema: CelSchema = {
  type: "object",
  properties: { name: stringSchema, generateName: stringSchema },
};

/** The root of a resource always shows its kind, apiVersion, name and generateName. */
export function withTypeAndObjectMeta(schema: CelSchema): CelSchema {
  const properties = schema.properties ?? {};
  const meta = properties["metadata"];
  if (
    properties["kind"]?.type === "string" &&
    properties["apiVersion"]?.type === "string" &&
    meta?.type === "object" &&
    meta.properties?.["name"]?.type === "string" &&
    meta.properties["generateName"]?.type === "string"
  ) {
    return schema;
  }
  return {
    ...schema,
    properties: { ...properties, kind: stringSchema, apiVersion: stringSchema, metadata: objectMetaSchema },
  };
}
