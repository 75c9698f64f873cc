import type { JsonObject } from "../json-value.ts";
import { messageLayout } from "../protobuf/message-layout.ts";
import {
  type Field,
  ObjectType,
  type ScalarType,
  type ValueType,
  knownGroupVersions,
  loadDocs,
} from "../schema-registry.ts";
import { type GroupVersionSource, groupVersionSources } from "../group-versions.ts";
import type { DocTable } from "../type-table.ts";

/** Swagger 2.0 as served under /openapi/v2, or OpenAPI 3.0 as served under /openapi/v3. */
export type Dialect = "v2" | "v3";

/** The comments of all group versions, by folder. */
export type Docs = ReadonlyMap<string, DocTable>;

export async function loadAllDocs(): Promise<Docs> {
  const tables = knownGroupVersions().map(async (source) => [source.directory, await loadDocs(source)] as const);
  return new Map(await Promise.all(tables));
}

/** The name of a type in OpenAPI documents: `io.k8s.api.core.v1.Pod`. */
export function openApiName(type: ObjectType): string {
  return `${type.source.openApiPrefix}.${type.name}`;
}

export function schemaReference(dialect: Dialect, name: string): JsonObject {
  return { $ref: dialect === "v2" ? `#/definitions/${name}` : `#/components/schemas/${name}` };
}

const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";
const quantityName = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const intOrStringName = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

const namedScalars: Readonly<Partial<Record<ScalarType["kind"], { name: string; v2: JsonObject; v3?: JsonObject }>>> = {
  quantity: {
    name: quantityName,
    v2: { description: "An exact amount, such as 100m, 1.5 or 2Gi.", type: "string" },
    v3: {
      description: "An exact amount, such as 100m, 1.5 or 2Gi.",
      oneOf: [{ type: "string" }, { type: "number" }],
    },
  },
  intOrString: {
    name: intOrStringName,
    v2: { description: "A number or a string, kept as written.", type: "string", format: "int-or-string" },
    v3: {
      description: "A number or a string, kept as written.",
      format: "int-or-string",
      oneOf: [{ type: "integer" }, { type: "string" }],
    },
  },
  time: {
    name: `${meta}.Time`,
    v2: { description: "An instant in RFC 3339.", type: "string", format: "date-time" },
  },
  microTime: {
    name: `${meta}.MicroTime`,
    v2: { description: "An instant in RFC 3339 with microseconds.", type: "string", format: "date-time" },
  },
};

interface NamedSchema {
  readonly name: string;
  readonly schema: JsonObject;
}

const rawExtension: NamedSchema = {
  name: "io.k8s.apimachinery.pkg.runtime.RawExtension",
  schema: { description: "An object of any kind, kept as it came.", type: "object" },
};
const fieldsV1: NamedSchema = {
  name: `${meta}.FieldsV1`,
  schema: { description: "A set of fields as a trie of their paths.", type: "object" },
};
const jsonValue: NamedSchema = {
  name: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON",
  schema: { description: "Any JSON value: null, a boolean, number, string, list or object." },
};

/** The schema of its own that a scalar has; undefined for those that are described where they stand. */
function namedSchema(dialect: Dialect, { kind, goName }: ScalarType, fieldName: string): NamedSchema | undefined {
  if (kind === "raw") return fieldName === "fieldsV1" ? fieldsV1 : rawExtension;
  if (kind === "any" && goName === "v1.JSON") return jsonValue;
  const named = namedScalars[kind];
  return named && { name: named.name, schema: (dialect === "v3" && named.v3) || named.v2 };
}

const plainScalars: Readonly<Partial<Record<ScalarType["kind"], JsonObject>>> = {
  string: { type: "string" },
  uid: { type: "string" },
  duration: { type: "string" },
  bool: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  float64: { type: "number", format: "double" },
  bytes: { type: "string", format: "byte" },
  any: {},
};

