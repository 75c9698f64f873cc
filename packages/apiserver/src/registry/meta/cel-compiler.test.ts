import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileExpression } from "./cel-compiler.ts";
import type { AdmissionExpressionUse } from "./compile-expression.ts";

const base: AdmissionExpressionUse = {
  environment: "admission",
  result: "bool",
  hasParams: false,
  hasAuthorizer: true,
};

/** The detail of the problem, without the lines that show the place; undefined when there is none. */
function problem(expression: string, use: Partial<AdmissionExpressionUse> = {}): string | undefined {
  const found = compileExpression(expression, { ...base, ...use });
  if (found) assert.equal(found.reason, "invalid");
  return found?.detail.split("\n")[0];
}

describe("expressions of admission", () => {
  const right: [string, Partial<AdmissionExpressionUse>][] = [
    ["object.spec.replicas <= 5 && oldObject == null", {}],
    ["request.userInfo.groups.exists(g, g == 'a') && request.kind.kind == 'Pod'", {}],
    ["namespaceObject.metadata.labels['a'] == 'b'", {}],
    ["authorizer.group('').resource('pods').check('get').allowed()", {}],
    ["authorizer.requestResource.check('get').allowed()", {}],
    ["object.spec.replicas > params.max", { hasParams: true }],
    ["'no ' + string(object.spec.replicas)", { result: "string" }],
    ["null", { result: "stringOrNull" }],
    ["object.spec", { result: "any" }],
    ["Object{spec: Object.spec{replicas: 1}}", { result: "applyConfiguration" }],
    ["[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'c'}]", { result: "patch" }],
  ];
  for (const [expression, use] of right) {
    it(`${expression} is right`, () => assert.equal(problem(expression, use), undefined));
  }
  const undeclared = (name: string, column: number) =>
    `compilation failed: ERROR: <input>:1:${column}: undeclared reference to '${name}' (in container '')`;
  const wrong: [string, Partial<AdmissionExpressionUse>, string][] = [
    ["params.max > 1", {}, undeclared("params", 1)],
    ["variables.a", {}, undeclared("variables", 1)],
    ["authorizer.requestResource.check('get').allowed()", { hasAuthorizer: false }, undeclared("authorizer", 1)],
    ["request.nothing == ''", {}, "compilation failed: ERROR: <input>:1:8: undefined field 'nothing'"],
    ["'a'", {}, "must evaluate to bool but got string"],
    ["object.spec", {}, "must evaluate to bool but got dyn"],
    ["1", { result: "stringOrNull" }, "must evaluate to one of [string null_type] but got int"],
    ["{'a': 1}", { result: "applyConfiguration" }, "must evaluate to Object but got map(string, int)"],
    ["JSONPatch{op: 'add'}", { result: "patch" }, "must evaluate to list(JSONPatch) but got JSONPatch"],
  ];
  for (const [expression, use, text] of wrong) {
    it(`${expression}: ${text}`, () => assert.equal(problem(expression, use), text));
  }
  it("know mutations only where there are any", () => {
    assert.match(
      problem("Object{}", { result: "any" }) ?? "",
      /^compilation failed: .*undeclared reference to 'Object'/,
    );
  });
});

describe("variables", () => {
  const all = [
    { name: "a", expression: "1" },
    { name: "b", expression: "variables.a + 1 > 2" },
    { name: "broken", expression: "nobody" },
    { name: "a", expression: "'text'" },
  ];
  const at = (count: number, expression: string) => problem(expression, { variables: { all, count } });

  it("have the types of their expressions", () => {
    assert.equal(at(2, "variables.b"), undefined);
    assert.equal(at(2, "variables.a"), "must evaluate to bool but got int");
    assert.equal(at(4, "variables.a"), "must evaluate to bool but got string");
    assert.equal(at(3, "variables.broken"), "must evaluate to bool but got dyn");
  });
  it("are seen only by what comes after them", () => {
    assert.equal(at(1, "variables.b"), "compilation failed: ERROR: <input>:1:10: undefined field 'b'");
    assert.equal(at(0, "variables.a"), "compilation failed: ERROR: <input>:1:10: undefined field 'a'");
  });
  it("are compiled once, however many there are", () => {
    const many = Array.from({ length: 3_000 }, (_, index) => ({
      name: `v${index}`,
      expression: index === 0 ? "1" : `variables.v${index - 1} + 1`,
    }));
    const variables = { all: many, count: many.length };
    assert.equal(problem("variables.v2999 > 1", { variables }), undefined);
  });
});

describe("expressions of devices", () => {
  const device = (expression: string) => compileExpression(expression, { environment: "device" });
  it("see what is known of the device", () => {
    for (const expression of [
      "device.driver == 'gpu.example.com'",
      "device.attributes['gpu.example.com'].model == 'x'",
      "device.attributes['gpu.example.com'].healthy",
      "device.capacity['gpu.example.com'].memory.compareTo(quantity('8Gi')) >= 0",
      "device.allowMultipleAllocations",
    ]) {
      assert.equal(device(expression), undefined, expression);
    }
  });
  it("result in a bool", () => {
    const detail = "must evaluate to bool or the unknown type, not string";
    assert.deepEqual(device("device.driver"), { reason: "invalid", detail });
  });
  it("see nothing else", () => {
    assert.match(
      device("object.a")?.detail ?? "",
      /^compilation failed: ERROR: <input>:1:1: undeclared reference to 'object'/,
    );
  });
  it("cost little", () => {
    const ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    const nested = (depth: number): string => (depth === 0 ? "true" : `${ten}.all(x${depth}, ${nested(depth - 1)})`);
    assert.equal(device(nested(2)), undefined);
    assert.deepEqual(device(nested(6)), { reason: "forbidden", detail: "too complex, exceeds cost limit" });
  });
});
