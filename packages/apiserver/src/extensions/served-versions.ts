import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "@kube-ts/api/apiextensions/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { SchemaPathError, followSchema } from "../registry/apiextensions/simple-path.ts";
import { isConditionTrue } from "../registry/apiextensions/conditions.ts";
import type { FieldVersion } from "../registry/field-management/field-management.ts";
import type { ResourceDefinition } from "../registry/resource-definition.ts";
import { applySchemaOf } from "./apply-schema.ts";
import type { ObjectConverter } from "./conversion/object-converter.ts";
import { customResourceDecoder } from "./custom-resource-decoder.ts";
import { CustomResourceStrategy } from "./custom-resource-strategy.ts";
import { printerColumns } from "./printer-columns.ts";
import { scaleMapping } from "./scale-paths.ts";
import { VersionCodec } from "./version-codec.ts";
import type { VersionSchema } from "./version-codec.ts";
import { compareVersions } from "./version-order.ts";

/** One version as it is to be served. */
export interface ServedVersion {
  readonly definition: ResourceDefinition;
  /** Undefined where objects are served as they are stored. */
  readonly codec: VersionCodec | undefined;
}

/** The order is upstream's. */
const shownVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
/** While the definition is being deleted nothing new may come; what is there can still be released. */
const terminatingVerbs = {
  verbs: ["delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  shownVerbs: ["delete", "deletecollection", "get", "list", "watch"],
  verbRefusals: { create: "create not allowed while custom resource definition is terminating" },
};

/** The versions that a definition asks to be served, the preferred one first, under the names that were accepted. */
export function servedVersions(definition: CustomResourceDefinition, converter: ObjectConverter): ServedVersion[] {
  const { group, versions } = definition.spec;
  const storage = storageVersion(definition);
  const schemas = versions.map((version) => versionSchema(group, version, definition));
  const served = versions.filter((version) => version.served).toSorted((a, b) => compareVersions(a.name, b.name));
  return served.map((version) => {
    const codec = new VersionCodec({
      served: versionSchema(group, version, definition),
      storage: versionSchema(group, storage, definition),
      versions: schemas,
      kind: namesOf(definition).kind,
      converter,
    });
    return { definition: resourceDefinition(definition, version), codec: codec.isPlain ? undefined : codec };
  });
}

/** Where the objects of a definition are stored, below the root of the store. */
export function instancePrefix({ spec }: CustomResourceDefinition): string {
  return `${spec.group}/${spec.names.plural}`;
}

function storageVersion({ spec }: CustomResourceDefinition): CustomResourceDefinitionVersion {
  const storage = spec.versions.find((version) => version.storage) ?? spec.versions[0];
  if (!storage) throw new Error(`definition ${spec.names.plural}.${spec.group} has no versions`);
  return storage;
}

function versionSchema(
  group: string,
  version: CustomResourceDefinitionVersion,
  { spec }: CustomResourceDefinition,
): VersionSchema {
  const schema = spec.preserveUnknownFields ? undefined : version.schema?.openAPIV3Schema;
  return { apiVersion: `${group}/${version.name}`, schema };
}

function namesOf({ spec, status }: CustomResourceDefinition) {
  return status?.acceptedNames?.plural ? status.acceptedNames : spec.names;
}

function resourceDefinition(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
): ResourceDefinition {
  const { spec } = definition;
  const names = namesOf(definition);
  const namespaced = spec.scope === "Namespaced";
  const type: ResourceType = {
    group: spec.group,
    version: version.name,
    plural: names.plural,
    kind: names.kind,
    namespaced,
  };
  const schema = version.schema?.openAPIV3Schema;
  const { status, scale } = version.subresources ?? {};
  const strategy = new CustomResourceStrategy({
    scope: spec.scope,
    schema,
    hasStatus: status !== undefined,
    scale,
  });
  return {
    type,
    singular: names.singular ?? names.kind.toLowerCase(),
    ...(names.shortNames?.length && { shortNames: names.shortNames }),
    ...(names.categories?.length && { categories: names.categories }),
    storagePrefix: instancePrefix(definition),
    storageVersion: storageVersion(definition).name,
    strategy,
    ...(status && { status: strategy.status() }),
    ...(scale && { scale: scaleMapping(scale) }),
    columns: printerColumns(version.additionalPrinterColumns),
    ...(version.selectableFields?.length && { selectableFields: selectableFields(version, schema) }),
    decode: customResourceDecoder(type, schema, spec.preserveUnknownFields ?? false),
    ...(schema && { schema }),
    ...(version.deprecated && { deprecationWarning: deprecationWarning(definition, version) }),
    ...(isConditionTrue(definition, "Terminating") ? terminatingVerbs : { shownVerbs }),
    fieldVersions: fieldVersionsOf(definition, version),
  };
}

/**
 * The version itself, and the others in which its objects' managers may have written. Without a webhook they differ in
 * nothing but their name; what a webhook makes of an object is not known here.
 */
function fieldVersionsOf(definition: CustomResourceDefinition, own: CustomResourceDefinitionVersion): FieldVersion[] {
  const { spec } = definition;
  const { kind } = namesOf(definition);
  const isWebhook = spec.conversion?.strategy === "Webhook";
  const ownVersion = `${spec.group}/${own.name}`;
  return spec.versions
    .filter((version) => version.name === own.name || version.served)
    .map(({ name, schema }) => {
      const apiVersion = `${spec.group}/${name}`;
      const version = { apiVersion, kind, schema: applySchemaOf(schema?.openAPIV3Schema) };
      if (name === own.name) return version;
      if (isWebhook) return { ...version, isOpaque: true };
      return {
        ...version,
        fromStored: (object: KubeObject) => ({ ...object, apiVersion }),
        toStored: (object: KubeObject) => ({ ...object, apiVersion: ownVersion }),
      };
    });
}

function selectableFields(
  { selectableFields: fields = [] }: CustomResourceDefinitionVersion,
  schema: JSONSchemaProps | undefined,
): Record<string, (object: KubeObject) => string> {
  const readers = fields.map(({ jsonPath }) => [jsonPath.replace(/^\./, ""), fieldReader(jsonPath, schema)] as const);
  return Object.fromEntries(readers);
}

function fieldReader(jsonPath: string, schema: JSONSchemaProps | undefined): (object: KubeObject) => string {
  const names = namesAlong(jsonPath, schema);
  return (object) => {
    let value: unknown = object;
    for (const name of names) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return "";
      value = (value as Record<string, unknown>)[name];
    }
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
  };
}

function namesAlong(jsonPath: string, schema: JSONSchemaProps | undefined): readonly string[] {
  try {
    return followSchema(jsonPath, schema ?? {}).names;
  } catch (error) {
    if (error instanceof SchemaPathError) return jsonPath.replace(/^\./, "").split(".");
    throw error;
  }
}

function deprecationWarning({ spec }: CustomResourceDefinition, version: CustomResourceDefinitionVersion): string {
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const text = `${spec.group}/${version.name} ${spec.names.kind} is deprecated`;
  const [newer] = spec.versions
    .filter((each) => each.served && !each.deprecated && compareVersions(each.name, version.name) < 0)
    .toSorted((a, b) => compareVersions(a.name, b.name));
  return newer ? `${text}; use ${spec.group}/${newer.name} ${spec.names.kind}` : text;
}
