import assert from "node:assert/strict";
import { test } from "node:test";
import { drainDeadlineMs } from "@kube-ts/std/daemon";
import { daemonService, etcdDropIn } from "./daemon-services.ts";
import { credentialPath, daemonUnits, extraCredentialPath, extraCredentialSource } from "./unit-files.ts";
import type { DaemonName } from "./unit-files.ts";
import { unitText } from "./unit-text.ts";

const ours = (Object.keys(daemonUnits) as DaemonName[]).filter((daemon) => daemon !== "etcd");
const service = (daemon: DaemonName) => (daemon === "etcd" ? etcdDropIn() : daemonService(daemon))["Service"] ?? {};

/** What gives a service a mount namespace of its own (systemd.exec). */
const mountNamespaceDirectives = [
  "InaccessiblePaths", "LogsDirectoryPath", "MountAPIVFS", "PrivateDevices", "PrivateMounts", "PrivateTmp", "ProcSubset",
  "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
  "ProtectKernelTunables", "ProtectProc", "ProtectSystem", "ReadOnlyPaths", "ReadWritePaths", "LoadCredential",
]; // prettier-ignore

test("every daemon tells when it serves, is watched, and is started again for ever", () => {
  for (const daemon of ours) {
    const { Unit, Service } = daemonService(daemon);
    assert.equal(Service?.["Type"], "notify", daemon);
    assert.equal(Service?.["NotifyAccess"], "all", daemon);
    assert.equal(Service?.["Restart"], "always", daemon);
    assert.ok(Number(Service?.["WatchdogSec"]) > 0, daemon);
    assert.equal(Unit?.["StartLimitIntervalSec"], 0, daemon);
  }
});

test("a machine without the role skips the unit", () => {
  for (const daemon of ours) {
    assert.equal(daemonService(daemon)["Unit"]?.["ConditionPathExists"], daemonUnits[daemon].envFile);
    assert.equal(service(daemon)["EnvironmentFile"], daemonUnits[daemon].envFile);
    assert.equal(service(daemon)["ExecStart"], `/usr/bin/${daemon} $${daemonUnits[daemon].flagsVariable}`);
  }
  assert.equal(etcdDropIn()["Unit"]?.["ConditionPathExists"], daemonUnits.etcd.envFile);
});

test("systemd waits longer than a daemon takes to drain", () => {
  for (const daemon of ours) assert.ok(Number(service(daemon)["TimeoutStopSec"]) * 1000 > drainDeadlineMs, daemon);
});

test("users and capabilities are those of the table", () => {
  for (const daemon of Object.keys(daemonUnits) as DaemonName[]) {
    const { user } = daemonUnits[daemon];
    assert.equal(service(daemon)["User"] ?? "root", user, daemon);
    assert.equal(service(daemon)["NoNewPrivileges"], true, daemon);
  }
  for (const daemon of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const) {
    assert.equal(service(daemon)["CapabilityBoundingSet"], "", daemon);
    assert.equal(service(daemon)["AmbientCapabilities"], undefined, daemon);
  }
  assert.equal(service("cluster-dns")["AmbientCapabilities"], "CAP_NET_BIND_SERVICE");
  assert.equal(service("kube-proxy")["AmbientCapabilities"], "CAP_NET_ADMIN CAP_NET_RAW");
});

test("V8 may compile, and the kubelet's mounts reach the containers", () => {
  for (const daemon of ours) assert.equal(service(daemon)["MemoryDenyWriteExecute"], undefined, daemon);
  for (const directive of mountNamespaceDirectives) assert.equal(service("kubelet")[directive], undefined, directive);
  assert.equal(service("kubelet")["KillMode"], "process");
});

test("credentials come from root's files, under the names that flags use", () => {
  const text = unitText(daemonService("kube-apiserver"));
  assert.match(text, /^LoadCredential=apiserver\.key:\/etc\/kubernetes\/pki\/apiserver\.key$/m);
  assert.match(text, /^LoadCredential=extra:\/etc\/kubernetes\/credentials\/kube-apiserver$/m);
  assert.equal(credentialPath("kube-apiserver", "sa.key"), "/run/credentials/kube-apiserver.service/sa.key");
  assert.equal(
    extraCredentialPath("kube-apiserver", "encryption.yaml"),
    "/run/credentials/kube-apiserver.service/extra_encryption.yaml",
  );
  assert.throws(() => credentialPath("kube-scheduler", "sa.key"), /kube-scheduler\.service has no credential sa\.key/);
  assert.throws(() => extraCredentialPath("kubelet", "x"), /kubelet\.service has no further credentials/);
  assert.equal(
    extraCredentialSource("kube-apiserver", "encryption.yaml"),
    "/etc/kubernetes/credentials/kube-apiserver/encryption.yaml",
  );
});

test("Debian's settings of etcd are forgotten before ours", () => {
  const text = unitText(etcdDropIn());
  assert.match(text, /^ExecStart=\nExecStart=\/usr\/bin\/etcd \$KUBE_ETCD_FLAGS$/m);
  assert.match(text, /^EnvironmentFile=\nEnvironmentFile=\/etc\/kubernetes\/env\/etcd\.env$/m);
});
