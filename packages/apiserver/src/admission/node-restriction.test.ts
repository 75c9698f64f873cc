import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenRequest } from "@kube-ts/api/authentication/v1";
import type { Node, PersistentVolumeClaim, Pod, PodSpec } from "@kube-ts/api/core/v1";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceSlice } from "@kube-ts/api/resource/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import {
  configMaps,
  csiNodes,
  leases,
  nodes,
  persistentVolumeClaims,
  pods,
  resourceSlices,
  serviceAccounts,
} from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import type { AuthorizationAttributes } from "../auth/authorizer.ts";
import type { AdmissionAttributes } from "./admission.ts";
import { NodeRestriction } from "./node-restriction.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";

const user = { name: "system:node:n1", uid: "", groups: ["system:nodes", "system:authenticated"], extra: {} };
const { signal } = new AbortController();

type Meta = Pod["metadata"];

function pod(name: string, nodeName: string, spec: Partial<PodSpec> = {}, metadata: Meta = {}): Pod {
  return {
    metadata: { name, namespace: "ns", uid: `uid-${name}`, ...metadata },
    spec: { containers: [{ name: "c" }], nodeName, ...spec },
  };
}

function node(labels: Record<string, string> = {}, more: Partial<Node["spec"]> = {}, metadata: Meta = {}): Node {
  return { metadata: { name: "n1", uid: "node-uid", labels, ...metadata }, spec: more };
}

const projected = {
  sources: [{ serviceAccountToken: { path: "t" } }, { serviceAccountToken: { path: "v", audience: "vault" } }],
};

async function judge(
  attributes: AdmissionAttributes,
  allow?: (asked: AuthorizationAttributes) => boolean,
): Promise<string> {
  const objects = new MemoryObjects();
  objects.put(nodes, node());
  objects.put(pods, pod("mine", "n1", { volumes: [{ name: "v", projected }] }));
  objects.put(pods, pod("theirs", "n2"));
  const authorizer = allow && {
    authorize: (asked: AuthorizationAttributes) => ({
      decision: allow(asked) ? ("allow" as const) : ("noOpinion" as const),
      reason: "",
    }),
  };
  const plugin = new NodeRestriction(objects, authorizer);
  const refusal = await refusalOf(() => plugin.admit(attributes, signal));
  return refusal.replace(/^403 \S+ "\S+" is forbidden: /, "");
}

function asNode<T extends KubeObject>(
  type: ResourceType<T>,
  object: T | undefined,
  changes: Partial<AdmissionAttributes> = {},
) {
  return writeOf(type, object, { user, ...changes });
}

const owner: OwnerReference = { apiVersion: "v1", kind: "Node", name: "n1", uid: "node-uid", controller: true };
const mirror = (spec: Partial<PodSpec> = {}, ownerReferences: OwnerReference[] = [owner]) =>
  pod("mirror", "n1", spec, { annotations: { "kubernetes.io/config.mirror": "x" }, ownerReferences });

