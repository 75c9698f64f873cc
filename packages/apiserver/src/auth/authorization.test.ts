import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConfiguredAuthorizers,
  UnionAuthorizer,
  alwaysAllow,
  alwaysDeny,
  parseAuthorizationModes,
} from "./authorization.ts";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "./authorizer.ts";
import { forbiddenRequest } from "./forbidden.ts";
import type { UserInfo } from "./user.ts";

const signal = new AbortController().signal;
const user: UserInfo = { name: "x", uid: "", groups: [], extra: {} };
const attributes: AuthorizationAttributes = {
  kind: "resource",
  user,
  verb: "list",
  group: "",
  version: "v1",
  resource: "pods",
  subresource: "",
  namespace: "default",
  name: "",
};

test("modes are checked by name", () => {
  assert.deepEqual(parseAuthorizationModes(["Node", "RBAC"]), ["Node", "RBAC"]);
  assert.throws(() => parseAuthorizationModes(["Rbac"]), /^Error: authorization-mode "Rbac" is not a valid mode$/);
  assert.throws(() => parseAuthorizationModes(["RBAC", "RBAC"]), /specified more than once/);
  assert.throws(() => parseAuthorizationModes([]), /at least one authorization-mode must be passed/);
});

const answering = (decision: AuthorizationDecision["decision"], reason = "", later = false): Authorizer => ({
  authorize: () => (later ? Promise.resolve({ decision, reason }) : { decision, reason }),
});

test("the first opinion decides, at once or later", async () => {
  const none = answering("noOpinion", "not me");
  for (const later of [false, true]) {
    const deny = new UnionAuthorizer([none, answering("deny", "no", later), answering("allow")]);
    assert.deepEqual(await deny.authorize(attributes, signal), { decision: "deny", reason: "no" });
    const silent = new UnionAuthorizer([none, answering("noOpinion", "nor me", later), answering("noOpinion")]);
    assert.deepEqual(await silent.authorize(attributes, signal), { decision: "noOpinion", reason: "not me\nnor me" });
    const late = new UnionAuthorizer([none, answering("noOpinion", "", later), answering("allow", "yes")]);
    assert.deepEqual(await late.authorize(attributes, signal), { decision: "allow", reason: "yes" });
  }
});

test("synchronous members are answered without a promise", () => {
  const union = new UnionAuthorizer([answering("noOpinion"), answering("allow")]);
  assert.ok(!(union.authorize(attributes, signal) instanceof Promise));
});

test("what went wrong is kept until somebody decides", async () => {
  const failing: Authorizer = { authorize: () => ({ decision: "noOpinion", reason: "", problem: "out of reach" }) };
  const union = new UnionAuthorizer([answering("noOpinion", "not me"), failing, answering("noOpinion")]);
  assert.deepEqual(await union.authorize(attributes, signal), {
    decision: "noOpinion",
    reason: "not me",
    problem: "out of reach",
  });
  const allowing = new UnionAuthorizer([failing, answering("allow", "yes")]);
  assert.deepEqual(await allowing.authorize(attributes, signal), { decision: "allow", reason: "yes" });
});

test("system:masters may do everything, whatever the modes", async () => {
  const silent = { ...answering("noOpinion"), rulesFor: () => ({ rules: [], incomplete: false, problems: [] }) };
  const authorizers = new ConfiguredAuthorizers([silent]);
  const decide = async (groups: string[]) =>
    (await authorizers.authorize({ ...attributes, user: { ...user, groups } }, signal)).decision;
  assert.equal(await decide(["system:masters"]), "allow");
  assert.equal(await decide(["masters"]), "noOpinion");
  authorizers.replace([alwaysDeny]);
  assert.equal(await decide(["system:masters"]), "allow");
  assert.equal(await decide([]), "noOpinion");
  authorizers.replace([alwaysAllow]);
  assert.equal(await decide([]), "allow");
  assert.equal(authorizers.rulesFor(user, "default").rules.length, 2);
});

const messages: readonly [AuthorizationAttributes, string, string][] = [
  [
    attributes,
    "",
    'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "default"',
  ],
  [
    {
      ...attributes,
      verb: "get",
      group: "apps",
      resource: "deployments",
      subresource: "scale",
      name: "web",
      namespace: "",
    },
    "because",
    'deployments.apps "web" is forbidden: User "x" cannot get resource "deployments/scale" in API group "apps" at the cluster scope: because',
  ],
  [{ kind: "path", user, verb: "get", path: "/metrics" }, "", 'forbidden: User "x" cannot get path "/metrics"'],
  [
    { kind: "path", user: { ...user, name: "<b>&" }, verb: "get", path: "/" },
    "",
    'forbidden: User "&lt;b&gt;&amp;" cannot get path "/"',
  ],
];

for (const [asked, reason, message] of messages) {
  test(message, () => {
    const error = forbiddenRequest(asked, reason);
    assert.equal(error.message, message);
    assert.equal(error.code, 403);
  });
}

test("the Status of a forbidden request says what it was about", () => {
  assert.deepEqual(forbiddenRequest({ ...attributes, name: "p" }, "").status.details, { name: "p", kind: "pods" });
  assert.deepEqual(forbiddenRequest({ kind: "path", user, verb: "get", path: "/" }, "").status.details, {});
});
