import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluateWithAnswers } from "./authorizer-answers.ts";
import { compileCel } from "./compile.ts";
import { deviceValue } from "./device-value.ts";
import { CelEnvironment, dynVariable, type CelVariable } from "./environment.ts";
import type { CelBindings } from "./frame.ts";
import {
  accessReviewVariable,
  admissionVariables,
  authorizerVariables,
  claimsVariable,
  composedVariables,
  deviceVariable,
  userVariable,
} from "./known-variables.ts";
import { CelAuthorizer, type AuthorizerQuestion } from "./library/authorizer.ts";
import { LazyMap } from "./native-value.ts";
import { intType } from "./types.ts";
import { valueText } from "./value-text.ts";

function evaluator(
  variables: Readonly<Record<string, CelVariable>>,
  bindings: CelBindings,
): (expression: string) => string {
  const environment = new CelEnvironment({ variables });
  return (expression) => {
    const compiled = compileCel(expression, environment);
    if ("errors" in compiled) return compiled.errors.issues.map((issue) => issue.message).join("; ");
    const result = compiled.ok.evaluate(bindings);
    return result.ok ? valueText(result.value) : result.error.message;
  };
}

describe("the variables of admission", () => {
  const evaluate = evaluator(
    { ...admissionVariables, params: dynVariable, variables: composedVariables({ limit: intType }) },
    {
      object: { metadata: { name: "a" }, spec: { replicas: 5 } },
      oldObject: null,
      request: {
        operation: "CREATE",
        kind: { group: "apps", version: "v1", kind: "Deployment" },
        userInfo: { username: "jane", groups: ["dev"], extra: { scopes: ["x"] } },
        dryRun: false,
        options: { fieldManager: "m" },
      },
      namespaceObject: { metadata: { name: "ns", labels: { env: "prod" }, creationTimestamp: "2024-01-01T00:00:00Z" } },
      params: { data: { max: "3" } },
      variables: new LazyMap({ limit: () => 3n }),
    },
  );
  const cases: Readonly<Record<string, string>> = {
    "object.spec.replicas <= int(params.data.max)": "false",
    "object.spec.replicas > variables.limit": "true",
    "oldObject == null": "true",
    "request.operation == 'CREATE' && request.kind.kind == 'Deployment'": "true",
    "'dev' in request.userInfo.groups && request.userInfo.extra['scopes'][0] == 'x'": "true",
    "has(request.options.fieldManager) && !request.dryRun": "true",
    "has(request.subResource)": "false",
    "namespaceObject.metadata.labels.env == 'prod'": "true",
    "namespaceObject.metadata.creationTimestamp.getFullYear()": "2024",
    "request.verb": "undefined field 'verb'",
    "request.userInfo.name": "undefined field 'name'",
    "namespaceObject.metadata.nope": "undefined field 'nope'",
    "variables.other": "undefined field 'other'",
    "request.operation == 1": "found no matching overload for '_==_' applied to '(string, int)'",
  };
  for (const [expression, expected] of Object.entries(cases))
    it(expression, () => assert.equal(evaluate(expression), expected));

  it("take null for a namespace that does not exist", () => {
    assert.equal(evaluator(admissionVariables, { namespaceObject: null })("namespaceObject == null"), "true");
  });
});

describe("the variables of authentication and authorization", () => {
  it("claims and user", () => {
    const evaluate = evaluator(
      { claims: claimsVariable, user: userVariable },
      {
        claims: { sub: "1", exp: 1700000000, roles: ["a", "b"], nested: { x: true } },
        user: { username: "oidc:1", groups: ["g"] },
      },
    );
    assert.equal(evaluate("claims.roles.map(r, 'oidc:' + r)"), '["oidc:a", "oidc:b"]');
    assert.equal(evaluate("claims.nested.x && claims.exp > 1"), "true");
    assert.equal(evaluate("claims.?email.orValue('none')"), '"none"');
    assert.equal(evaluate("!user.username.startsWith('system:') && user.groups.all(g, g != 'x')"), "true");
    assert.equal(evaluate("user.name"), "undefined field 'name'");
  });

  it("requests", () => {
    const request = {
      resourceAttributes: { verb: "get", resource: "pods", namespace: "a" },
      user: "jane",
      groups: ["g"],
    };
    const evaluate = evaluator({ request: accessReviewVariable }, { request });
    assert.equal(evaluate("has(request.resourceAttributes) && request.resourceAttributes.namespace == 'a'"), "true");
    assert.equal(evaluate("has(request.nonResourceAttributes)"), "false");
    assert.equal(evaluate("request.resourceAttributes.verbs"), "undefined field 'verbs'");
  });
});