const podCases: readonly [string, AdmissionAttributes, string][] = [
  ["a mirror pod", asNode(pods, mirror()), ""],
  [
    "an ordinary pod",
    asNode(pods, pod("x", "n1")),
    'pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods',
  ],
  [
    "a mirror pod of another node",
    asNode(pods, mirror({ nodeName: "n2" })),
    'node "n1" can only create pods with spec.nodeName set to itself',
  ],
  ["no owner", asNode(pods, mirror({}, [])), 'node "n1" can only create pods with an owner reference set to itself'],
  [
    "two owners",
    asNode(pods, mirror({}, [owner, owner])),
    'node "n1" can only create pods with a single owner reference set to itself',
  ],
  [
    "another owner",
    asNode(pods, mirror({}, [{ ...owner, name: "n2" }])),
    'node "n1" can only create pods with an owner reference set to itself',
  ],
  [
    "an owner that controls nothing",
    asNode(pods, mirror({}, [{ ...owner, controller: false }])),
    'node "n1" can only create pods with a controller owner reference set to itself',
  ],
  [
    "a blocking owner",
    asNode(pods, mirror({}, [{ ...owner, blockOwnerDeletion: true }])),
    'node "n1" must not set blockOwnerDeletion on an owner reference',
  ],
  [
    "an old owner",
    asNode(pods, mirror({}, [{ ...owner, uid: "old" }])),
    "node n1 UID mismatch: expected old got node-uid",
  ],
  [
    "a service account",
    asNode(pods, mirror({ serviceAccountName: "sa" })),
    'node "n1" can not create pods that reference a service account',
  ],
  [
    "a secret",
    asNode(pods, mirror({ imagePullSecrets: [{ name: "s" }] })),
    'node "n1" can not create pods that reference secrets',
  ],
  [
    "a config map",
    asNode(pods, mirror({ volumes: [{ name: "v", configMap: { name: "c" } }] })),
    'node "n1" can not create pods that reference configmaps',
  ],
  [
    "a claim",
    asNode(pods, mirror({ volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] })),
    'node "n1" can not create pods that reference persistentvolumeclaims',
  ],
  [
    "a claim that is made for it",
    asNode(pods, mirror({ volumes: [{ name: "v", ephemeral: {} }] })),
    'node "n1" can not create pods that reference persistentvolumeclaims',
  ],
  [
    "devices",
    asNode(pods, mirror({ resourceClaims: [{ name: "gpu", resourceClaimName: "theirs" }] })),
    'node "n1" can not create pods that reference resourceclaims',
  ],
  [
    "devices that are made for it",
    asNode(pods, mirror({ resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "t" }] })),
    'node "n1" can not create pods that reference resourceclaims',
  ],
  [
    "a projected secret",
    asNode(pods, mirror({ volumes: [{ name: "v", projected: { sources: [{ secret: { name: "s" } }] } }] })),
    'node "n1" can not create pods that reference secrets',
  ],
  [
    "the secret of an init container",
    asNode(pods, mirror({ initContainers: [{ name: "i", envFrom: [{ secretRef: { name: "s" } }] }] })),
    'node "n1" can not create pods that reference secrets',
  ],
  [
    "anchors of trust",
    asNode(pods, mirror({ volumes: [{ name: "v", projected: { sources: [{ clusterTrustBundle: { path: "p" } }] } }] })),
    'node "n1" can not create pods that reference clustertrustbundles',
  ],
  ["deleting its pod", asNode(pods, undefined, { operation: "DELETE", name: "mine", namespace: "ns" }), ""],
  [
    "deleting another's pod",
    asNode(pods, undefined, { operation: "DELETE", name: "theirs", namespace: "ns" }),
    'node "n1" can only delete pods with spec.nodeName set to itself',
  ],
  [
    "deleting no pod",
    asNode(pods, undefined, { operation: "DELETE", name: "none", namespace: "ns" }),
    '404 pods "none" not found',
  ],
  [
    "updating a pod",
    asNode(pods, pod("mine", "n1"), { operation: "UPDATE" }),
    'unexpected operation "UPDATE", node "n1" can only create and delete mirror pods',
  ],
  [
    "another subresource",
    asNode(pods, pod("mine", "n1"), { subresource: "binding" }),
    "unexpected pod subresource \"binding\", only 'status' and 'eviction' are allowed",
  ],
  ["evicting its pod", asNode(pods, pod("mine", ""), { subresource: "eviction" }), ""],
  [
    "evicting another's pod",
    asNode(pods, pod("theirs", ""), { subresource: "eviction" }),
    "node n1 can only evict pods with spec.nodeName set to itself",
  ],
];

for (const [name, attributes, expected] of podCases) {
  test(`node restriction, pods: ${name}`, async () => assert.equal(await judge(attributes), expected));
}

