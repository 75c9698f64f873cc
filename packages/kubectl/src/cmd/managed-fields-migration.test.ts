import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManagedFieldsEntry } from "@kube-ts/api/meta/v1";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { migratedManagedFields, recordOwners } from "./managed-fields-migration.ts";

const record = { "f:metadata": { "f:annotations": { [`f:${lastAppliedAnnotation}`]: {} } } };

function entry(
  manager: string,
  operation: "Apply" | "Update",
  fieldsV1: Record<string, unknown>,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return { manager, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1, ...more };
}

test("whoever wrote the record of client-side apply is found, by operation", () => {
  const entries = [
    entry("a", "Update", record),
    entry("b", "Update", { "f:data": {} }),
    entry("c", "Apply", record),
    entry("d", "Update", { "f:metadata": { "f:annotations": {} } }),
  ];
  assert.deepEqual(recordOwners(entries, "Update"), new Set(["a"]));
  assert.deepEqual(recordOwners(entries, "Apply"), new Set(["c"]));
});

test("what was updated becomes what is applied", () => {
  const other = entry("other", "Update", { "f:data": { "f:z": {} } });
  const csa = entry("csa", "Update", { ...record, "f:data": { ".": {}, "f:a": {} } });
  const ssa = entry("kubectl", "Apply", { "f:data": { "f:a": {}, "f:b": {} } });
  const all = { ...record, "f:data": { ".": {}, "f:a": {}, "f:b": {} } };
  const cases: [string, ManagedFieldsEntry[], ManagedFieldsEntry[] | undefined][] = [
    ["both are joined", [other, ssa, csa], [other, entry("kubectl", "Apply", all)]],
    ["alone it is renamed", [csa, other], [{ ...csa, manager: "kubectl", operation: "Apply" }, other]],
    ["nothing to migrate", [other, ssa], undefined],
    ["fields of another version are given up", [ssa, { ...csa, apiVersion: "v1beta1" }], [ssa]],
    ["another subresource is left alone", [ssa, { ...csa, subresource: "status" }], undefined],
  ];
  for (const [name, entries, expected] of cases) {
    assert.deepEqual(migratedManagedFields(entries, new Set(["csa"]), "kubectl", ""), expected, name);
  }
});
