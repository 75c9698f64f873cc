import assert from "node:assert/strict";
import { test } from "node:test";
import { isNestedDeeper } from "./nesting.ts";

test("counts objects and lists", () => {
  const value: unknown = { a: [{ b: 1 }], c: "text", d: null };
  assert.equal(isNestedDeeper(value, 3), false);
  assert.equal(isNestedDeeper(value, 2), true);
  assert.equal(isNestedDeeper("text", 0), false);
  assert.equal(isNestedDeeper([], 0), true);
});

test("goes no deeper than asked", () => {
  const value: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  assert.equal(isNestedDeeper(value, 500), true);
});