/** The schemas of types and of all that they use, by name and in its order. */
export function schemasOf(dialect: Dialect, roots: Iterable<ObjectType>, docs: Docs): Record<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const queue = [...roots];
  for (let type = queue.pop(); type; type = queue.pop()) {
    const name = openApiName(type);
    if (found.has(name)) continue;
    found.set(name, objectSchema(dialect, type, docs));
    for (const field of type.fields.values()) {
      for (const inner of innermost(field.type)) {
        if (inner instanceof ObjectType) queue.push(inner);
        else {
          const named = namedSchema(dialect, inner, field.name);
          if (named) found.set(named.name, named.schema);
        }
      }
    }
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function innermost(type: ValueType): (ObjectType | ScalarType)[] {
  switch (type.kind) {
    case "list":
      return innermost(type.items);
    case "map":
      return innermost(type.values);
    case "union":
      return type.members.flatMap(innermost);
    default:
      return [type];
  }
}

function objectSchema(dialect: Dialect, type: ObjectType, docs: Docs): JsonObject {
  const doc = docs.get(type.source.directory)?.[type.name];
  const schema: JsonObject = { description: doc?.doc ?? "", type: "object" };
  const required = [...type.fields.values()].filter((field) => isRequired(type, field)).map((field) => field.name);
  if (required.length > 0) schema["required"] = required;
  if (type.fields.size > 0) {
    schema["properties"] = Object.fromEntries(
      [...type.fields.values()].map((field) => [
        field.name,
        fieldSchema(dialect, type, field, doc?.fields?.[field.name]),
      ]),
    );
  }
  if (type.isTopLevel && !kindless.has(type.id)) {
    schema["x-kubernetes-group-version-kind"] = groupVersionKinds(type);
  }
  if (type.isAtomic) schema["x-kubernetes-map-type"] = "atomic";
  if (profileUnions.has(type.id)) schema["x-kubernetes-unions"] = [localhostProfileUnion];
  return schema;
}

/** Types of which a field tells which other field counts. */
const profileUnions: ReadonlySet<string> = new Set(["core/v1.AppArmorProfile", "core/v1.SeccompProfile"]);
const localhostProfileUnion: JsonObject = {
  discriminator: "type",
  "fields-to-discriminateBy": { localhostProfile: "LocalhostProfile" },
};

/** Has a kind, but is that of another object. */
const kindless: ReadonlySet<string> = new Set(["core/v1.ObjectReference"]);

/** Metadata and spec are always there, but clients need not send them. */
function isRequired(type: ObjectType, field: Field): boolean {
  return (field.required && !field.alwaysPresent) || requiredPointers.has(`${type.id}.${field.name}`);
}

/** What decoding can do without, but a valid object has. */
const requiredPointers: ReadonlySet<string> = new Set([
  "admissionregistration/v1.MutatingWebhook.sideEffects",
  "admissionregistration/v1.ValidatingWebhook.sideEffects",
  "apps/v1.DaemonSetSpec.selector",
  "apps/v1.DeploymentSpec.selector",
  "apps/v1.ReplicaSetSpec.selector",
  "apps/v1.StatefulSetSpec.selector",
  "core/v1.ScaleIOPersistentVolumeSource.secretRef",
  "core/v1.ScaleIOVolumeSource.secretRef",
  "networking/v1.HTTPIngressPath.pathType",
]);

const metaSource = groupVersionSources.find(({ directory }) => directory === "meta/v1");

/** The kinds of meta/v1 belong to every group version. */
function groupVersionKinds(type: ObjectType): JsonObject[] {
  const kindIn = ({ group, version }: Pick<GroupVersionSource, "group" | "version">) => ({
    group,
    kind: type.name,
    version,
  });
  if (type.source !== metaSource) return [kindIn(type.source)];
  if (!type.name.endsWith("Options") && type.name !== "WatchEvent") return [kindIn({ group: "", version: "v1" })];
  return knownGroupVersions()
    .filter((source) => source !== metaSource)
    .map(kindIn);
}

function fieldSchema(dialect: Dialect, owner: ObjectType, field: Field, description: string | undefined): JsonObject {
  const value = valueSchema(dialect, field.type, field.name);
  const schema: JsonObject = { ...(description ? { description } : undefined) };
  if (dialect === "v3") {
    const fallback = defaultOf(owner, field);
    if (fallback !== undefined) schema["default"] = fallback;
  }
  if (dialect === "v3" && value["$ref"] !== undefined) schema["allOf"] = [value];
  else Object.assign(schema, value);
  if (field.listMapKeys) schema["x-kubernetes-list-map-keys"] = field.listMapKeys;
  if (field.listType) schema["x-kubernetes-list-type"] = field.listType;
  if (field.mapType) schema["x-kubernetes-map-type"] = field.mapType;
  if (field.patchMergeKey) schema["x-kubernetes-patch-merge-key"] = field.patchMergeKey;
  if (field.patchStrategy) schema["x-kubernetes-patch-strategy"] = field.patchStrategy.join(",");
  return schema;
}

/** What is declared, or what the field is when it is left out and is not a pointer upstream. */
function defaultOf(owner: ObjectType, field: Field): unknown {
  if (field.default !== undefined) return field.default;
  if (field.type.kind === "object" || structKinds.has(field.type.kind)) {
    return isValueField(owner, field.name) ? {} : undefined;
  }
  return field.required ? zeroScalars[field.type.kind] : undefined;
}

/** Scalars that are structs upstream. */
const structKinds: ReadonlySet<string> = new Set(["quantity", "intOrString", "time", "microTime", "raw"]);

const zeroScalars: Readonly<Record<string, unknown>> = {
  string: "",
  uid: "",
  bool: false,
  int32: 0,
  int64: 0,
  float64: 0,
};

/** Whether upstream's type has the field itself and not a pointer to it. */
function isValueField(owner: ObjectType, name: string): boolean {
  return messageLayout(owner).some((field) =>
    field.name === "" ? isValueField(field.type as ObjectType, name) : field.name === name && field.alwaysWritten,
  );
}

function valueSchema(dialect: Dialect, type: ValueType, fieldName: string): JsonObject {
  switch (type.kind) {
    case "object":
      return schemaReference(dialect, openApiName(type));
    case "list":
      return { type: "array", items: nested(dialect, type.items, fieldName) };
    case "map":
      return { type: "object", additionalProperties: nested(dialect, type.values, fieldName) };
    case "union":
      // The documents have no words for it that all clients understand.
      return {};
    default: {
      const named = namedSchema(dialect, type, fieldName);
      if (named) return schemaReference(dialect, named.name);
      return { ...plainScalars[type.kind], ...(type.enum && { enum: type.enum }) };
    }
  }
}

function nested(dialect: Dialect, type: ValueType, fieldName: string): JsonObject {
  const schema = valueSchema(dialect, type, fieldName);
  if (dialect === "v2") return schema;
  if (schema["$ref"] !== undefined) return { allOf: [schema], default: {} };
  return type.kind in zeroScalars ? { ...schema, default: zeroScalars[type.kind] } : schema;
}
