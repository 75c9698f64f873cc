import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRoleBinding, PolicyRule, RoleBinding, Subject } from "@kube-ts/api/rbac/v1";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "@kube-ts/api/resource-types";
import type { AuthorizationAttributes } from "../authorizer.ts";
import { reviewRules } from "../rule-resolver.ts";
import { serviceAccountUser } from "../service-accounts/identity.ts";
import { MemoryObjects } from "../testing/memory-objects.ts";
import type { UserInfo } from "../user.ts";
import { RbacAuthorizer } from "./rbac-authorizer.ts";

const alice: UserInfo = { name: "alice", uid: "", groups: ["dev", "system:authenticated"], extra: {} };
const robot = serviceAccountUser({ namespace: "ci", name: "robot", uid: "1" });
const apiGroup = "rbac.authorization.k8s.io";

function ask(user: UserInfo, verb: string, resource: string, namespace = "", name = "", group = "") {
  const [main = "", subresource = ""] = resource.split("/");
  const attributes: AuthorizationAttributes = {
    kind: "resource",
    user,
    verb,
    group,
    version: "v1",
    resource: main,
    subresource,
    namespace,
    name,
  };
  return attributes;
}

function clusterBinding(role: string, subjects: Subject[], name = role): ClusterRoleBinding {
  return { metadata: { name }, roleRef: { apiGroup, kind: "ClusterRole", name: role }, subjects };
}

function binding(namespace: string, kind: string, role: string, subjects: Subject[]): RoleBinding {
  return { metadata: { name: role, namespace }, roleRef: { apiGroup, kind, name: role }, subjects };
}

function withClusterRole(rules: PolicyRule[], user: UserInfo = alice) {
  const objects = new MemoryObjects();
  objects.put(clusterRoles, { metadata: { name: "r" }, rules });
  objects.put(clusterRoleBindings, clusterBinding("r", [{ kind: "User", name: user.name }]));
  const authorizer = new RbacAuthorizer(objects);
  return (attributes: AuthorizationAttributes) => authorizer.authorize(attributes).decision === "allow";
}

const pod: PolicyRule = { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] };

const matches: readonly [string, PolicyRule, AuthorizationAttributes, boolean][] = [
  ["verb, group and resource", pod, ask(alice, "get", "pods", "x", "p"), true],
  ["another verb", pod, ask(alice, "delete", "pods", "x", "p"), false],
  ["another group", pod, ask(alice, "get", "pods", "x", "p", "metrics.k8s.io"), false],
  ["a subresource is not its resource", pod, ask(alice, "get", "pods/log", "x", "p"), false],
  ["a subresource", { ...pod, resources: ["pods/log"] }, ask(alice, "get", "pods/log", "x", "p"), true],
  ["a resource is not its subresource", { ...pod, resources: ["pods/log"] }, ask(alice, "get", "pods", "x"), false],
  ["any subresource of that name", { ...pod, resources: ["*/scale"] }, ask(alice, "get", "replicasets/scale"), true],
  ["any subresource of another name", { ...pod, resources: ["*/scale"] }, ask(alice, "get", "pods/status"), false],
  ["that form does not mean resources", { ...pod, resources: ["*/scale"] }, ask(alice, "get", "scale"), false],
  ["all subresources cannot be written", { ...pod, resources: ["pods/*"] }, ask(alice, "get", "pods/log"), false],
  ["every resource", { ...pod, resources: ["*"] }, ask(alice, "get", "pods/log"), true],
  ["every group", { ...pod, apiGroups: ["*"] }, ask(alice, "get", "pods", "", "", "metrics.k8s.io"), true],
  ["every verb", { ...pod, verbs: ["*"] }, ask(alice, "impersonate", "pods"), true],
  ["a name", { ...pod, resourceNames: ["p"] }, ask(alice, "get", "pods", "x", "p"), true],
  ["another name", { ...pod, resourceNames: ["p"] }, ask(alice, "get", "pods", "x", "q"), false],
  ["a name and a request without one", { ...pod, resourceNames: ["p"] }, ask(alice, "list", "pods", "x"), false],
  [
    "an asterisk is no wildcard for names",
    { ...pod, resourceNames: ["*"] },
    ask(alice, "get", "pods", "x", "p"),
    false,
  ],
];

