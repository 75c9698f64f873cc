import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { type JsonObject, cloneJson, jsonEqual } from "../json-value.ts";
import { typeById } from "../schema-registry.ts";
import { findApiError, isBadRequest, isInvalid } from "../status-error.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch, createMergePatch, createThreeWayJsonMergePatch } from "./merge-patch.ts";

suite("JSON patch", () => {
  const object = { spec: { a: 1, list: [1, 2] } };

  test("operations apply to a copy", () => {
    const before = cloneJson(object);
    const patched = applyJsonPatch(object, [
      { op: "test", path: "/spec/a", value: 1 },
      { op: "replace", path: "/spec/a", value: 2 },
      { op: "add", path: "/spec/list/-", value: { x: 1 } },
      { op: "remove", path: "/spec/list/0" },
      { op: "copy", from: "/spec/a", path: "/spec/b" },
      { op: "move", from: "/spec/b", path: "/c" },
      { op: "add", path: "/spec/null", value: null },
    ]);
    assert.deepEqual(patched, { spec: { a: 2, list: [2, { x: 1 }], null: null }, c: 2 });
    assert.deepEqual(object, before);
  });

  const liberties: [what: string, patch: unknown, result: JsonObject][] = [
    ["replace sets a key that is not there", [{ op: "replace", path: "/x", value: 1 }], { ...object, x: 1 }],
    ["what is not there passes a test against null", [{ op: "test", path: "/x", value: null }], object],
    ["what is not there is copied as null", [{ op: "copy", from: "/x", path: "/y" }], { ...object, y: null }],
    [
      "indices count from the end",
      [
        { op: "add", path: "/spec/list/-1", value: 3 },
        { op: "remove", path: "/spec/list/-3" },
        { op: "replace", path: "/spec/list/-2", value: 4 },
        { op: "test", path: "/spec/list/-1", value: 3 },
      ],
      { spec: { a: 1, list: [4, 3] } },
    ],
    ["null is a patch of no operations", null, object],
    [
      "the whole document is tested and replaced",
      [
        { op: "test", path: "", value: object },
        { op: "replace", path: "", value: { z: 1 } },
      ],
      { z: 1 },
    ],
  ];
  for (const [what, patch, result] of liberties) {
    test(what, () => assert.deepEqual(applyJsonPatch(object, patch), result));
  }

  const refused: [what: string, patch: unknown][] = [
    ["replace below what is not there", [{ op: "replace", path: "/x/y", value: 1 }]],
    ["replace of an element that is not there", [{ op: "replace", path: "/spec/list/2", value: 1 }]],
    ["remove of what is not there", [{ op: "remove", path: "/x" }]],
    ["add below what is not there", [{ op: "add", path: "/x/y", value: 1 }]],
    ["a failed test", [{ op: "test", path: "/spec/a", value: 2 }]],
    ["an index out of range", [{ op: "add", path: "/spec/list/9", value: 1 }]],
    ["an unknown operation", [{ op: "nope", path: "/spec" }]],
    ["a path through the prototype", [{ op: "add", path: "/__proto__/a", value: 1 }]],
    ["a path through the constructor", [{ op: "add", path: "/constructor/prototype/a", value: 1 }]],
    ["a test against what every object inherits", [{ op: "test", path: "/constructor/name", value: "Object" }]],
    ["a copy of what every object inherits", [{ op: "copy", from: "/spec/list/length", path: "/x" }]],
    ["a document that is no object", [{ op: "replace", path: "", value: 1 }]],
    ["a document that is a list", [{ op: "replace", path: "", value: [] }]],
    ["anything else with the whole document", [{ op: "add", path: "", value: {} }]],
  ];
  for (const [what, patch] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => applyJsonPatch(object, patch),
        (error) =>
          isInvalid(error) &&
          findApiError(error)?.message === "the server rejected our request due to an error in our request",
      );
      assert.equal("a" in {}, false);
    });
  }

  test("the number of operations and the growth by copies are bounded", () => {
    const many = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/spec/a", value: 1 }));
    assert.throws(() => applyJsonPatch(object, many), { reason: "RequestEntityTooLarge" });
    const bomb = Array.from({ length: 40 }, (_, index) => ({ op: "copy", from: "/spec", path: `/spec/x${index}` }));
    assert.throws(() => applyJsonPatch(object, bomb), isInvalid);
    assert.throws(() => applyJsonPatch(object, { op: "add" }), isBadRequest);
  });
});

suite("merge patch", () => {
  // The examples of RFC 7386, appendix A, whose documents are objects.
  const examples: [object: JsonObject, patch: JsonObject, result: JsonObject][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [object, patch, result] of examples) {
    test(`${JSON.stringify(object)} and ${JSON.stringify(patch)}`, () => {
      const before = cloneJson(object);
      assert.deepEqual(applyMergePatch(object, patch), result);
      assert.deepEqual(object, before);
    });
  }

  test("only an object is a patch", () => {
    for (const patch of [[], null, "x", 1]) assert.throws(() => applyMergePatch({}, patch), isBadRequest);
  });

  test("the prototype cannot be reached", () => {
    const patched = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":1}}'));
    assert.equal(JSON.stringify(patched), '{"__proto__":{"polluted":1}}');
    assert.equal("polluted" in {}, false);
  });

  const withoutNulls = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_key, item: unknown) => (item === null ? undefined : item)));
  const objects = fc
    .dictionary(fc.constantFrom("a", "b", "c", "__proto__"), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true })
    .map((value) => withoutNulls(value) as JsonObject);

  test("a created patch makes one object of the other", () => {
    checkProperty(
      fc.property(objects, objects, (original, modified) => {
        const patch = createMergePatch(original, modified);
        assert.ok(jsonEqual(applyMergePatch(original, patch), modified));
      }),
    );
  });

  test("a three-way patch sets what is wanted, removes what was applied, keeps the rest", () => {
    const patch = createThreeWayJsonMergePatch(
      { a: 1, b: { c: 1, d: 1 } },
      { a: 2, b: { d: 1 } },
      { a: 1, b: { c: 1, d: 1 }, z: 3 },
    );
    assert.deepEqual(patch, { a: 2, b: { c: null } });
  });
});

suite("types of patches", () => {
  test("a type is found by its id", () => assert.equal(typeById("apps/v1.Deployment").name, "Deployment"));
});
