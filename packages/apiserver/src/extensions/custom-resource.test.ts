import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { duplicateFieldProblems } from "@kube-ts/api/decode";
import type { JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import { fieldErrorText } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import { customResourceDecoder } from "./custom-resource-decoder.ts";
import { CustomResourceStrategy } from "./custom-resource-strategy.ts";
import { printerColumns } from "./printer-columns.ts";
import { scaleErrors, scaleMapping } from "./scale-paths.ts";
import { compareVersions } from "./version-order.ts";

interface Thing extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

const nowMs = Date.UTC(2026, 0, 31, 12);
const schema: JSONSchemaProps = {
  type: "object",
  "x-kubernetes-validations": [{ rule: "!has(self.spec.max) || self.spec.size <= self.spec.max" }],
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer", default: 1 },
        max: { type: "integer" },
        name: {
          type: "string",
          "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "name is immutable" }],
        },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
      },
    },
    status: { type: "object", properties: { phase: { type: "string" } } },
  },
};

const thing = (spec: Record<string, unknown> = {}, status?: Record<string, unknown>): Thing => ({
  kind: "Thing",
  apiVersion: "example.com/v1",
  metadata: { name: "one", namespace: "default", uid: "u-1", creationTimestamp: "2026-01-31T11:00:00Z", generation: 1 },
  spec: { size: 1, ...spec },
  ...(status && { status }),
});

suite("decoding", () => {
  const decode = customResourceDecoder({ kind: "Thing", version: "v1" }, schema, false);
  const body = () => ({
    kind: "Thing",
    apiVersion: "example.com/v1",
    metadata: { name: "one", extra: 1 },
    spec: { other: 1, max: null, template: { kind: "Pod", apiVersion: "v1", metadata: { name: "x", more: 1 } } },
  });

  test("drops what is unknown, with warnings, and fills in defaults", () => {
    const { object, warnings } = decode(body(), { fieldValidation: "Warn" });
    assert.deepEqual((object as Thing).spec, {
      size: 1,
      template: { kind: "Pod", apiVersion: "v1", metadata: { name: "x" } },
    });
    assert.deepEqual(warnings, [
      'unknown field "metadata.extra"',
      'unknown field "spec.other"',
      'unknown field "spec.template.metadata.more"',
    ]);
  });

  test("refuses what is unknown when it is to be strict", () => {
    assert.throws(() => decode(body(), { fieldValidation: "Strict" }), {
      message:
        'Thing in version "v1" cannot be handled as a Thing: strict decoding error: unknown field "metadata.extra", unknown field "spec.other", unknown field "spec.template.metadata.more"',
    });
  });

  test("finds fields given twice", () => {
    const text = '{"kind":"Thing","spec":{"size":1,"size":2}}';
    const { warnings } = decode(JSON.parse(text), {
      fieldValidation: "Warn",
      textProblems: () => duplicateFieldProblems(text),
    });
    assert.deepEqual(warnings, ['duplicate field "spec.size"']);
  });

  test("refuses metadata of another shape, the object's own and that of objects inside", () => {
    assert.throws(
      () => decode({ metadata: { name: 1 } }, { fieldValidation: "Ignore" }),
      /ObjectMeta\.name of type string/,
    );
    const inside = { spec: { template: { kind: "Pod", apiVersion: "v1", metadata: { labels: 1 } } } };
    assert.throws(() => decode(inside, { fieldValidation: "Ignore" }), /spec\.template\.metadata: Invalid value/);
  });
});

test("objects that nest too deep are refused before anything walks through them", () => {
  const open: JSONSchemaProps = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const decode = customResourceDecoder({ kind: "Thing", version: "v1" }, open, false);
  const nested = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
  const body = (levels: number) => ({ metadata: { name: "one" }, spec: nested(levels) });
  assert.ok(decode(body(490), { fieldValidation: "Strict" }).object);
  assert.throws(() => decode(body(100_000), { fieldValidation: "Strict" }), /Thing: exceeded max depth$/);
});