for (const [name, rule, attributes, expected] of matches) {
  test(`a rule and ${name}`, () => assert.equal(withClusterRole([rule])(attributes), expected));
}

const paths: readonly [string, string, boolean][] = [
  ["/healthz", "/healthz", true],
  ["/healthz", "/healthz/etcd", false],
  ["/healthz/*", "/healthz/etcd", true],
  ["/healthz/*", "/healthz", false],
  ["/api*", "/apis/apps", true],
  ["*", "/anything", true],
  ["/a*b", "/axb", false],
];

for (const [pattern, path, expected] of paths) {
  test(`the path pattern ${pattern} and ${path}`, () => {
    const allows = withClusterRole([{ verbs: ["get"], nonResourceURLs: [pattern] }]);
    assert.equal(allows({ kind: "path", user: alice, verb: "get", path }), expected);
    assert.equal(allows({ kind: "path", user: alice, verb: "post", path }), false);
  });
}

test("resource rules say nothing about paths, nor path rules about resources", () => {
  const everything = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
  assert.equal(withClusterRole([everything])({ kind: "path", user: alice, verb: "get", path: "/" }), false);
  assert.equal(withClusterRole([{ verbs: ["*"], nonResourceURLs: ["*"] }])(ask(alice, "get", "pods")), false);
});

function set(objects = new MemoryObjects()) {
  objects.put(clusterRoles, { metadata: { name: "reader" }, rules: [pod] });
  objects.put(roles, { metadata: { name: "local", namespace: "ci" }, rules: [{ ...pod, verbs: ["delete"] }] });
  return { objects, authorizer: new RbacAuthorizer(objects) };
}

const serviceAccountSubjects: readonly [string, Subject, boolean][] = [
  ["with its namespace", { kind: "ServiceAccount", name: "robot", namespace: "ci" }, true],
  ["of another namespace", { kind: "ServiceAccount", name: "robot", namespace: "qa" }, false],
  ["without namespace", { kind: "ServiceAccount", name: "robot" }, false],
  ["as a user", { kind: "User", name: "system:serviceaccount:ci:robot" }, true],
  ["by its namespace's group", { kind: "Group", name: "system:serviceaccounts:ci" }, true],
  ["of an unknown kind", { kind: "Robot", name: "robot" }, false],
];

for (const [name, subject, expected] of serviceAccountSubjects) {
  test(`a cluster-wide binding to a service account ${name}`, () => {
    const { objects, authorizer } = set();
    objects.put(clusterRoleBindings, clusterBinding("reader", [subject]));
    assert.equal(authorizer.authorize(ask(robot, "get", "pods", "any")).decision === "allow", expected);
  });
}

test("a namespaced binding is good in its namespace only, and its service accounts are of it", () => {
  const { objects, authorizer } = set();
  objects.put(roleBindings, binding("ci", "ClusterRole", "reader", [{ kind: "ServiceAccount", name: "robot" }]));
  objects.put(roleBindings, binding("ci", "Role", "local", [{ kind: "Group", name: "dev" }]));
  assert.equal(authorizer.authorize(ask(robot, "get", "pods", "ci")).decision, "allow");
  assert.equal(authorizer.authorize(ask(robot, "get", "pods", "qa")).decision, "noOpinion");
  assert.equal(authorizer.authorize(ask(robot, "list", "pods")).decision, "noOpinion");
  assert.equal(authorizer.authorize(ask(alice, "delete", "pods", "ci")).decision, "allow");
  assert.equal(authorizer.authorize(ask(alice, "get", "pods", "ci")).decision, "noOpinion");
});

