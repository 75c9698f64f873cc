import type { JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { propertyOf, valuesOf } from "@kube-ts/api/structural/schema-parts";

/** What is wrong with a path in dot notation, such as `.spec.replicas`. */
export function dotPathErrors(text: string, path: FieldPath): FieldError[] {
  if (text === "") return [invalidField(path, text, "must not be empty")];
  if (!text.startsWith(".")) return [invalidField(path, text, "must be a simple json path starting with .")];
  return [];
}

/** A path through the fields of a schema. */
export interface SchemaPath {
  readonly names: readonly string[];
  /** The schema at its end. */
  readonly schema: JSONSchemaProps;
}

/** A path that cannot be followed; the message says why. */
export class SchemaPathError extends Error {}

/** Follows a path such as `.spec['a.b'].c` through a schema, lists left out. Throws a SchemaPathError. */
export function followSchema(text: string, root: JSONSchemaProps): SchemaPath {
  const names: string[] = [];
  let schema = root;
  let rest = text;
  while (rest !== "") {
    const step = /^(?:\.((?:\\[\s\S]|[^.[\]'\\])+)|\['((?:\\[\s\S]|[^'\\])+)'\])/.exec(rest);
    if (!step) throw new SchemaPathError(problemOf(rest, names));
    const name = (step[1] ?? step[2] ?? "").replaceAll(/\\(.)/g, "$1");
    const inner = propertyOf(schema, name) ?? (step[2] === undefined ? undefined : valuesOf(schema));
    if (!inner) throw new SchemaPathError("does not refer to a valid field");
    names.push(name);
    schema = inner;
    rest = rest.slice(step[0].length);
  }
  if (names.length === 0) throw new SchemaPathError("unexpected end of path");
  return { names, schema };
}

function problemOf(rest: string, names: readonly string[]): string {
  if (/^\[\d*\]/.test(rest)) return "array notation is not allowed";
  if (rest.startsWith("[")) return "expected single quoted string but got something else";
  if (names.length === 0) return `expected [ or . but got: ${rest.charAt(0)}`;
  return `does not refer to a valid field: ${goQuote(rest)}`;
}
