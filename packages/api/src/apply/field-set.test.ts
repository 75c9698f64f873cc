import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { FieldSet, FieldSetError, decodeFieldSet } from "./field-set.ts";
import {
  type PathElement,
  PathElementError,
  compareElements,
  fieldElement,
  indexElement,
  keyElement,
  parseElement,
  pathText,
  valueElement,
} from "./path-element.ts";
import { anyFieldSet, anyPath } from "./testing/arbitrary-fields.ts";

const f = fieldElement;
const set = (...paths: readonly string[]) => FieldSet.of(...paths.map((path) => path.split(".").map(f)));

describe("path elements", () => {
  test("are written and read in one form", () => {
    const cases: [PathElement, string, string][] = [
      [f("spec"), "f:spec", ".spec"],
      [f("a.b/c"), "f:a.b/c", ".a.b/c"],
      [
        keyElement([
          ["protocol", "TCP"],
          ["containerPort", 80],
        ]),
        'k:{"containerPort":80,"protocol":"TCP"}',
        '[containerPort=80,protocol="TCP"]',
      ],
      [valueElement("x"), 'v:"x"', '[="x"]'],
      [valueElement(1.5), "v:1.5", "[=1.5]"],
      [valueElement(true), "v:true", "[=true]"],
      [indexElement(3), "i:3", "[3]"],
    ];
    for (const [element, text, shown] of cases) {
      assert.equal(element, text);
      assert.equal(parseElement(text), element);
      assert.equal(pathText([element]), shown);
    }
    assert.equal(parseElement('k:{ "b": 1, "a": 2 }'), 'k:{"a":2,"b":1}');
  });

  test("of unknown kinds are skipped, malformed ones refused", () => {
    assert.equal(parseElement("z:new"), undefined);
    for (const text of ["", "f", "fspec", "k:{", "k:1", "v:", "i:x"]) {
      assert.throws(() => parseElement(text), PathElementError, text);
    }
  });

  test("have upstream's order", () => {
    const sorted = [
      "f:a",
      "f:b",
      'k:{"a":1}',
      'k:{"a":2}',
      'k:{"a":"x"}',
      'k:{"a":"x","b":1}',
      "v:2",
      "v:10",
      'v:"a"',
      "v:true",
      "i:2",
      "i:10",
    ];
    const elements = sorted as PathElement[];
    assert.deepEqual(elements.toReversed().toSorted(compareElements), elements);
  });
});

describe("FieldsV1", () => {
  test("has the canonical order, with the dot for fields that are there themselves", () => {
    const fields = FieldSet.of(
      [f("spec"), f("replicas")],
      [f("metadata"), f("labels"), f("b")],
      [f("metadata"), f("labels")],
      [f("metadata"), f("labels"), f("a")],
    );
    assert.equal(fields.toJson(), '{"f:metadata":{"f:labels":{".":{},"f:a":{},"f:b":{}}},"f:spec":{"f:replicas":{}}}');
  });

  test("is read whatever its order", () => {
    const fields = decodeFieldSet('{"f:b":{"f:c":{},".":{}},"z:future":{"f:x":{}},"f:a":{".":{}}}');
    assert.equal(fields.toJson(), '{"f:a":{},"f:b":{".":{},"f:c":{}}}');
    assert.equal(fields.size, 3);
  });

  test("that is none is refused", () => {
    for (const text of ["", "[]", "1", '{"f:a":1}']) assert.throws(() => decodeFieldSet(text), FieldSetError, text);
    assert.throws(() => decodeFieldSet('{"a":{}}'), PathElementError);
    assert.equal(decodeFieldSet("null").isEmpty, true);
  });
});

describe("operations", () => {
  const a = set("x", "x.y", "z.a", "z.b");
  const b = set("x", "z.b", "q");
  const cases: [string, FieldSet, FieldSet][] = [
    ["union", a.union(b), set("x", "x.y", "z.a", "z.b", "q")],
    ["intersection", a.intersection(b), set("x", "z.b")],
    ["difference keeps what is below", a.difference(b), set("x.y", "z.a")],
    ["recursive difference takes what is below", a.recursiveDifference(b), set("z.a")],
    ["leaves", a.leaves(), set("x.y", "z.a", "z.b")],
    ["matching", set("spec.c.a", "spec.d.b", "spec.d.a").matching(["f:spec", "*", "f:a"]), set("spec.c.a", "spec.d.a")],
  ];
  for (const [name, found, wanted] of cases) {
    test(name, () => assert.equal(found.toJson(), wanted.toJson()));
  }

  test("that change nothing return the same set", () => {
    assert.equal(a.union(set("x")), a);
    assert.equal(a.difference(set("nothing.here")), a);
    assert.equal(a.recursiveDifference(set("nothing.here")), a);
    assert.equal(a.intersection(a), a);
  });

  test("membership", () => {
    assert.equal(a.has([f("x"), f("y")]), true);
    assert.equal(a.has([f("z")]), false);
    assert.equal(a.has([]), false);
  });
});

describe("any sets", () => {
  test("survive writing and reading", () => {
    checkProperty(
      fc.property(anyFieldSet, (fields) => {
        const json = fields.toJson();
        const read = decodeFieldSet(json);
        assert.equal(read.equals(fields), true);
        assert.equal(read.toJson(), json);
        assert.equal(FieldSet.of(...fields.paths()).equals(fields), true);
      }),
    );
  });

  test("obey the laws of sets", () => {
    checkProperty(
      fc.property(anyFieldSet, anyFieldSet, (a, b) => {
        assert.equal(a.union(b).equals(b.union(a)), true);
        assert.equal(a.intersection(b).equals(b.intersection(a)), true);
        assert.equal(a.difference(b).union(a.intersection(b)).equals(a), true);
        assert.equal(a.difference(b).intersection(b).isEmpty, true);
        assert.equal(a.union(b).size, a.size + b.size - a.intersection(b).size);
        assert.equal(a.recursiveDifference(b).difference(a.difference(b)).isEmpty, true);
      }),
    );
  });

  test("hold what was put in and nothing else", () => {
    checkProperty(
      fc.property(fc.array(anyPath, { maxLength: 8 }), anyPath, (paths, other) => {
        const fields = FieldSet.of(...paths);
        for (const path of paths) assert.equal(fields.has(path), true);
        const wanted = paths.some((path) => pathText(path) === pathText(other));
        assert.equal(fields.has(other), wanted);
      }),
    );
  });
});
