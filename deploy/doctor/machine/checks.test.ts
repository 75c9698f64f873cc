import assert from "node:assert/strict";
import { test } from "node:test";
import type { DaemonName } from "../../units/unit-files.ts";
import type { DiskFacts, EngineFacts, EtcdFacts, KernelFacts, MachineView } from "../machine-view.ts";
import { certificate, day, healthyMachine, now, withDaemon } from "../testing/machine-views.ts";
import { machineChecks } from "./checks.ts";

type Change = (view: MachineView) => MachineView;

const kernel =
  (facts: Partial<KernelFacts>): Change =>
  (view) => ({ ...view, kernel: { ...view.kernel, ...facts } });
const sysctl =
  (name: string, value: string): Change =>
  (view) =>
    kernel({ sysctls: new Map(view.kernel.sysctls).set(name, value) })(view);
const engine =
  (facts: Partial<EngineFacts>): Change =>
  (view) => ({ ...view, engine: view.engine && { ...view.engine, ...facts } });
const etcd =
  (facts: Partial<EtcdFacts>): Change =>
  (view) => ({ ...view, etcd: view.etcd && { ...view.etcd, ...facts } });
const disk =
  (purpose: string, facts: Partial<DiskFacts>): Change =>
  (view) => ({ ...view, disks: view.disks.map((one) => (one.purpose === purpose ? { ...one, ...facts } : one)) });
const stopped =
  (name: DaemonName): Change =>
  (view) =>
    withDaemon(view, name, { isRunning: false });
const taken =
  (name: DaemonName): Change =>
  (view) =>
    withDaemon(view, name, { ports: [{ port: 6443, listener: "another program" }] });
const certificates =
  (facts: Partial<typeof certificate>): Change =>
  (view) => ({ ...view, certificates: [certificate, { ...certificate, ...facts }] });

/** For each check a change to a healthy machine that it must notice, and how grave that is. */
const faults: Readonly<Record<string, readonly ["FAIL" | "WARN", Change]>> = {
  rights: ["WARN", (view) => ({ ...view, isRoot: false })],
  programs: ["FAIL", (view) => ({ ...view, programs: new Map([["etcd", false]]) })],
  iptables: ["FAIL", (view) => ({ ...view, iptables: undefined })],
  "CNI plugins": ["FAIL", (view) => ({ ...view, cniPlugins: ["bridge"] })],
  Docker: ["FAIL", (view) => ({ ...view, engine: undefined })],
  "Docker version": ["WARN", engine({ version: "18.9.1" })],
  "Docker storage": ["WARN", engine({ storageDriver: "vfs" })],
  "Docker cgroups": ["FAIL", (view) => ({ ...view, kubeletCgroupDriver: "systemd" })],
  "Docker seccomp": ["WARN", engine({ securityOptions: [] })],
  kernel: ["FAIL", kernel({ release: "4.9.0-8-amd64" })],
  namespaces: ["FAIL", kernel({ namespaces: ["mnt"] })],
  cgroups: ["FAIL", kernel({ cgroupControllers: ["cpu", "cpuset", "memory"] })],
  overlay: ["FAIL", kernel({ filesystems: ["ext4"] })],
  conntrack: ["FAIL", kernel({ modules: [], sysctls: new Map() })],
  "conntrack table": ["WARN", kernel({ conntrackEntries: 131_000 })],
  "ip forwarding": ["FAIL", sysctl("net.ipv4.ip_forward", "0")],
  "bridge filter": ["FAIL", sysctl("net.bridge.bridge-nf-call-iptables", "0")],
  "inotify instances": ["WARN", sysctl("fs.inotify.max_user_instances", "16")],
  "inotify watches": ["WARN", sysctl("fs.inotify.max_user_watches", "100")],
  "memory maps": ["WARN", sysctl("vm.max_map_count", "1000")],
  "process ids": ["WARN", sysctl("kernel.pid_max", "1000")],
  swap: ["WARN", kernel({ hasSwap: true })],
  "disk etcd": ["FAIL", disk("etcd", { freeBytes: 1000 })],
  "inodes etcd": ["FAIL", disk("etcd", { freeInodes: 1 })],
  "disk kubelet": ["WARN", disk("kubelet", { freeBytes: 1.5 * 2 ** 30 })],
  "inodes kubelet": ["WARN", disk("kubelet", { freeInodes: 3 })],
  "disk Docker": ["FAIL", disk("Docker", { freeBytes: 0 })],
  "inodes Docker": ["FAIL", disk("Docker", { freeInodes: 0 })],
  "open files": ["WARN", (view) => withDaemon(view, "etcd", { openFilesLimit: 1024 })],
  clock: ["WARN", (view) => ({ ...view, clock: { ...view.clock, stepMs: -3000 } })],
  "certificate validity": ["FAIL", certificates({ notAfterMs: now - 1 })],
  "certificate authorities": ["FAIL", certificates({ isSigned: false })],
  "certificate keys": ["FAIL", certificates({ keyMatches: false })],
  "certificate names": [
    "FAIL",
    (view) => ({ ...view, certificates: [{ ...certificate, missingNames: ["10.0.0.1"] }] }),
  ],
  "certificate bundles": ["WARN", (view) => ({ ...view, bundles: ["pki/ca-bundle.crt"] })],
  etcd: ["FAIL", stopped("etcd")],
  "etcd ports": ["FAIL", taken("etcd")],
  "kube-apiserver": ["FAIL", stopped("kube-apiserver")],
  "kube-apiserver ports": ["FAIL", taken("kube-apiserver")],
  "kube-controller-manager": ["FAIL", stopped("kube-controller-manager")],
  "kube-controller-manager ports": ["FAIL", taken("kube-controller-manager")],
  "kube-scheduler": ["FAIL", stopped("kube-scheduler")],
  "kube-scheduler ports": ["FAIL", taken("kube-scheduler")],
  "cluster-autoscaler": ["FAIL", stopped("cluster-autoscaler")],
  "cluster-autoscaler ports": ["FAIL", taken("cluster-autoscaler")],
  kubelet: ["FAIL", stopped("kubelet")],
  "kubelet ports": ["FAIL", (view) => withDaemon(view, "kubelet", { ports: [{ port: 10_250, listener: "nobody" }] })],
  "kube-proxy": ["FAIL", stopped("kube-proxy")],
  "kube-proxy ports": ["FAIL", taken("kube-proxy")],
  "pod-network-agent": ["FAIL", stopped("pod-network-agent")],
  "pod-network-agent ports": ["FAIL", taken("pod-network-agent")],
  "cluster-dns": ["FAIL", stopped("cluster-dns")],
  "cluster-dns ports": ["FAIL", taken("cluster-dns")],
  "etcd members": ["FAIL", etcd({ members: [{ name: "cp-2", isStarted: true, hasAnswered: false }] })],
  "etcd alarms": ["FAIL", etcd({ alarms: ["NOSPACE"] })],
  "etcd size": ["WARN", etcd({ sizeBytes: 1.9 * 2 ** 30 })],
  readyz: ["FAIL", (view) => ({ ...view, apiServer: { failing: ["[-]etcd failed"], node: undefined } })],
  node: ["FAIL", (view) => ({ ...view, apiServer: { failing: [], node: { isReady: false, message: "no network" } } })],
};

