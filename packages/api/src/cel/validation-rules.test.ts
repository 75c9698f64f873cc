import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fieldErrorText, type FieldError } from "../field-error.ts";
import { FieldPath, fieldPath } from "../field-path.ts";
import { ruleErrors } from "./rule-costs.ts";
import { buildRuleTree, type RuleTree } from "./rule-tree.ts";
import type { CelSchema, CelValidationRule } from "./schema.ts";
import { validateRules, type RuleValidation } from "./validation-rules.ts";

const root = fieldPath("spec");
const string: CelSchema = { type: "string" };
const integer: CelSchema = { type: "integer" };

function ruled(schema: CelSchema, ...rules: readonly (CelValidationRule | string)[]): CelSchema {
  return {
    ...schema,
    "x-kubernetes-validations": rules.map((rule) => (typeof rule === "string" ? { rule } : rule)),
  };
}

function treeOf(schema: CelSchema, isResourceRoot = false): RuleTree {
  const tree = buildRuleTree(schema, isResourceRoot);
  assert.ok(tree, "the schema has no rules");
  return tree;
}

function errorsOf(schema: CelSchema, value: unknown, more: Partial<RuleValidation> = {}): string[] {
  return validateRules(treeOf(schema), { path: root, value, ...more }).errors.map(fieldErrorText);
}

const object = (properties: Record<string, CelSchema>): CelSchema => ({ type: "object", properties });

describe("rules", () => {
  const schema = ruled(object({ x: integer, y: integer, name: string }), "self.x < 5");

  it("hold", () => assert.deepEqual(errorsOf(schema, { x: 4 }), []));

  it("fail with the rule", () => {
    assert.deepEqual(errorsOf(schema, { x: 5 }), ['spec: Invalid value: "object": failed rule: self.x < 5']);
  });

  it("fail with their message", () => {
    const withMessage = ruled(object({ x: integer }), { rule: "self.x < 5", message: " x is too large " });
    assert.deepEqual(errorsOf(withMessage, { x: 5 }), ['spec: Invalid value: "object": x is too large']);
  });

  it("fail when they cannot be evaluated", () => {
    assert.deepEqual(errorsOf(schema, {}), [
      'spec: Invalid value: "object": no such key: x evaluating rule: self.x < 5',
    ]);
    const dynamic = ruled(object({ port: { "x-kubernetes-int-or-string": true } }), "self.port + 1 > 0");
    assert.deepEqual(errorsOf(dynamic, { port: "a" }), [
      `spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.port + 1 > 0`,
    ]);
  });

  it("have messages made by expressions", () => {
    const made = (messageExpression: string): string[] =>
      errorsOf(ruled(object({ x: integer }), { rule: "self.x < 5", messageExpression, message: "plain" }), { x: 7 });
    assert.deepEqual(made("'x is ' + string(self.x)"), ['spec: Invalid value: "object": x is 7']);
    assert.deepEqual(made("' '"), ['spec: Invalid value: "object": plain']);
    assert.deepEqual(made("'a\\nb'"), ['spec: Invalid value: "object": plain']);
    assert.deepEqual(made("string(1 / (self.x - 7))"), ['spec: Invalid value: "object": plain']);
  });

  it("have reasons and paths", () => {
    const reasoned = (reason: string, fieldPath: string): string[] =>
      errorsOf(
        ruled(object({ x: integer, m: { type: "object", additionalProperties: integer } }), {
          rule: "self.x < 5",
          message: "no",
          reason,
          fieldPath,
        }),
        { x: 7 },
      );
    assert.deepEqual(reasoned("FieldValueForbidden", ".x"), ["spec.x: Forbidden: no"]);
    assert.deepEqual(reasoned("FieldValueRequired", ".m.k"), ["spec.m[k]: Required value: no"]);
    assert.deepEqual(reasoned("FieldValueDuplicate", ".m['a.b']"), ['spec.m[a.b]: Duplicate value: "object"']);
    assert.deepEqual(reasoned("FieldValueInvalid", "['x']"), ['spec.x: Invalid value: "object": no']);
  });

  it("are found everywhere in the schema", () => {
    const deep = object({
      list: { type: "array", items: ruled(integer, "self > 0") },
      map: { type: "object", additionalProperties: ruled(string, "self != ''") },
      inner: ruled(object({ a: ruled(string, "self == 'a'") }), "has(self.a)"),
    });
    assert.deepEqual(errorsOf(deep, { list: [1, 0, -1], map: { k: "" }, inner: { a: "b" } }), [
      'spec.list[1]: Invalid value: "integer": failed rule: self > 0',
      'spec.list[2]: Invalid value: "integer": failed rule: self > 0',
      `spec.map[k]: Invalid value: "string": failed rule: self != ''`,
      `spec.inner.a: Invalid value: "string": failed rule: self == 'a'`,
    ]);
    assert.deepEqual(errorsOf(deep, { inner: {} }), ['spec.inner: Invalid value: "object": failed rule: has(self.a)']);
    assert.deepEqual(errorsOf(deep, { inner: null }), []);
  });

  it("of allOf see the whole structure", () => {
    const all: CelSchema = {
      ...object({ x: integer }),
      allOf: [{ properties: { x: { "x-kubernetes-validations": [{ rule: "self > 1" }] } } }],
    };
    assert.deepEqual(errorsOf(all, { x: 1 }), ['spec.x: Invalid value: "integer": failed rule: self > 1']);
  });

  it("of the root of a resource see its name", () => {
    const tree = treeOf(ruled(object({}), "self.metadata.name.startsWith('a')"), true);
    const outcome = validateRules(tree, { path: undefined, value: { metadata: { name: "b" } } });
    assert.deepEqual(outcome.errors.map(fieldErrorText), [
      `<nil>: Invalid value: "object": failed rule: self.metadata.name.startsWith('a')`,
    ]);
  });

  it("that do not compile are errors of every value", () => {
    const [error = ""] = errorsOf(ruled(object({}), "self.nope"), {});
    assert.match(
      error,
      /^spec: Invalid value: "object": rule compile error: compilation failed: ERROR: <input>:1:5: undefined field 'nope'/,
    );
  });
});

