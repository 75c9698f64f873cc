import type { JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import {
  type ApplySchema,
  deducedSchema,
  type FieldSchema,
  type MapSchema,
  mapSchema,
  untypedScalar,
} from "@kube-ts/api/apply/apply-schema";
import { schemaOfType } from "@kube-ts/api/apply/schema-of-type";
import { typeById } from "@kube-ts/api/schema-registry";
import { itemsOf, propertyOf, valuesOf } from "@kube-ts/api/structural/schema-parts";

/** How server-side apply treats the objects of a version. */
export function applySchemaOf(schema: JSONSchemaProps | undefined): MapSchema {
  return objectSchema(schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true }, true);
}

function objectSchema(schema: JSONSchemaProps, isObject: boolean): MapSchema {
  const declared = (): readonly FieldSchema[] => {
    const fields = Object.entries(schema.properties ?? {}).map(([name, property]): FieldSchema => ({
      name,
      schema: valueSchema(property),
      ...(property.default !== undefined && { default: property.default }),
    }));
    return isObject ? [...fields.filter(({ name }) => !identityFields.has(name)), ...identity()] : fields;
  };
  const elements = elementsOf(schema);
  return mapSchema(declared, {
    isAtomic: schema["x-kubernetes-map-type"] === "atomic",
    hasUntracked: isObject,
    ...(elements && { elements }),
  });
}

const identityFields = new Set(["apiVersion", "kind", "metadata"]);

/** The fields that every object has, as those of built-in types. */
function identity(): FieldSchema[] {
  const builtIn = schemaOfType(typeById("core/v1.ConfigMap"));
  return [...identityFields].flatMap((name) => builtIn.field(name) ?? []);
}

function elementsOf(schema: JSONSchemaProps): (() => ApplySchema) | undefined {
  const values = valuesOf(schema);
  if (values) return () => valueSchema(values);
  const open = schema.additionalProperties === true || schema["x-kubernetes-preserve-unknown-fields"];
  return open ? () => deducedSchema : undefined;
}

function valueSchema(schema: JSONSchemaProps): ApplySchema {
  if (schema["x-kubernetes-int-or-string"]) return untypedScalar;
  switch (schema.type) {
    case "object":
      return objectSchema(schema, schema["x-kubernetes-embedded-resource"] ?? false);
    case "array":
      return listSchema(schema);
    case "string":
    case "boolean":
      return { kind: "scalar", type: schema.type };
    case "integer":
    case "number":
      return { kind: "scalar", type: "number" };
    default:
      return deducedSchema;
  }
}

function listSchema(schema: JSONSchemaProps): ApplySchema {
  const items = itemsOf(schema);
  const listType = schema["x-kubernetes-list-type"];
  const relation = listType === "set" || listType === "map" ? listType : "atomic";
  const keys = relation === "map" ? [...(schema["x-kubernetes-list-map-keys"] ?? [])].sort() : [];
  const known = items && keys.every((key) => propertyOf(items, key));
  return {
    kind: "list",
    relation: known === false ? "atomic" : relation,
    keys,
    get items() {
      return items ? valueSchema(items) : deducedSchema;
    },
  };
}