test("node restriction: the status of pods", async () => {
  const update = (object: Pod, oldObject: Pod) =>
    judge(asNode(pods, object, { operation: "UPDATE", subresource: "status", oldObject }));
  const mine = pod("mine", "n1");
  assert.equal(await update({ ...mine, status: { phase: "Running" } }, mine), "");
  assert.match(
    await update(pod("theirs", "n2"), pod("theirs", "n2")),
    /can only update pod status for pods with spec.nodeName set to itself/,
  );
  assert.match(
    await update(pod("mine", "n1", {}, { labels: { a: "b" } }), mine),
    /cannot update labels through pod status/,
  );
  const claiming: readonly [Pod["status"], RegExp][] = [
    [{ resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "theirs" }] }, /cannot update resource claim statues/],
    [
      { extendedResourceClaimStatus: { resourceClaimName: "theirs", requestMappings: [] } },
      /cannot update extended resource claim status/,
    ],
  ];
  for (const [status, refusal] of claiming) assert.match(await update({ ...mine, status }, mine), refusal);
});

const nodeCases: readonly [string, Node, Node | undefined, string][] = [
  [
    "free labels",
    node({
      mine: "1",
      "example.com/x": "1",
      "kubernetes.io/hostname": "n1",
      "node.kubernetes.io/x": "1",
      "a.kubelet.kubernetes.io/x": "1",
    }),
    undefined,
    "",
  ],
  [
    "labels of the system",
    node({ "node-role.kubernetes.io/master": "", "x.k8s.io/a": "", "kubernetes.io/b": "" }),
    undefined,
    'node "n1" is not allowed to set the following labels: kubernetes.io/b, node-role.kubernetes.io/master, x.k8s.io/a',
  ],
  [
    "restricted labels",
    node({ "node-restriction.kubernetes.io/x": "" }),
    undefined,
    'node "n1" is not allowed to set the following labels: node-restriction.kubernetes.io/x',
  ],
  ["taints of a new node", node({}, { taints: [{ key: "k", effect: "NoSchedule" }] }), undefined, ""],
  [
    "a config source",
    node({}, { configSource: {} }),
    undefined,
    'node "n1" is not allowed to create pods with a non-nil configSource',
  ],
  [
    "taints",
    node({}, { taints: [{ key: "k", effect: "NoSchedule" }] }),
    node(),
    'node "n1" is not allowed to modify taints',
  ],
  ["owners", node({}, {}, { ownerReferences: [owner] }), node(), 'node "n1" is not allowed to modify ownerReferences'],
  [
    "removing a label",
    node(),
    node({ "node-restriction.kubernetes.io/x": "" }),
    "is not allowed to modify labels: node-restriction.kubernetes.io/x",
  ],
  ["keeping a label", node({ "kubernetes.io/b": "" }), node({ "kubernetes.io/b": "" }), ""],
];

for (const [name, object, oldObject, expected] of nodeCases) {
  test(`node restriction, its node: ${name}`, async () => {
    const changes = oldObject ? { operation: "UPDATE" as const, oldObject } : {};
    assert.equal(await judge(asNode(nodes, object, changes)), expected);
  });
}

test("node restriction: other nodes are not a node's to change", async () => {
  assert.equal(
    await judge(asNode(nodes, node(), { name: "n2", operation: "UPDATE", oldObject: node() })),
    'node "n1" is not allowed to modify node "n2"',
  );
});

function tokenRequest(name: string, uid: string, audiences: string[] = []): AdmissionAttributes {
  const request: TokenRequest = {
    metadata: {},
    spec: { audiences, boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid } },
  };
  return asNode(serviceAccounts as ResourceType, request, { subresource: "token", namespace: "ns", name: "sa" });
}

