import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { sortedJson } from "@kube-ts/api/go-json";
import type { JsonObject } from "../session/api.ts";
import { annotationsOf, metadataOf } from "./object-reference.ts";

/** The object with the annotation that records it, as the next `apply` needs it. */
export function withLastApplied(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const { [lastAppliedAnnotation]: _previous, ...annotations } = annotationsOf(object);
  const recorded = { ...object, metadata: { ...metadata, annotations } };
  const text = `${sortedJson(recorded)}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [lastAppliedAnnotation]: text } } };
}

/** What was applied last; undefined when the object was not applied. Throws a SyntaxError for a broken record. */
export function lastApplied(object: JsonObject): JsonObject | undefined {
  const text = annotationsOf(object)[lastAppliedAnnotation];
  return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
}
