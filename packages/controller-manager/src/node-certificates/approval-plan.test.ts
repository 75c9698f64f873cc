import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CertificateSigningRequest, KeyUsage } from "@kube-ts/api/certificates/v1";
import type { Node } from "@kube-ts/api/core/v1";
import type { CertificateNames } from "../certificates/certificate-names.ts";
import { type ClusterView, judge } from "./approval-plan.ts";
import { clusterMachines } from "./cluster-machines.ts";

const configuration = `
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
name: demo
controlPlaneEndpoint: 192.0.2.100:6443
network: {podCIDRs: [10.244.0.0/16], serviceCIDRs: [10.96.0.0/16, "fd00:10:96::/112"]}
machines:
- {name: cp-1, roles: [etcd, control-plane, worker], addresses: [192.0.2.11, "2001:DB8::11"]}
- {name: w-1, roles: [worker], addresses: [192.0.2.21]}
`;

const node = (name: string, ...addresses: string[]): Node => ({
  metadata: { name },
  spec: {},
  status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) },
});

const view: ClusterView = {
  nodes: [
    node("cp-1", "192.0.2.11"),
    // It claims what is not its own.
    node("w-1", "192.0.2.21", "192.0.2.11"),
    node("late", "192.0.2.50", "192.0.2.11", "192.0.2.100", "192.0.2.51", "10.96.0.1", "127.0.0.1"),
    node("other", "192.0.2.51"),
    node("kubernetes", "192.0.2.60"),
  ],
  machines: clusterMachines({ metadata: {}, data: { "cluster.yaml": configuration } }),
};

interface Request {
  readonly from?: string;
  readonly groups?: string[];
  readonly signer?: string;
  readonly commonName?: string;
  readonly organizations?: string[];
  readonly usages?: KeyUsage[];
  readonly dnsNames?: string[];
  readonly ipAddresses?: string[];
  readonly uris?: string[];
}

function judged(given: Request, seen: ClusterView = view) {
  const { from = "w-1", groups = ["system:nodes", "system:authenticated"] } = given;
  const request: CertificateSigningRequest = {
    metadata: { name: "csr" },
    spec: {
      request: "",
      signerName: given.signer ?? "kubernetes.io/kubelet-serving",
      username: from.includes(":") ? from : `system:node:${from}`,
      groups,
      usages: given.usages ?? ["digital signature", "server auth"],
    },
  };
  const names: CertificateNames = {
    subject: {
      countries: [],
      organizations: given.organizations ?? ["system:nodes"],
      organizationalUnits: [],
      localities: [],
      provinces: [],
      streetAddresses: [],
      postalCodes: [],
      commonName: given.commonName ?? `system:node:${from}`,
      serialNumber: "",
    },
    dnsNames: given.dnsNames ?? [],
    ipAddresses: given.ipAddresses ?? [],
    emailAddresses: [],
    uris: given.uris ?? [],
  };
  const judgement = judge(request, () => names, seen);
  return judgement.kind === "leave" ? judgement.reason : judgement.kind;
}

