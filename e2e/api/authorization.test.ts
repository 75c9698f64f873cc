import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { SubjectAccessReview, SubjectAccessReviewSpec } from "@kube-ts/api/authorization/v1";
import type { ClusterRole } from "@kube-ts/api/rbac/v1";
import { eventually } from "../harness/eventually.ts";
import { JsonServer } from "../harness/json-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { TokenUsers, as, tokenFileFlag } from "../harness/token-users.ts";

// Who may do what: every mode, webhooks on loopback, reviews, and what nobody may grant.

const directory = mkdtempSync(join(tmpdir(), "kube-ts-authorization-"));
const file = (name: string) => join(directory, name);
const hooks = await JsonServer.start();
after(async () => {
  await hooks[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const tokens = tokenFileFlag();
const pods = "/api/v1/namespaces/default/pods";

function role(name: string, ...rules: NonNullable<ClusterRole["rules"]>) {
  return { kind: "ClusterRole", apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name }, rules };
}

function binding(name: string, roleName: string, user: string) {
  const apiGroup = "rbac.authorization.k8s.io";
  return {
    kind: "ClusterRoleBinding",
    apiVersion: `${apiGroup}/v1`,
    metadata: { name },
    roleRef: { apiGroup, kind: "ClusterRole", name: roleName },
    subjects: [{ apiGroup, kind: "User", name: user }],
  };
}

const rbac = "/apis/rbac.authorization.k8s.io/v1";

describe("Node and RBAC", () => {
  const cluster = new TokenUsers(serverForTests({ extraArgs: [tokens] }));

  test("permissions come with bindings and go with them", async () => {
    const forbidden =
      'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "default"';
    assert.equal(await cluster.message("alice", "GET", pods), forbidden);
    const podReader = role("pod-reader", { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] });
    await cluster.create(`${rbac}/clusterroles`, podReader);
    await cluster.create(`${rbac}/clusterrolebindings`, binding("alice-reads", "pod-reader", "alice"));
    assert.equal(await cluster.code("alice", "GET", pods), 200);
    assert.equal(await cluster.code("alice", "DELETE", `${pods}/x`), 403);
    const review = await cluster.review({
      user: "alice",
      resourceAttributes: { verb: "list", resource: "pods", namespace: "default" },
    });
    assert.deepEqual(review.status, {
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "alice-reads" of ClusterRole "pod-reader" to User "alice"',
    });
    assert.equal(await cluster.code("admin", "DELETE", `${rbac}/clusterrolebindings/alice-reads`), 200);
    assert.equal(await cluster.message("alice", "GET", pods), forbidden);
  });

  test("nobody grants what they do not have, unless they may", async () => {
    const granter = role("granter", {
      verbs: ["create", "update"],
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["clusterroles", "clusterrolebindings"],
    });
    await cluster.create(`${rbac}/clusterroles`, granter);
    await cluster.create(`${rbac}/clusterrolebindings`, binding("alice-grants", "granter", "alice"));
    const wanted = role("wanted", { verbs: ["*"], apiGroups: [""], resources: ["secrets"] });
    assert.equal(
      await cluster.message("alice", "POST", `${rbac}/clusterroles`, wanted),
      'clusterroles.rbac.authorization.k8s.io "wanted" is forbidden: user "alice" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["*"]}',
    );
    const toAdmin = binding("alice-admin", "cluster-admin", "alice");
    assert.match(
      await cluster.message("alice", "POST", `${rbac}/clusterrolebindings`, toAdmin),
      /is attempting to grant RBAC permissions not currently held/,
    );
    const may = role("may-escalate", {
      verbs: ["escalate", "bind"],
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["clusterroles"],
      resourceNames: ["wanted"],
    });
    await cluster.create(`${rbac}/clusterroles`, may);
    await cluster.create(`${rbac}/clusterrolebindings`, binding("alice-escalates", "may-escalate", "alice"));
    assert.equal(await cluster.code("alice", "POST", `${rbac}/clusterroles`, wanted), 201);
    const toWanted = binding("bob-wanted", "wanted", "bob");
    assert.equal(await cluster.code("alice", "POST", `${rbac}/clusterrolebindings`, toWanted), 201);
    assert.equal(await cluster.code("bob", "GET", "/api/v1/secrets"), 200);
    assert.equal(await cluster.code("alice", "POST", `${rbac}/clusterrolebindings`, toAdmin), 403);
  });

  test("names and paths narrow permissions", async () => {
    const named = role(
      "named",
      { verbs: ["get", "watch", "list"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["one"] },
      { verbs: ["get"], nonResourceURLs: ["/metrics", "/debug/*"] },
    );
    await cluster.create(`${rbac}/clusterroles`, named);
    await cluster.create(`${rbac}/clusterrolebindings`, binding("bob-named", "named", "bob"));
    const maps = "/api/v1/namespaces/default/configmaps";
    assert.equal(await cluster.code("bob", "GET", `${maps}/one`), 404);
    assert.equal(await cluster.code("bob", "GET", `${maps}/two`), 403);
    assert.equal(await cluster.code("bob", "GET", maps), 403);
    assert.equal(await cluster.code("bob", "GET", `${maps}?fieldSelector=metadata.name%3Done`), 200);
    assert.equal(await cluster.code("bob", "GET", `${maps}?fieldSelector=metadata.name%3Dtwo`), 403);
    assert.equal(await cluster.code("bob", "GET", "/metrics"), 200);
    assert.equal(await cluster.code("bob", "GET", "/debug/x/y"), 404);
    assert.equal(await cluster.code("bob", "GET", "/debug"), 403);
  });

  test("impersonation for a purpose", async () => {
    const impersonator = role(
      "impersonator",
      {
        verbs: ["impersonate:user-info"],
        apiGroups: ["authentication.k8s.io"],
        resources: ["users"],
        resourceNames: ["carol"],
      },
      { verbs: ["impersonate-on:user-info:list"], apiGroups: [""], resources: ["pods"] },
    );
    await cluster.create(`${rbac}/clusterroles`, impersonator);
    await cluster.create(`${rbac}/clusterrolebindings`, binding("bob-impersonates", "impersonator", "bob"));
    const reader = role("pods-for-carol", {
      verbs: ["list", "delete"],
      apiGroups: [""],
      resources: ["pods"],
    });
    await cluster.create(`${rbac}/clusterroles`, reader);
    await cluster.create(`${rbac}/clusterrolebindings`, binding("carol-reads", "pods-for-carol", "carol"));
    const asCarol = async (method: string, path: string, user = "carol") =>
      cluster.ask(method, path, { as: as("bob"), headers: { "Impersonate-User": user } });
    assert.equal((await asCarol("GET", pods)).code, 200);
    assert.match((await asCarol("DELETE", `${pods}/x`)).text, /cannot impersonate-on:user-info:delete resource/);
    assert.match((await asCarol("GET", pods, "dave")).text, /cannot impersonate:user-info resource/);
  });
});

describe("webhooks in order", () => {
  const decide = (allow: (spec: SubjectAccessReviewSpec) => object) => (body: unknown) => ({
    body: { ...(body as object), status: allow((body as SubjectAccessReview).spec) },
  });
  hooks.on(
    "/first",
    decide(({ user }) => (user === "bob" ? { allowed: false, denied: true, reason: "not bob" } : {})),
  );
  hooks.on(
    "/second",
    decide(({ user }) => ({ allowed: user === "alice" })),
  );
  hooks.on("/broken", () => ({ status: 400, body: {} }));
  const webhook = (path: string, more: object = {}) => ({
    type: "Webhook",
    name: path.slice(1),
    webhook: {
      timeout: "3s",
      authorizedTTL: "1s",
      unauthorizedTTL: "1s",
      subjectAccessReviewVersion: "v1",
      failurePolicy: "NoOpinion",
      connectionInfo: { type: "KubeConfigFile", kubeConfigFile: hooks.kubeconfig(path) },
      ...more,
    },
  });
  const write = (...authorizers: readonly object[]) =>
    writeFileSync(
      file("authorization.yaml"),
      JSON.stringify({
        apiVersion: "apiserver.config.k8s.io/v1",
        kind: "AuthorizationConfiguration",
        authorizers,
      }),
    );
  const conditions = {
    matchConditionSubjectAccessReviewVersion: "v1",
    matchConditions: [
      { expression: "has(request.resourceAttributes)" },
      { expression: "request.resourceAttributes.resource == 'pods'" },
    ],
  };
  write(webhook("/first"), webhook("/second", conditions), { type: "RBAC", name: "rbac" });
  const cluster = new TokenUsers(
    serverForTests({
      extraArgs: [tokens, `--authorization-config=${file("authorization.yaml")}`],
      withoutFlags: ["--authorization-mode"],
    }),
  );

  test("the first that has an opinion decides", async () => {
    assert.equal(await cluster.code("alice", "GET", pods), 200);
    assert.equal(
      await cluster.message("bob", "GET", pods),
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default": not bob',
    );
    assert.equal(await cluster.code("alice", "GET", "/api/v1/namespaces/default/secrets"), 403);
    assert.equal(await cluster.code("admin", "GET", "/api/v1/namespaces/default/secrets"), 200);
    const asked = hooks.of<SubjectAccessReview>("/second").map(({ spec }) => spec.resourceAttributes?.resource);
    assert.deepEqual([...new Set(asked)], ["pods"]);
    const ofAdmin = hooks.of<SubjectAccessReview>("/first").filter(({ spec }) => spec.user === "root");
    assert.deepEqual(ofAdmin, []);
  });

  test("decisions are counted by who made them", async () => {
    const { text } = await cluster.ask("GET", "/metrics", { as: as("admin") });
    assert.match(text, /apiserver_authorization_decisions_total\{type="Webhook",name="first",decision="denied"\} \d/);
    assert.match(text, /apiserver_authorization_decisions_total\{type="Webhook",name="second",decision="allowed"\} \d/);
    assert.match(text, /authentication_attempts\{result="success"\} \d/);
  });

  test("webhooks see selectors", async () => {
    await cluster.code("alice", "GET", `${pods}?labelSelector=app%3Dweb&fieldSelector=spec.nodeName%3Dn1`);
    const last = hooks.of<SubjectAccessReview>("/first").at(-1)?.spec.resourceAttributes;
    assert.deepEqual(last?.labelSelector, { requirements: [{ key: "app", operator: "In", values: ["web"] }] });
    assert.deepEqual(last?.fieldSelector, {
      requirements: [{ key: "spec.nodeName", operator: "In", values: ["n1"] }],
    });
  });

  test("rules are incomplete where a webhook decides", async () => {
    const { incomplete, evaluationError } = await cluster.rulesOf("alice");
    assert.equal(incomplete, true);
    assert.equal(evaluationError, "webhook authorizer does not support user rule resolution");
  });

  test("the configuration is the file's, as long as it is one", async () => {
    write(webhook("/broken"), webhook("/second"), { type: "RBAC", name: "rbac" });
    await eventually(
      "bob is no longer denied",
      () => cluster.message("bob", "GET", pods),
      (text) => !text.includes("not bob"),
    );
    // The webhook that could have allowed it is out of reach.
    assert.equal(await cluster.code("bob", "GET", pods), 500);
    assert.equal(await cluster.code("alice", "GET", pods), 200);
    const { status } = await cluster.review({ user: "bob", resourceAttributes: { verb: "list", resource: "pods" } });
    assert.equal(status?.allowed, false);
    assert.match(status?.evaluationError ?? "", /the webhook answered with status 400/);
    const { text } = await cluster.ask("GET", "/metrics", { as: as("admin") });
    assert.match(text, /apiserver_authorization_webhook_evaluations_total\{[^}]*result="success"[^}]*\} [1-9]/);
    assert.match(text, /apiserver_authorization_webhook_evaluations_fail_open_total\{[^}]*result="error"[^}]*\} [1-9]/);
    assert.match(text, /apiserver_authorization_match_condition_exclusions_total\{[^}]*type="Webhook"[^}]*\} [1-9]/);

    write({ type: "AlwaysAllow", name: "open" }, { type: "Magic", name: "magic" });
    await eventually(
      "the failure is counted",
      async () => (await cluster.ask("GET", "/metrics", { as: as("admin") })).text,
      (text) =>
        /apiserver_authorization_config_controller_automatic_reloads_total\{[^}]*status="failure"[^}]*\} 1/.test(text),
    );
    assert.equal(await cluster.code("bob", "GET", "/api/v1/namespaces/default/secrets"), 500);
    write(webhook("/broken", { failurePolicy: "Deny" }), { type: "RBAC", name: "rbac" });
    await eventually(
      "alice is refused",
      () => cluster.code("alice", "GET", pods),
      (code) => code === 500,
    );
    write({ type: "RBAC", name: "rbac" });
    await eventually(
      "RBAC alone decides",
      () => cluster.code("alice", "GET", pods),
      (code) => code === 403,
    );
  });
});

