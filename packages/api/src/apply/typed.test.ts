import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { decodeObject } from "../decode.ts";
import { typeOf } from "../schema-registry.ts";
import { type ApplySchema, deducedSchema, mapSchema } from "./apply-schema.ts";
import { compareTyped } from "./compare-typed.ts";
import { FieldSet, decodeFieldSet } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { TypedValueError } from "./list-element.ts";
import { mergeTyped } from "./merge-typed.ts";
import { newFieldsJson } from "./new-fields-json.ts";
import { reconcileFields } from "./reconcile-fields.ts";
import { removeItems } from "./remove-items.ts";
import { schemaOfType } from "./schema-of-type.ts";
import { anySample, sampleSchema } from "./testing/arbitrary-fields.ts";
import { validateTyped } from "./validate-typed.ts";

function builtIn(group: string, version: string, kind: string) {
  const type = typeOf(group, version, kind);
  assert.ok(type);
  return { type, schema: schemaOfType(type) };
}

const pod = builtIn("", "v1", "Pod");
const deployment = builtIn("apps", "v1", "Deployment");
const item = (name: string, value?: number) => ({ name, ...(value !== undefined && { value }) });
const spec = (fields: object) => ({ spec: fields });

describe("the fields of a value", () => {
  const cases: [string, unknown, string][] = [
    ["leaves, not what holds them", spec({ text: "x", count: 0 }), '{"f:spec":{"f:count":{},"f:text":{}}}'],
    ["map keys", spec({ labels: { b: "1", a: "2" } }), '{"f:spec":{"f:labels":{"f:a":{},"f:b":{}}}}'],
    ["atomic maps and lists as one", spec({ whole: { a: "1" }, args: ["x"] }), '{"f:spec":{"f:args":{},"f:whole":{}}}'],
    [
      "elements by their keys",
      spec({ items: [item("b", 1), item("a")] }),
      '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{".":{},"f:name":{}},"k:{\\"name\\":\\"b\\"}":{".":{},"f:name":{},"f:value":{}}}}}',
    ],
    [
      "default keys",
      spec({ ports: [{ name: "a" }] }),
      '{"f:spec":{"f:ports":{"k:{\\"name\\":\\"a\\",\\"protocol\\":\\"TCP\\"}":{".":{},"f:name":{}}}}}',
    ],
    ["elements of sets", spec({ set: ["y", "x"] }), '{"f:spec":{"f:set":{"v:\\"x\\"":{},"v:\\"y\\"":{}}}}'],
    [
      "elements that are there twice, as one leaf",
      spec({ items: [item("a", 1), item("a", 2)] }),
      '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{}}}}',
    ],
    ["empty objects and nulls", spec({ inner: {}, labels: null }), '{"f:spec":{"f:inner":{},"f:labels":{}}}'],
    [
      "values without a type: objects part by part, lists whole",
      { open: { a: { b: 1 }, c: [1, { d: 2 }] } },
      '{"f:open":{"f:a":{".":{},"f:b":{}},"f:c":{}}}',
    ],
  ];
  for (const [name, value, wanted] of cases) {
    test(name, () => assert.equal(fieldSetOf(sampleSchema, value).toJson(), wanted));
  }
});

