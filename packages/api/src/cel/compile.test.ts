import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileCel, resultTypeError } from "./compile.ts";
import { CelEnvironment, dynVariable, mutationLibraries, mutationStructType, schemaVariable } from "./environment.ts";
import {
  CelAuthorizer,
  CelResourceCheck,
  authorizerType,
  resourceCheckType,
  type AuthorizerQuestion,
} from "./library/authorizer.ts";
import { LazyMap, toJson } from "./native-value.ts";
import { schemaDecl } from "./schema-decl.ts";
import { boolType, intType, objectType, stringType } from "./types.ts";
import { valueText } from "./value-text.ts";

const decl = schemaDecl(
  { type: "object", properties: { name: { type: "string" }, list: { type: "array", items: { type: "string" } } } },
  { name: "self" },
);
assert.ok(decl);
const environment = new CelEnvironment({ variables: { self: schemaVariable(decl), object: dynVariable } });
const operand =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function message(expression: string): string {
  const compiled = compileCel(expression, environment);
  return "errors" in compiled ? compiled.errors.message : "";
}

describe("messages of expressions that do not compile", () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    "self.foo": ["ERROR: <input>:1:5: undefined field 'foo'", " | self.foo", " | ....^"],
    "object.a == nobody": [
      "ERROR: <input>:1:13: undeclared reference to 'nobody' (in container '')",
      " | object.a == nobody",
      " | ............^",
    ],
    "nobody(1)": [
      "ERROR: <input>:1:7: undeclared reference to 'nobody' (in container '')",
      " | nobody(1)",
      " | ......^",
    ],
    "self.name.contains(1)": [
      "ERROR: <input>:1:19: found no matching overload for 'contains' applied to 'string.(int)'",
      " | self.name.contains(1)",
      " | ..................^",
    ],
    "self.list == 'a'": [
      "ERROR: <input>:1:11: found no matching overload for '_==_' applied to '(list(string), string)'",
      " | self.list == 'a'",
      " | ..........^",
    ],
    "1 +": [`ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting ${operand}`, " | 1 +", " | ...^"],
    "": [`ERROR: <input>:1:1: Syntax error: mismatched input '<EOF>' expecting ${operand}`, " | ", " | ^"],
    "1 2": ["ERROR: <input>:1:3: Syntax error: extraneous input '2' expecting <EOF>", " | 1 2", " | ..^"],
    "(1": ["ERROR: <input>:1:3: Syntax error: missing ')' at '<EOF>'", " | (1", " | ..^"],
    "self.": ["ERROR: <input>:1:6: Syntax error: no viable alternative at input '.'", " | self.", " | .....^"],
    "1 +\n  self.foo\n  + 2": ["ERROR: <input>:2:7: undefined field 'foo'", " |   self.foo", " | ......^"],
    "'é' + self.foo": ["ERROR: <input>:1:11: undefined field 'foo'", " | 'é' + self.foo", " | .．........^"],
    while: ["ERROR: <input>:1:1: reserved identifier: while", " | while", " | ^"],
    "1 + +": [
      `ERROR: <input>:1:5: Syntax error: mismatched input '+' expecting ${operand}`,
      " | 1 + +",
      " | ....^",
      `ERROR: <input>:1:6: Syntax error: mismatched input '<EOF>' expecting ${operand}`,
      " | 1 + +",
      " | .....^",
    ],
    "a | b": [
      "ERROR: <input>:1:3: Syntax error: token recognition error at: '| '",
      " | a | b",
      " | ..^",
      "ERROR: <input>:1:5: Syntax error: extraneous input 'b' expecting <EOF>",
      " | a | b",
      " | ....^",
    ],
    "self.true == 1": [
      "ERROR: <input>:1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER",
      " | self.true == 1",
      " | .....^",
    ],
    "[1].map(var, 1)": [
      "ERROR: <input>:1:9: reserved identifier: var",
      " | [1].map(var, 1)",
      " | ........^",
      "ERROR: <input>:1:9: argument is not an identifier",
      " | [1].map(var, 1)",
      " | ........^",
    ],
    '"\\xFh"': [
      "ERROR: <input>:1:1: Syntax error: token recognition error at: '\"\\xFh'",
      ' | "\\xFh"',
      " | ^",
      "ERROR: <input>:1:6: Syntax error: token recognition error at: '\"'",
      ' | "\\xFh"',
      " | .....^",
      `ERROR: <input>:1:7: Syntax error: mismatched input '<EOF>' expecting ${operand}`,
      ' | "\\xFh"',
      " | ......^",
    ],
    "int{}": ["ERROR: <input>:1:4: 'int' is not a message type", " | int{}", " | ...^"],
    "self.foo + self.bar": [
      "ERROR: <input>:1:5: undefined field 'foo'",
      " | self.foo + self.bar",
      " | ....^",
      "ERROR: <input>:1:16: undefined field 'bar'",
      " | self.foo + self.bar",
      " | ...............^",
    ],
    "'abc": [
      "ERROR: <input>:1:1: Syntax error: token recognition error at: ''abc'",
      " | 'abc",
      " | ^",
      `ERROR: <input>:1:5: Syntax error: mismatched input '<EOF>' expecting ${operand}`,
      " | 'abc",
      " | ....^",
    ],
    "Object{}": ["ERROR: <input>:1:7: undeclared reference to 'Object' (in container '')", " | Object{}", " | ......^"],
  };
  for (const [expression, lines] of Object.entries(cases)) {
    it(JSON.stringify(expression), () => assert.equal(message(expression), lines.join("\n")));
  }

  it("says which result types are wanted", () => {
    const compiled = compileCel("self.name", environment);
    assert.ok("ok" in compiled);
    assert.equal(resultTypeError(compiled.ok, [stringType]), undefined);
    assert.equal(resultTypeError(compiled.ok, [boolType]), "must evaluate to bool");
    assert.equal(resultTypeError(compiled.ok, [boolType, intType]), "must evaluate to one of [bool int]");
  });
});