describe("ABAC and a webhook by flags", () => {
  hooks.on("/flags", (body) => {
    const { spec } = body as { spec: { user: string; group?: string[] } };
    return { body: { ...(body as object), status: { allowed: spec.group?.includes("dev") ?? false } } };
  });
  writeFileSync(
    file("policy.jsonl"),
    [
      '{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"bob","namespace":"default","resource":"pods","readonly":true}}',
      '{"user":"bob","resource":"configmaps"}',
      '{"group":"system:authenticated","resource":"selfsubjectrulesreviews"}',
      '{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"group":"system:unauthenticated","nonResourcePath":"/readyz","readonly":true}}',
    ].join("\n"),
  );
  const cluster = new TokenUsers(
    serverForTests({
      withoutFlags: ["--authorization-mode"],
      extraArgs: [
        tokens,
        "--authorization-mode=ABAC,Webhook",
        `--authorization-policy-file=${file("policy.jsonl")}`,
        `--authorization-webhook-config-file=${hooks.kubeconfig("/flags")}`,
        "--authorization-webhook-cache-authorized-ttl=10s",
      ],
    }),
  );

  test("a line of the file allows, else the webhook does", async () => {
    assert.equal(await cluster.code("bob", "GET", pods), 200);
    assert.equal(await cluster.code("bob", "DELETE", `${pods}/x`), 403);
    assert.equal(await cluster.code("bob", "GET", "/api/v1/configmaps"), 200);
    assert.equal(
      await cluster.message("bob", "GET", "/api/v1/nodes"),
      'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope: No policy matched.',
    );
    for (let turn = 0; turn < 3; turn += 1) assert.equal(await cluster.code("alice", "GET", "/api/v1/nodes"), 200);
    const asked = hooks.of<{ apiVersion: string; spec: { user: string } }>("/flags");
    const ofAlice = asked.filter(({ spec }) => spec.user === "alice");
    assert.equal(ofAlice.length, 1);
    assert.equal(ofAlice[0]?.apiVersion, "authorization.k8s.io/v1beta1");
  });

  test("rules are listed as far as they are known", async () => {
    const { resourceRules, incomplete } = await cluster.rulesOf("bob");
    assert.equal(incomplete, true);
    assert.deepEqual(resourceRules, [
      { verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods"] },
      { verbs: ["*"], apiGroups: ["*"], resources: ["configmaps"] },
      { verbs: ["*"], apiGroups: ["*"], resources: ["selfsubjectrulesreviews"] },
    ]);
  });
});
