import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole, RoleBinding } from "@kube-ts/api/rbac/v1";
import * as types from "@kube-ts/api/resource-types";
import { RbacAuthorizer } from "../../auth/rbac/rbac-authorizer.ts";
import { serviceAccountUser } from "../../auth/service-accounts/identity.ts";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import { type UserInfo, anonymousUser } from "../../auth/user.ts";
import { clusterRoleBindings } from "./cluster-role-bindings.ts";
import { componentRoles } from "./component-roles.ts";
import { controllerRoleBindings, controllerRoles } from "./controller-roles.ts";
import { ensureRbac } from "./ensure-rbac.ts";
import { namespaceRoleBindings, namespaceRoles } from "./namespace-roles.ts";
import { reconcileBinding, reconcileRole } from "./reconcile.ts";
import { userRoles } from "./user-roles.ts";

const signal = new AbortController().signal;
const allRoles = [...userRoles, ...componentRoles, ...controllerRoles];

async function bootstrapped() {
  const objects = new MemoryObjects();
  await ensureRbac({ source: objects, writer: objects }, signal);
  return objects;
}

test("every binding binds a role that exists, and names are unique", () => {
  const names = allRoles.map((role) => role.metadata.name);
  assert.equal(new Set(names).size, names.length);
  for (const { roleRef } of [...clusterRoleBindings, ...controllerRoleBindings])
    assert.ok(names.includes(roleRef.name));
  const local = namespaceRoles.map((role) => `${role.metadata.namespace}/${role.metadata.name}`);
  for (const { metadata, roleRef } of namespaceRoleBindings) {
    assert.ok(local.includes(`${metadata.namespace}/${roleRef.name}`));
  }
});

test("rules are sorted and complete, and objects carry the marks of bootstrapping", () => {
  for (const role of [...allRoles, ...namespaceRoles]) {
    assert.equal(role.metadata.labels?.["kubernetes.io/bootstrapping"], "rbac-defaults");
    assert.equal(role.metadata.annotations?.["rbac.authorization.kubernetes.io/autoupdate"], "true");
    for (const rule of role.rules ?? []) {
      assert.ok(rule.nonResourceURLs ? !rule.apiGroups : rule.apiGroups?.length && rule.resources?.length);
      for (const list of [rule.verbs, rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]) {
        assert.deepEqual(list, list && [...new Set(list)].sort());
        assert.ok(list?.every((item) => item !== "core" && !item.includes(" ")) ?? true);
      }
    }
  }
});

test("the aggregated roles select the roles that are made for them", () => {
  const selects = (name: string) => {
    const role = userRoles.find(({ metadata }) => metadata.name === name);
    const [selector] = role?.aggregationRule?.clusterRoleSelectors ?? [];
    const wanted = Object.entries(selector?.matchLabels ?? {});
    return userRoles
      .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
      .map(({ metadata }) => metadata.name);
  };
  assert.deepEqual(selects("admin"), ["edit", "system:aggregate-to-admin"]);
  assert.deepEqual(selects("edit"), ["view", "system:aggregate-to-edit"]);
  assert.deepEqual(selects("view"), ["system:aggregate-to-view"]);
});

const component = (name: string): UserInfo => ({ name, uid: "", groups: ["system:authenticated"], extra: {} });
const controller = (name: string) => serviceAccountUser({ namespace: "kube-system", name, uid: "1" });

const permissions: readonly [UserInfo, string, string, string, boolean][] = [
  [component("system:kube-scheduler"), "create", "pods/binding", "", true],
  [component("system:kube-scheduler"), "create", "pods", "", false],
  [component("system:kube-scheduler"), "update", "leases:kube-scheduler", "coordination.k8s.io", true],
  [component("system:kube-scheduler"), "delete", "leases:kube-scheduler", "coordination.k8s.io", false],
  [component("system:kube-scheduler"), "create", "resourceclaims", "resource.k8s.io", true],
  [component("system:kube-controller-manager"), "watch", "anything", "example.com", true],
  [component("system:kube-controller-manager"), "create", "serviceaccounts/token", "", true],
  [component("system:kube-proxy"), "watch", "endpointslices", "discovery.k8s.io", true],
  [component("system:kube-proxy"), "get", "secrets", "", false],
  [component("alice"), "create", "selfsubjectaccessreviews", "authorization.k8s.io", true],
  [component("alice"), "list", "pods", "", false],
  [controller("replicaset-controller"), "create", "pods", "", true],
  [controller("replicaset-controller"), "update", "replicasets/status", "apps", true],
  [controller("replicaset-controller"), "create", "secrets", "", false],
  [controller("deployment-controller"), "create", "replicasets", "apps", true],
  [controller("deployment-controller"), "create", "pods", "", false],
  [controller("statefulset-controller"), "create", "pods", "", true],
  [controller("statefulset-controller"), "update", "persistentvolumeclaims", "", true],
  [controller("statefulset-controller"), "patch", "controllerrevisions", "apps", true],
  [controller("statefulset-controller"), "update", "statefulsets", "apps", false],
  [controller("statefulset-controller"), "patch", "persistentvolumeclaims", "", false],
  [controller("generic-garbage-collector"), "delete", "widgets", "example.com", true],
  [controller("namespace-controller"), "deletecollection", "widgets", "example.com", true],
  [controller("endpointslice-controller"), "create", "endpointslices", "discovery.k8s.io", true],
  [controller("node-controller"), "patch", "pods/status", "", true],
  [controller("horizontal-pod-autoscaler"), "update", "deployments/scale", "apps", true],
  [controller("kube-dns"), "watch", "services", "", true],
];

