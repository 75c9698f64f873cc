import { FieldSet } from "./field-set.ts";
import { type PathElement, fieldElement } from "./path-element.ts";

/** Which fields a write can change at all; the others are owned by nobody through it. */
export interface FieldFilter {
  keep(fields: FieldSet): FieldSet;
  /** Fields of the root that are left out with all below them, when that is all the filter does. */
  readonly ignoredRoots?: ReadonlySet<string>;
}

/** All fields but those at the given paths and below them. */
export function excludingFields(...paths: readonly (readonly string[])[]): FieldFilter {
  const excluded = FieldSet.of(...paths.map((path) => path.map(fieldElement)));
  const isShallow = paths.every((path) => path.length === 1);
  return {
    keep: (fields) => fields.recursiveDifference(excluded),
    ...(isShallow && { ignoredRoots: new Set(paths.map(([name]) => name ?? "")) }),
  };
}

/** Only fields at the given paths and below them; the step `*` stands for any key or element. */
export function onlyFields(...paths: readonly (readonly string[])[]): FieldFilter {
  const patterns = paths.map((path) =>
    path.map((name): PathElement | "*" => (name === "*" ? "*" : fieldElement(name))),
  );
  return {
    keep: (fields) =>
      patterns.map((pattern) => fields.matching(pattern)).reduce((all, some) => all.union(some), FieldSet.empty),
  };
}

export const allFields: FieldFilter = { keep: (fields) => fields, ignoredRoots: new Set() };