describe("objects made by expressions", () => {
  const mutation = new CelEnvironment({
    variables: { object: dynVariable },
    libraries: mutationLibraries,
    structType: mutationStructType,
  });
  const bindings = { object: { metadata: { name: "x", labels: { a: "b" } } } };

  function evaluate(expression: string): unknown {
    const compiled = compileCel(expression, mutation);
    if ("errors" in compiled) return compiled.errors.issues.map((issue) => issue.message).join("; ");
    const result = compiled.ok.evaluate(bindings);
    return result.ok ? toJson(result.value) : result.error.message;
  }

  it("makes apply configurations", () => {
    const expression =
      "Object{spec: Object.spec{replicas: 2, containers: [Object.spec.containers{name: object.metadata.name}]}}";
    assert.deepEqual(evaluate(expression), { spec: { replicas: 2, containers: [{ name: "x" }] } });
    assert.deepEqual(evaluate("Object{metadata: Object.metadata{labels: object.metadata.labels}}"), {
      metadata: { labels: { a: "b" } },
    });
    assert.deepEqual(evaluate("Object{?spec: optional.none(), ?metadata: optional.of(Object.metadata{})}"), {
      metadata: {},
    });
  });

  it("makes JSON patches", () => {
    const expression =
      "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b~c'), value: {'k': [1, 2]}}]";
    assert.deepEqual(evaluate(expression), [{ op: "add", path: "/metadata/labels/a~1b~0c", value: { k: [1, 2] } }]);
    assert.equal(evaluate("JSONPatch{oops: 1}"), "undefined field 'oops'");
    assert.equal(evaluate("JSONPatch{op: 1}"), "expected type of field 'op' is 'string' but provided type is 'int'");
    assert.equal(evaluate("Other{}"), "undeclared reference to 'Other' (in container '')");
  });

  it("reads what it made", () => {
    assert.equal(evaluate("Object{a: 1} == Object{a: 1}"), true);
    assert.equal(evaluate("has(Object{a: 1}.a) && !has(Object{a: 1}.b)"), true);
  });
});

