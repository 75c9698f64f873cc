import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { goJson, sortedJson } from "@kube-ts/api/go-json";
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

/** The same for an object that a command makes, whose keys have their places and which has no record yet. */
export function withGenerated(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const annotations = { ...annotationsOf(object), [lastAppliedAnnotation]: `${goJson(object)}\n` };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** What was applied last; undefined when the object was not applied. Throws a SyntaxError for a broken record. */
export function lastApplied(object: JsonObject): JsonObject | undefined {
  const text = annotationsOf(object)[lastAppliedAnnotation];
  return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
}
