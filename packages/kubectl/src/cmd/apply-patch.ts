import { applyMergePatch, createThreeWayJsonMergePatch } from "@kube-ts/api/patch/merge-patch";
import {
  createThreeWayMergePatch,
  createTwoWayMergePatch,
  patchesConflict,
} from "@kube-ts/api/patch/strategic-merge-diff";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { typeOf } from "@kube-ts/api/schema-registry";
import { CommandError } from "../command-line/command-error.ts";
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
 * done. Kinds that are known here merge strategically, all others by JSON merge patch. Without `overwrite`, a change that
 * undoes one of somebody else is refused with a CommandError.
 */
export function threeWayPatch(
  resource: ApiResource,
  original: JsonObject | undefined,
  modified: JsonObject,
  live: JsonObject,
  overwrite: boolean,
): ApplyPatch | undefined {
  const type = typeOf(resource.group, resource.version, resource.kind);
  const before = original ?? {};
  const body = type
    ? createThreeWayMergePatch(type, before, modified, live)
    : createThreeWayJsonMergePatch(before, modified, live);
  if (Object.keys(body).length === 0) return undefined;
  if (type && !overwrite) {
    const theirs = createTwoWayMergePatch(type, before, live);
    if (patchesConflict(type, theirs, body)) {
      throw new CommandError(
        `patch:\n${JSON.stringify(body)}\nconflicts with changes made from original to current:\n${JSON.stringify(theirs)}\n`,
      );
    }
  }
  return {
    body,
    contentType: type ? "application/strategic-merge-patch+json" : "application/merge-patch+json",
    preview: type ? applyStrategicMergePatch(type, live, body) : applyMergePatch(live, body),
  };
}
