import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClusterRole, Role, RoleBinding } from "@kube-ts/api/rbac/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { clusterRoleResource, roleResource } from "./role.ts";
import { clusterRoleBindingResource, roleBindingResource } from "./role-binding.ts";

const metadata = { name: "system:reader", creationTimestamp: "2026-01-31T11:59:00Z" };
const rule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };

describe("a role", () => {
  const bench = new RuleBench<Role>(roleResource);

  function create(what: string, rules: readonly Draft[], errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, rules }), errors));
  }

  create("may be plain", [rule], []);
  create("may be empty", [], []);
  create(
    "allows something",
    [{}],
    [
      "rules[0].verbs: Required value: verbs must contain at least one value",
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
      "rules[0].resources: Required value: resource rules must supply at least one resource",
    ],
  );
  create(
    "is about resources",
    [
      { verbs: ["get"], nonResourceURLs: ["/healthz"] },
      { ...rule, nonResourceURLs: ["/healthz"] },
    ],
    [
      'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs',
      'rules[1].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs',
      'rules[1].nonResourceURLs: Invalid value: ["/healthz"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
  );

  it("has a name that paths can hold", () => {
    assert.deepEqual(bench.createErrors({ metadata: { name: "a/b%c" } }), [
      `metadata.name: Invalid value: "a/b%c": may not contain '/'`,
      `metadata.name: Invalid value: "a/b%c": may not contain '%'`,
    ]);
    assert.deepEqual(bench.createErrors({ metadata: { name: ".." } }), [
      `metadata.name: Invalid value: "..": may not be '..'`,
    ]);
  });

  it("is shown with its time", () =>
    assert.deepEqual(bench.row({ metadata }), { Name: "system:reader", "Created At": "2026-01-31T11:59:00Z" }));
});

describe("a cluster role", () => {
  const bench = new RuleBench<ClusterRole>(clusterRoleResource);
  const create = (fields: Draft) => bench.createErrors({ metadata, ...fields });

  it("may be about paths", () =>
    assert.deepEqual(create({ rules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/livez/*"] }] }), []));
  it("may be made of others", () => {
    assert.deepEqual(create({ aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } }), []);
  });

  it("is made of some others", () => {
    assert.deepEqual(create({ aggregationRule: {} }), [
      "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
    ]);
    assert.deepEqual(
      create({ aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [{ key: "a", operator: "Is" }] }] } }),
      [
        'aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
      ],
    );
  });

  it("is about paths or resources", () => {
    assert.deepEqual(create({ rules: [{ ...rule, nonResourceURLs: ["/healthz"] }] }), [
      'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: rules cannot apply to both regular resources and non-resource URLs',
    ]);
  });
});

describe("a role binding", () => {
  const bench = new RuleBench<RoleBinding>(roleBindingResource);
  const roleRef = { kind: "Role", name: "reader" };

  it("is filled in", () => {
    const subjects = [
      { kind: "User", name: "a" },
      { kind: "Group", name: "b" },
      { kind: "ServiceAccount", name: "c", namespace: "d", apiGroup: "" },
    ];
    const { roleRef: filled, subjects: all } = bench.decode({ metadata, roleRef, subjects });
    assert.deepEqual(
      [filled, all],
      [
        { kind: "Role", name: "reader", apiGroup: "rbac.authorization.k8s.io" },
        [
          { kind: "User", name: "a", apiGroup: "rbac.authorization.k8s.io" },
          { kind: "Group", name: "b", apiGroup: "rbac.authorization.k8s.io" },
          { kind: "ServiceAccount", name: "c", namespace: "d" },
        ],
      ],
    );
  });

  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, roleRef, ...fields }), errors));
  }

  create(
    "may be of a cluster role",
    { roleRef: { kind: "ClusterRole", name: "view" }, subjects: [{ kind: "ServiceAccount", name: "a" }] },
    [],
  );
  create("is of a role", { roleRef: { kind: "Job", name: "" } }, [
    'roleRef.kind: Unsupported value: "Job": supported values: "Role", "ClusterRole"',
    "roleRef.name: Required value",
  ]);
  create("is of a role with a right name", { roleRef: { kind: "Role", name: "a/b", apiGroup: "example.com" } }, [
    'roleRef.apiGroup: Unsupported value: "example.com": supported values: "rbac.authorization.k8s.io"',
    `roleRef.name: Invalid value: "a/b": may not contain '/'`,
  ]);
  create(
    "is for right subjects",
    {
      subjects: [
        { kind: "Robot", name: "a" },
        { kind: "User", name: "" },
        { kind: "User", name: "a", apiGroup: "example.com" },
        { kind: "ServiceAccount", name: "A", apiGroup: "example.com" },
      ],
    },
    [
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
      "subjects[1].name: Required value",
      'subjects[2].apiGroup: Unsupported value: "example.com": supported values: "rbac.authorization.k8s.io"',
      `subjects[3].name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      'subjects[3].apiGroup: Unsupported value: "example.com": supported values: ""',
    ],
  );

  it("keeps its role", () => {
    const old = bench.prepared({ metadata, roleRef });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.roleRef = { ...next.roleRef, name: "other" })),
      [
        'roleRef: Invalid value: {"kind":"Role","name":"other","apiGroup":"rbac.authorization.k8s.io"}: cannot change roleRef',
      ],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.subjects = [{ kind: "User", name: "a" }])),
      [],
    );
  });

  it("is shown with its subjects", () => {
    const subjects = [
      { kind: "User", name: "a" },
      { kind: "User", name: "b" },
      { kind: "Group", name: "c" },
      { kind: "ServiceAccount", name: "d", namespace: "e" },
    ];
    assert.deepEqual(bench.row({ metadata, roleRef, subjects }), {
      Name: "system:reader",
      Role: "Role/reader",
      Age: "60s",
      Users: "a, b",
      Groups: "c",
      ServiceAccounts: "e/d",
    });
  });
});

describe("a cluster role binding", () => {
  const bench = new RuleBench(clusterRoleBindingResource);

  it("is of a cluster role, for accounts of a namespace", () => {
    const draft = { metadata, roleRef: { kind: "Role", name: "a" }, subjects: [{ kind: "ServiceAccount", name: "b" }] };
    assert.deepEqual(bench.createErrors(draft), [
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
      "subjects[0].namespace: Required value",
    ]);
  });
});