describe("comparison", () => {
  interface Wanted {
    readonly added?: string;
    readonly modified?: string;
    readonly removed?: string;
  }
  const cases: [string, object, object, Wanted][] = [
    ["nothing", { text: "x", items: [item("a")] }, { items: [item("a")], text: "x" }, {}],
    ["a leaf changed", { text: "x" }, { text: "y" }, { modified: '{"f:spec":{"f:text":{}}}' }],
    ["a map came", {}, { labels: { a: "1" } }, { added: '{"f:spec":{"f:labels":{".":{},"f:a":{}}}}' }],
    [
      "a key went",
      { labels: { a: "1", b: "2" } },
      { labels: { a: "1" } },
      { removed: '{"f:spec":{"f:labels":{"f:b":{}}}}' },
    ],
    [
      "elements changed places",
      { items: [item("a", 1), item("b")] },
      { items: [item("b"), item("a", 2)] },
      { modified: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{"f:value":{}}}}}' },
    ],
    [
      "an element went",
      { items: [item("a", 1), item("b")] },
      { items: [item("b")] },
      { removed: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{".":{},"f:name":{},"f:value":{}}}}}' },
    ],
    ["an atomic list changed", { args: ["x"] }, { args: ["x", "y"] }, { modified: '{"f:spec":{"f:args":{}}}' }],
    ["what is always served", {}, { count: 0 }, {}],
    ["what is always served changed", {}, { count: 1 }, { modified: '{"f:spec":{"f:count":{}}}' }],
    [
      "an element came to be there twice",
      { items: [item("a", 1)] },
      { items: [item("a", 1), item("a", 2)] },
      {
        added: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{}}}}',
        removed: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{".":{},"f:name":{},"f:value":{}}}}}',
      },
    ],
    [
      "an element is there twice no more",
      { items: [item("a", 1), item("a", 2)] },
      { items: [item("a", 1)] },
      {
        added: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{".":{},"f:name":{},"f:value":{}}}}}',
        removed: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{}}}}',
      },
    ],
    [
      "elements that are there twice changed",
      { items: [item("a", 1), item("a", 2)] },
      { items: [item("a", 1), item("a", 3)] },
      { modified: '{"f:spec":{"f:items":{"k:{\\"name\\":\\"a\\"}":{}}}}' },
    ],
  ];
  for (const [name, before, after, wanted] of cases) {
    test(name, () => {
      const { added, modified, removed } = compareTyped(sampleSchema, spec(before), spec(after));
      const found = { added: added.toJson(), modified: modified.toJson(), removed: removed.toJson() };
      assert.deepEqual(found, { added: "{}", modified: "{}", removed: "{}", ...wanted });
    });
  }

  test("a value without a type that becomes another kind of value", () => {
    const { added, modified, removed } = compareTyped(deducedSchema, { a: { b: 1 } }, { a: [1] });
    assert.equal(modified.toJson(), '{"f:a":{}}');
    assert.equal(removed.toJson(), '{"f:a":{"f:b":{}}}');
    assert.equal(added.isEmpty, true);
  });

  test("what identifies an object is nobody's", () => {
    const before = { metadata: { name: "a", resourceVersion: "1", managedFields: [] }, kind: "Pod" };
    const after = {
      metadata: { name: "b", resourceVersion: "2", uid: "u", generation: 2 },
      kind: "Pod",
      apiVersion: "v1",
    };
    const { added, modified, removed } = compareTyped(pod.schema, before, after);
    assert.deepEqual([added.isEmpty, modified.isEmpty, removed.isEmpty], [true, true, true]);
  });

  test("any two objects: what is added and gone is in one of them only", () => {
    checkProperty(
      fc.property(anySample, anySample, (before, after) => {
        const forth = compareTyped(sampleSchema, before, after);
        const back = compareTyped(sampleSchema, after, before);
        assert.equal(forth.added.equals(back.removed), true);
        assert.equal(forth.modified.equals(back.modified), true);
        const named = fieldSetOf(sampleSchema, after);
        const zeroes = decodeFieldSet('{"f:spec":{"f:count":{}}}');
        const leaves = forth.added.union(forth.modified).leaves().difference(zeroes);
        assert.equal(leaves.difference(named).isEmpty, true);
      }),
    );
  });
});

describe("merge", () => {
  const cases: [string, object, object, object][] = [
    ["leaves come from the configuration", { text: "x", count: 1 }, { text: "y" }, { text: "y", count: 1 }],
    ["maps are joined", { labels: { a: "1" } }, { labels: { b: "2" } }, { labels: { a: "1", b: "2" } }],
    ["atomic maps are replaced", { whole: { a: "1" } }, { whole: { b: "2" } }, { whole: { b: "2" } }],
    ["atomic lists are replaced", { args: ["x", "y"] }, { args: ["z"] }, { args: ["z"] }],
    ["sets are joined", { set: ["x", "y"] }, { set: ["z", "x"] }, { set: ["z", "x", "y"] }],
    [
      "elements are merged by key and keep the live order",
      { items: [item("a", 1), item("b", 2), item("c")] },
      { items: [item("b", 3)] },
      { items: [item("a", 1), item("b", 3), item("c")] },
    ],
    [
      "new elements stand where the configuration has them",
      { items: [item("a"), item("c")] },
      { items: [item("a"), item("b"), item("c")] },
      { items: [item("a"), item("b"), item("c")] },
    ],
    [
      "the configuration's order wins",
      { items: [item("a"), item("b"), item("c")] },
      { items: [item("c"), item("a")] },
      { items: [item("b"), item("c"), item("a")] },
    ],
    [
      "default keys match",
      { ports: [{ name: "a", protocol: "TCP", value: 1 }] },
      { ports: [{ name: "a", value: 2 }] },
      { ports: [{ name: "a", protocol: "TCP", value: 2 }] },
    ],
    [
      "elements that are there twice give way to one",
      { items: [item("a", 1), item("a", 2), item("b")] },
      { items: [item("a", 3)] },
      { items: [item("a", 3), item("b")] },
    ],
    ["empty stays empty", { labels: {} }, { inner: {} }, { labels: {}, inner: {} }],
  ];
  for (const [name, live, config, wanted] of cases) {
    test(name, () => assert.deepEqual(mergeTyped(sampleSchema, spec(live), spec(config)), spec(wanted)));
  }

  test("an element twice in the configuration is refused", () => {
    assert.throws(
      () => mergeTyped(sampleSchema, spec({ items: [item("c")] }), spec({ items: [item("a"), item("a")] })),
      new TypedValueError('duplicate entries for key [name="a"]'),
    );
  });

  test("any merge holds all of both and is stable", () => {
    checkProperty(
      fc.property(anySample, anySample, (live, config) => {
        const merged = mergeTyped(sampleSchema, live, config);
        const named = fieldSetOf(sampleSchema, merged);
        assert.equal(fieldSetOf(sampleSchema, config).difference(named).isEmpty, true);
        assert.deepEqual(mergeTyped(sampleSchema, merged, config), merged);
        assert.deepEqual(mergeTyped(sampleSchema, live, live), live);
      }),
    );
  });
});

