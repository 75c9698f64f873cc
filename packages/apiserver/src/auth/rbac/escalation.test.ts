import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole, PolicyRule, RoleBinding } from "@kube-ts/api/rbac/v1";
import { clusterRoleBindings, clusterRoles, roleBindings } from "@kube-ts/api/resource-types";
import type { ApiError } from "@kube-ts/api/status-error";
import { MemoryObjects } from "../testing/memory-objects.ts";
import type { UserInfo } from "../user.ts";
import { escalationProblem, fullAuthority } from "./escalation-check.ts";
import { EscalationGuard } from "./escalation-guard.ts";
import { uncoveredRules } from "./policy-rules.ts";
import { RbacAuthorizer } from "./rbac-authorizer.ts";

const user: UserInfo = { name: "bob", uid: "", groups: ["dev", "system:authenticated"], extra: {} };
const signal = new AbortController().signal;
const pods = (verbs: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs,
  apiGroups: [""],
  resources: ["pods"],
  ...more,
});

const coverage: readonly [string, PolicyRule[], PolicyRule[], boolean][] = [
  ["nothing wanted", [], [], true],
  ["the same", [pods(["get"])], [pods(["get"])], true],
  ["two rules together", [pods(["get"]), pods(["list"])], [pods(["get", "list"])], true],
  ["a missing verb", [pods(["get"])], [pods(["get", "list"])], false],
  ["all verbs", [pods(["*"])], [pods(["get"])], true],
  ["all verbs by some", [pods(["get"])], [pods(["*"])], false],
  ["all groups by one", [pods(["get"])], [pods(["get"], { apiGroups: ["*"] })], false],
  ["all resources", [pods(["get"], { resources: ["*"] })], [pods(["get"], { resources: ["pods/log"] })], true],
  [
    "a subresource of all",
    [pods(["get"], { resources: ["*/scale"] })],
    [pods(["get"], { resources: ["x/scale"] })],
    true,
  ],
  ["names by no names", [pods(["get"])], [pods(["get"], { resourceNames: ["a"] })], true],
  ["no names by names", [pods(["get"], { resourceNames: ["a"] })], [pods(["get"])], false],
  ["names by names", [pods(["get"], { resourceNames: ["a", "b"] })], [pods(["get"], { resourceNames: ["b"] })], true],
  [
    "names split over rules",
    [pods(["get"], { resourceNames: ["a"] }), pods(["get"], { resourceNames: ["b"] })],
    [pods(["get"], { resourceNames: ["a", "b"] })],
    true,
  ],
  [
    "a path by a pattern",
    [{ verbs: ["get"], nonResourceURLs: ["/a/*"] }],
    [{ verbs: ["get"], nonResourceURLs: ["/a/b", "/a/*"] }],
    true,
  ],
  [
    "a pattern by a path",
    [{ verbs: ["get"], nonResourceURLs: ["/a"] }],
    [{ verbs: ["get"], nonResourceURLs: ["/a*"] }],
    false,
  ],
  ["full authority by half of it", fullAuthority.slice(0, 1), [...fullAuthority], false],
];

for (const [name, held, wanted, expected] of coverage) {
  test(`held rules cover ${name}: ${expected}`, () => {
    assert.equal(uncoveredRules(held, wanted).length === 0, expected);
  });
}

test("the message lists what is missing, merged by resource and sorted", () => {
  const wanted = [
    pods(["get", "list", "delete"]),
    { verbs: ["get"], nonResourceURLs: ["/metrics"] },
    { verbs: ["create"], apiGroups: ["apps"], resources: ["deployments", "replicasets"] },
    pods(["get"], { resourceNames: ["b", "a"], resources: ["secrets"] }),
  ];
  const held = { rules: [pods(["get"])], incomplete: false, problems: [] };
  assert.equal(
    escalationProblem(user, held, wanted),
    'user "bob" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
      '{APIGroups:[""], Resources:["pods"], Verbs:["list" "delete"]}\n' +
      '{APIGroups:[""], Resources:["secrets"], ResourceNames:["a"], Verbs:["get"]}\n' +
      '{APIGroups:[""], Resources:["secrets"], ResourceNames:["b"], Verbs:["get"]}\n' +
      '{APIGroups:["apps"], Resources:["deployments"], Verbs:["create"]}\n' +
      '{APIGroups:["apps"], Resources:["replicasets"], Verbs:["create"]}\n' +
      '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
  );
});

const apiGroup = "rbac.authorization.k8s.io";

