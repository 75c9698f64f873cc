import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigFileError } from "@kube-ts/std/config-file";
import { formatYaml } from "@kube-ts/std/yaml";
import { formatClusterConfig, parseClusterConfig } from "./cluster-config.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import * as view from "./cluster-view.ts";

const head = "apiVersion: deploy.kube-ts.io/v1\nkind: Cluster\n";

const three = `${head}
name: demo
controlPlaneEndpoint: api.example.net:6443
network:
  podCIDRs: [10.244.0.0/16, "fd00:10:244::/56"]
  serviceCIDRs: [10.96.0.0/16, "fd00:10:96::/112"]
machines:
- name: cp-1
  roles: [worker, etcd, control-plane]
  addresses: [192.0.2.11, "2001:db8::11"]
- name: cp-2
  roles: [etcd, control-plane]
  addresses: ["2001:db8::12", 192.0.2.12]
- name: worker-1
  roles: [worker]
  addresses: [192.0.2.21, "2001:db8::21"]
  labels: {disk: ssd}
  taints: [{key: dedicated, value: gpu, effect: NoSchedule}]
flags: {kube-apiserver: {audit-log-maxage: "7"}}
features: {SomeGate: true}
`;

const oneMachine = {
  apiVersion: "deploy.kube-ts.io/v1",
  kind: "Cluster",
  machines: [{ name: "one", roles: ["etcd", "control-plane", "worker"], addresses: ["192.0.2.1"] }],
};

function machine(config: ClusterConfig, name: string) {
  const found = view.machineNamed(config, name);
  assert.ok(found);
  return found;
}

test("a file has every default filled in and reads the same when it is written", () => {
  const config = parseClusterConfig(three);
  assert.deepEqual(config.ports, { apiServer: 6443, etcdClient: 2379, etcdPeer: 2380 });
  assert.equal(config.version, "1.36.0");
  assert.equal(config.network.dnsDomain, "cluster.local");
  assert.deepEqual(config.network.podNetwork, { mode: "routes", mtu: 0 });
  assert.deepEqual(config.machines[0]?.roles, ["etcd", "control-plane", "worker"]);
  assert.deepEqual(parseClusterConfig(formatClusterConfig(config)), config);
  const minimal = parseClusterConfig(formatYaml(oneMachine));
  assert.deepEqual(parseClusterConfig(formatClusterConfig(minimal)), minimal);
});

test("what follows from the file", () => {
  const config = parseClusterConfig(three);
  const [first, second, worker] = ["cp-1", "cp-2", "worker-1"].map((name) => machine(config, name));
  assert.ok(first && second && worker);
  assert.deepEqual(view.apiServerUrls(config, second), ["https://192.0.2.12:6443", "https://192.0.2.11:6443"]);
  assert.equal(view.clusterUrl(config), "https://api.example.net:6443");
  assert.deepEqual(
    view.etcdMembers(config, second).map(({ name, peerUrl }) => `${name}=${peerUrl}`),
    ["cp-2=https://192.0.2.12:2380", "cp-1=https://192.0.2.11:2380"],
  );
  assert.deepEqual(view.nodeAddresses(config, second), ["192.0.2.12", "2001:db8::12"]);
  assert.deepEqual(view.serviceAddresses(config, view.dnsServiceIndex), ["10.96.0.10", "fd00:10:96::a"]);
  assert.deepEqual(view.nodeTaints(first), [{ key: view.controlPlaneLabel, effect: "NoSchedule" }]);
  assert.deepEqual(view.nodeTaints({ ...first, taints: [] }), []);
  assert.deepEqual(view.nodeTaints(worker), [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }]);
  assert.deepEqual(view.nodeLabels(first), { [view.controlPlaneLabel]: "" });
  assert.deepEqual(view.nodeLabels(worker), { disk: "ssd" });
  assert.ok(view.apiServerHosts(config, first).includes("api.example.net"));
  assert.ok(view.apiServerHosts(config, first).includes("fd00:10:96::1"));
  assert.deepEqual(view.configWarnings(config), [
    "machines: etcd has 2 members; an odd number survives as many failures with fewer machines",
  ]);
});

