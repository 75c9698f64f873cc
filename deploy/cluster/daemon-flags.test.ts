import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { localPrograms } from "../doctor/testing/cluster-views.ts";
import { parseClusterConfig } from "./cluster-config.ts";
import { machineDaemons } from "../machine/machine-daemons.ts";
import { dnsPort, machineFiles } from "../machine/places.ts";
import type { DaemonName } from "../units/unit-files.ts";
import { proxyProblems } from "./checked-config.ts";
import { machineNamed } from "./cluster-view.ts";
import { daemonFlags } from "./daemon-flags.ts";
import type { DaemonPlan } from "./daemon-flags.ts";
import { daemonSettingProblems, knownFlags } from "./known-flags.ts";
import { kubeletConfiguration } from "./kubelet-configuration.ts";

const head = `
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
machines: [{name: one, roles: [etcd, control-plane, worker], addresses: [192.0.2.1]}]
`;

test("daemons know the flags that the local cluster gives them", () => {
  for (const [name, { args }] of localPrograms()) {
    const known = knownFlags[name];
    if (known) parseFlags(known, name, args);
  }
});

const settings: readonly (readonly [string, RegExp | undefined])[] = [
  ['flags: {kube-apiserver: {audit-log-maxage: "7"}, kube-controller-manager: {v: "2"}}', undefined],
  ['flags: {etcd: {quota-backend-bytes: "8589934592"}}', undefined],
  ['flags: {kube-apiserver: {bogus: "1"}}', /flags.kube-apiserver\[bogus\]: .*unknown flag: --bogus/],
  ["flags: {kubelet: {max-pods: many}}", /flags.kubelet\[max-pods\]: Invalid value: "many"/],
  ["flags: {kubelet: {node-ip: 192.0.2.9}}", /flags.kubelet\[node-ip\]: .*follows from the rest/],
  ["features: {WatchList: true}", undefined],
  ["features: {Bogus: true}", /features\[Bogus\]: Invalid value: true/],
  ["kubelet: {maxPods: 20, evictionHard: {memory.available: 100Mi}}", undefined],
  ["kubelet: {maxPod: 20}", /kubelet.maxPod: unknown field "kubelet.maxPod"/],
  ["kubelet: {maxPods: many}", /kubelet.maxPods: Invalid value: "many"/],
  ["kubelet: {topologyManagerPolicy: best-effort}", /kubelet.topologyManagerPolicy: .*does not support/],
  ["kubelet: {imageGCHighThresholdPercent: 101}", /kubelet.imageGCHighThresholdPercent: /],
];

for (const [text, expected] of settings) {
  test(`${expected ? "refused" : "taken"}: ${text}`, () => {
    const problems = daemonSettingProblems(parseClusterConfig(`${head}${text}\n`));
    const said = problems.map(({ path, message }) => `${path}: ${message}`).join("\n");
    if (expected) assert.match(said, expected);
    else assert.equal(said, "");
  });
}

const proxySettings: readonly (readonly [string, RegExp | undefined])[] = [
  ["kubeProxy: {mode: iptables, iptables: {masqueradeAll: true}}", undefined],
  ["kubeProxy: {mod: iptables}", /kubeProxy: .*unknown field "mod"/],
  ["kubeProxy: {ipvs: {scheduler: rr}}", /kubeProxy: .*ipvs/],
  ["kubeProxy: {nodePortAddresses: [here]}", /kubeProxy: .*here/],
];

for (const [text, expected] of proxySettings) {
  test(`${expected ? "refused" : "taken"}: ${text}`, async () => {
    const problems = await proxyProblems(parseClusterConfig(`${head}${text}\n`));
    const said = problems.map(({ path, message }) => `${path}: ${message}`).join("\n");
    if (expected) assert.match(said, expected);
    else assert.equal(said, "");
  });
}

const many = `
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
network:
  podCIDRs: [10.244.0.0/16, "fd00:10:244::/56"]
  serviceCIDRs: [10.96.0.0/16, "fd00:10:96::/112"]
machines:
- {name: cp-1, roles: [etcd, control-plane, worker], addresses: [192.0.2.11, "2001:db8::11"]}
- {name: cp-2, roles: [etcd, control-plane], addresses: [192.0.2.12, "2001:db8::12"]}
- {name: w-1, roles: [worker], addresses: [192.0.2.21, "2001:db8::21"], labels: {zone: a, node.kubernetes.io/tier: b}}
flags: {kube-apiserver: {audit-log-maxage: "7"}, cluster-autoscaler: {cloud-config: /f, nodes: ["1:2:a", "0:3:b"]}}
`;