describe("the authorizer", () => {
  const questions: AuthorizerQuestion[] = [];
  const authorizer = new CelAuthorizer((question) => {
    questions.push(question);
    if (question.verb === "fail") return { allowed: false, reason: "", error: "boom" };
    return { allowed: question.verb === "get", reason: "because" };
  });
  const authorizing = new CelEnvironment({
    variables: { authorizer: { type: authorizerType }, "authorizer.requestResource": { type: resourceCheckType } },
  });
  const bindings = {
    authorizer,
    "authorizer.requestResource": new CelResourceCheck(authorizer, {
      group: "apps",
      resource: "deployments",
      namespace: "ns",
      name: "d",
    }),
  };

  function evaluate(expression: string): string {
    const compiled = compileCel(expression, authorizing);
    if ("errors" in compiled) return compiled.errors.message;
    const result = compiled.ok.evaluate(bindings);
    return result.ok ? valueText(result.value) : result.error.message;
  }

  const cases: readonly (readonly [expression: string, result: string, question?: AuthorizerQuestion])[] = [
    ["authorizer.path('/healthz').check('get').allowed()", "true", { path: "/healthz", verb: "get" }],
    [
      "authorizer.group('').resource('pods').subresource('exec').namespace('a').name('b').check('create').allowed()",
      "false",
      { group: "", resource: "pods", subresource: "exec", namespace: "a", name: "b", verb: "create" },
    ],
    [
      "authorizer.group('').resource('pods').check('get').reason()",
      '"because"',
      { group: "", resource: "pods", verb: "get" },
    ],
    ["authorizer.path('/x').check('fail').errored()", "true", { path: "/x", verb: "fail" }],
    ["authorizer.path('/x').check('fail').error()", '"boom"', { path: "/x", verb: "fail" }],
    [
      "authorizer.serviceAccount('kube-system', 'default').path('/x').check('get').allowed()",
      "true",
      { path: "/x", verb: "get", serviceAccount: { namespace: "kube-system", name: "default" } },
    ],
    [
      "authorizer.requestResource.check('get').allowed()",
      "true",
      { group: "apps", resource: "deployments", namespace: "ns", name: "d", verb: "get" },
    ],
    [
      "authorizer.group('').resource('pods').fieldSelector('a=b').labelSelector('c').check('list').allowed()",
      "false",
      { group: "", resource: "pods", fieldSelector: "a=b", labelSelector: "c", verb: "list" },
    ],
    ["authorizer.path('').check('get').allowed()", "path must not be empty"],
    ["authorizer.group('').resource(' ').check('get').allowed()", "resource must not be empty"],
    ["authorizer.serviceAccount('a', 'B').path('/').check('get').allowed()", "Invalid service account name"],
    ["authorizer.serviceAccount('A', 'b').path('/').check('get').allowed()", "Invalid service account namespace"],
  ];
  for (const [expression, result, question] of cases) {
    it(expression, () => {
      questions.length = 0;
      assert.equal(evaluate(expression), result);
      assert.deepEqual(questions, question ? [question] : []);
    });
  }

  it("allows two checks for one evaluation, not three", () => {
    const check = "authorizer.path('/x').check('get').allowed()";
    assert.equal(evaluate(`${check} && ${check}`), "true");
    assert.equal(evaluate(`${check} && ${check} && ${check}`), "operation cancelled: actual cost limit exceeded");
  });
});

describe("variables", () => {
  it("computes composed variables when they are first read", () => {
    const variables = objectType("kubernetes.variables", (name) =>
      name === "sum" || name === "bad" ? intType : undefined,
    );
    const composed = new CelEnvironment({ variables: { variables: { type: variables } } });
    let computed = 0;
    const bindings = {
      variables: new LazyMap({
        sum: () => {
          computed++;
          return 3n;
        },
        bad: () => assert.fail("nobody reads it"),
      }),
    };
    const compiled = compileCel("variables.sum + variables.sum", composed);
    assert.ok("ok" in compiled);
    const result = compiled.ok.evaluate(bindings);
    assert.ok(result.ok);
    assert.equal(result.value, 6n);
    assert.equal(computed, 1);
    const wrong = compileCel("variables.other", composed);
    assert.ok("errors" in wrong);
    assert.equal(wrong.errors.issues[0]?.message, "undefined field 'other'");
  });

  it("tells which variables an expression uses", () => {
    const compiled = compileCel("object.self.map(object, object)", environment);
    assert.ok("ok" in compiled);
    assert.equal(compiled.ok.uses("object"), true);
    assert.equal(compiled.ok.uses("self"), false);
  });

  it("fails when a variable is not bound", () => {
    const compiled = compileCel("object.a == 1", environment);
    assert.ok("ok" in compiled);
    const result = compiled.ok.evaluate({});
    assert.equal(result.ok ? "" : result.error.message, "no such attribute(s): object");
  });
});
