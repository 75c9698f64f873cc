import type { AttributeValue, CachedObject, ObjectAttributes } from "../storage/watch-cache.ts";

/** What a list or watch covers. */
export interface ObjectFilter {
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined;
  /** Set when the selector or the URL pins one name, so that no scan is needed. */
  readonly name: string | undefined;
  /** Fields that must have one value each, as far as the selector says so; undefined when it pins none. */
  readonly exactFields: Readonly<Record<string, string>> | undefined;
  /** A label or field that must have one value, by which candidates may be looked up; undefined when there is none. */
  readonly pinned: AttributeValue | undefined;
  /** Undefined when every object in the namespace matches. */
  readonly matches: ((attributes: ObjectAttributes) => boolean) | undefined;
}

/** Whether the object is covered. */
export function covers(filter: ObjectFilter, object: CachedObject): boolean {
  if (filter.namespace !== undefined && object.namespace !== filter.namespace) return false;
  if (filter.name !== undefined && object.name !== filter.name) return false;
  return filter.matches === undefined || filter.matches(object);
}
