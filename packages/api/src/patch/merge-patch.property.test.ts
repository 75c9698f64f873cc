import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { type JsonObject, cloneJson, isJsonObject } from "../json-value.ts";
import { findApiError } from "../status-error.ts";
import { applyMergePatch, createMergePatch, createThreeWayJsonMergePatch } from "./merge-patch.ts";

const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor", "0");

/** Objects as `JSON.parse` makes them: any key is the object's own. */
function objects(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<JsonObject> {
  return fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
    value: fc.oneof({ depthSize: "small" }, leaf, fc.array(leaf, { maxLength: 2 }), tie("object")),
    object: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  })).object;
}

const withoutNulls = objects(fc.constantFrom<unknown>(0, 1, "x", true));
const anyPatch = objects(fc.constantFrom<unknown>(0, 1, "x", true, null));

/** RFC 7386, section 2, as it stands there. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergePatch(result.get(name), value));
  }
  return Object.fromEntries(result);
}

suite("any merge patch", () => {
  test("does what the RFC's own procedure does, to a copy", () => {
    checkProperty(
      fc.property(anyPatch, anyPatch, (object, patch) => {
        const [before, asked] = [cloneJson(object), cloneJson(patch)];
        assert.deepEqual(applyMergePatch(object, patch), mergePatch(object, patch));
        assert.deepEqual([object, patch], [before, asked]);
      }),
      { share: 5 },
    );
  });

  test("leaves what it made as it is when applied again", () => {
    checkProperty(
      fc.property(anyPatch, anyPatch, (object, patch) => {
        const once = applyMergePatch(object, patch);
        assert.deepEqual(applyMergePatch(once, patch), once);
      }),
      { share: 2 },
    );
  });

  test("that was made of two objects makes one of the other, and is empty for equal ones", () => {
    checkProperty(
      fc.property(withoutNulls, withoutNulls, (before, after) => {
        assert.deepEqual(applyMergePatch(before, createMergePatch(before, after)), after);
        assert.deepEqual(createMergePatch(before, before), {});
      }),
      { share: 3 },
    );
  });

  test("of three objects gives what is wanted and keeps what only others have added", () => {
    const own = fc.constantFrom("x", "y");
    const added = fc
      .array(fc.tuple(own, fc.constantFrom<unknown>(1, "z")), { maxLength: 3 })
      .map((entries): JsonObject => Object.fromEntries(entries));
    checkProperty(
      fc.property(withoutNulls, withoutNulls, added, (original, modified, others) => {
        const current = { ...cloneJson(original), ...others };
        const patch = createThreeWayJsonMergePatch(original, modified, current);
        assert.deepEqual(applyMergePatch(current, patch), { ...modified, ...others });
      }),
      { share: 3 },
    );
  });

  test("that is no object is refused", () => {
    checkProperty(
      fc.property(fc.oneof(fc.array(fc.anything()), fc.constantFrom<unknown>(null, 1, "x", true)), (patch) => {
        assert.throws(
          () => applyMergePatch({}, patch),
          (error) => findApiError(error)?.code === 400,
        );
      }),
    );
  });
});