suite("the rules of a version", () => {
  const strategy = new CustomResourceStrategy({ scope: "Namespaced", schema, hasStatus: true, scale: undefined });
  const texts = (object: Thing, old?: Thing) =>
    (old ? strategy.validateUpdate(object, old) : strategy.validateCreate(object)).map(fieldErrorText);

  test("keep the status for those who may write it", () => {
    const created = thing({}, { phase: "Ready" });
    strategy.prepareForCreate(created);
    assert.equal(created.status, undefined);
    const old = thing({}, { phase: "Ready" });
    const updated = thing({ size: 2 }, { phase: "Broken" });
    strategy.prepareForUpdate(updated, old);
    assert.deepEqual([updated.status, updated.metadata.generation], [{ phase: "Ready" }, 2]);
    const same = thing({}, { phase: "Broken" });
    strategy.prepareForUpdate(same, old);
    assert.equal(same.metadata.generation, 1);
    const reported = thing({ size: 9 }, { phase: "Done" });
    reported.metadata.labels = { a: "b" };
    strategy.status().prepareForUpdate(reported, old, { nowMs, dryRun: false, user: nobody });
    assert.deepEqual(
      [reported.spec, reported.status, reported.metadata.labels],
      [{ size: 1 }, { phase: "Done" }, undefined],
    );
  });

  test("are those of the schema, of embedded objects and of expressions", () => {
    assert.deepEqual(texts(thing({ size: 3, max: 5 })), []);
    assert.deepEqual(texts(thing({ size: 9, max: 5 })), [
      '<nil>: Invalid value: "object": failed rule: !has(self.spec.max) || self.spec.size <= self.spec.max',
    ]);
    assert.deepEqual(texts(thing({ size: "x" })), [
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
      '<nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ]);
    assert.deepEqual(texts(thing({ template: { kind: "Pod" } })).slice(0, 1), [
      "spec.template.apiVersion: Required value",
    ]);
  });

  test("compare with what was", () => {
    assert.deepEqual(texts(thing({ name: "b" }), thing({ name: "a" })), [
      'spec.name: Invalid value: "string": name is immutable',
    ]);
    assert.deepEqual(texts(thing({ name: "a" }), thing({ name: "a" })), []);
    assert.deepEqual(texts(thing({ name: "a" })), []);
  });
});

const nobody = { name: "", uid: "", groups: [], extra: {} };

test("cells have the type of their column", () => {
  const { definitions, row } = printerColumns([
    { name: "Size", type: "integer", jsonPath: ".spec.size" },
    { name: "Part", type: "number", jsonPath: ".spec.part" },
    { name: "On", type: "boolean", jsonPath: ".spec.on" },
    { name: "Name", type: "string", jsonPath: ".spec.list[0].name", priority: 1 },
    { name: "Whole", type: "string", jsonPath: ".spec.list" },
    { name: "Since", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Bad", type: "date", jsonPath: ".spec.on" },
    { name: "None", type: "string", jsonPath: ".spec.nothing" },
  ]);
  const object = thing({ size: 3.7, part: 0.5, on: true, list: [{ name: "a" }] });
  assert.deepEqual(row(object, nowMs).cells, ["one", 3, 0.5, true, "a", '[{"name":"a"}]', "60m", null, null]);
  assert.equal(definitions[1]?.description, "Custom resource definition column (in JSONPath format): .spec.size");
  assert.equal(definitions[4]?.priority, 1);
  const plain = printerColumns();
  assert.deepEqual(plain.row(object, nowMs).cells, ["one", "60m"]);
});

test("replicas lie where the definition says", () => {
  const paths = {
    specReplicasPath: ".spec.a.size",
    statusReplicasPath: ".status.size",
    labelSelectorPath: ".status.sel",
  };
  const mapping = scaleMapping(paths);
  const object = thing({ a: { size: 3 } }, { size: 2, sel: "a=b" });
  assert.deepEqual([mapping.replicas(object), mapping.statusReplicas(object), mapping.selector(object)], [3, 2, "a=b"]);
  mapping.setReplicas(object, 5);
  assert.equal(mapping.replicas(object), 5);
  assert.throws(() => mapping.replicas(thing()), /the spec replicas field "\.spec\.a\.size" does not exist/);
  const wrong = thing({ a: { size: -1 } }, { size: 2 ** 31, sel: "(" });
  assert.deepEqual(
    scaleErrors(wrong, paths)
      .map(fieldErrorText)
      .map((text) => text.slice(0, 60)),
    [
      ".spec.a.size: Invalid value: -1: should be a non-negative in",
      ".status.size: Invalid value: 2147483648: should be less than",
      '.status.sel: Invalid value: "(": couldn\'t parse the selector',
    ],
  );
});

test("versions are ordered by stability, then by age", () => {
  const ordered = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"];
  assert.deepEqual(ordered.toReversed().toSorted(compareVersions), ordered);
});
