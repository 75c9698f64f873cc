import { type FieldSet, fieldSetOfJson } from "@kube-ts/api/apply/field-set";
import { fieldElement } from "@kube-ts/api/apply/path-element";
import type { ManagedFieldsEntry } from "@kube-ts/api/meta/v1";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";

const annotationPath = ["metadata", "annotations", lastAppliedAnnotation].map(fieldElement);

const fieldsOf = ({ fieldsV1 }: ManagedFieldsEntry): FieldSet => fieldSetOfJson(fieldsV1);

/** The managers that own the record of what was applied by this operation. Throws a FieldSetError. */
export function recordOwners(entries: readonly ManagedFieldsEntry[], operation: "Apply" | "Update"): Set<string> {
  const owners = entries.filter((entry) => entry.operation === operation && fieldsOf(entry).has(annotationPath));
  return new Set(owners.map(({ manager = "" }) => manager));
}

/**
 * The entries after what these managers own by updates has become what `manager` applied, for the object itself or one
 * subresource; undefined when nothing changes. Fields of another version than the applied one are given up, since
 * their paths may mean something else there. Throws a FieldSetError.
 */
export function migratedManagedFields(
  entries: readonly ManagedFieldsEntry[],
  updaters: ReadonlySet<string>,
  manager: string,
  subresource: string,
): ManagedFieldsEntry[] | undefined {
  let migrated = [...entries];
  for (const updater of updaters) migrated = migrate(migrated, updater, manager, subresource);
  const same = migrated.length === entries.length && migrated.every((entry, index) => entry === entries[index]);
  return same ? undefined : migrated;
}

function migrate(
  entries: ManagedFieldsEntry[],
  updater: string,
  manager: string,
  subresource: string,
): ManagedFieldsEntry[] {
  const isOf = (name: string, operation: string) => (entry: ManagedFieldsEntry) =>
    entry.manager === name && entry.operation === operation && (entry.subresource ?? "") === subresource;
  const isUpdate = isOf(updater, "Update");
  const updates = entries.filter(isUpdate);
  const target = entries.find(isOf(manager, "Apply")) ?? updates[0];
  if (updates.length === 0 || !target) return entries;
  const joined = updates.find(({ apiVersion }) => apiVersion === target.apiVersion);
  const fields = joined ? fieldsOf(target).union(fieldsOf(joined)) : fieldsOf(target);
  const fieldsV1 = JSON.parse(fields.toJson()) as Record<string, unknown>;
  const applied: ManagedFieldsEntry = { ...target, manager, operation: "Apply", fieldsV1 };
  return entries.map((entry) => (entry === target ? applied : entry)).filter((entry) => !isUpdate(entry));
}
