import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "@kube-ts/api/meta/v1";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { TokenUsers, as, tokenFileFlag } from "../harness/token-users.ts";

// What a node may do: read what its own pods need, write what is its own, and nothing that would give it more.

const cluster = new TokenUsers(
  serverForTests({ extraArgs: [tokenFileFlag(), "--enable-admission-plugins=NodeRestriction"] }),
);
const pods = "/api/v1/namespaces/default/pods";

test("a node does what its pods need", async () => {
  for (const name of ["runner", "default"]) {
    const account = { kind: "ServiceAccount", apiVersion: "v1", metadata: { name } };
    await cluster.create("/api/v1/namespaces/default/serviceaccounts", account);
  }
  await cluster.create("/api/v1/nodes", { kind: "Node", apiVersion: "v1", metadata: { name: "n1" } });
  for (const name of ["mine", "theirs"]) {
    await cluster.create("/api/v1/namespaces/default/secrets", {
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name },
    });
  }
  const pod = (name: string, nodeName: string, secretName: string) => ({
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name },
    spec: {
      nodeName,
      serviceAccountName: "runner",
      containers: [{ name: "c", image: "i" }],
      volumes: [{ name: "v", secret: { secretName } }],
    },
  });
  await cluster.create(pods, pod("on-n1", "n1", "mine"));
  await cluster.create(pods, pod("on-n2", "n2", "theirs"));
  const secrets = "/api/v1/namespaces/default/secrets";
  await eventually(
    "the node reads its secret",
    () => cluster.code("node", "GET", `${secrets}/mine`),
    (code) => code === 200,
  );
  assert.equal(await cluster.code("node", "GET", `${secrets}/theirs`), 403);
  assert.equal(await cluster.code("node", "GET", secrets), 403);
  assert.equal(await cluster.code("node", "GET", `/api/v1/pods?fieldSelector=spec.nodeName%3Dn1`), 200);
  assert.equal(await cluster.code("node", "GET", `/api/v1/pods?fieldSelector=spec.nodeName%3Dn2`), 403);
  assert.equal(await cluster.code("node", "GET", "/api/v1/pods"), 403);
  assert.equal(await cluster.code("node", "GET", `${pods}/on-n1`), 200);
  assert.equal(await cluster.code("node", "GET", `${pods}/on-n2`), 403);
  assert.equal(await cluster.code("node", "GET", "/api/v1/nodes/n2"), 403);

  const review = await cluster.review({
    user: "system:node:n1",
    groups: ["system:nodes"],
    resourceAttributes: {
      verb: "list",
      resource: "pods",
      version: "v1",
      fieldSelector: { requirements: [{ key: "spec.nodeName", operator: "In", values: ["n1"] }] },
    },
  });
  assert.equal(review.status?.allowed, true);
  const { incomplete, evaluationError } = await cluster.rulesOf("node");
  assert.deepEqual([incomplete, evaluationError], [true, "node authorizer does not support user rule resolution"]);
});

test("a node gets tokens for its own pods only", async () => {
  const uidOf = async (name: string) =>
    (await cluster.json<{ metadata: { uid: string } }>("GET", `${pods}/${name}`, { as: as("admin") })).metadata.uid;
  const request = async (name: string) => ({
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    spec: { boundObjectRef: { kind: "Pod", apiVersion: "v1", name, uid: await uidOf(name) } },
  });
  const path = "/api/v1/namespaces/default/serviceaccounts/runner/token";
  const bare = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", spec: {} };
  assert.match(await cluster.message("node", "POST", path, bare), /node requested token not bound to a pod$/);
  assert.match(
    await cluster.message("node", "POST", path, await request("on-n2")),
    /node requested token bound to a pod scheduled on a different node$/,
  );
});

const nodePatches: readonly [string, object, RegExp][] = [
  [
    "n1",
    { metadata: { labels: { "node-restriction.kubernetes.io/x": "1" } } },
    /is not allowed to modify labels: node-restriction\.kubernetes\.io\/x/,
  ],
  ["n1", { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } }, /is not allowed to modify labels/],
  [
    "n1",
    { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n2", uid: "u" }] } },
    /is not allowed to modify ownerReferences/,
  ],
  ["n1", { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }, /is not allowed to modify taints/],
  ["n2", { metadata: { labels: { a: "b" } } }, /is not allowed to modify node "n2"/],
];

for (const [name, patch, problem] of nodePatches) {
  test(`a node does not get away with ${JSON.stringify(patch)} on ${name}`, async () => {
    await cluster.ask("POST", "/api/v1/nodes", {
      as: as("admin"),
      body: { kind: "Node", apiVersion: "v1", metadata: { name: "n2" } },
    });
    const headers = { "Content-Type": "application/merge-patch+json" };
    const body = JSON.stringify(patch);
    const answer = await cluster.ask("PATCH", `/api/v1/nodes/${name}`, { as: as("node"), headers, body });
    assert.equal(answer.code, 403, answer.text);
    assert.match((JSON.parse(answer.text) as Status).message ?? "", problem);
  });
}

