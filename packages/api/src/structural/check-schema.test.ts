import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { fieldErrorText } from "../field-error.ts";
import { fieldPath } from "../field-path.ts";
import { checkDefaults } from "./check-defaults.ts";
import { checkSchema, strict } from "./check-schema.ts";
import { checkStructural } from "./check-structural.ts";
import { checkListTypes } from "./list-types.ts";

const path = fieldPath("s");
const text: JSONSchemaProps = { type: "string" };

function withField(field: JSONSchemaProps): JSONSchemaProps {
  return { type: "object", properties: { a: field } };
}

suite("structural schemas", () => {
  for (const [name, schema, errors] of [
    ["are complete", withField({ type: "array", items: text, anyOf: [{ items: { minLength: 1 } }] }), []],
    ["have a type at the root", {}, ["s.type: Required value: must not be empty at the root"]],
    ["are objects", text, ['s.type: Invalid value: "string": must be object at the root']],
    [
      "have a type in every field",
      withField({}),
      ["s.properties[a].type: Required value: must not be empty for specified object fields"],
    ],
    [
      "have a type in items",
      withField({ type: "array", items: {} }),
      ["s.properties[a].items.type: Required value: must not be empty for specified array items"],
    ],
    ["have items", withField({ type: "array" }), ["s.properties[a].items: Required value: must be specified"]],
    ["may be int or string", withField({ "x-kubernetes-int-or-string": true }), []],
    [
      "may be int or string with the known anyOf",
      withField({ "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] }),
      [],
    ],
    [
      "restrict nothing that they do not declare",
      { type: "object", anyOf: [{ properties: { b: { minLength: 1 } } }] },
      ["s.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]"],
    ],
    [
      "declare nothing in anyOf",
      withField({ ...text, anyOf: [{ type: "string", description: "x", default: "y" }] }),
      [
        "s.properties[a].anyOf[0].default: Forbidden: must be undefined to be structural",
        "s.properties[a].anyOf[0].description: Forbidden: must be empty to be structural",
        "s.properties[a].anyOf[0].type: Forbidden: must be empty to be structural",
      ],
    ],
    [
      "leave metadata alone",
      { type: "object", properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } } },
      [
        "s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
      ],
    ],
    [
      "may restrict names",
      {
        type: "object",
        properties: { metadata: { type: "object", properties: { name: { type: "string", maxLength: 5 } } } },
      },
      [],
    ],
    [
      "have patterns of RE2",
      withField({ ...text, pattern: "(?=a)" }),
      [
        's.properties[a].pattern: Invalid value: "(?=a)": must be a valid regular expression, but isn\'t: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
      ],
    ],
    [
      "have no additional properties at the root",
      { type: "object", additionalProperties: text },
      ["s.additionalProperties: Forbidden: must not be used at the root"],
    ],
    [
      "are objects where they are embedded",
      withField({ "x-kubernetes-embedded-resource": true }),
      [
        "s.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
        "s.properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true",
      ],
    ],
  ] as readonly [string, JSONSchemaProps, readonly string[]][]) {
    test(name, () => assert.deepEqual(checkStructural(schema, path).map(fieldErrorText), errors));
  }
});

suite("the supported part of OpenAPI", () => {
  const items: JSONSchemaProps = { type: "object", properties: { k: text, n: text }, required: ["k"] };
  for (const [name, schema, errors] of [
    ["has no references", withField({ $ref: "#/x" }), ["s.properties[a].$ref: Forbidden: $ref is not supported"]],
    [
      "has known types",
      withField({ type: "text" }),
      [
        's.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
      ],
    ],
    [
      "has properties or a map",
      withField({ type: "object", properties: { b: text }, additionalProperties: false }),
      ["s.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"],
    ],
    [
      "has no defaults in metadata",
      { type: "object", properties: { metadata: { type: "object", properties: { name: { ...text, default: "x" } } } } },
      ["s.properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata"],
    ],
    [
      "has keys in lists of type map",
      withField({
        type: "array",
        items,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k", "n", "x"],
      }),
      [
        's.properties[a].x-kubernetes-list-map-keys: Invalid value: ["k","n","x"]: entries must all be names of item properties',
        "s.properties[a].items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
      ],
    ],
    [
      "has lists of known types",
      withField({ type: "array", items: text, "x-kubernetes-list-type": "bag" }),
      ['s.properties[a].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"'],
    ],
    [
      "has whole items in sets",
      withField({ type: "array", items, "x-kubernetes-list-type": "set" }),
      [
        "s.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set",
      ],
    ],
  ] as readonly [string, JSONSchemaProps, readonly string[]][]) {
    test(name, () => assert.deepEqual(checkSchema(schema, path, strict).map(fieldErrorText), errors));
  }
});

suite("defaults", () => {
  const check = (field: JSONSchemaProps) => checkDefaults(withField(field), path, () => [], true).map(fieldErrorText);
  test("are valid", () => {
    assert.deepEqual(check({ type: "object", properties: { b: text }, default: { b: "x" } }), []);
    assert.deepEqual(check({ type: "integer", default: "x" }), [
      's.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"',
    ]);
  });
  test("have no unknown fields", () => {
    assert.deepEqual(check({ type: "object", properties: { b: text }, default: { c: 1 } }), [
      's.properties[a].default: Invalid value: {"c":1}: must not have unknown fields',
    ]);
  });
  test("of embedded objects are objects", () => {
    const object: JSONSchemaProps = {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      "x-kubernetes-preserve-unknown-fields": true,
      default: { kind: "%" },
    };
    assert.deepEqual(
      check(object).map((error) => error.slice(0, 70).trim()),
      [
        "s.properties[a].default.apiVersion: Required value",
        's.properties[a].default.kind: Invalid value: "%": may have mixed case,',
      ],
    );
  });
});

test("sets and maps have no duplicates", () => {
  const schema: JSONSchemaProps = {
    type: "object",
    properties: {
      set: { type: "array", items: text, "x-kubernetes-list-type": "set" },
      map: {
        type: "array",
        items: { type: "object", properties: { k: text, v: text } },
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
      },
    },
  };
  const value = {
    set: ["a", "b", "a"],
    map: [
      { k: "x", v: "1" },
      { k: "x", v: "2" },
    ],
  };
  assert.deepEqual(checkListTypes(value, schema).map(fieldErrorText), [
    'set[2]: Duplicate value: "a"',
    'map[1]: Duplicate value: {"k":"x"}',
  ]);
});