describe("removal", () => {
  const value = spec({ text: "x", labels: { a: "1", b: "2" }, items: [item("a", 1), item("b")], set: ["x", "y"] });
  const cases: [string, string, unknown][] = [
    ["nothing", "{}", value],
    ["a leaf", '{"f:spec":{"f:text":{}}}', spec({ ...value.spec, text: undefined })],
    ["a key", '{"f:spec":{"f:labels":{"f:a":{}}}}', spec({ ...value.spec, labels: { b: "2" } })],
    [
      "an element, and a part of another",
      '{"f:spec":{"f:items":{"k:{\\"name\\":\\"b\\"}":{},"k:{\\"name\\":\\"a\\"}":{"f:value":{}}}}}',
      spec({ ...value.spec, items: [item("a")] }),
    ],
    ["all elements", '{"f:spec":{"f:set":{"v:\\"x\\"":{},"v:\\"y\\"":{}}}}', spec({ ...value.spec, set: undefined })],
  ];
  for (const [name, fields, wanted] of cases) {
    test(name, () => {
      const left = removeItems(sampleSchema, value, decodeFieldSet(fields));
      assert.deepEqual(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(wanted)));
    });
  }

  test("of all fields leaves nothing", () => {
    checkProperty(
      fc.property(anySample, (sample) => {
        const all = fieldSetOf(sampleSchema, sample).withNamedFields(sampleSchema);
        assert.equal(removeItems(sampleSchema, sample, all), undefined);
      }),
    );
  });
});

describe("validation", () => {
  const cases: [string, unknown, string][] = [
    ["unknown field", { spec: { replicaz: 1 } }, ".spec.replicaz: field not declared in schema"],
    [
      "number for text",
      { metadata: { labels: { a: 1 } } },
      ".metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}",
    ],
    ["text for a number", { spec: { replicas: "3" } }, ".spec.replicas: expected numeric (int or float), got string"],
    [
      "text for a truth value",
      { spec: { paused: "yes" } },
      '.spec.paused: expected boolean, got &value.valueUnstructured{Value:"yes"}',
    ],
    [
      "map for a list",
      { spec: { template: { spec: { containers: { a: 1 } } } } },
      ".spec.template.spec.containers: expected list, got &{map[a:1]}",
    ],
    ["list for a map", { metadata: [] }, ".metadata: expected map, got &{[]}"],
    [
      "element without keys",
      { spec: { template: { spec: { containers: [{ image: "x" }] } } } },
      '.spec.template.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    ],
    [
      "element twice",
      { metadata: { finalizers: ["a", "a"] } },
      '.metadata.finalizers: duplicate entries for key [="a"]',
    ],
    ["two problems", { a: 1, b: 2 }, "errors:\n  .a: field not declared in schema\n  .b: field not declared in schema"],
  ];
  for (const [name, value, message] of cases) {
    test(name, () => {
      assert.throws(
        () => validateTyped(deployment.schema, value, { allowDuplicates: false }),
        new TypedValueError(message),
      );
    });
  }

  test("accepts nulls, numbers as text where either goes, and stored duplicates", () => {
    const value = {
      metadata: { labels: null, finalizers: ["a", "a"] },
      spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } } },
    };
    validateTyped(deployment.schema, value, { allowDuplicates: true });
  });
});