describe("a kubelet's serving certificate", () => {
  const cases: [string, Request, string][] = [
    ["for the name and the configured address", { dnsNames: ["w-1"], ipAddresses: ["192.0.2.21"] }, "approve"],
    ["for an address in another form", { from: "cp-1", ipAddresses: ["2001:db8:0::11"] }, "approve"],
    [
      "for an address that only the node itself claims",
      { dnsNames: ["w-1"], ipAddresses: ["192.0.2.21", "192.0.2.11"] },
      "192.0.2.11 is not known as an address of the node",
    ],
    [
      "of a machine that is not configured",
      { from: "late", dnsNames: ["late"], ipAddresses: ["192.0.2.50"] },
      "approve",
    ],
    [
      "for a configured machine's address",
      { from: "late", ipAddresses: ["192.0.2.11"] },
      "192.0.2.11 is not known as an address of the node",
    ],
    [
      "for the balancer's address",
      { from: "late", ipAddresses: ["192.0.2.100"] },
      "192.0.2.100 is not known as an address of the node",
    ],
    [
      "for another node's address",
      { from: "late", ipAddresses: ["192.0.2.51"] },
      "192.0.2.51 is not known as an address of the node",
    ],
    [
      "for a service's address",
      { from: "late", ipAddresses: ["10.96.0.1"] },
      "10.96.0.1 is not known as an address of the node",
    ],
    [
      "for the loopback address",
      { from: "late", ipAddresses: ["127.0.0.1"] },
      "127.0.0.1 is not known as an address of the node",
    ],
    [
      "before there is a node",
      { from: "w-9", ipAddresses: ["192.0.2.59"] },
      "192.0.2.59 is not known as an address of the node",
    ],
    [
      "for a service's name",
      { dnsNames: ["w-1", "kubernetes.default.svc"] },
      "kubernetes.default.svc is not the name of the node",
    ],
    [
      "of a node with a service's name",
      { from: "kubernetes", dnsNames: ["kubernetes"] },
      "the name kubernetes is not one that a machine may have",
    ],
    [
      "for another node",
      { from: "w-1", commonName: "system:node:cp-1", dnsNames: ["cp-1"] },
      "it is for another node than its sender",
    ],
    [
      "for a client",
      { dnsNames: ["w-1"], usages: ["digital signature", "client auth"] },
      "usages did not match [digital signature key encipherment server auth]",
    ],
    ["from somebody who only calls himself a node", { dnsNames: ["w-1"], groups: ["system:authenticated"] }, "ignore"],
    ["from a user", { from: "system:serviceaccount:a:b", dnsNames: ["w-1"] }, "ignore"],
  ];
  for (const [name, request, expected] of cases) test(name, () => assert.equal(judged(request), expected));

  test("in a cluster without a configuration", () => {
    const seen = { nodes: view.nodes, machines: undefined };
    assert.equal(judged({ dnsNames: ["w-1"] }, seen), "the cluster has no configuration to check it against");
  });
});

describe("a daemon's client certificate", () => {
  const daemon: Request = {
    signer: "kubernetes.io/kube-apiserver-client",
    commonName: "system:kube-proxy",
    organizations: ["kube-ts:node:w-1"],
    usages: ["digital signature", "client auth"],
  };
  const cases: [string, Request, string][] = [
    ["with its machine's group", daemon, "ask"],
    [
      "with another machine's group",
      { ...daemon, organizations: ["kube-ts:node:cp-1"] },
      "its organization is not kube-ts:node:w-1",
    ],
    [
      "with one more group",
      { ...daemon, organizations: ["kube-ts:node:w-1", "system:masters"] },
      "its organization is not kube-ts:node:w-1",
    ],
    ["without a group", { ...daemon, organizations: [] }, "its organization is not kube-ts:node:w-1"],
    ["for a server", { ...daemon, usages: ["server auth"] }, "invalid usage for client certificate: server auth"],
    ["with names", { ...daemon, dnsNames: ["kubernetes"] }, "alternative names are not for clients"],
    ["without a name", { ...daemon, commonName: "" }, "it has no common name"],
    ["from a user", { ...daemon, from: "system:admin" }, "ignore"],
    ["of another signer", { ...daemon, signer: "example.com/signer" }, "ignore"],
  ];
  for (const [name, request, expected] of cases) test(name, () => assert.equal(judged(request), expected));
});

test("what is no configuration of a cluster is an error", () => {
  assert.throws(() => clusterMachines({ metadata: {}, data: {} }), /no configuration of a cluster/);
  const broken = configuration.replace("10.244.0.0/16", "10.244.0.0");
  assert.throws(() => clusterMachines({ metadata: {}, data: { "cluster.yaml": broken } }), /"10.244.0.0" is no CIDR/);
});
