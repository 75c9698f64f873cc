import type { KubeObject } from "@kube-ts/api/object";
import type { ObjectAttributes } from "../storage/watch-cache.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

const noLabels: Readonly<Record<string, string>> = Object.freeze({});

/** What selectors can see of an object. */
export function attributesOf<T extends KubeObject>(definition: ResourceDefinition<T>, object: T): ObjectAttributes {
  const { name = "", namespace = "", labels } = object.metadata;
  const fields: Record<string, string> = { "metadata.name": name };
  if (definition.type.namespaced) fields["metadata.namespace"] = namespace;
  for (const path in definition.selectableFields) {
    fields[path] = definition.selectableFields[path]?.(object) ?? "";
  }
  return { labels: labels ?? noLabels, fields };
}
