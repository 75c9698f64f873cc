import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolume, Pod, PodSpec } from "@kube-ts/api/core/v1";
import { persistentVolumes, pods, resourceSlices, volumeAttachments } from "@kube-ts/api/resource-types";
import { nodeRules } from "../../bootstrap/rbac/node-rules.ts";
import { MemoryObjects } from "../testing/memory-objects.ts";
import type { UserInfo } from "../user.ts";
import { NodeAuthorizer } from "./node-authorizer.ts";

function nodeUser(name: string): UserInfo {
  return { name: `system:node:${name}`, uid: "", groups: ["system:nodes", "system:authenticated"], extra: {} };
}

const n1 = nodeUser("n1");

function makePod(
  name: string,
  node: string,
  spec: Partial<PodSpec> = {},
  annotations: Record<string, string> = {},
): Pod {
  return {
    metadata: { name, namespace: "ns", annotations },
    spec: { containers: [], nodeName: node, serviceAccountName: "sa", ...spec },
  };
}

const rich: Partial<PodSpec> = {
  imagePullSecrets: [{ name: "pull" }],
  initContainers: [
    { name: "i", envFrom: [{ secretRef: { name: "env-from" } }, { configMapRef: { name: "env-map" } }] },
  ],
  containers: [
    {
      name: "c",
      env: [
        { name: "A", valueFrom: { secretKeyRef: { name: "env-secret", key: "k" } } },
        { name: "B", valueFrom: { configMapKeyRef: { name: "env-config", key: "k" } } },
      ],
    },
  ],
  volumes: [
    { name: "s", secret: { secretName: "volume-secret" } },
    { name: "m", configMap: { name: "volume-map" } },
    {
      name: "p",
      projected: { sources: [{ secret: { name: "projected" } }, { configMap: { name: "projected-map" } }] },
    },
    { name: "v", persistentVolumeClaim: { claimName: "claim" } },
    { name: "e", ephemeral: {} },
  ],
};

const volume: PersistentVolume = {
  metadata: { name: "pv" },
  spec: {
    claimRef: { namespace: "ns", name: "claim" },
    csi: { driver: "d", volumeHandle: "h", nodeStageSecretRef: { name: "stage", namespace: "storage" } },
  },
};

async function set() {
  const objects = new MemoryObjects();
  objects.put(pods, makePod("rich", "n1", rich));
  objects.put(pods, makePod("other", "n2", { imagePullSecrets: [{ name: "theirs" }], serviceAccountName: "other-sa" }));
  objects.put(persistentVolumes, volume);
  const authorizer = await NodeAuthorizer.open(objects, nodeRules, AbortSignal.timeout(5_000));
  const ask = async (verb: string, what: string, namespace = "ns", name = "", fieldSelector = "", user = n1) => {
    const [group = "", full = ""] = what.includes(":") ? what.split(":") : ["", what];
    const [resource = "", subresource = ""] = full.split("/");
    const asked = { user, verb, group, version: "v1", resource, subresource, namespace, name, fieldSelector };
    const decision = await authorizer.authorize({ kind: "resource", ...asked }, AbortSignal.timeout(5_000));
    return decision.decision === "allow" ? "allow" : decision.reason;
  };
  return { objects, ask, authorizer };
}

const unrelated = "no relationship found between node 'n1' and this object";
const leases = "coordination.k8s.io:leases";
const csiNodes = "storage.k8s.io:csinodes";

