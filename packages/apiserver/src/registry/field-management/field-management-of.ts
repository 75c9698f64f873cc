import { schemaOfType } from "@kube-ts/api/apply/schema-of-type";
import type { KubeObject } from "@kube-ts/api/object";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ResourceDefinition } from "../resource-definition.ts";
import { FieldManagement, type FieldVersion } from "./field-management.ts";

const managements = new WeakMap<object, FieldManagement>();

/** The field management of a resource; undefined when it is served in no version whose type is known. */
export function fieldManagementOf<T extends KubeObject>(
  definition: ResourceDefinition<T>,
): FieldManagement<T> | undefined {
  const known = managements.get(definition);
  if (known) return known as unknown as FieldManagement<T>;
  const versions = definition.fieldVersions ?? builtInVersions(definition);
  if (versions.length === 0) return undefined;
  const { type, status } = definition;
  const facts = { group: type.group, plural: type.plural, hasStatus: status !== undefined };
  const management = new FieldManagement<T>(versions, facts);
  managements.set(definition, management as unknown as FieldManagement);
  return management;
}

function builtInVersions<T extends KubeObject>({ type, alternates }: ResourceDefinition<T>): FieldVersion<T>[] {
  const stored = builtInVersion<T>(type);
  const others = (alternates ?? []).flatMap((alternate) =>
    builtInVersion<T>(alternate.type).map((version) => ({
      ...version,
      fromStored: (object: T) => alternate.fromStored(object),
      toStored: (object: KubeObject) => alternate.toStored(object),
    })),
  );
  return [...stored, ...others];
}

function builtInVersion<T extends KubeObject>(resource: ResourceType): FieldVersion<T>[] {
  const type = typeOf(resource.group, resource.version, resource.kind);
  return type ? [{ apiVersion: apiVersionOf(resource), kind: resource.kind, schema: schemaOfType(type) }] : [];
}