describe("transition rules", () => {
  const immutable = ruled(integer, { rule: "self == oldSelf", message: "immutable" });

  it("need something to compare with", () => {
    assert.deepEqual(errorsOf(object({ x: immutable }), { x: 1 }), []);
    assert.deepEqual(errorsOf(object({ x: immutable }), { x: 1 }, { oldValue: {} }), []);
    assert.deepEqual(errorsOf(object({ x: immutable }), { x: 1 }, { oldValue: { x: 1 } }), []);
    assert.deepEqual(errorsOf(object({ x: immutable }), { x: 1 }, { oldValue: { x: 2 } }), [
      'spec.x: Invalid value: "integer": immutable',
    ]);
  });

  it("correlate the entries of maps", () => {
    const map: CelSchema = { type: "object", additionalProperties: immutable };
    const oldValue = { a: 1, b: 2 };
    assert.deepEqual(errorsOf(map, { a: 2, b: 2, c: 3 }, { oldValue }), [
      'spec[a]: Invalid value: "integer": immutable',
    ]);
    assert.deepEqual(errorsOf({ ...map, "x-kubernetes-map-type": "atomic" }, { a: 2 }, { oldValue }), []);
  });

  it("correlate the items of map lists by their keys", () => {
    const items: CelSchema = object({ name: string, port: integer, value: immutable });
    const list: CelSchema = {
      type: "array",
      items,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name", "port"],
    };
    const oldValue = [
      { name: "a", port: 1, value: 1 },
      { name: "a", port: 2, value: 2 },
    ];
    const value = [
      { name: "a", port: 2, value: 3 },
      { name: "a", port: 1, value: 1 },
      { name: "b", port: 1, value: 9 },
    ];
    assert.deepEqual(errorsOf(list, value, { oldValue }), ['spec[0].value: Invalid value: "integer": immutable']);
    assert.deepEqual(errorsOf({ ...list, "x-kubernetes-list-type": "atomic" }, value, { oldValue }), []);
  });

  it("may take the old value as optional", () => {
    const schema = ruled(integer, {
      rule: "oldSelf.hasValue() ? self >= oldSelf.value() : self == 0",
      optionalOldSelf: true,
    });
    assert.deepEqual(errorsOf(object({ x: schema }), { x: 0 }), []);
    assert.equal(errorsOf(object({ x: schema }), { x: 1 }).length, 1);
    assert.deepEqual(errorsOf(object({ x: schema }), { x: 1 }, { oldValue: { x: 1 } }), []);
    assert.equal(errorsOf(object({ x: schema }), { x: 0 }, { oldValue: { x: 1 } }).length, 1);
  });
});

describe("ratcheting", () => {
  const schema = object({ a: ruled(integer, "self > 5"), list: { type: "array", items: ruled(integer, "self > 5") } });
  const oldValue = { a: 1, list: [1] };

  function both(value: unknown): { errors: string[]; warnings: string[] } {
    const warnings: FieldError[] = [];
    const errors = errorsOf(schema, value, { oldValue, onRatcheted: (error) => warnings.push(error) });
    return { errors, warnings: warnings.map(fieldErrorText) };
  }

  it("lets off what did not change", () => {
    assert.deepEqual(both({ a: 1, list: [1] }), {
      errors: [],
      warnings: [
        'spec.a: Invalid value: "integer": failed rule: self > 5',
        'spec.list[0]: Invalid value: "integer": failed rule: self > 5',
      ],
    });
    assert.deepEqual(both({ a: 2 }), {
      errors: ['spec.a: Invalid value: "integer": failed rule: self > 5'],
      warnings: [],
    });
    assert.deepEqual(both({ list: [1, 6] }), {
      errors: ['spec.list[0]: Invalid value: "integer": failed rule: self > 5'],
      warnings: [],
    });
  });
});

