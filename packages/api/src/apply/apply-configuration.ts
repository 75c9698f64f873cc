import { jsonEqual } from "../json-value.ts";
import type { FieldFilter } from "./field-filter.ts";
import { FieldSet } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { type ManagerEntry, type ManagerIdentity, OwnedFields, isSameManager } from "./managed-fields.ts";
import { mergeTyped } from "./merge-typed.ts";
import { removeItems } from "./remove-items.ts";
import { reconcileManagers, trackApplied } from "./track-change.ts";
import type { ConvertObject, VersionedObject } from "./versioned-object.ts";

export interface ApplyRequest {
  /** The object as it is; its value is undefined when there is none. */
  readonly live: VersionedObject;
  /** What is applied, in the version in which `live` is. */
  readonly config: VersionedObject;
  readonly managers: readonly ManagerEntry[];
  readonly applier: ManagerIdentity;
  /** Take fields over from other managers. */
  readonly force: boolean;
  readonly convert: ConvertObject;
  readonly filter: FieldFilter;
}

export interface Applied {
  /** The merged object, which may share parts with the arguments; undefined when it is as it was. */
  readonly value: unknown;
  readonly managers: readonly ManagerEntry[];
}

/**
 * Server-side apply: lays a configuration over an object, removes what the applier had applied before and nobody else
 * owns, and makes the applier the owner of all that the configuration names. The applier's entry keeps the time it had.
 * Throws `ApplyConflictError` and `TypedValueError`.
 */
export function applyConfiguration(request: ApplyRequest): Applied {
  const { live, config, applier, force, convert, filter } = request;
  const change = { before: live, after: live, convert, filter };
  const managers = reconcileManagers(change, request.managers);
  const last = managers.find((entry) => isSameManager(entry, applier));
  const applied = filter.keep(fieldSetOf(config.schema, config.value));
  const own: ManagerEntry = { ...applier, time: last?.time, fields: OwnedFields.ofSet(applied) };
  const next = [...managers.filter((entry) => entry !== last), own];
  const merged: VersionedObject = { ...live, value: mergeTyped(live.schema, live.value, config.value) };
  const after = last ? prune(merged, next, applied, last, convert) : merged;
  const result = trackApplied({ before: live, after, convert, filter }, next, own, force);
  const isSame = jsonEqual(live.value, after.value);
  return { value: isSame ? undefined : (after.value ?? {}), managers: result };
}

/** The object without what the applier owned last, does not own now, and nobody else owns. */
function prune(
  merged: VersionedObject,
  managers: readonly ManagerEntry[],
  applied: FieldSet,
  last: ManagerEntry,
  convert: ConvertObject,
): VersionedObject {
  const lastFields = last.fields.set;
  if (last.apiVersion === merged.apiVersion && lastFields.difference(applied).isEmpty) return merged;
  const whole = inVersion(merged, last.apiVersion, convert);
  if (!whole) return merged;
  const named = lastFields.withNamedFields(whole.schema);
  const bare = { ...whole, value: removeItems(whole.schema, whole.value, named) };
  const kept = addBackOwned(whole, bare, managers, convert);
  const keptThen = inVersion(kept, whole.apiVersion, convert);
  if (!keptThen) return merged;
  const gone = namedFieldsOf(whole).difference(namedFieldsOf(keptThen)).intersection(named);
  const pruned = { ...whole, value: removeItems(whole.schema, whole.value, gone) };
  return inVersion(pruned, merged.apiVersion, convert) ?? merged;
}

/** What was removed comes back where a manager owns it, seen in the version of each manager. */
function addBackOwned(
  whole: VersionedObject,
  bare: VersionedObject,
  managers: readonly ManagerEntry[],
  convert: ConvertObject,
): VersionedObject {
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion, fields } of managers) {
    owned.set(apiVersion, (owned.get(apiVersion) ?? FieldSet.empty).union(fields.set));
  }
  // The version of the removal comes first: conversions may need fields that only it can restore.
  const versions = [...owned.keys()].toSorted(
    (a, b) => Number(b === whole.apiVersion) - Number(a === whole.apiVersion),
  );
  let kept = bare;
  for (const version of versions) {
    const full = inVersion(whole, version, convert);
    const partial = full && inVersion(kept, version, convert);
    if (!full || !partial) continue;
    const staying = namedFieldsOf(partial).union((owned.get(version) ?? FieldSet.empty).withNamedFields(full.schema));
    const gone = namedFieldsOf(full).difference(staying);
    kept = { ...full, value: removeItems(full.schema, full.value, gone) };
  }
  return kept;
}

function namedFieldsOf({ schema, value }: VersionedObject): FieldSet {
  return value === undefined ? FieldSet.empty : fieldSetOf(schema, value).withNamedFields(schema);
}

function inVersion(object: VersionedObject, apiVersion: string, convert: ConvertObject): VersionedObject | undefined {
  const converted = object.apiVersion === apiVersion ? object : convert(object, apiVersion);
  return converted === "opaque" ? undefined : converted;
}
