import type { ObjectType, ValueType } from "../schema-registry.ts";
import { failedPatch } from "./patch-error.ts";

/** Where a merge stands in the types: `undefined` below values that are kept as they come. */
export type PatchSchema = ValueType | undefined;

/** How a field is merged. */
export interface PatchRule {
  /** The type of the field's value. */
  readonly schema: PatchSchema;
  readonly strategy: "merge" | "replace" | undefined;
  /** Fields of the value that a patch does not name are to be removed. */
  readonly retainKeys: boolean;
  /** The field by which elements of a list are matched; empty for lists of scalars. */
  readonly mergeKey: string;
}

const plain: PatchRule = { schema: undefined, strategy: undefined, retainKeys: false, mergeKey: "" };
const rules = new WeakMap<ObjectType, Map<string, PatchRule>>();

/** The rule for a field. Throws when the type has no such field. */
export function patchRule(schema: PatchSchema, key: string): PatchRule {
  if (schema?.kind === "map") return { ...plain, schema: schema.values };
  if (schema?.kind !== "object") return plain;
  const rule = rulesOf(schema).get(key);
  if (!rule) throw failedPatch(`unable to find api field in struct ${schema.name} for the json field "${key}"`);
  return rule;
}

/** The type of a list's elements. */
export function elementSchema(schema: PatchSchema): PatchSchema {
  return schema?.kind === "list" ? schema.items : undefined;
}

function rulesOf(type: ObjectType): Map<string, PatchRule> {
  let known = rules.get(type);
  if (known) return known;
  known = new Map();
  for (const field of type.fields.values()) {
    const strategies = field.patchStrategy ?? [];
    known.set(field.name, {
      schema: field.type,
      strategy: strategies.includes("merge") ? "merge" : strategies.includes("replace") ? "replace" : undefined,
      retainKeys: strategies.includes("retainKeys"),
      mergeKey: field.patchMergeKey ?? "",
    });
  }
  rules.set(type, known);
  return known;
}