describe("budgets", () => {
  const list: CelSchema = { type: "array", items: ruled(integer, "self >= 0") };

  it("end the validation when they run out", () => {
    const outcome = validateRules(treeOf(list), { path: root, value: [1, 2, 3, 4], budget: 5 });
    assert.deepEqual(outcome.errors.map(fieldErrorText), [
      'spec[2]: Invalid value: "integer": validation failed due to running out of cost budget, no further validation rules will be run',
    ]);
    assert.equal(outcome.remainingBudget, -1);
  });

  it("are handed on", () => {
    assert.equal(validateRules(treeOf(list), { path: root, value: [1, 2], budget: 100 }).remainingBudget, 96);
  });

  it("end at a rule that is too expensive", () => {
    const schema = ruled(
      { type: "array", items: ruled(integer, "self > 1") },
      "self.all(x, self.all(y, self.all(z, x + y + z > 0)))",
    );
    const outcome = validateRules(treeOf(schema), { path: root, value: Array.from({ length: 200 }, () => 1) });
    assert.deepEqual(outcome.errors.map(fieldErrorText), [
      `spec: Invalid value: "array": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: self.all(x, self.all(y, self.all(z, x + y + z > 0)))`,
    ]);
  });
});

describe("the check of a schema's rules", () => {
  const path = FieldPath.of("openAPIV3Schema");
  const check = (schema: CelSchema): string[] => ruleErrors(treeOf(schema), path).map(fieldErrorText);
  const advice =
    "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

  it("accepts what is cheap enough", () => {
    assert.deepEqual(
      check(
        object({
          list: ruled({ type: "array", maxItems: 10, items: { ...string, maxLength: 10 } }, "self.all(x, x != '')"),
        }),
      ),
      [],
    );
  });

  it("says by how much a rule is too expensive", () => {
    const quadratic = (maxItems: number): CelSchema =>
      object({ list: ruled({ type: "array", maxItems, items: integer }, "self.all(x, self.all(y, x != y))") });
    assert.deepEqual(check(quadratic(2000)), [
      `openAPIV3Schema.properties[list].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 2.0x ${advice}`,
    ]);
    assert.match(check(quadratic(1500))[0] ?? "", /by factor of 1\.1\d{5}x/);
    assert.match(check(quadratic(100_000))[0] ?? "", /by factor of more than 100x/);
  });

  it("multiplies by how often a schema can occur", () => {
    const nested = object({
      outer: {
        type: "array",
        maxItems: 1000,
        items: object({ inner: ruled({ type: "array", maxItems: 10_000, items: integer }, "self.all(x, x > 0)") }),
      },
    });
    const [first = ""] = check(nested);
    assert.match(
      first,
      /^openAPIV3Schema.properties\[outer\].items.properties\[inner\].x-kubernetes-validations\[0\].rule: Forbidden: estimated rule cost exceeds budget by factor of 5\.0x/,
    );
  });

  it("adds up all rules", () => {
    const rule = ruled({ type: "array", maxItems: 1_000_000, items: integer }, "self.all(x, x > 0)");
    const wide = object(Object.fromEntries(Array.from({ length: 25 }, (_unused, index) => [`f${index}`, rule])));
    const errors = check(wide);
    assert.equal(errors.length, 11);
    assert.match(
      errors[0] ?? "",
      /contributed to estimated rule & messageExpression cost total exceeding cost limit for entire OpenAPIv3 schema$/,
    );
    assert.match(
      errors.at(-1) ?? "",
      /^openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule & messageExpression cost total for entire OpenAPIv3 schema exceeds budget by factor of 1\.2500\d\dx /,
    );
  });

  it("shows what does not compile", () => {
    const [error] = ruleErrors(treeOf(ruled(object({}), "self.nope")), path);
    assert.equal(error?.path, "openAPIV3Schema.x-kubernetes-validations[0].rule");
    assert.match(error.detail, /^compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n/);
    const notBool = ruleErrors(treeOf(ruled(object({}), "1")), path)[0];
    assert.equal(notBool?.detail, "cel expression must evaluate to a bool");
    const notText = ruleErrors(treeOf(ruled(object({}), { rule: "true", messageExpression: "1" })), path)[0];
    assert.equal(notText?.path, "openAPIV3Schema.x-kubernetes-validations[0].messageExpression");
    assert.equal(notText?.detail, "messageExpression must evaluate to a string");
  });

  it("refuses rules on what expressions cannot see", () => {
    const unknown: CelSchema = { "x-kubernetes-preserve-unknown-fields": true };
    assert.deepEqual(check(ruled(object({ any: ruled(unknown, "true") }), "true")), [
      "openAPIV3Schema.properties[any].x-kubernetes-validations: Internal error: internal error: failed to determine type information for schema",
    ]);
  });

  it("refuses transition rules where nothing can be compared", () => {
    const list: CelSchema = { type: "array", maxItems: 5, items: ruled(integer, "self == oldSelf") };
    assert.deepEqual(check(object({ list })), [
      'openAPIV3Schema.properties[list].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within openAPIV3Schema.properties[list]',
    ]);
  });
});