const cases: readonly [string, string, string, string, string, string?][] = [
  ...["pull", "env-from", "env-secret", "volume-secret", "projected"].map(
    (name): [string, string, string, string, string] => ["get", "secrets", "ns", name, "allow"],
  ),
  ...["env-map", "env-config", "volume-map", "projected-map"].map((name): [string, string, string, string, string] => [
    "watch",
    "configmaps",
    "ns",
    name,
    "allow",
  ]),
  ["get", "secrets", "storage", "stage", "allow"],
  ["get", "secrets", "ns", "theirs", unrelated],
  ["get", "secrets", "elsewhere", "pull", unrelated],
  ["list", "secrets", "ns", "", "No Object name found"],
  ["list", "secrets", "", "pull", "can only read namespaced object of this type"],
  ["update", "secrets", "ns", "pull", "can only read resources of this type"],
  ["get", "secrets/x", "ns", "pull", "cannot read subresource"],
  ["get", "persistentvolumeclaims", "ns", "claim", "allow"],
  ["get", "persistentvolumeclaims", "ns", "rich-e", "allow"],
  ["list", "persistentvolumeclaims", "ns", "claim", "can only get individual resources of this type"],
  ["patch", "persistentvolumeclaims/status", "ns", "claim", "allow"],
  ["get", "persistentvolumeclaims/status", "ns", "claim", "can only get/update/patch this type"],
  ["get", "persistentvolumes", "", "pv", "allow"],
  ["get", "persistentvolumes", "", "pv2", unrelated],
  ["create", "serviceaccounts/token", "ns", "sa", "allow"],
  ["create", "serviceaccounts/token", "ns", "other-sa", unrelated],
  ["create", "serviceaccounts", "ns", "sa", "can only create token subresource of serviceaccount"],
  ["delete", "serviceaccounts", "ns", "sa", "can only create tokens for individual service accounts"],
  ["get", "serviceaccounts", "ns", "sa", "allow"],
  ["get", "pods", "ns", "rich", "allow"],
  ["get", "pods", "ns", "other", unrelated],
  ["list", "pods", "", "", "allow", "spec.nodeName=n1"],
  ["list", "pods", "", "", "allow", "status.phase!=Failed,spec.nodeName==n1"],
  ["list", "pods", "", "", "can only list/watch pods with spec.nodeName field selector"],
  ["watch", "pods", "", "", "can only list/watch pods with spec.nodeName field selector", "spec.nodeName=n2"],
  ["list", "pods", "", "", "can only list/watch pods with spec.nodeName field selector", "spec.nodeName!=n1"],
  [
    "list",
    "pods",
    "",
    "",
    "can only list/watch pods with spec.nodeName field selector",
    "metadata.name=a\\,spec.nodeName=n1",
  ],
  ["list", "pods", "", "", "can only list/watch pods with spec.nodeName field selector", "garbage"],
  ["create", "pods", "ns", "", "allow"],
  ["patch", "pods/status", "ns", "rich", "allow"],
  ["create", "pods/eviction", "ns", "rich", "allow"],
  ["update", "pods", "ns", "rich", ""],
  ["create", "pods/exec", "ns", "rich", ""],
  ["get", "nodes", "", "n1", "allow"],
  ["get", "nodes", "", "n2", "node 'n1' cannot read 'n2', only its own Node object"],
  ["list", "nodes", "", "", "node 'n1' cannot read all nodes, only its own Node object"],
  ["delete", "nodes", "", "n1", ""],
  ["patch", "nodes/status", "", "n1", "allow"],
  ["get", leases, "kube-node-lease", "n1", "allow"],
  ["create", leases, "kube-node-lease", "", "allow"],
  ["update", leases, "kube-node-lease", "n2", "can only access node lease with the same name as the requesting node"],
  ["get", leases, "kube-system", "n1", 'can only access leases in the "kube-node-lease" system namespace'],
  ["list", leases, "kube-node-lease", "n1", "can only get, create, update, patch, or delete a node lease"],
  ["get", csiNodes, "", "n1", "allow"],
  ["get", csiNodes, "", "n2", "can only access CSINode with the same name as the requesting node"],
  ["list", "services", "", "", "allow"],
  ["create", "services", "ns", "", ""],
  ["create", "events", "ns", "", "allow"],
];

for (const [verb, what, namespace, name, expected, fieldSelector] of cases) {
  test(`a node and ${[verb, what, namespace, name, fieldSelector].filter(Boolean).join(" ")}`, async () => {
    const { ask } = await set();
    assert.equal(await ask(verb, what, namespace, name, fieldSelector), expected);
  });
}

test("only members of system:nodes with a node's name are nodes", async () => {
  const { ask } = await set();
  const nameless = 'unknown node for user "system:node:"';
  assert.equal(await ask("get", "nodes", "", "n1", "", nodeUser("")), nameless);
  assert.equal(await ask("get", "nodes", "", "n1", "", { ...n1, groups: ["system:authenticated"] }), "");
  assert.equal(await ask("get", "nodes", "", "n1", "", { ...n1, name: "n1" }), "");
});

test("relations follow the pods: bound, moved, gone, and as long as one pod is left", async () => {
  const { objects, ask } = await set();
  const may = async (name: string) => (await ask("get", "secrets", "ns", name)) === "allow";
  objects.put(pods, makePod("late", "", { imagePullSecrets: [{ name: "late" }, { name: "pull" }] }));
  assert.equal(await may("late"), false);
  objects.put(pods, makePod("late", "n1", { imagePullSecrets: [{ name: "late" }, { name: "pull" }] }));
  assert.equal(await may("late"), true);
  objects.remove(pods, "ns", "late");
  assert.deepEqual([await may("late"), await may("pull")], [false, true]);
  objects.put(pods, { ...makePod("rich", "n2", rich), metadata: { name: "rich", namespace: "ns", uid: "again" } });
  assert.equal(await may("pull"), false);
});