test("reasons name binding, role and subject", () => {
  const { objects, authorizer } = set();
  objects.put(
    clusterRoleBindings,
    clusterBinding("reader", [
      { kind: "Group", name: "x" },
      { kind: "Group", name: "dev" },
    ]),
  );
  objects.put(roleBindings, binding("ci", "Role", "local", [{ kind: "ServiceAccount", name: "robot" }]));
  assert.equal(
    authorizer.authorize(ask(alice, "get", "pods")).reason,
    'RBAC: allowed by ClusterRoleBinding "reader" of ClusterRole "reader" to Group "dev"',
  );
  assert.equal(
    authorizer.authorize(ask(robot, "delete", "pods", "ci")).reason,
    'RBAC: allowed by RoleBinding "local/ci" of Role "local" to ServiceAccount "robot/ci"',
  );
});

test("bindings to missing roles are reported and do not hide others", () => {
  const { objects, authorizer } = set();
  objects.put(clusterRoleBindings, clusterBinding("gone", [{ kind: "User", name: "alice" }]));
  objects.put(roleBindings, binding("ci", "Role", "lost", [{ kind: "User", name: "alice" }]));
  assert.deepEqual(authorizer.authorize(ask(alice, "get", "pods", "ci")), {
    decision: "noOpinion",
    reason:
      'RBAC: [clusterrole.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "lost" not found]',
  });
  objects.put(clusterRoleBindings, clusterBinding("reader", [{ kind: "User", name: "alice" }]));
  assert.equal(authorizer.authorize(ask(alice, "get", "pods", "ci")).decision, "allow");
});

test("every change of roles and bindings shows in the next decision", () => {
  const { objects, authorizer } = set();
  const may = (verb = "get") => authorizer.authorize(ask(alice, verb, "pods", "ci")).decision === "allow";
  assert.equal(may(), false);
  objects.put(clusterRoleBindings, clusterBinding("reader", [{ kind: "User", name: "alice" }]));
  assert.equal(may(), true);
  objects.put(clusterRoles, { metadata: { name: "reader" }, rules: [{ ...pod, verbs: ["watch"] }] });
  assert.deepEqual([may(), may("watch")], [false, true]);
  objects.put(clusterRoleBindings, clusterBinding("reader", [{ kind: "User", name: "bob" }]));
  assert.equal(may("watch"), false);
  objects.put(roleBindings, binding("ci", "Role", "local", [{ kind: "Group", name: "dev" }]));
  assert.equal(may("delete"), true);
  objects.put(roles, { metadata: { name: "local", namespace: "ci" }, rules: [] });
  assert.equal(may("delete"), false);
  objects.put(roles, { metadata: { name: "local", namespace: "ci" }, rules: [{ ...pod, verbs: ["delete"] }] });
  objects.remove(roleBindings, "ci", "local");
  assert.equal(may("delete"), false);
});

test("users of one name but other groups are kept apart", () => {
  const { objects, authorizer } = set();
  objects.put(clusterRoleBindings, clusterBinding("reader", [{ kind: "Group", name: "dev" }]));
  assert.equal(authorizer.authorize(ask(alice, "get", "pods")).decision, "allow");
  assert.equal(authorizer.authorize(ask({ ...alice, groups: ["ops"] }, "get", "pods")).decision, "noOpinion");
});

test("a rules review lists what the user may do in a namespace", () => {
  const { objects, authorizer } = set();
  objects.put(clusterRoles, { metadata: { name: "paths" }, rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] });
  for (const role of ["reader", "paths", "gone"]) {
    objects.put(clusterRoleBindings, clusterBinding(role, [{ kind: "User", name: "alice" }]));
  }
  objects.put(roleBindings, binding("ci", "Role", "local", [{ kind: "User", name: "alice" }]));
  const review = reviewRules({ metadata: {}, spec: { namespace: "ci" } }, alice, [authorizer]);
  assert.deepEqual(review.status, {
    resourceRules: [pod, { ...pod, verbs: ["delete"] }],
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }],
    incomplete: false,
    evaluationError: 'clusterrole.rbac.authorization.k8s.io "gone" not found',
  });
});
