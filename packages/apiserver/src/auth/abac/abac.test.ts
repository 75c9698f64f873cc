import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthorizationAttributes } from "../authorizer.ts";
import type { UserInfo } from "../user.ts";
import { AbacAuthorizer } from "./abac-authorizer.ts";
import { parsePolicies } from "./abac-policy.ts";

const spec = (fields: object) =>
  JSON.stringify({ apiVersion: "abac.authorization.kubernetes.io/v1beta1", kind: "Policy", spec: fields });

const policies = [
  "# who may do what",
  "",
  spec({ user: "admin", namespace: "*", resource: "*", apiGroup: "*", nonResourcePath: "*" }),
  spec({ user: "reader", namespace: "projects", resource: "pods", readonly: true }),
  spec({ group: "system:authenticated", nonResourcePath: "/version/*", readonly: true }),
  spec({ user: "*", namespace: "open", resource: "configmaps" }),
  '{"user":"old","resource":"events"}',
  '{"group":"former","readonly":true}',
].join("\n");

const authorizer = new AbacAuthorizer(parsePolicies(policies, "policy.jsonl"));
const user = (name: string, ...groups: string[]): UserInfo => ({
  name,
  uid: "",
  groups: [...groups, "system:authenticated"],
  extra: {},
});

function may(who: UserInfo, verb: string, what: string, namespace = "projects", group = ""): boolean {
  const attributes: AuthorizationAttributes = what.startsWith("/")
    ? { kind: "path", user: who, verb, path: what }
    : { kind: "resource", user: who, verb, group, version: "v1", resource: what, subresource: "", namespace, name: "" };
  return authorizer.authorize(attributes).decision === "allow";
}

const cases: readonly [UserInfo, string, string, boolean, string?, string?][] = [
  [user("admin"), "delete", "nodes", true, "", ""],
  [user("admin"), "delete", "deployments", true, "any", "apps"],
  [user("admin"), "get", "/metrics", true],
  [user("reader"), "list", "pods", true],
  [user("reader"), "delete", "pods", false],
  [user("reader"), "list", "pods", false, "other"],
  [user("reader"), "list", "secrets", false],
  [user("reader"), "get", "/version/x", true],
  [user("reader"), "post", "/version/x", false],
  [user("anybody"), "create", "configmaps", true, "open"],
  [user("anybody"), "create", "configmaps", false, "open", "apps"],
  [user("old"), "delete", "events", true, "any", "events.k8s.io"],
  [user("old"), "get", "/metrics", false],
  [user("x", "former"), "get", "/metrics", true],
  [user("x", "former"), "list", "secrets", true, "any"],
  [user("x", "former"), "delete", "secrets", false, "any"],
];

for (const [who, verb, what, expected, namespace, group] of cases) {
  test(`${who.name} ${verb} ${what} ${namespace ?? ""} ${group ?? ""}`, () => {
    assert.equal(may(who, verb, what, namespace, group), expected);
  });
}

test("a user that a policy is for in name only, not in group, is not covered", () => {
  const both = new AbacAuthorizer(parsePolicies(spec({ user: "a", group: "g", nonResourcePath: "*" }), "f"));
  const ask = (who: UserInfo) => both.authorize({ kind: "path", user: who, verb: "get", path: "/" });
  assert.equal(ask(user("a", "g")).decision, "allow");
  assert.deepEqual(ask(user("a")), { decision: "noOpinion", reason: "No policy matched." });
  assert.equal(ask(user("b", "g")).decision, "noOpinion");
});

test("an unversioned line without subject is for everybody who is authenticated, and for nobody else", () => {
  const open = new AbacAuthorizer(parsePolicies("{}", "f"));
  const ask = (groups: string[]) =>
    open.authorize({ kind: "path", user: { ...user("x"), groups }, verb: "get", path: "/" }).decision;
  assert.equal(ask(["system:authenticated"]), "allow");
  assert.equal(ask(["system:unauthenticated"]), "noOpinion");
});

test("rules are listed", () => {
  assert.deepEqual(authorizer.rulesFor(user("reader"), "projects").rules, [
    { verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods"] },
    { verbs: ["get", "list", "watch"], nonResourceURLs: ["/version/*"] },
  ]);
});

const bad: readonly [string, RegExp][] = [
  ["{", /^Error: error reading policy file f, line 0: /],
  ["\n[]", /line 1: a policy must be a JSON object$/],
  [
    '{"apiVersion":"abac.authorization.kubernetes.io/v2","kind":"Policy"}',
    /no kind "Policy" is registered for version/,
  ],
  [spec({ user: 1 }), /line 0: user: must be a string$/],
  [spec({ readonly: "yes" }), /readonly: must be a boolean$/],
];

for (const [text, problem] of bad) {
  test(`${text} is refused`, () => {
    assert.throws(() => parsePolicies(text, "f"), problem);
  });
}