test("more changes than may wait are all seen", async () => {
  const { objects, ask } = await set();
  assert.equal(await ask("get", "secrets", "ns", "first"), unrelated);
  objects.put(pods, makePod("first", "n1", { imagePullSecrets: [{ name: "first" }] }));
  for (let index = 0; index < 10_010; index += 1) objects.put(pods, makePod(`pod-${index}`, "n2"));
  objects.put(pods, makePod("last", "n1", { imagePullSecrets: [{ name: "last" }] }));
  for (const name of ["first", "last"]) assert.equal(await ask("get", "secrets", "ns", name), "allow");
});

test("what changes while a node's pods are looked up is not missed", async () => {
  const { objects, ask } = await set();
  const answers = Promise.all([ask("get", "secrets", "ns", "pull"), ask("get", "secrets", "ns", "late")]);
  objects.remove(pods, "ns", "rich");
  objects.put(pods, makePod("late", "n1", { imagePullSecrets: [{ name: "late" }] }));
  assert.deepEqual(await answers, [unrelated, "allow"]);
});

test("a look-up that fails is made again for the next question", async () => {
  const { objects, ask } = await set();
  const { listHaving } = objects;
  objects.listHaving = () => Promise.reject(new Error("not now"));
  await assert.rejects(ask("get", "secrets", "ns", "pull"), /not now/);
  objects.listHaving = listHaving;
  assert.equal(await ask("get", "secrets", "ns", "pull"), "allow");
});

test("mirror pods give their node nothing but themselves", async () => {
  const { objects, ask } = await set();
  const mirror = makePod(
    "mirror",
    "n1",
    { imagePullSecrets: [{ name: "wanted" }] },
    { "kubernetes.io/config.mirror": "x" },
  );
  objects.put(pods, mirror);
  assert.equal(await ask("get", "pods", "ns", "mirror"), "allow");
  assert.equal(await ask("get", "secrets", "ns", "wanted"), unrelated);
});

test("a volume's secrets end with the volume", async () => {
  const { objects, ask } = await set();
  objects.remove(persistentVolumes, "", "pv");
  assert.equal(await ask("get", "secrets", "storage", "stage"), unrelated);
  assert.equal(await ask("get", "persistentvolumes", "", "pv"), unrelated);
});

test("a node sees the claims of its pods, its attachments and its devices", async () => {
  const { objects, ask } = await set();
  const claims = "resource.k8s.io:resourceclaims";
  const named = makePod("named", "n1", { resourceClaims: [{ name: "a", resourceClaimName: "named" }] });
  objects.put(pods, named);
  assert.equal(await ask("get", claims, "ns", "named"), "allow");
  assert.equal(await ask("get", claims, "ns", "made"), unrelated);
  objects.put(pods, {
    ...named,
    status: {
      resourceClaimStatuses: [{ name: "b", resourceClaimName: "made" }],
      extendedResourceClaimStatus: { resourceClaimName: "extended", requestMappings: [] },
    },
  });
  for (const name of ["named", "made", "extended"]) assert.equal(await ask("get", claims, "ns", name), "allow");
  assert.equal(await ask("list", claims, "ns"), "can only get individual resources of this type");

  const attachments = "storage.k8s.io:volumeattachments";
  for (const nodeName of ["n1", "n2"]) {
    objects.put(volumeAttachments, {
      metadata: { name: `on-${nodeName}` },
      spec: { attacher: "d", nodeName, source: { persistentVolumeName: "pv" } },
    });
    objects.put(resourceSlices, {
      metadata: { name: `of-${nodeName}` },
      spec: { driver: "d", nodeName, pool: { name: "p", generation: 1, resourceSliceCount: 1 } },
    });
  }
  assert.equal(await ask("get", attachments, "", "on-n1"), "allow");
  assert.equal(await ask("get", attachments, "", "on-n2"), unrelated);
  assert.equal(await ask("delete", attachments, "", "on-n1"), "can only get individual resources of this type");

  const slices = "resource.k8s.io:resourceslices";
  assert.equal(await ask("create", slices, "", ""), "allow");
  for (const verb of ["get", "update", "patch", "delete"]) {
    assert.equal(await ask(verb, slices, "", "of-n1"), "allow");
    assert.equal(await ask(verb, slices, "", "of-n2"), unrelated);
  }
  for (const verb of ["list", "watch", "deletecollection"]) {
    assert.equal(await ask(verb, slices, "", "", "spec.nodeName=n1"), "allow");
    const narrower = "can only list/watch/deletecollection resourceslices with spec.nodeName field selector";
    assert.equal(await ask(verb, slices, "", "", "spec.nodeName=n2"), narrower);
    assert.equal(await ask(verb, slices), narrower);
  }
});

test("the rules of nodes cannot be listed", async () => {
  const { authorizer } = await set();
  assert.equal(authorizer.rulesFor(n1).incomplete, true);
  assert.equal(authorizer.rulesFor({ ...n1, name: "alice" }).incomplete, false);
});
