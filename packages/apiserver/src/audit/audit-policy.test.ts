import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { UserInfo } from "../auth/user.ts";
import { parseRequestInfo } from "../endpoints/request-info.ts";
import { parseAuditPolicy } from "./audit-policy.ts";
import { recordingOf } from "./policy-rules.ts";

const head = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
const jane: UserInfo = { name: "jane", uid: "", groups: ["devs"], extra: {} };

function levelOf(rules: readonly object[], method: string, url: string, user: UserInfo = jane): string {
  const policy = parseAuditPolicy(`${head}rules: ${JSON.stringify(rules)}`);
  return recordingOf(policy.rules, user, parseRequestInfo(method, url))?.level ?? "no rule";
}

describe("rules", () => {
  const cases: readonly [rule: object, method: string, url: string, matches: boolean][] = [
    [{}, "GET", "/version", true],
    [{ users: ["jane"] }, "GET", "/version", true],
    [{ users: ["joe"] }, "GET", "/version", false],
    [{ userGroups: ["ops", "devs"] }, "GET", "/version", true],
    [{ userGroups: ["ops"] }, "GET", "/version", false],
    [{ verbs: ["list"] }, "GET", "/api/v1/pods", true],
    [{ verbs: ["*"] }, "GET", "/api/v1/pods", false],
    [{ verbs: ["watch"] }, "GET", "/api/v1/pods?watch=1", true],
    [{ namespaces: ["a"] }, "GET", "/api/v1/namespaces/a/pods", true],
    [{ namespaces: ["a"] }, "GET", "/api/v1/pods", false],
    [{ namespaces: [""] }, "GET", "/api/v1/nodes", true],
    [{ namespaces: [""] }, "GET", "/version", false],
    [{ resources: [{ group: "" }] }, "GET", "/api/v1/namespaces/a/pods/p/log", true],
    [{ resources: [{ group: "apps" }] }, "GET", "/api/v1/pods", false],
    [{ resources: [{ resources: ["pods"] }] }, "GET", "/api/v1/namespaces/a/pods/p", true],
    [{ resources: [{ resources: ["pods"] }] }, "GET", "/api/v1/namespaces/a/pods/p/log", false],
    [{ resources: [{ resources: ["pods/log"] }] }, "GET", "/api/v1/namespaces/a/pods/p/log", true],
    [{ resources: [{ resources: ["pods/*"] }] }, "GET", "/api/v1/namespaces/a/pods/p/log", true],
    [{ resources: [{ resources: ["pods/*"] }] }, "GET", "/api/v1/namespaces/a/pods/p", true],
    [{ resources: [{ resources: ["*/status"] }] }, "PUT", "/api/v1/namespaces/a/pods/p/status", true],
    [{ resources: [{ resources: ["*/status"] }] }, "PUT", "/api/v1/namespaces/a/pods/p", false],
    [{ resources: [{ resources: ["*"] }] }, "GET", "/api/v1/namespaces/a/pods/p/log", true],
    [{ resources: [{ resources: ["pods"], resourceNames: ["p"] }] }, "GET", "/api/v1/namespaces/a/pods/p", true],
    [{ resources: [{ resources: ["pods"], resourceNames: ["p"] }] }, "GET", "/api/v1/namespaces/a/pods/q", false],
    [{ nonResourceURLs: ["/healthz*"] }, "GET", "/healthz/etcd", true],
    [{ nonResourceURLs: ["/healthz"] }, "GET", "/healthz/etcd", false],
    [{ nonResourceURLs: ["*"] }, "GET", "/metrics", true],
    [{ nonResourceURLs: ["*"] }, "GET", "/api/v1/pods", false],
  ];
  for (const [rule, method, url, matches] of cases) {
    it(`${JSON.stringify(rule)} ${matches ? "matches" : "does not match"} ${method} ${url}`, () => {
      assert.equal(levelOf([{ level: "Metadata", ...rule }], method, url), matches ? "Metadata" : "no rule");
    });
  }

  it("the first one that matches counts", () => {
    const rules = [{ level: "None", users: ["jane"] }, { level: "Request" }];
    assert.equal(levelOf(rules, "GET", "/version"), "None");
    assert.equal(levelOf(rules, "GET", "/version", { ...jane, name: "joe" }), "Request");
  });

  it("stages and managed fields of the policy hold for rules that do not say otherwise", () => {
    const policy = parseAuditPolicy(
      `${head}omitStages: [Panic]\nomitManagedFields: true\nrules: [{level: Request, omitStages: [RequestReceived]}, {level: Request, omitManagedFields: false}]`,
    );
    const [first, second] = policy.rules;
    assert.deepEqual([...(first?.omitStages ?? [])], ["Panic", "RequestReceived"]);
    assert.deepEqual([first?.omitManagedFields, second?.omitManagedFields], [true, false]);
  });
});

describe("a policy that cannot be used", () => {
  const cases: readonly [text: string, problem: RegExp][] = [
    [`${head}rules: []`, /loaded illegal policy with 0 rules/],
    [`${head}rules: [{}]`, /rules\[0\]\.level: Required value/],
    [
      `${head}rules: [{level: All}]`,
      /rules\[0\]\.level: Unsupported value: "All": supported values: "None", "Metadata", "Request", "RequestResponse"/,
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [/a], namespaces: [b]}]`,
      /rules\[0\]\.nonResourceURLs: Invalid value: .*: rules cannot apply to both regular resources and non-resource URLs/,
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [a]}]`,
      /nonResourceURLs\[0\]: Invalid value: "a": non-resource URL rules must begin with a '\/' character/,
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [/a*b]}]`,
      /nonResourceURLs\[0\]: Invalid value: "\/a\*b": non-resource URL wildcards '\*' must be the final character of the rule/,
    ],
    [
      `${head}rules: [{level: None, resources: [{group: "", resourceNames: [a]}]}]`,
      /rules\[0\]\.resources\.resourceNames: Invalid value: .*: using resourceNames requires at least one resource/,
    ],
    [`${head}rules: [{level: None, resources: [{group: Core}]}]`, /resources\.group: Invalid value: "Core": /],
    [
      `${head}rules: [{level: None, omitStages: [Never]}]`,
      /omitStages\[0\]: Invalid value: "Never": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic/,
    ],
    ["apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: None}]", /no kind "Policy" is registered for/],
    [`${head}rules: [{level: 1}]`, /failed decoding: rules\[0\]\.level: Invalid value: 1: must be a string/],
  ];
  for (const [text, problem] of cases) {
    it(String(problem), () => assert.throws(() => parseAuditPolicy(text), problem));
  }
});

it("fields that do not exist do no harm, and are told of", () => {
  const { warnings, rules } = parseAuditPolicy(`${head}rules: [{level: None, color: red}]`);
  assert.equal(rules.length, 1);
  assert.deepEqual(warnings, ['unknown field "rules[0].color"']);
});
