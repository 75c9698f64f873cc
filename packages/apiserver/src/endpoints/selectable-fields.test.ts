import assert from "node:assert/strict";
import { test } from "node:test";
import { selectableFields } from "./selectable-fields.ts";

const namespaced = { namespaced: true };
const cluster = { namespaced: false };

test("a kind that says which fields it has takes those, and those of its metadata", () => {
  const own = { "spec.nodeName": "spec.nodeName", "spec.host": "spec.nodeName" };
  const fields = selectableFields({ type: namespaced, own, isSpecific: true });
  assert.equal(fields.get("spec.host"), "spec.nodeName");
  assert.equal(fields.get("metadata.namespace"), "metadata.namespace");
  assert.equal(fields.get("spec.x"), undefined);
  assert.equal(fields.problem("spec.x"), "field label not supported: spec.x");
  assert.equal(selectableFields({ type: cluster, own, isSpecific: true }).get("metadata.namespace"), undefined);
});

test("any other kind takes those of the metadata, wherever it lies", () => {
  const fields = selectableFields({ type: cluster, own: {}, isSpecific: false });
  assert.equal(fields.get("metadata.namespace"), "metadata.namespace");
  assert.equal(
    fields.problem("spec.x"),
    '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  );
});

test("a kind may have a wording of its own", () => {
  const problem = (field: string) => `no ${field}`;
  assert.equal(selectableFields({ type: cluster, own: {}, isSpecific: true, problem }).problem("x"), "no x");
});