test("components and controllers may do their own job only", async () => {
  const authorizer = new RbacAuthorizer(await bootstrapped());
  for (const [user, verb, what, group, expected] of permissions) {
    const [full = "", name = ""] = what.split(":");
    const [resource = "", subresource = ""] = full.split("/");
    const attributes = { kind: "resource", user, verb, group, version: "v1", resource, subresource, name } as const;
    const { decision } = authorizer.authorize({ ...attributes, namespace: "kube-system" });
    assert.equal(decision === "allow", expected, `${user.name} ${verb} ${what}`);
  }
});

test("the anonymous user sees health and version and nothing else", async () => {
  const authorizer = new RbacAuthorizer(await bootstrapped());
  const may = (path: string) =>
    authorizer.authorize({ kind: "path", user: anonymousUser, verb: "get", path }).decision === "allow";
  assert.deepEqual(["/healthz", "/livez", "/readyz", "/version", "/version/"].map(may), [true, true, true, true, true]);
  assert.deepEqual(["/", "/api", "/apis", "/metrics", "/openapi/v2", "/healthz/etcd"].map(may), Array(6).fill(false));
});

test("a second start changes nothing", async () => {
  const objects = await bootstrapped();
  const versions = () => objects.list(types.clusterRoles).map((role) => role.metadata.resourceVersion);
  const before = versions();
  await ensureRbac({ source: objects, writer: objects }, signal);
  assert.deepEqual(versions(), before);
});

test("servers that start at the same time do not disturb each other", async () => {
  const objects = new MemoryObjects();
  await Promise.all([1, 2, 3].map(() => ensureRbac({ source: objects, writer: objects }, signal)));
  assert.equal(objects.list(types.clusterRoles).length, allRoles.length);
});

const expected: ClusterRole = {
  metadata: { name: "r", labels: { a: "1" } },
  rules: [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }],
};

test("missing rules and labels are added, additions of others stay", () => {
  const extra = { verbs: ["*"], apiGroups: ["x"], resources: ["y"] };
  const current: ClusterRole = {
    metadata: { name: "r", labels: { b: "2" } },
    rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }, extra],
  };
  const changed = reconcileRole(current, expected);
  assert.deepEqual(changed?.metadata.labels, { a: "1", b: "2" });
  assert.deepEqual(changed?.rules, [
    ...(current.rules ?? []),
    { verbs: ["list"], apiGroups: [""], resources: ["pods"] },
  ]);
  assert.equal(changed && reconcileRole(changed, expected), undefined);
});

test("a role whose owner opted out is left alone", () => {
  const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
  assert.equal(reconcileRole({ metadata: { name: "r", annotations }, rules: [] }, expected), undefined);
});

test("rules of aggregated roles belong to the controller that gathers them", () => {
  const admin = userRoles.find(({ metadata }) => metadata.name === "admin");
  assert.ok(admin);
  assert.equal(reconcileRole({ ...admin, rules: [{ verbs: ["get"] }] }, admin), undefined);
  const changed = reconcileRole({ ...admin, aggregationRule: { clusterRoleSelectors: [] } }, admin);
  assert.deepEqual(changed?.aggregationRule, admin.aggregationRule);
});

test("bindings get their subjects back, and are made anew when they bind another role", async () => {
  const [first] = namespaceRoleBindings;
  assert.ok(first);
  const added = { kind: "User", name: "extra" };
  const current: RoleBinding = { ...first, subjects: [added, ...(first.subjects ?? []).slice(1)] };
  const change = reconcileBinding(current, first);
  assert.equal(change.kind, "update");
  assert.equal(change.kind === "update" && change.binding.subjects?.length, 3);
  const objects = await bootstrapped();
  const wrong: RoleBinding = { ...first, roleRef: { ...first.roleRef, name: "cluster-admin" } };
  objects.put(types.roleBindings, wrong);
  await ensureRbac({ source: objects, writer: objects }, signal);
  const repaired = objects.get(types.roleBindings, first.metadata.namespace ?? "", first.metadata.name ?? "");
  assert.deepEqual(repaired?.roleRef, first.roleRef);
});