function guardFor(rules: PolicyRule[]) {
  const objects = new MemoryObjects();
  objects.put(clusterRoles, { metadata: { name: "mine" }, rules });
  objects.put(clusterRoles, {
    metadata: { name: "secret-reader" },
    rules: [pods(["get"], { resources: ["secrets"] })],
  });
  const subjects = [{ kind: "User", name: "bob" }];
  objects.put(clusterRoleBindings, {
    metadata: { name: "mine" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "mine" },
    subjects,
  });
  const rbac = new RbacAuthorizer(objects);
  return { guard: new EscalationGuard(rbac, rbac), objects };
}

async function problem(check: Promise<void>): Promise<string> {
  return check.then(
    () => "",
    (error: ApiError) => `${error.code} ${error.message}`,
  );
}

const role = (rules: PolicyRule[], more: object = {}): ClusterRole => ({ metadata: { name: "new" }, rules, ...more });

test("roles may grant what their author holds, or anything with the verb escalate", async () => {
  const check = (held: PolicyRule[], granted: ClusterRole, old?: ClusterRole, as = user) =>
    problem(guardFor(held).guard.checkRole("clusterroles", granted, old, as, signal));
  assert.equal(await check([pods(["get"])], role([pods(["get"])])), "");
  assert.match(
    await check([pods(["get"])], role([pods(["list"])])),
    /^403 clusterroles\.rbac\.authorization\.k8s\.io "new" is forbidden: user "bob" .* not currently held:\n/,
  );
  const escalate = { verbs: ["escalate"], apiGroups: [apiGroup], resources: ["clusterroles"] };
  assert.equal(await check([escalate], role([pods(["list"])])), "");
  assert.equal(await check([], role([pods(["list"])]), undefined, { ...user, groups: ["system:masters"] }), "");
});

test("any change of a role but its owners takes the permissions in it", async () => {
  const { guard } = guardFor([]);
  const old = role([pods(["get"])]);
  const owned = { ...old, metadata: { ...old.metadata, finalizers: ["x"] } };
  const labelled = { ...old, metadata: { ...old.metadata, labels: { a: "b" } } };
  assert.equal(await problem(guard.checkRole("clusterroles", owned, old, user, signal)), "");
  assert.match(await problem(guard.checkRole("clusterroles", labelled, old, user, signal)), /^403/);
});

test("an aggregation rule takes full authority", async () => {
  const aggregated = role([], { aggregationRule: { clusterRoleSelectors: [{}] } });
  const limited = guardFor([pods(["*"])]).guard;
  const expected =
    '403 clusterroles.rbac.authorization.k8s.io "new" is forbidden: must have cluster-admin privileges to use the aggregationRule';
  assert.equal(await problem(limited.checkRole("clusterroles", aggregated, undefined, user, signal)), expected);
  assert.equal(await problem(limited.checkRole("clusterroles", role([]), aggregated, user, signal)), expected);
  const full = guardFor([...fullAuthority]).guard;
  assert.equal(await problem(full.checkRole("clusterroles", aggregated, undefined, user, signal)), "");
});

test("bindings take the role's permissions or the verb bind", async () => {
  const binding = (name: string): RoleBinding => ({
    metadata: { name: "b", namespace: "ci" },
    roleRef: { apiGroup, kind: "ClusterRole", name },
  });
  const check = (held: PolicyRule[], name = "secret-reader") =>
    problem(guardFor(held).guard.checkBinding("rolebindings", binding(name), undefined, user, signal));
  assert.match(await check([]), /^403 rolebindings\.rbac\.authorization\.k8s\.io "b" is forbidden: user "bob"/);
  assert.equal(await check([pods(["get"], { resources: ["secrets"] })]), "");
  const bind = {
    verbs: ["bind"],
    apiGroups: [apiGroup],
    resources: ["clusterroles"],
    resourceNames: ["secret-reader"],
  };
  assert.equal(await check([bind]), "");
  assert.equal(await check([bind], "gone"), '404 clusterroles.rbac.authorization.k8s.io "gone" not found');
});

test("permissions held in the binding's namespace count there", async () => {
  const { guard, objects } = guardFor([]);
  const local = {
    metadata: { name: "l", namespace: "ci" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "secret-reader" },
  };
  objects.put(roleBindings, { ...local, subjects: [{ kind: "User", name: "bob" }] });
  const grant = (namespace: string) => {
    const binding = {
      metadata: { name: "b", namespace },
      roleRef: { apiGroup, kind: "ClusterRole", name: "secret-reader" },
    };
    return problem(guard.checkBinding("rolebindings", binding, undefined, user, signal));
  };
  assert.equal(await grant("ci"), "");
  assert.match(await grant("qa"), /^403/);
});