describe("types that changed", () => {
  const granular = mapSchema(() => [{ name: "m", schema: mapSchema(() => [], { elements: () => text }) }]);
  const atomic = mapSchema(() => [
    { name: "m", schema: mapSchema(() => [], { isAtomic: true, elements: () => text }) },
  ]);
  const text: ApplySchema = { kind: "scalar", type: "string" };
  const object = { m: { a: "1", b: "2" } };

  test("owners of parts of what is atomic now own it all", () => {
    const fields = decodeFieldSet('{"f:m":{"f:a":{}}}');
    assert.equal(reconcileFields(atomic, fields, object).toJson(), '{"f:m":{}}');
  });

  test("owners of what was atomic own all its parts", () => {
    const fields = decodeFieldSet('{"f:m":{}}');
    assert.equal(reconcileFields(granular, fields, object).toJson(), '{"f:m":{".":{},"f:a":{},"f:b":{}}}');
  });

  test("what fits stays the same set", () => {
    const fields = decodeFieldSet('{"f:m":{"f:a":{}}}');
    assert.equal(reconcileFields(granular, fields, object), fields);
    assert.equal(reconcileFields(deducedSchema, fields, object), fields);
  });
});

describe("the fields of a new object", () => {
  const container = (name: string) => ({
    name,
    image: "web:v1",
    ports: [
      { containerPort: 8080, name: "http" },
      { containerPort: 53, protocol: "UDP" },
    ],
    env: [
      { name: "A", value: "1" },
      { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    resources: { requests: { cpu: "100m" } },
    volumeMounts: [{ name: "v", mountPath: "/data" }],
  });
  const object = () =>
    decodeObject(
      pod.type,
      {
        metadata: { name: "web", generateName: "web-", labels: { b: "1", a: "2" }, finalizers: ["x/y"] },
        spec: { containers: [container("b"), container("a")], tolerations: [], securityContext: {} },
        status: { phase: "Pending" },
      },
      { fieldValidation: "Strict" },
    ).object;

  test("are written as upstream writes them", () => {
    const fields = JSON.parse(newFieldsJson(pod.schema, object(), new Set(["status"]))) as Record<string, unknown>;
    const expected = (name: string) => ({
      [`k:{"name":"${name}"}`]: {
        ".": {},
        "f:env": {
          ".": {},
          'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} },
          'k:{"name":"B"}': { ".": {}, "f:name": {}, "f:valueFrom": { ".": {}, "f:fieldRef": {} } },
        },
        "f:image": {},
        "f:name": {},
        "f:ports": {
          ".": {},
          'k:{"containerPort":53,"protocol":"UDP"}': { ".": {}, "f:containerPort": {}, "f:protocol": {} },
          'k:{"containerPort":8080,"protocol":"TCP"}': {
            ".": {},
            "f:containerPort": {},
            "f:name": {},
            "f:protocol": {},
          },
        },
        "f:resources": { ".": {}, "f:requests": { ".": {}, "f:cpu": {} } },
        "f:volumeMounts": { ".": {}, 'k:{"mountPath":"/data"}': { ".": {}, "f:mountPath": {}, "f:name": {} } },
      },
    });
    assert.deepEqual(fields, {
      "f:metadata": {
        "f:finalizers": { ".": {}, 'v:"x/y"': {} },
        "f:generateName": {},
        "f:labels": { ".": {}, "f:a": {}, "f:b": {} },
      },
      "f:spec": { "f:containers": { ...expected("a"), ...expected("b") }, "f:securityContext": {} },
    });
  });

  const byComparison = (schema: ApplySchema, value: unknown) => {
    const { added, modified } = compareTyped(schema, {}, value);
    return added.union(modified);
  };

  test("are those that a comparison with nothing finds, in the canonical text", () => {
    const wanted = byComparison(pod.schema, object()).recursiveDifference(decodeFieldSet('{"f:status":{}}'));
    assert.equal(newFieldsJson(pod.schema, object(), new Set(["status"])), wanted.toJson());
    checkProperty(
      fc.property(anySample, (sample) => {
        const json = newFieldsJson(sampleSchema, sample, new Set());
        assert.equal(json || "{}", byComparison(sampleSchema, sample).toJson());
      }),
    );
  });

  test("cover the object", () => {
    checkProperty(
      fc.property(anySample, (sample) => {
        const json = newFieldsJson(sampleSchema, sample, new Set()) || "{}";
        const zeroes = decodeFieldSet('{"f:spec":{".":{},"f:count":{}}}');
        assert.equal(
          fieldSetOf(sampleSchema, sample).difference(decodeFieldSet(json)).difference(zeroes).isEmpty,
          true,
        );
      }),
    );
  });

  test("may have any names", () => {
    const value = { open: { 'a"b': 1, "c d": { é: 2 }, __proto__x: 3 } };
    assert.equal(newFieldsJson(sampleSchema, value, new Set()), byComparison(sampleSchema, value).toJson());
    assert.equal(newFieldsJson(sampleSchema, {}, new Set()), "");
    assert.equal(FieldSet.empty.toJson(), "{}");
  });
});