/** Changes to a file that is right, and what is said about each. */
const faults: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ["unknown field", { bogus: 1 }, /unknown field "bogus"/],
  ["wrong kind", { kind: "Other" }, /no kind "Other"/],
  ["name", { name: "Demo!" }, /name: Invalid value: "Demo!"/],
  ["version", { version: "1.36" }, /version: Invalid value: "1.36": must be a version/],
  ["other release", { version: "1.35.2" }, /version: .* sets up clusters of version 1.36/],
  ["endpoint", { controlPlaneEndpoint: "api" }, /controlPlaneEndpoint: Invalid value: "api": must be HOST:PORT/],
  ["port", { ports: { apiServer: 70_000 } }, /ports.apiServer: Invalid value: 70000/],
  [
    "ports alike",
    { ports: { etcdClient: 2380 } },
    /ports.etcdPeer: Invalid value: 2380: is the port of ports.etcdClient/,
  ],
  ["port of another", { ports: { apiServer: 10_250 } }, /ports.apiServer: .*the kubelet/],
  ["no CIDR", { network: { podCIDRs: ["10.244.0.0"] } }, /network.podCIDRs\[0\]: Invalid value: "10.244.0.0"/],
  [
    "two of a family",
    { network: { podCIDRs: ["10.1.0.0/16", "10.2.0.0/16"] } },
    /network.podCIDRs: .*one of each family/,
  ],
  ["no pods", { network: { podCIDRs: [] } }, /network.podCIDRs: Required value/],
  [
    "overlap",
    { network: { podCIDRs: ["10.96.128.0/17"] } },
    /network.serviceCIDRs\[0\]: .*overlaps with network.podCIDRs\[0\]/,
  ],
  [
    "families",
    { network: { podCIDRs: ["fd00::/56"] } },
    /network.serviceCIDRs\[0\]: .*family of network.podCIDRs\[0\]/,
  ],
  ["wide services", { network: { serviceCIDRs: ["10.0.0.0/8"] } }, /serviceCIDRs\[0\]: .*\/12 or longer/],
  ["narrow pods", { network: { podCIDRs: ["10.244.0.0/25"] } }, /podCIDRs\[0\]: .*gets a \/24/],
  [
    "services without pods",
    { network: { serviceCIDRs: ["10.96.0.0/16", "fd00::/112"] } },
    /serviceCIDRs\[1\]: .*no addresses of this family/,
  ],
  ["domain", { network: { dnsDomain: "Cluster" } }, /network.dnsDomain: Invalid value: "Cluster"/],
  ["mtu", { network: { podNetwork: { mtu: 12 } } }, /network.podNetwork.mtu: Invalid value: 12/],
  ["mode", { network: { podNetwork: { mode: "bgp" } } }, /network.podNetwork.mode: Unsupported value: "bgp"/],
  ["control plane", { controlPlane: { mode: "nomad" } }, /controlPlane.mode: Unsupported value: "nomad"/],
  ["daemon", { flags: { kubelets: {} } }, /unknown field "flags.kubelets"/],
  [
    "no machines",
    { machines: [] },
    /machines: Required value: one machine has to have the roles etcd and control-plane/,
  ],
];

for (const [name, change, expected] of faults) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => parseClusterConfig(formatYaml({ ...oneMachine, ...change })),
      (error) => error instanceof ConfigFileError && expected.test(error.message),
    );
  });
}

const machineFaults: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ["name", { name: "A_b" }, /machines\[1\].name: Invalid value: "A_b"/],
  ["no name", { name: undefined }, /machines\[1\].name: Required value/],
  ["same name", { name: "one" }, /machines\[1\].name: Duplicate value: "one": see machines\[0\].name/],
  ["no role", { roles: [] }, /machines\[1\].roles: Required value/],
  ["role", { roles: ["master"] }, /machines\[1\].roles\[0\]: Unsupported value: "master"/],
  ["no address", { addresses: [] }, /machines\[1\].addresses: Required value/],
  ["address", { addresses: ["host"] }, /machines\[1\].addresses\[0\]: Invalid value: "host"/],
  ["same address", { addresses: ["192.0.2.1"] }, /machines\[1\].addresses\[0\]: Duplicate value/],
  ["two of a family", { addresses: ["192.0.2.2", "192.0.2.3"] }, /addresses\[1\]: .*one address of each family/],
  ["address of a pod", { addresses: ["10.244.1.1"] }, /addresses\[0\]: .*is in 10.244.0.0\/16/],
  ["family", { addresses: ["2001:db8::2"] }, /addresses: .*needs its IPv4 address/],
  ["label", { labels: { "a b": "c" } }, /machines\[1\].labels: Invalid value/],
  [
    "refused label",
    { labels: { "node-role.kubernetes.io/db": "" } },
    /labels\[node-role.kubernetes.io\/db\]: .*kubectl label/,
  ],
  ["effect", { taints: [{ key: "a", effect: "Never" }] }, /taints\[0\].effect: Unsupported value: "Never"/],
  ["no effect", { taints: [{ key: "a" }] }, /taints\[0\].effect: Required value/],
  [
    "taint of no node",
    { roles: ["etcd"], taints: [{ key: "a", effect: "NoExecute" }] },
    /only a machine with the role worker/,
  ],
];

test("refused: static pods without a kubelet", () => {
  const machines = [{ name: "one", roles: ["etcd", "control-plane"], addresses: ["192.0.2.1"] }];
  const text = JSON.stringify({ ...oneMachine, controlPlane: { mode: "static-pods" }, machines });
  assert.throws(() => parseClusterConfig(text), /machines\[0\].roles: .*static pods needs the role worker/);
});

for (const [name, change, expected] of machineFaults) {
  test(`refused of a machine: ${name}`, () => {
    const other = { name: "two", roles: ["worker"], addresses: ["192.0.2.2"], ...change };
    const text = JSON.stringify({ ...oneMachine, machines: [...oneMachine.machines, other] });
    assert.throws(
      () => parseClusterConfig(text),
      (error) => error instanceof ConfigFileError && expected.test(error.message),
    );
  });
}
