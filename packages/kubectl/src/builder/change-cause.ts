import { booleanFlag } from "../command-line/flag.ts";
import { annotationsOf, metadataOf } from "./object-reference.ts";
import type { JsonObject } from "../session/api.ts";

/** What `rollout history` shows of why an object was changed. */
export const changeCauseAnnotation = "kubernetes.io/change-cause";

/** The deprecated flag that keeps the command line with the object. */
export const recordFlag = {
  record: booleanFlag(
    "Record current kubectl command in the resource annotation. If set to false, do not record the command.",
    { hidden: true, deprecated: "--record will be removed in the future" },
  ),
} as const;

/** What goes with `recordFlag` in a command: the change of an object's metadata, empty where nothing is recorded. */
export function causeOf(values: { readonly record: boolean }, commandLine: string): Readonly<Record<string, string>> {
  return values.record ? { [changeCauseAnnotation]: commandLine } : {};
}

export function withAnnotations(object: JsonObject, added: Readonly<Record<string, string>>): JsonObject {
  if (Object.keys(added).length === 0) return object;
  return { ...object, metadata: { ...metadataOf(object), annotations: { ...annotationsOf(object), ...added } } };
}
