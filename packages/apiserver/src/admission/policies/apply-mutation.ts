import { fieldOf, itemsOf, resolveFor, type ApplySchema, type MapSchema } from "@kube-ts/api/apply/apply-schema";
import { itemElement } from "@kube-ts/api/apply/list-element";
import { mergeTyped } from "@kube-ts/api/apply/merge-typed";
import { type ElementPath, fieldElement, indexElement, pathText } from "@kube-ts/api/apply/path-element";
import { validateTyped } from "@kube-ts/api/apply/validate-typed";
import { type JsonObject, cloneJson, isJsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";

/** A configuration that cannot be laid over an object. */
export class MutationError extends Error {}

/** Lays a configuration over an object, as server-side apply does, but for fields that could only be replaced whole. */
export function applyOver(object: KubeObject, configuration: JsonObject, schema: MapSchema | undefined): JsonObject {
  if (!schema) throw new MutationError("ApplyConfiguration is not supported for this resource");
  const config = { ...configuration, apiVersion: object.apiVersion, kind: object.kind };
  validateTyped(schema, config, { allowDuplicates: true });
  const atomics = atomicPaths(schema, config, []);
  if (atomics.length > 0) {
    const paths = atomics.join(", ");
    throw new MutationError(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${paths}`);
  }
  return mergeTyped(schema, cloneJson(object), config) as JsonObject;
}

/** The places of everything in the value that has no parts of its own, but is made of some. */
function atomicPaths(schema: ApplySchema, value: unknown, path: ElementPath): string[] {
  const resolved = resolveFor(schema, value);
  if (resolved.kind === "map" && isJsonObject(value)) {
    const own = resolved.isAtomic ? [pathText(path)] : [];
    const below = Object.entries(value).flatMap(([name, each]) => {
      const field = fieldOf(resolved, name);
      return field?.isDeclared ? atomicPaths(field.schema, each, [...path, fieldElement(name)]) : [];
    });
    return [...own, ...below];
  }
  if (resolved.kind !== "list" || !Array.isArray(value)) return [];
  const own = resolved.relation === "atomic" ? [pathText(path)] : [];
  const items = itemsOf(resolved);
  const below = value.flatMap((each: unknown, index) => {
    if (!items) return [];
    const element = resolved.relation === "atomic" ? indexElement(index) : itemElement(resolved, each);
    return atomicPaths(items, each, [...path, element]);
  });
  return [...own, ...below];
}
