import { type Comparison, compareTyped } from "./compare-typed.ts";
import { type Conflict, ApplyConflictError } from "./conflict.ts";
import type { FieldFilter } from "./field-filter.ts";
import { FieldSet } from "./field-set.ts";
import { type ManagerEntry, type ManagerIdentity, OwnedFields, isSameManager } from "./managed-fields.ts";
import { reconcileFields } from "./reconcile-fields.ts";
import type { ConvertObject, VersionedObject } from "./versioned-object.ts";

/** A change of an object from one state to another, both in the version in which it is written. */
export interface ObjectChange {
  readonly before: VersionedObject;
  readonly after: VersionedObject;
  readonly convert: ConvertObject;
  readonly filter: FieldFilter;
}

/** Who writes, and when (RFC 3339). */
export interface Writer extends ManagerIdentity {
  readonly time: string;
}

/** What a change does, and the comparisons of other versions of the object that were needed to find out. */
export class ChangedFields {
  readonly #change: ObjectChange;
  readonly #byVersion = new Map<string, Comparison | undefined | "opaque">();

  constructor(change: ObjectChange) {
    this.#change = change;
  }

  /** The difference as the version sees it; undefined when the version is not served, `opaque` when nobody knows. */
  in(apiVersion: string): Comparison | undefined | "opaque" {
    if (this.#byVersion.has(apiVersion)) return this.#byVersion.get(apiVersion);
    const comparison = this.#compare(apiVersion);
    this.#byVersion.set(apiVersion, comparison);
    return comparison;
  }

  #compare(apiVersion: string): Comparison | undefined | "opaque" {
    const { before, after, convert, filter } = this.#change;
    const left = before.apiVersion === apiVersion ? before : convert(before, apiVersion);
    const right = after.apiVersion === apiVersion ? after : convert(after, apiVersion);
    if (!left || !right) return undefined;
    if (left === "opaque" || right === "opaque") return "opaque";
    const { added, modified, removed } = compareTyped(right.schema, left.value ?? {}, right.value ?? {});
    if (added.isEmpty && modified.isEmpty && removed.isEmpty) return unchanged;
    return { added: filter.keep(added), modified: filter.keep(modified), removed: filter.keep(removed) };
  }
}

const unchanged: Comparison = { added: FieldSet.empty, modified: FieldSet.empty, removed: FieldSet.empty };

/**
 * The managers after somebody wrote fields of an object other than by applying: what the writer changed or added is
 * his and nobody else's, what is gone is nobody's. Throws what `compareTyped` throws.
 */
export function trackUpdate(
  change: ObjectChange,
  managers: readonly ManagerEntry[],
  writer: Writer,
): readonly ManagerEntry[] {
  const changes = new ChangedFields(change);
  const comparison = changes.in(writer.apiVersion);
  if (!comparison || comparison === "opaque") return managers;
  const taken = comparison.modified.union(comparison.added);
  if (
    taken.isEmpty &&
    comparison.removed.isEmpty &&
    managers.every((entry) => entry.apiVersion === writer.apiVersion)
  ) {
    return managers;
  }
  const result: ManagerEntry[] = [];
  let own: ManagerEntry | undefined;
  for (const entry of reconcileManagers(change, managers)) {
    const isOwn = isSameManager(entry, writer);
    const left = withoutChanges(entry, changes, isOwn ? taken : undefined);
    if (!left) continue;
    if (isOwn) own = left;
    else result.push(left);
  }
  if (taken.isEmpty) return own ? [...result, own] : result;
  const fields = own ? own.fields.set.union(taken) : taken;
  const kept = own && fields === own.fields.set ? own.fields : OwnedFields.ofSet(fields);
  result.push({ ...writer, fields: kept });
  return result;
}

/** The entry without what others now own and what is gone; undefined when nothing is left of it. */
function withoutChanges(
  entry: ManagerEntry,
  changes: ChangedFields,
  /** Fields that stay with the entry although they changed. */
  retaken: FieldSet | undefined,
): ManagerEntry | undefined {
  const comparison = changes.in(entry.apiVersion);
  if (!comparison) return undefined;
  if (comparison === "opaque") return entry;
  const { added, modified, removed } = comparison;
  const owned = entry.fields.set;
  let left = retaken ? owned : owned.difference(modified).difference(added);
  left = left.difference(removed);
  if (left.isEmpty) return undefined;
  return left === owned ? entry : { ...entry, fields: OwnedFields.ofSet(left) };
}

/** Managers with their fields made to fit the types of today; those of versions not served any more stay away. */
export function reconcileManagers(change: ObjectChange, managers: readonly ManagerEntry[]): readonly ManagerEntry[] {
  const { before, convert } = change;
  const objects = new Map<string, ReturnType<ConvertObject>>([[before.apiVersion, before]]);
  const result: ManagerEntry[] = [];
  let changed = false;
  for (const entry of managers) {
    const { apiVersion } = entry;
    if (!objects.has(apiVersion)) objects.set(apiVersion, convert(before, apiVersion));
    const object = objects.get(apiVersion);
    const reconciled = object === "opaque" ? entry : object && reconcileEntry(entry, object);
    changed ||= reconciled !== entry;
    if (reconciled) result.push(reconciled);
  }
  return changed ? result : managers;
}

/** The schema that a set, which many objects share, is known to fit. */
const fitting = new WeakMap<FieldSet, object>();

function reconcileEntry(entry: ManagerEntry, { schema, value }: VersionedObject): ManagerEntry {
  const { set } = entry.fields;
  if (fitting.get(set) === schema) return entry;
  const reconciled = reconcileFields(schema, set, value ?? {});
  if (reconciled.equals(set)) {
    fitting.set(set, schema);
    return entry;
  }
  return { ...entry, fields: OwnedFields.ofSet(reconciled) };
}

/** The managers after an apply changed the object. Throws `ApplyConflictError` for fields of others unless forced. */
export function trackApplied(
  change: ObjectChange,
  managers: readonly ManagerEntry[],
  applier: ManagerIdentity,
  force: boolean,
): ManagerEntry[] {
  const changes = new ChangedFields(change);
  const conflicts: Conflict[] = [];
  const result: ManagerEntry[] = [];
  for (const entry of managers) {
    if (isSameManager(entry, applier)) {
      if (!entry.fields.set.isEmpty) result.push(entry);
      continue;
    }
    const comparison = changes.in(entry.apiVersion);
    if (!comparison) continue;
    if (comparison === "opaque") {
      result.push(entry);
      continue;
    }
    const changed = comparison.modified.union(comparison.added);
    const { manager, operation, apiVersion, subresource } = entry;
    const owner: ManagerIdentity = { manager, operation, apiVersion, subresource };
    for (const path of entry.fields.set.intersection(changed).paths()) conflicts.push({ owner, path });
    const left = withoutChanges(entry, changes, undefined);
    if (left) result.push(left);
  }
  if (!force && conflicts.length > 0) throw new ApplyConflictError(conflicts);
  return result;
}