test("a node touches only what is its own", async () => {
  const lease = (name: string) => ({ kind: "Lease", apiVersion: "coordination.k8s.io/v1", metadata: { name } });
  const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  assert.equal(await cluster.code("node", "POST", leases("kube-node-lease"), lease("n1")), 201);
  assert.equal(await cluster.code("node", "POST", leases("kube-node-lease"), lease("n2")), 403);
  assert.equal(await cluster.code("node", "POST", leases("kube-system"), lease("n1")), 403);
  const csiNode = (name: string) => ({
    kind: "CSINode",
    apiVersion: "storage.k8s.io/v1",
    metadata: { name },
    spec: { drivers: [] },
  });
  assert.equal(await cluster.code("node", "POST", "/apis/storage.k8s.io/v1/csinodes", csiNode("n1")), 201);
  assert.equal(await cluster.code("node", "POST", "/apis/storage.k8s.io/v1/csinodes", csiNode("n2")), 403);
  const slice = (nodeName: string) => ({
    kind: "ResourceSlice",
    apiVersion: "resource.k8s.io/v1",
    metadata: { name: `of-${nodeName}` },
    spec: { driver: "d.example.com", nodeName, pool: { name: nodeName, generation: 1, resourceSliceCount: 1 } },
  });
  assert.equal(await cluster.code("node", "POST", "/apis/resource.k8s.io/v1/resourceslices", slice("n1")), 201);
  assert.equal(await cluster.code("node", "POST", "/apis/resource.k8s.io/v1/resourceslices", slice("n2")), 403);
  assert.equal(await cluster.code("node", "DELETE", `${pods}/on-n2`), 403);
  const status = { status: { phase: "Failed" } };
  const headers = { "Content-Type": "application/merge-patch+json" };
  const patched = await cluster.ask("PATCH", `${pods}/on-n2/status`, {
    as: as("node"),
    headers,
    body: JSON.stringify(status),
  });
  assert.equal(patched.code, 403);
  const eviction = { kind: "Eviction", apiVersion: "policy/v1", metadata: { name: "on-n2" } };
  assert.equal(await cluster.code("node", "POST", `${pods}/on-n2/eviction`, eviction), 403);
});

const claims: readonly [string, object, RegExp][] = [
  [
    "a secret volume",
    { volumes: [{ name: "v", secret: { secretName: "theirs" } }] },
    /can not create pods that reference secrets/,
  ],
  [
    "a projected secret",
    { volumes: [{ name: "v", projected: { sources: [{ secret: { name: "theirs" } }] } }] },
    /reference secrets/,
  ],
  [
    "a secret in the environment of an init container",
    { initContainers: [{ name: "i", image: "i", envFrom: [{ secretRef: { name: "theirs" } }] }] },
    /reference secrets/,
  ],
  [
    "a secret in a variable",
    {
      containers: [
        { name: "c", image: "i", env: [{ name: "A", valueFrom: { secretKeyRef: { name: "theirs", key: "k" } } }] },
      ],
    },
    /reference secrets/,
  ],
  ["secrets to pull images with", { imagePullSecrets: [{ name: "theirs" }] }, /reference secrets/],
  ["a config map", { volumes: [{ name: "v", configMap: { name: "m" } }] }, /reference configmaps/],
  ["a service account", { serviceAccountName: "runner" }, /reference a service account/],
  [
    "a claim",
    { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] },
    /reference persistentvolumeclaims/,
  ],
  ["a device", { resourceClaims: [{ name: "d", resourceClaimName: "theirs" }] }, /reference resourceclaims/],
];

for (const [what, spec, problem] of claims) {
  test(`a mirror pod does not claim ${what}`, async () => {
    const node = await cluster.json<{ metadata: { uid: string } }>("GET", "/api/v1/nodes/n1", { as: as("admin") });
    const owner = { apiVersion: "v1", kind: "Node", name: "n1", uid: node.metadata.uid, controller: true };
    const pod = {
      kind: "Pod",
      apiVersion: "v1",
      metadata: {
        name: "mirror",
        annotations: { "kubernetes.io/config.mirror": "x" },
        ownerReferences: [owner],
      },
      spec: { nodeName: "n1", containers: [{ name: "c", image: "i" }], ...spec },
    };
    const answer = await cluster.ask("POST", pods, { as: as("node"), body: pod });
    assert.equal(answer.code, 403, answer.text);
    assert.match((JSON.parse(answer.text) as Status).message ?? "", problem);
  });
}

test("a mirror pod that claims nothing is fine, one that nobody owns is not", async () => {
  const pod = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "plain", annotations: { "kubernetes.io/config.mirror": "x" } },
    spec: { nodeName: "n1", containers: [{ name: "c", image: "i" }] },
  };
  assert.match(
    await cluster.message("node", "POST", pods, pod),
    /can only create pods with an owner reference set to itself/,
  );
  assert.match(
    await cluster.message("node", "POST", pods, { ...pod, metadata: { name: "plain" } }),
    /can only create mirror pods/,
  );
  const { metadata } = await cluster.json<{ metadata: { uid: string } }>("GET", "/api/v1/nodes/n1", {
    as: as("admin"),
  });
  const owned = { apiVersion: "v1", kind: "Node", name: "n1", uid: metadata.uid, controller: true };
  const good = { ...pod, metadata: { ...pod.metadata, ownerReferences: [owned] } };
  assert.equal(await cluster.code("node", "POST", pods, good), 201);
});