describe("devices", () => {
  const device = deviceValue({
    driver: "dra.example.com",
    attributes: {
      model: { string: "a100" },
      "other.com/numa": { int: 1 },
      healthy: { bool: true },
      version: { version: "1.2.3" },
      tags: { strings: ["x", "y"] },
    },
    capacity: { memory: "80Gi" },
  });
  const evaluate = evaluator({ device: deviceVariable }, { device });
  const cases: Readonly<Record<string, string>> = {
    "device.driver == 'dra.example.com'": "true",
    "device.attributes['dra.example.com'].model": '"a100"',
    "device.attributes['other.com'].numa == 1": "true",
    "device.attributes['dra.example.com'].version.isGreaterThan(semver('1.0.0'))": "true",
    "'x' in device.attributes['dra.example.com'].tags": "true",
    "device.capacity['dra.example.com'].memory.compareTo(quantity('40Gi')) >= 0": "true",
    "has(device.attributes['unknown.com'].x)": "false",
    "device.attributes['unknown.com'].x": "no such key: x",
    "'unknown.com' in device.attributes": "false",
    "device.allowMultipleAllocations": "false",
    "device.nope": "undefined field 'nope'",
  };
  for (const [expression, expected] of Object.entries(cases))
    it(expression, () => assert.equal(evaluate(expression), expected));
});

describe("an authorizer that has to wait", () => {
  const environment = new CelEnvironment({ variables: authorizerVariables });

  async function run(expression: string, allowed: readonly string[]): Promise<{ result: string; asked: string[] }> {
    const compiled = compileCel(expression, environment);
    assert.ok("ok" in compiled);
    const asked: string[] = [];
    const result = await evaluateWithAnswers(
      (ask) => compiled.ok.evaluate({ authorizer: new CelAuthorizer(ask) }),
      async ({ path = "", verb }: AuthorizerQuestion) => {
        asked.push(path);
        if (verb === "fail") throw new Error("down");
        return Promise.resolve({ allowed: allowed.includes(path), reason: "" });
      },
      new AbortController().signal,
    );
    return { result: result.ok ? valueText(result.value) : result.error.message, asked };
  }
  const check = (path: string, verb = "get"): string => `authorizer.path('${path}').check('${verb}')`;

  it("is asked each question once, and only those that matter", async () => {
    const expression = `${check("/a")}.allowed() || ${check("/b")}.allowed()`;
    assert.deepEqual(await run(expression, ["/a", "/b"]), { result: "true", asked: ["/a"] });
    assert.deepEqual(await run(expression, ["/b"]), { result: "true", asked: ["/a", "/b"] });
    assert.deepEqual(await run(`${check("/a")}.allowed() && ${check("/a")}.allowed()`, ["/a"]), {
      result: "true",
      asked: ["/a"],
    });
  });

  it("may fail", async () => {
    assert.deepEqual(await run(`${check("/a", "fail")}.error()`, []), { result: '"down"', asked: ["/a"] });
  });

  it("is not waited for after an abort", async () => {
    const controller = new AbortController();
    const pending = evaluateWithAnswers(
      (ask) => ask({ verb: "get", path: "/" }),
      async (_question, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
      controller.signal,
    );
    controller.abort(new Error("enough"));
    await assert.rejects(pending, /enough/);
  });
});