test("node restriction: tokens are for the pods of the node and what they need", async () => {
  assert.equal(await judge(tokenRequest("mine", "uid-mine")), "");
  assert.equal(await judge(tokenRequest("mine", "uid-mine", ["vault"])), "");
  assert.equal(await judge(tokenRequest("mine", "")), "node requested token with a pod binding without a uid");
  assert.equal(await judge(tokenRequest("", "x")), "node requested token not bound to a pod");
  assert.match(
    await judge(tokenRequest("mine", "old")),
    /^the UID in the bound object reference \(old\) does not match/,
  );
  assert.equal(
    await judge(tokenRequest("theirs", "uid-theirs")),
    "node requested token bound to a pod scheduled on a different node",
  );
  assert.equal(await judge(tokenRequest("mine", "uid-mine", ["a", "b"])), "node may only request 0 or 1 audiences");
  const bank = tokenRequest("mine", "uid-mine", ["bank"]);
  const refused =
    'audience "bank" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience';
  assert.equal(await judge(bank), refused);
  assert.equal(await judge(bank, () => false), refused);
  const allowed = (asked: AuthorizationAttributes) =>
    asked.kind === "resource" &&
    asked.verb === "request-serviceaccounts-token-audience" &&
    asked.resource === "bank" &&
    asked.name === "sa";
  assert.equal(await judge(bank, allowed), "");
});

test("node restriction: claims may only grow", async () => {
  const claim = (
    status: PersistentVolumeClaim["status"],
    spec: PersistentVolumeClaim["spec"] = {},
  ): PersistentVolumeClaim => ({
    metadata: { name: "v", namespace: "ns" },
    spec,
    ...(status && { status }),
  });
  const update = (object: PersistentVolumeClaim, subresource = "status") =>
    judge(
      asNode(persistentVolumeClaims, object, {
        operation: "UPDATE",
        subresource,
        oldObject: claim({ capacity: { storage: "1" } }),
      }),
    );
  assert.equal(await update(claim({ capacity: { storage: "2" }, conditions: [] })), "");
  assert.match(
    await update(claim({ phase: "Lost" })),
    /is not allowed to update fields other than status.capacity and status.conditions/,
  );
  assert.match(await update(claim({}, { volumeName: "x" })), /is not allowed to update fields other/);
  assert.equal(await update(claim({}), ""), "may only update PVC status");
});

test("node restriction: a node has one lease", async () => {
  const lease = (name: string, namespace = "kube-node-lease") =>
    asNode(leases, { metadata: { name, namespace }, spec: {} });
  assert.equal(await judge(lease("n1")), "");
  assert.equal(await judge(lease("n2")), "can only access node lease with the same name as the requesting node");
  assert.equal(await judge(lease("n1", "ns")), 'can only access leases in the "kube-node-lease" system namespace');
});

test("node restriction: a node has one CSINode and its own devices", async () => {
  const csiNode = (name: string) => asNode(csiNodes, { metadata: { name }, spec: { drivers: [] } });
  assert.equal(await judge(csiNode("n1")), "");
  assert.equal(await judge(csiNode("n2")), "can only access CSINode with the same name as the requesting node");
  const slice = (nodeName?: string): ResourceSlice => ({
    metadata: { name: "s" },
    spec: {
      driver: "d",
      pool: { name: "p", generation: 1, resourceSliceCount: 1 },
      ...(nodeName !== undefined && { nodeName }),
    },
  });
  const same = (verb: string) => `can only ${verb} ResourceSlice with the same NodeName as the requesting node`;
  assert.equal(await judge(asNode(resourceSlices, slice("n1"))), "");
  assert.equal(await judge(asNode(resourceSlices, slice("n2"))), same("create"));
  assert.equal(await judge(asNode(resourceSlices, slice())), same("create"));
  const deletion = (old: ResourceSlice) =>
    judge(asNode(resourceSlices, undefined, { operation: "DELETE", oldObject: old }));
  assert.equal(await deletion(slice("n1")), "");
  assert.equal(await deletion(slice("n2")), same("delete"));
});

test("node restriction: others are not restricted, nameless nodes are", async () => {
  const attributes = asNode(nodes, node(), { name: "n2" });
  assert.equal(await judge({ ...attributes, user: { ...user, groups: [] } }), "");
  assert.match(
    await judge({ ...attributes, user: { ...user, name: "system:node:" } }),
    /could not determine node from user "system:node:"/,
  );
  assert.equal(await judge(asNode(configMaps, { metadata: { name: "c", namespace: "ns" } })), "");
});
