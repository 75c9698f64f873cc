import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { cloneJson } from "../json-value.ts";
import { applyDefaults } from "./apply-defaults.ts";
import { prune } from "./prune.ts";

const text: JSONSchemaProps = { type: "string" };

function pruned(value: unknown, schema: JSONSchemaProps): { value: unknown; unknown: string[] } {
  const copy = cloneJson(value);
  const unknown = prune(copy, schema, true);
  return { value: copy, unknown };
}

function defaulted(value: unknown, schema: JSONSchemaProps): unknown {
  const copy = cloneJson(value);
  applyDefaults(copy, schema);
  return copy;
}

suite("pruning", () => {
  const schema: JSONSchemaProps = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          list: { type: "array", items: { type: "object", properties: { a: text } } },
          map: { type: "object", additionalProperties: { type: "object", properties: { a: text } } },
          open: {
            type: "object",
            "x-kubernetes-preserve-unknown-fields": true,
            properties: { closed: { type: "object" } },
          },
          object: { type: "object", "x-kubernetes-embedded-resource": true, properties: { spec: text } },
        },
      },
    },
  };

  test("removes what the schema does not know, at every depth", () => {
    const value = {
      apiVersion: "v1",
      kind: "K",
      metadata: { any: 1 },
      extra: 1,
      spec: {
        more: 1,
        list: [{ a: "x" }, { a: "y", b: 1 }],
        map: { k: { a: "x", b: 1 } },
        open: { b: { c: 1 }, closed: { d: 1 } },
        object: { apiVersion: "v1", kind: "K", metadata: {}, status: 1 },
      },
    };
    const result = pruned(value, schema);
    assert.deepEqual(result.value, {
      apiVersion: "v1",
      kind: "K",
      metadata: { any: 1 },
      spec: {
        list: [{ a: "x" }, { a: "y" }],
        map: { k: { a: "x" } },
        open: { b: { c: 1 }, closed: {} },
        object: { apiVersion: "v1", kind: "K", metadata: {} },
      },
    });
    assert.deepEqual(result.unknown.toSorted(), [
      "extra",
      "spec.list[1].b",
      "spec.map.k.b",
      "spec.more",
      "spec.object.status",
      "spec.open.closed.d",
    ]);
  });

  test("is not fooled by names of the prototype", () => {
    const value = JSON.parse('{"spec":{"constructor":1,"__proto__":{"a":1}}}') as unknown;
    assert.deepEqual(pruned(value, schema).value, { spec: {} });
  });
});

suite("defaulting", () => {
  const schema: JSONSchemaProps = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        default: {},
        properties: {
          size: { type: "integer", default: 1 },
          nullable: { ...text, nullable: true, default: "x" },
          plain: text,
          list: { type: "array", items: { type: "object", properties: { a: { ...text, default: "y" } } } },
        },
      },
    },
  };
  for (const [name, value, result] of [
    ["fills defaults into defaults", {}, { spec: { size: 1, nullable: "x" } }],
    ["keeps what is there", { spec: { size: 2, nullable: "y" } }, { spec: { size: 2, nullable: "y" } }],
    ["replaces null where it may not be", { spec: { size: null } }, { spec: { size: 1, nullable: "x" } }],
    ["keeps null where it may be", { spec: { nullable: null } }, { spec: { nullable: null, size: 1 } }],
    ["drops null that has no default", { spec: { plain: null } }, { spec: { size: 1, nullable: "x" } }],
    ["looks into lists", { spec: { list: [{}] } }, { spec: { list: [{ a: "y" }], size: 1, nullable: "x" } }],
  ] as const) {
    test(name, () => assert.deepEqual(defaulted(value, schema), result));
  }

  test("gives each object a default of its own", () => {
    const first = defaulted({}, schema) as { spec: { size: number } };
    first.spec.size = 9;
    assert.deepEqual(defaulted({}, schema), { spec: { size: 1, nullable: "x" } });
  });
});

/** Schemas whose defaults fit their types, as checked ones do. */
const { schema: anySchema } = fc.letrec<{ schema: JSONSchemaProps; scalar: JSONSchemaProps }>((tie) => ({
  scalar: fc.record(
    {
      type: fc.constant("string"),
      nullable: fc.boolean(),
      default: fc.constantFrom("a", "b"),
    },
    { requiredKeys: ["type"] },
  ),
  schema: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    tie("scalar"),
    fc.record({ type: fc.constant("array"), items: tie("schema") }),
    fc.record({ type: fc.constant("object"), additionalProperties: tie("schema") }),
    fc.record(
      {
        type: fc.constant("object"),
        properties: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("schema"), { maxKeys: 3 }),
        default: fc.constant({}),
        "x-kubernetes-preserve-unknown-fields": fc.constant(true),
      },
      { requiredKeys: ["type", "properties"] },
    ),
  ),
}));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom(null, "x", 1, true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

suite("whatever the schema and the value", () => {
  test("pruning twice is pruning once", () => {
    checkProperty(
      fc.property(anySchema, anyValue, (schema, value) => {
        const once = pruned(value, schema);
        assert.deepEqual(pruned(once.value, schema), { value: once.value, unknown: [] });
      }),
    );
  });

  test("defaulting twice is defaulting once, and leaves nothing to prune that was not there", () => {
    checkProperty(
      fc.property(anySchema, anyValue, (schema, value) => {
        const start = pruned(value, schema).value;
        const once = defaulted(start, schema);
        assert.deepEqual(defaulted(once, schema), once);
        assert.deepEqual(pruned(once, schema), { value: once, unknown: [] });
      }),
    );
  });
});