const ofUnits = {
  resolvConf: "/etc/resolv.conf",
  controlPlane: "systemd",
  isEncrypting: false,
  trusted: {
    ca: "/etc/kubernetes/pki/ca.crt",
    "etcd/ca": "/etc/kubernetes/pki/etcd/ca.crt",
    "front-proxy-ca": "/etc/kubernetes/pki/front-proxy-ca.crt",
  },
} as const;

function machinePlan(name: string): DaemonPlan {
  const config = parseClusterConfig(many);
  const machine = machineNamed(config, name);
  assert.ok(machine);
  const files = machineFiles({ machine, ...ofUnits });
  const etcd = { initialCluster: `${name}=https://192.0.2.11:2380`, state: "new" } as const;
  return { config, machine, files, hostName: name, etcd, etcdIsLocal: false, dns: { port: dnsPort, registers: true } };
}

test("daemons of machines know the flags that they get", () => {
  for (const name of ["cp-1", "cp-2", "w-1"]) {
    const plan = machinePlan(name);
    for (const daemon of machineDaemons(plan.config, plan.machine)) {
      const known = knownFlags[daemon];
      if (known) parseFlags(known, daemon, daemonFlags(daemon, plan));
    }
    assert.deepEqual(
      daemonSettingProblems({ ...plan.config, kubelet: withoutKind(kubeletConfiguration(plan)) }),
      [],
      "the kubelet's configuration",
    );
  }
});

function withoutKind({ apiVersion: _version, kind: _kind, ...fields }: Readonly<Record<string, unknown>>) {
  return fields;
}

test("flags follow from the machine, and the configuration has the last word", () => {
  const flag = (plan: DaemonPlan, daemon: DaemonName, name: string) =>
    daemonFlags(daemon, plan).flatMap((one) => (one.startsWith(`--${name}=`) ? [one.slice(name.length + 3)] : []));
  const [server, worker] = [machinePlan("cp-2"), machinePlan("w-1")];
  assert.deepEqual(flag(server, "kube-apiserver", "etcd-servers"), ["https://127.0.0.1:2379,https://192.0.2.11:2379"]);
  assert.deepEqual(flag(server, "kube-apiserver", "advertise-address"), ["192.0.2.12"]);
  assert.deepEqual(flag(server, "kube-apiserver", "audit-log-maxage"), ["7"]);
  assert.deepEqual(flag(server, "kube-apiserver", "encryption-provider-config"), []);
  const encrypting = { ...server, files: machineFiles({ ...ofUnits, machine: server.machine, isEncrypting: true }) };
  assert.deepEqual(flag(encrypting, "kube-apiserver", "encryption-provider-config"), [
    "/run/credentials/kube-apiserver.service/extra_encryption.yaml",
  ]);
  for (const daemon of ["kube-controller-manager", "kube-scheduler", "cluster-autoscaler"] as const) {
    assert.deepEqual(flag(server, daemon, "leader-elect-lease-duration"), ["14s"], daemon);
  }
  assert.deepEqual(flag(server, "etcd", "listen-peer-urls"), ["https://192.0.2.12:2380"]);
  assert.deepEqual(flag(server, "cluster-autoscaler", "nodes"), ["1:2:a", "0:3:b"]);
  assert.deepEqual(flag(worker, "kubelet", "node-ip"), ["192.0.2.21,2001:db8::21"]);
  assert.deepEqual(flag(worker, "kubelet", "node-labels"), ["zone=a,node.kubernetes.io/tier=b"]);
  assert.deepEqual(flag(worker, "kubelet", "bootstrap-kubeconfig"), ["/etc/kubernetes/bootstrap-kubelet.conf"]);
  assert.deepEqual(flag(worker, "kubelet", "tls-cert-file"), []);
  assert.equal(kubeletConfiguration(worker)["serverTLSBootstrap"], true);
  assert.deepEqual(kubeletConfiguration(worker)["clusterDNS"], ["10.96.0.10", "fd00:10:96::a"]);
  const first = machinePlan("cp-1");
  assert.deepEqual(flag(first, "kubelet", "tls-cert-file"), ["/etc/kubernetes/pki/kubelet-server.crt"]);
  assert.deepEqual(kubeletConfiguration(first)["registerWithTaints"], [
    { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
  ]);
});
