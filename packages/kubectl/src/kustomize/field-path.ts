import { isJsonObject } from "@kube-ts/api/json-value";
import { isRecord } from "@kube-ts/std/config-schema";
import type { JsonObject } from "../session/api.ts";
import { type KindSelector, type ResourceId, selectsKind } from "./kustomize-resource.ts";

/** A field of some kinds: keys joined by slashes, through lists where there are any. */
export interface FieldSpec extends KindSelector {
  readonly path: string;
  /** Whether the field is made where it is missing. */
  readonly create?: boolean;
}

/** The keys of a path; a slash inside a key is escaped. */
function keysOf(path: string): string[] {
  return path.split(/(?<!\\)\//).map((key) => key.replaceAll("\\/", "/"));
}

/**
 * Replaces the values at a field in place: `change` answers the new value for the old one (`undefined` where the field
 * is made). Lists on the way are walked through.
 */
export function changeField(
  object: JsonObject,
  id: ResourceId,
  spec: FieldSpec,
  change: (value: unknown) => unknown,
): void {
  if (selectsKind(spec, id)) walk(object, keysOf(spec.path), spec.create === true, change);
}

function walk(at: unknown, keys: readonly string[], create: boolean, change: (value: unknown) => unknown): void {
  if (Array.isArray(at)) {
    for (const item of at) walk(item, keys, create, change);
    return;
  }
  if (!isJsonObject(at)) return;
  const [written = "", ...rest] = keys;
  const isList = written.endsWith("[]");
  const key = isList ? written.slice(0, -2) : written;
  const value = at[key];
  if (rest.length === 0) {
    if (value === undefined && !create) return;
    at[key] = change(value);
    return;
  }
  if (value === undefined || value === null) {
    if (!create || isList) return;
    at[key] = {};
  }
  walk(at[key], rest, create, change);
}

/** Adds entries to the map at a field. */
export function addEntries(
  object: JsonObject,
  id: ResourceId,
  spec: FieldSpec,
  entries: Readonly<Record<string, string>>,
): void {
  changeField(object, id, spec, (value) => ({ ...(isRecord(value) ? value : {}), ...entries }));
}
