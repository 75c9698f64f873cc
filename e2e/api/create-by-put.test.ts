import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "@kube-ts/api/meta/v1";
import { serverForTests } from "../harness/server-for-tests.ts";
import { TokenUsers, as, tokenFileFlag } from "../harness/token-users.ts";

const server = serverForTests({ extraArgs: [tokenFileFlag()] });
const users = new TokenUsers(server);

const within = (path: string) => `${path}/namespaces/default`;
const rbac = "/apis/rbac.authorization.k8s.io/v1";
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };

/** Kinds whose objects a PUT creates where there are none, as upstream has it. */
const creating: readonly (readonly [path: string, fields: object])[] = [
  [`${within("/api/v1")}/endpoints`, {}],
  [`${within("/api/v1")}/events`, { involvedObject: { namespace: "default" } }],
  [`${within("/api/v1")}/limitranges`, { spec: { limits: [] } }],
  [`${within("/api/v1")}/services`, { spec: { ports: [{ port: 80 }] } }],
  [`${within("/apis/coordination.k8s.io/v1")}/leases`, { spec: {} }],
  ["/apis/node.k8s.io/v1/runtimeclasses", { handler: "handler" }],
  [`${within(rbac)}/roles`, {}],
  [`${within(rbac)}/rolebindings`, { roleRef }],
  [`${rbac}/clusterroles`, {}],
  [`${rbac}/clusterrolebindings`, { roleRef }],
];

const others: readonly (readonly [path: string, fields: object])[] = [
  [`${within("/api/v1")}/configmaps`, {}],
  [`${within("/api/v1")}/secrets`, {}],
  ["/api/v1/namespaces", {}],
  ["/apis/scheduling.k8s.io/v1/priorityclasses", { value: 1 }],
  ["/apis/storage.k8s.io/v1/csinodes", { spec: { drivers: [] } }],
  [`${within("/apis/policy/v1")}/poddisruptionbudgets`, { spec: {} }],
  [`${within("/apis/discovery.k8s.io/v1")}/endpointslices`, { addressType: "IPv4", endpoints: [] }],
];

const put = (path: string, name: string, fields: object, who: Parameters<typeof as>[0] = "admin") =>
  users.ask("PUT", `${path}/${name}`, { as: as(who), body: { metadata: { name }, ...fields } });

test("a PUT of some kinds creates, and of the others does not", async () => {
  for (const [path, fields] of creating) {
    const { code, text } = await put(path, "by-put", fields);
    assert.equal(code, 201, `${path}: ${text}`);
  }
  for (const [path, fields] of others) {
    const { code, text } = await put(path, "by-put", fields);
    assert.equal(code, 404, `${path}: ${text}`);
  }
});

test("an object that is there is replaced without a version only where its kind allows that", async () => {
  const path = `${within("/apis/coordination.k8s.io/v1")}/leases`;
  await put(path, "there", { spec: {} });
  const { code, text } = await put(path, "there", { spec: { holderIdentity: "somebody" } });
  assert.equal(code, 422);
  assert.equal(
    (JSON.parse(text) as Status).message,
    'Lease.coordination.k8s.io "there" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  );
  const services = `${within("/api/v1")}/services`;
  await put(services, "there", { spec: { ports: [{ port: 80 }] } });
  assert.equal((await put(services, "there", { spec: { ports: [{ port: 81 }] } })).code, 200);
});

test("who may update and not create does not create", async () => {
  const rules = [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["update", "patch"] }];
  await users.create(`${within(rbac)}/roles`, { metadata: { name: "renewers" }, rules });
  await users.create(`${within(rbac)}/rolebindings`, {
    metadata: { name: "alice-renews" },
    roleRef: { ...roleRef, kind: "Role", name: "renewers" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "alice" }],
  });
  const path = `${within("/apis/coordination.k8s.io/v1")}/leases`;
  const refused = await put(path, "new", { spec: {} }, "alice");
  assert.equal(refused.code, 403);
  assert.match(
    (JSON.parse(refused.text) as Status).message ?? "",
    /^leases.coordination.k8s.io "new" is forbidden: User "alice" cannot create resource "leases"/,
  );
  const made = await put(path, "old", { spec: {} });
  const { metadata } = JSON.parse(made.text) as { metadata: object };
  const body = { metadata, spec: { holderIdentity: "alice" } };
  assert.equal((await users.ask("PUT", `${path}/old`, { as: as("alice"), body })).code, 200);
});

test("a review of no token at all is a bad request", async () => {
  const path = "/apis/authentication.k8s.io/v1/tokenreviews";
  const { code, text } = await users.ask("POST", path, { as: as("admin"), body: { spec: {} } });
  assert.deepEqual(
    [code, (JSON.parse(text) as Status).message],
    [400, "token is required for TokenReview in authentication"],
  );
});
