import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from "@kube-ts/api/admissionregistration/v1";
import type { CompileExpression, ExpressionUse } from "../meta/compile-expression.ts";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import {
  mutatingWebhookConfigurationResource,
  validatingWebhookConfigurationResource,
} from "./webhook-configuration.ts";

const metadata = { name: "hooks", creationTimestamp: "2026-01-31T11:59:00Z" };
const rule = { operations: ["CREATE"], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] };
const webhook = {
  name: "check.example.com",
  clientConfig: { service: { namespace: "default", name: "check" } },
  rules: [rule],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};
const uses: ExpressionUse[] = [];
/** Takes every expression that does not say that it is wrong. */
const compile: CompileExpression = (expression, use) => {
  uses.push(use);
  return expression.includes("wrong") ? { reason: "invalid", detail: "it says so" } : undefined;
};
const bench = new RuleBench<ValidatingWebhookConfiguration>(validatingWebhookConfigurationResource(compile));
const mutating = new RuleBench<MutatingWebhookConfiguration>(mutatingWebhookConfigurationResource(compile));

describe("a webhook", () => {
  it("is filled in", () => {
    const filled = {
      ...webhook,
      clientConfig: { service: { namespace: "default", name: "check", port: 443 } },
      rules: [{ ...rule, scope: "*" }],
      failurePolicy: "Fail",
      matchPolicy: "Equivalent",
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
    };
    assert.deepEqual(bench.decode({ metadata, webhooks: [webhook] }).webhooks, [filled]);
    assert.deepEqual(mutating.decode({ metadata, webhooks: [webhook] }).webhooks, [
      { ...filled, reinvocationPolicy: "Never" },
    ]);
  });

  function create(what: string, part: Draft, errors: readonly string[], of: "both" | "mutating" = "both"): void {
    it(what, () => {
      const draft = { metadata, webhooks: [{ ...webhook, ...part }] };
      assert.deepEqual(mutating.createErrors(draft), errors);
      if (of === "both") assert.deepEqual(bench.createErrors(draft), errors);
    });
  }
  function createRule(what: string, part: Draft, errors: readonly string[]): void {
    const texts = errors.map((text) => `webhooks[0].rules[0].${text}`);
    create(what, { rules: [{ ...rule, ...part }] }, texts);
  }
  function createConfig(what: string, clientConfig: Draft, errors: readonly string[]): void {
    const texts = errors.map((text) => `webhooks[0].clientConfig${text}`);
    create(what, { clientConfig }, texts);
  }

  create("may be right", {}, []);
  create("has a name", { name: "" }, ["webhooks[0].name: Required value"]);
  create("has a full name", { name: "example.com" }, [
    'webhooks[0].name: Invalid value: "example.com": should be a domain with at least three segments separated by dots',
  ]);
  create("has a right name", { name: "A.example.com" }, [
    `webhooks[0].name: Invalid value: "A.example.com": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create(
    "has known policies",
    { failurePolicy: "Panic", matchPolicy: "Nearly", sideEffects: "Some", timeoutSeconds: 31 },
    [
      'webhooks[0].failurePolicy: Unsupported value: "Panic": supported values: "Fail", "Ignore"',
      'webhooks[0].matchPolicy: Unsupported value: "Nearly": supported values: "Equivalent", "Exact"',
      'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
      "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds",
    ],
  );
  create("says what it does elsewhere", { sideEffects: undefined }, [
    "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
  ]);
  create(
    "is called again by a known policy",
    { reinvocationPolicy: "Always" },
    ['webhooks[0].reinvocationPolicy: Unsupported value: "Always": supported values: "IfNeeded", "Never"'],
    "mutating",
  );
  create("understands reviews", { admissionReviewVersions: [] }, [
    "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
  ]);
  create("understands the server's reviews", { admissionReviewVersions: ["v2", "v2"] }, [
    'webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version',
    'webhooks[0].admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1',
  ]);
  create("has right selectors", { objectSelector: { matchLabels: { "a b": "c" } } }, [
    `webhooks[0].objectSelector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);

  createRule("has whole rules", { operations: [], apiGroups: [], apiVersions: [], resources: [] }, [
    "operations: Required value",
    "apiGroups: Required value",
    "apiVersions: Required value",
    "resources: Required value",
  ]);
  const both = ["*", "a"];
  createRule("has wildcards alone", { operations: ["*", "CREATE"], apiGroups: both, apiVersions: both }, [
    `operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`,
    `apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other API groups`,
    `apiVersions: Invalid value: ["*","a"]: if '*' is present, must not specify other API versions`,
  ]);
  createRule("has known operations and scopes", { apiVersions: [""], scope: "World" }, [
    "apiVersions[0]: Required value",
    'scope: Unsupported value: "World": supported values: "*", "Cluster", "Namespaced"',
  ]);
  createRule("has resources that add something", { resources: ["a/*", "a/b", "*/c", "d/c", "", "*/*"] }, [
    `resources[1]: Invalid value: "a/b": if 'a/*' is present, must not specify a/b`,
    `resources[3]: Invalid value: "d/c": if '*/c' is present, must not specify d/c`,
    "resources[4]: Required value",
    `resources: Invalid value: ["a/*","a/b","*/c","d/c","","*/*"]: if '*/*' is present, must not specify other resources`,
  ]);
  createRule("has all resources or some", { resources: ["*", "a"] }, [
    `resources: Invalid value: ["*","a"]: if '*' is present, must not specify other resources without subresources`,
  ]);

  createConfig("is somewhere", {}, [": Required value: exactly one of url or service is required"]);
  createConfig("may be at a URL", { url: "https://example.com:8443/check" }, []);
  createConfig("is at a right URL", { url: "http://me:pw@/a?b#c" }, [
    `.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
    '.url: Invalid value: "": host must be provided; desired format: https://host[/path]',
    '.url: Invalid value: "me:pw": user information is not permitted in the URL',
    '.url: Invalid value: "c": fragments are not permitted in the URL',
    '.url: Invalid value: "b": query parameters are not permitted in the URL',
  ]);
  createConfig("is at a URL at all", { url: "https://host:port/" }, [
    '.url: Required value: url must be a valid URL: parse "https://host:port/": invalid port ":port" after host; desired format: https://host[/path]',
  ]);
  createConfig("is at a whole service", { service: { name: "check", port: 0, path: "a//B/" } }, [
    ".service.name: Required value: service name is required",
    ".service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive",
    `.service.path: Invalid value: "a//B/": must start with a '/'`,
    '.service.path: Invalid value: "a//B/": segment[0] may not be empty',
    '.service.path: Invalid value: "a//B/": segment[1] may not be empty',
    `.service.path: Invalid value: "a//B/": segment[2]: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);

  it("has a name of its own", () => {
    assert.deepEqual(bench.createErrors({ metadata, webhooks: [webhook, webhook] }), [
      'webhooks[1].name: Duplicate value: "check.example.com"',
    ]);
  });
});

describe("match conditions", () => {
  function create(what: string, matchConditions: readonly Draft[], errors: readonly string[]): void {
    const texts = errors.map((text) => `webhooks[0].matchConditions${text}`);
    it(what, () =>
      assert.deepEqual(bench.createErrors({ metadata, webhooks: [{ ...webhook, matchConditions }] }), texts),
    );
  }

  create("may be right", [{ name: "a", expression: "true" }], []);
  create(
    "have names and expressions",
    [{ expression: " " }],
    ["[0].expression: Required value", "[0].name: Required value"],
  );
  create(
    "have different names",
    [
      { name: "a", expression: "true" },
      { name: "a", expression: "false" },
    ],
    ['[1].name: Duplicate value: "a"'],
  );
  create(
    "are not many",
    Array.from({ length: 65 }, (_, at) => ({ name: `a${at}`, expression: "true" })),
    [": Too many: 65: must have at most 64 items"],
  );
  create("compile", [{ name: "a", expression: " wrong " }], ['[0].expression: Invalid value: "wrong": it says so']);

  it("see the request and its object", () => {
    uses.length = 0;
    bench.createErrors({ metadata, webhooks: [{ ...webhook, matchConditions: [{ name: "a", expression: "true" }] }] });
    assert.deepEqual(uses, [{ environment: "admission", result: "bool", hasParams: false, hasAuthorizer: true }]);
  });
});

describe("a webhook configuration", () => {
  it("counts changes of its webhooks", () => {
    const old = bench.prepared({ metadata, webhooks: [webhook] });
    assert.equal(bench.updated(old, (next) => delete next.webhooks).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = { a: "b" })).metadata.generation, 1);
  });

  it("warns of names for files", () => {
    assert.deepEqual(bench.warnings({ metadata: { name: "a.static.k8s.io" } }), [
      'metadata.name: names ending with ".static.k8s.io" are reserved for static manifest-based configurations and cannot be managed via the API',
    ]);
    assert.deepEqual(bench.warnings({ metadata }), []);
  });

  it("is shown", () => {
    const row = { Name: "hooks", Webhooks: 1, Age: "60s" };
    assert.deepEqual(bench.row({ metadata, webhooks: [webhook] }), row);
    assert.deepEqual(mutating.row({ metadata, webhooks: [webhook] }), row);
  });
});
