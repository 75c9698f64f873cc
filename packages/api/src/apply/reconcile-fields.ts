import { type ApplySchema, fieldOf, resolveFor } from "./apply-schema.ts";
import { FieldSet } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { type PathElement, fieldNameOf } from "./path-element.ts";

/**
 * A set of fields that was written when the type was another one, made to fit the type as it is now: owners of parts
 * of what has become atomic own the whole, owners of what was atomic own all parts that the object has. Values without
 * a declared type are left alone. Returns the same set when it fits.
 */
export function reconcileFields(schema: ApplySchema, set: FieldSet, object: unknown): FieldSet {
  if (schema.kind === "deduced") return set;
  const changes = { remove: new FieldSet(), add: FieldSet.empty };
  reconcile(schema, set, false, [], object, changes, schema);
  return set.recursiveDifference(changes.remove).union(changes.add);
}

interface Changes {
  readonly remove: FieldSet;
  add: FieldSet;
}

function reconcile(
  schema: ApplySchema,
  set: FieldSet | undefined,
  /** Owned as a whole, without anything below. */
  isWhole: boolean,
  path: PathElement[],
  object: unknown,
  changes: Changes,
  root: ApplySchema,
): void {
  if (schema.kind === "scalar" || schema.kind === "deduced") return;
  const isAtomic = schema.kind === "list" ? schema.relation === "atomic" : schema.isAtomic;
  if (isAtomic) {
    if (isWhole || !set || path.length === 0) return;
    changes.remove.insert(path);
    changes.add = changes.add.union(FieldSet.of([...path]));
    return;
  }
  if (isWhole) changes.add = changes.add.union(granularFields(root, path, object));
  if (!set) return;
  for (const element of set.elements) {
    const below = set.below(element);
    const name = fieldNameOf(element);
    const inner =
      schema.kind === "list" ? schema.items : name === undefined ? undefined : fieldOf(schema, name)?.schema;
    if (!inner) continue;
    path.push(element);
    reconcile(inner, below, set.hasMember(element) && !below, path, object, changes, root);
    path.pop();
  }
}

/** All fields that the object has at the path, and the path itself. */
function granularFields(root: ApplySchema, path: readonly PathElement[], object: unknown): FieldSet {
  let below: FieldSet | undefined = resolveFor(root, object) && fieldSetOf(root, object);
  for (const element of path) below = below?.below(element);
  const result = FieldSet.of([...path]);
  if (!below) return result;
  for (const inner of below.paths()) result.insert([...path, ...inner]);
  return result;
}
