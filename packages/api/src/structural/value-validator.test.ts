import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { fieldErrorText } from "../field-error.ts";
import { ValueValidator } from "./value-validator.ts";

const text: JSONSchemaProps = { type: "string" };

function wrap(schema: JSONSchemaProps): JSONSchemaProps {
  return { type: "object", properties: { spec: { type: "object", properties: { a: schema } } } };
}

const cases: readonly [name: string, schema: JSONSchemaProps, value: unknown, errors: readonly string[]][] = [
  ["a right type", { type: "integer" }, 3, []],
  [
    "a wrong type",
    { type: "integer" },
    "x",
    ['spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"'],
  ],
  [
    "a fraction for an integer",
    { type: "integer" },
    1.5,
    ['spec.a: Invalid value: "number": spec.a in body must be of type integer: "number"'],
  ],
  ["an integer for a number", { type: "number" }, 3, []],
  ["null", text, null, ['spec.a: Invalid value: "null": spec.a in body must be of type string: "null"']],
  ["null where it may be", { ...text, nullable: true }, null, []],
  [
    "an int or string",
    { "x-kubernetes-int-or-string": true },
    true,
    ['spec.a: Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"'],
  ],
  ["an enum", { ...text, enum: ["a", "b"] }, "c", ['spec.a: Unsupported value: "c": supported values: "a", "b"']],
  ["a long text", { ...text, maxLength: 2 }, "äöü", ["spec.a: Too long: may not be more than 2 bytes"]],
  ["a long text of wide characters", { ...text, maxLength: 2 }, "😀😀", []],
  [
    "a short text",
    { ...text, minLength: 2 },
    "😀",
    ['spec.a: Invalid value: "😀": spec.a in body should be at least 2 chars long'],
  ],
  [
    "a pattern",
    { ...text, pattern: "^[a-z]+$" },
    "A",
    [`spec.a: Invalid value: "A": spec.a in body should match '^[a-z]+$'`],
  ],
  [
    "a format",
    { ...text, format: "date-time" },
    "soon",
    ['spec.a: Invalid value: "soon": spec.a in body must be of type date-time: "soon"'],
  ],
  ["a format that is not checked", { ...text, format: "int-or-whatever" }, "soon", []],
  [
    "bounds",
    { type: "integer", maximum: 10, minimum: 5, multipleOf: 2 },
    11,
    [
      "spec.a: Invalid value: 11: spec.a in body should be a multiple of 2",
      "spec.a: Invalid value: 11: spec.a in body should be less than or equal to 10",
    ],
  ],
  [
    "open bounds",
    { type: "number", maximum: 10, exclusiveMaximum: true },
    10,
    ["spec.a: Invalid value: 10: spec.a in body should be less than 10"],
  ],
  [
    "items",
    { type: "array", items: text, maxItems: 1 },
    ["x", 3],
    [
      'spec.a[1]: Invalid value: "integer": spec.a[1] in body must be of type string: "integer"',
      "spec.a: Too many: 2: must have at most 1 item",
    ],
  ],
  [
    "few items",
    { type: "array", items: text, minItems: 1 },
    [],
    ["spec.a: Invalid value: 0: spec.a in body should have at least 1 items"],
  ],
  ["required", { type: "object", required: ["b"] }, {}, ["spec.a.b: Required value"]],
  [
    "values of a map",
    { type: "object", additionalProperties: { type: "boolean" } },
    { b: "x" },
    ['spec.a.b: Invalid value: "string": spec.a.b in body must be of type boolean: "string"'],
  ],
  [
    "anyOf",
    { type: "object", properties: { b: text, c: text }, anyOf: [{ required: ["b"] }, { required: ["c"] }] },
    {},
    ['<nil>: Invalid value: "": "spec.a" must validate at least one schema (anyOf)', "spec.a.b: Required value"],
  ],
  [
    "oneOf",
    { type: "object", properties: { b: text, c: text }, oneOf: [{ required: ["b"] }, { required: ["c"] }] },
    { b: "", c: "" },
    ['<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    "allOf",
    { ...text, allOf: [{ minLength: 2 }, { maxLength: 5 }] },
    "x",
    [
      'spec.a: Invalid value: "x": spec.a in body should be at least 2 chars long',
      '<nil>: Invalid value: "": "spec.a" must validate all the schemas (allOf)',
    ],
  ],
  [
    "not",
    { ...text, not: { enum: ["x"] } },
    "x",
    ['<nil>: Invalid value: "": "spec.a" must not validate the schema (not)'],
  ],
];

suite("values", () => {
  for (const [name, schema, value, errors] of cases) {
    test(name, () => {
      const found = new ValueValidator(wrap(schema)).validate({ spec: { a: value } });
      assert.deepEqual(found.map(fieldErrorText), errors);
    });
  }

  test("a catastrophic pattern takes no time to speak of", () => {
    const validator = new ValueValidator(wrap({ ...text, pattern: "^(a+)+$" }));
    assert.equal(validator.validate({ spec: { a: `${"a".repeat(20_000)}b` } }).length, 1);
  });
});

suite("updates", () => {
  const item: JSONSchemaProps = { type: "object", properties: { key: text, size: { type: "integer", maximum: 5 } } };
  const schema = wrap({
    type: "object",
    properties: {
      name: { ...text, maxLength: 1 },
      map: {
        type: "array",
        items: item,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["key"],
      },
      plain: { type: "array", items: item },
    },
  });
  const validator = new ValueValidator(schema);
  const of = (a: unknown) => ({ spec: { a } });

  test("leave alone what was wrong before and did not change", () => {
    const old = of({ name: "long", map: [{ key: "a", size: 9 }] });
    const changed = of({
      name: "long",
      map: [
        { key: "b", size: 1 },
        { key: "a", size: 9 },
      ],
      plain: [],
    });
    assert.equal(validator.validate(changed).length, 2);
    assert.deepEqual(validator.validateUpdate(changed, old), []);
  });

  test("find what was changed to something wrong", () => {
    const old = of({ name: "long", map: [{ key: "a", size: 9 }] });
    const changed = of({ name: "longer", map: [{ key: "a", size: 10 }] });
    assert.deepEqual(
      validator.validateUpdate(changed, old).map((error) => error.path),
      ["spec.a.name", "spec.a.map[0].size"],
    );
  });

  test("check the items of other lists again", () => {
    const old = of({ plain: [{ key: "a", size: 9 }] });
    const changed = of({
      plain: [
        { key: "a", size: 9 },
        { key: "b", size: 1 },
      ],
    });
    assert.deepEqual(
      validator.validateUpdate(changed, old).map((error) => error.path),
      ["spec.a.plain[0].size"],
    );
  });
});
