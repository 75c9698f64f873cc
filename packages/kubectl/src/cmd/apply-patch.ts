import { applyMergePatch, createThreeWayJsonMergePatch } from "@kube-ts/api/patch/merge-patch";
import { createThreeWayMergePatch } from "@kube-ts/api/patch/strategic-merge-diff";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ApiResource } from "../builder/discovery.ts";
import type { JsonObject } from "../session/api.ts";

/** A change to send to the server. */
export interface ApplyPatch {
  readonly body: JsonObject;
  readonly contentType: string;
  /** The live object with the change. */
  readonly preview: JsonObject;
}

/**
 * The change from the live object to what is wanted, given what was applied last; undefined when nothing is to be
 * done. Kinds that are known here merge strategically, all others by JSON merge patch.
 */
export function threeWayPatch(
  resource: ApiResource,
  original: JsonObject | undefined,
  modified: JsonObject,
  live: JsonObject,
): ApplyPatch | undefined {
  const type = typeOf(resource.group, resource.version, resource.kind);
  const before = original ?? {};
  const body = type
    ? createThreeWayMergePatch(type, before, modified, live)
    : createThreeWayJsonMergePatch(before, modified, live);
  if (Object.keys(body).length === 0) return undefined;
  return {
    body,
    contentType: type ? "application/strategic-merge-patch+json" : "application/merge-patch+json",
    preview: type ? applyStrategicMergePatch(type, live, body) : applyMergePatch(live, body),
  };
}