for (const { id, title, decide } of machineChecks) {
  test(`${id}: ${title}`, () => {
    const healthy = decide(healthyMachine());
    assert.equal(healthy.state, "PASS", JSON.stringify(healthy));
    const [state, change] = faults[id] ?? assert.fail("the table has no fault for this check");
    const found = decide(change(healthyMachine()));
    assert.equal(found.state, state, JSON.stringify(found));
    assert.ok("advice" in found && found.advice !== "", "somebody must be told what to do");
  });
}

test("every check has an id of its own", () => {
  assert.deepEqual(
    Object.keys(faults),
    machineChecks.map(({ id }) => id),
  );
});

const stateOf = (id: string, view: MachineView) => machineChecks.find((check) => check.id === id)?.decide(view).state;

test("a machine without a cluster is none that fails", () => {
  const view: MachineView = {
    ...healthyMachine(),
    hasCluster: false,
    engine: undefined,
    daemons: new Map(),
    certificates: [],
    etcd: undefined,
    apiServer: undefined,
  };
  for (const { id, decide } of machineChecks) assert.ok(["PASS", "SKIP"].includes(decide(view).state), id);
});

test("a certificate that soon ends is a warning, one that begins tomorrow a failure", () => {
  const view = healthyMachine();
  assert.equal(stateOf("certificate validity", certificates({ notAfterMs: now + 10 * day })(view)), "WARN");
  assert.equal(stateOf("certificate validity", certificates({ notBeforeMs: now + day })(view)), "FAIL");
});

test("the clock is judged by the time server, else by the hardware's clock, else not at all", () => {
  const judged = (clock: Partial<MachineView["clock"]>) =>
    stateOf("clock", { ...healthyMachine(), clock: { ...healthyMachine().clock, ...clock } });
  assert.equal(judged({ isSynchronized: false }), "WARN");
  assert.equal(judged({ isSynchronized: undefined }), "PASS");
  assert.equal(judged({ isSynchronized: undefined, aheadOfHardwareMs: 3_600_000 }), "WARN");
  assert.equal(judged({ isSynchronized: undefined, aheadOfHardwareMs: undefined }), "SKIP");
  assert.equal(judged({ nowMs: 0 }), "FAIL");
});

test("a member of etcd that never started, and etcd without a leader, fail", () => {
  const members = [{ name: "", isStarted: false, hasAnswered: false }];
  assert.equal(stateOf("etcd members", etcd({ members })(healthyMachine())), "FAIL");
  assert.equal(stateOf("etcd members", etcd({ hasLeader: false })(healthyMachine())), "FAIL");
});

test("an etcd or API server that runs and does not answer fails", () => {
  assert.equal(stateOf("etcd alarms", { ...healthyMachine(), etcd: undefined }), "FAIL");
  assert.equal(stateOf("readyz", { ...healthyMachine(), apiServer: undefined }), "FAIL");
});
