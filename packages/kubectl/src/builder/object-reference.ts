import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import type { ApiResource } from "./discovery.ts";
import type { Manifest } from "./manifests.ts";
import { qualifiedKind, type ResourceMapper } from "./resource-mapper.ts";

/** One object that a command works on. */
export interface ObjectReference {
  readonly resource: ApiResource;
  /** Empty for a cluster-scoped resource. */
  readonly namespace: string;
  readonly name: string;
}

/** An object together with where it lives. */
export interface LocatedObject extends ObjectReference {
  readonly object: JsonObject;
  /** The file that it came from, if any. */
  readonly source?: string;
}

/** Empty for an object without metadata. */
export function metadataOf(object: JsonObject): JsonObject {
  return isRecord(object["metadata"]) ? object["metadata"] : {};
}

export function nameOf(object: JsonObject): string {
  const { name } = metadataOf(object);
  return typeof name === "string" ? name : "";
}

export function namespaceOf(object: JsonObject): string {
  const { namespace } = metadataOf(object);
  return typeof namespace === "string" ? namespace : "";
}

export function labelsOf(object: JsonObject): Readonly<Record<string, string>> {
  const { labels } = metadataOf(object);
  return isRecord(labels) ? (labels as Record<string, string>) : {};
}

export function annotationsOf(object: JsonObject): Readonly<Record<string, string>> {
  const { annotations } = metadataOf(object);
  return isRecord(annotations) ? (annotations as Record<string, string>) : {};
}

/** `pod/web`, `deployment.apps/web`: how output names an object. */
export function displayName({ resource, name }: ObjectReference): string {
  return `${qualifiedKind(resource.kind, resource.group)}/${name}`;
}

/**
 * Finds where a manifest's object lives: in its own namespace or else the session's. A namespace that differs from one
 * given on the command line is refused. Throws a CommandError.
 */
export async function locate(
  manifest: Manifest,
  mapper: ResourceMapper,
  namespace: { readonly name: string; readonly explicit: boolean },
): Promise<LocatedObject> {
  const { object, source } = manifest;
  const apiVersion = String(object["apiVersion"]);
  const kind = String(object["kind"]);
  const resource = await mapper.forKind(apiVersion, kind);
  const name = nameOf(object);
  if (!resource) {
    throw new CommandError(
      `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespaceOf(object))} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
    );
  }
  if (!resource.namespaced) return { resource, namespace: "", name, object, source };
  const own = namespaceOf(object);
  if (own !== "" && own !== namespace.name && namespace.explicit) {
    throw new CommandError(
      `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(namespace.name)}. You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  const home = own === "" ? namespace.name : own;
  const placed = own === "" ? { ...object, metadata: { ...metadataOf(object), namespace: home } } : object;
  return { resource, namespace: home, name, object: placed, source };
}

/** An object that was read from a server, as it may be created again. */
export function withoutResourceVersion(object: JsonObject): JsonObject {
  const { resourceVersion, ...metadata } = metadataOf(object);
  return resourceVersion === undefined || resourceVersion === "" ? object : { ...object, metadata };
}
