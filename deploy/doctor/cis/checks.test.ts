import assert from "node:assert/strict";
import { test } from "node:test";
import type { DaemonName } from "../../units/unit-files.ts";
import type { ClusterObjects, ClusterView } from "../cluster-view.ts";
import { hardenedCluster, noObjects, withFile, withFlags } from "../testing/cluster-views.ts";
import { cisChecks } from "./checks.ts";

type Change = (view: ClusterView) => ClusterView;

const flags =
  (daemon: DaemonName, changes: Readonly<Record<string, string | undefined>>): Change =>
  (view) =>
    withFlags(view, daemon, changes);
const api = (name: string, value?: string) => flags("kube-apiserver", { [name]: value });
const manager = (name: string, value?: string) => flags("kube-controller-manager", { [name]: value });
const scheduler = (name: string, value?: string) => flags("kube-scheduler", { [name]: value });
const etcd = (name: string, value?: string) => flags("etcd", { [name]: value });
const kubelet = (name: string, value?: string) => flags("kubelet", { [name]: value });
const open =
  (path: string, mode = 0o666): Change =>
  (view) =>
    withFile(view, path, { mode });
const strange =
  (path: string): Change =>
  (view) =>
    withFile(view, path, { uid: 1000 });
const objects =
  (changes: Partial<ClusterObjects>): Change =>
  (view) => ({ ...view, objects: { ...noObjects, ...changes } });

const container = { name: "web", image: "web" };
const safe = {
  ...container,
  securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ["ALL"] } },
};
const pod = (spec: object, namespace = "shop"): Change =>
  objects({ pods: [{ metadata: { name: "web", namespace }, spec: { containers: [safe], ...spec } }] });
const right = (group: string, resource: string, verb: string, name = "team"): Change =>
  objects({
    clusterRoles: [{ metadata: { name: "r" }, rules: [{ apiGroups: [group], resources: [resource], verbs: [verb] }] }],
    clusterRoleBindings: [
      {
        metadata: { name: "b" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "r" },
        subjects: [{ kind: "Group", name }],
      },
    ],
  });

/** For each check a change to a hardened cluster that it must notice. */
const faults: Readonly<Record<string, Change>> = {
  "1.1.1": open("/manifests/kube-apiserver.yaml", 0o644),
  "1.1.2": strange("/manifests/kube-apiserver.yaml"),
  "1.1.3": open("/manifests/kube-controller-manager.yaml", 0o644),
  "1.1.4": strange("/manifests/kube-controller-manager.yaml"),
  "1.1.5": open("/manifests/kube-scheduler.yaml", 0o644),
  "1.1.6": strange("/manifests/kube-scheduler.yaml"),
  "1.1.7": open("/manifests/etcd.yaml", 0o644),
  "1.1.8": strange("/manifests/etcd.yaml"),
  "1.1.9": open("/cni/10-bridge.conflist", 0o644),
  "1.1.10": strange("/cni/10-bridge.conflist"),
  "1.1.11": open("/etcd", 0o755),
  "1.1.12": strange("/etcd"),
  "1.1.13": open("/admin.kubeconfig"),
  "1.1.14": strange("/admin.kubeconfig"),
  "1.1.15": open("/kubeconfig/kube-scheduler"),
  "1.1.16": strange("/kubeconfig/kube-scheduler"),
  "1.1.17": open("/kubeconfig/kube-controller-manager"),
  "1.1.18": strange("/kubeconfig/kube-controller-manager"),
  "1.1.19": strange("/pki/ca.key"),
  "1.1.20": open("/pki/ca.crt", 0o664),
  "1.1.21": open("/pki/ca.key", 0o640),
  "1.2.1": (view) => ({
    ...view,
    authentication: { anonymous: { enabled: true, conditions: [{ path: "/api" }] } },
  }),
  "1.2.2": api("token-auth-file", "/tokens.csv"),
  "1.2.3": api("enable-admission-plugins", "NodeRestriction"),
  "1.2.4": api("kubelet-client-key"),
  "1.2.5": api("kubelet-certificate-authority"),
  "1.2.6": api("authorization-mode"),
  "1.2.7": api("authorization-mode", "RBAC"),
  "1.2.8": api("authorization-mode", "Node"),
  "1.2.9": api("enable-admission-plugins", "NodeRestriction"),
  "1.2.10": api("enable-admission-plugins", "NodeRestriction,AlwaysAdmit"),
  "1.2.11": api("enable-admission-plugins", "NodeRestriction"),
  "1.2.12": api("disable-admission-plugins", "ServiceAccount"),
  "1.2.13": api("disable-admission-plugins", "NamespaceLifecycle"),
  "1.2.14": api("enable-admission-plugins"),
  "1.2.15": api("profiling"),
  "1.2.16": api("audit-log-path"),
  "1.2.17": api("audit-log-maxage", "7"),
  "1.2.18": api("audit-log-maxbackup", "2"),
  "1.2.19": api("audit-log-maxsize", "10"),
  "1.2.20": api("request-timeout", "0s"),
  "1.2.21": api("service-account-lookup", "false"),
  "1.2.22": api("service-account-key-file"),
  "1.2.23": api("etcd-certfile"),
  "1.2.24": api("tls-private-key-file"),
  "1.2.25": api("client-ca-file"),
  "1.2.26": api("etcd-cafile"),
  "1.2.27": api("encryption-provider-config"),
  "1.2.28": (view) => ({
    ...view,
    encryption: { resources: [{ resources: ["secrets"], providers: [{ identity: {} }] }] },
  }),
  "1.2.29": api("tls-cipher-suites", "TLS_RSA_WITH_AES_128_CBC_SHA"),
  "1.2.30": api("service-account-extend-token-expiration"),
  "1.3.1": manager("terminated-pod-gc-threshold", "0"),
  "1.3.2": manager("profiling", "true"),
  "1.3.3": manager("use-service-account-credentials"),
  "1.3.4": manager("service-account-private-key-file"),
  "1.3.5": manager("root-ca-file"),
  "1.3.6": manager("feature-gates", "RotateKubeletServerCertificate=false"),
  "1.3.7": manager("bind-address"),
  "1.4.1": scheduler("profiling", "true"),
  "1.4.2": scheduler("bind-address", "10.0.0.1"),
  "2.1": etcd("cert-file"),
  "2.2": etcd("client-cert-auth", "false"),
  "2.3": etcd("auto-tls", "true"),
  "2.4": etcd("peer-key-file"),
  "2.5": etcd("peer-client-cert-auth", "false"),
  "2.6": etcd("peer-auto-tls", "true"),
  "2.7": etcd("trusted-ca-file", "/pki/ca.crt"),
  "3.2.1": (view) => ({ ...view, auditPolicy: undefined }),
  "3.2.2": (view) => ({
    ...view,
    auditPolicy: { rules: [{ level: "RequestResponse", resources: [{ group: "" }] }, { level: "Metadata" }] },
  }),
  "4.1.1": open("/etc/systemd/system/kubelet.service", 0o644),
  "4.1.2": strange("/etc/systemd/system/kubelet.service"),
  "4.1.3": open("/kubeconfig/kube-proxy"),
  "4.1.4": strange("/kubeconfig/kube-proxy"),
  "4.1.5": open("/kubeconfig/kubelet"),
  "4.1.6": strange("/kubeconfig/kubelet"),
  "4.1.7": open("/pki/ca.crt"),
  "4.1.8": strange("/pki/ca.crt"),
  "4.1.9": open("/kubelet-config.yaml", 0o644),
  "4.1.10": strange("/kubelet-config.yaml"),
  "4.2.1": kubelet("anonymous-auth", "true"),
  "4.2.2": kubelet("authorization-mode", "AlwaysAllow"),
  "4.2.3": kubelet("client-ca-file"),
  "4.2.4": (view) => ({ ...view, kubeletFile: { ...view.kubeletFile, readOnlyPort: 10_255 } }),
  "4.2.5": kubelet("streaming-connection-idle-timeout", "0s"),
  "4.2.6": (view) => ({ ...view, kubeletFile: { ...view.kubeletFile, makeIPTablesUtilChains: false } }),
  "4.2.7": kubelet("hostname-override", "other"),
  "4.2.8": kubelet("event-qps", "1"),
  "4.2.9": kubelet("tls-private-key-file"),
  "4.2.10": kubelet("rotate-certificates", "false"),
  "4.2.11": (view) => ({
    ...view,
    kubeletFile: { ...view.kubeletFile, featureGates: { RotateKubeletServerCertificate: false } },
  }),
  "4.2.12": (view) => ({
    ...view,
    tls: new Map(view.tls).set("kubelet", { oldVersions: [], weakCiphers: ["TLS_RSA_WITH_AES_128_CBC_SHA"] }),
  }),
  "4.2.13": (view) => ({ ...view, kubeletFile: { seccompDefault: true } }),
  "4.2.14": (view) => ({ ...view, kubeletFile: { podPidsLimit: 100 } }),
  "4.3.1": flags("kube-proxy", { "metrics-bind-address": "0.0.0.0:10249" }),
  "5.1.1": objects({
    clusterRoleBindings: [
      {
        metadata: { name: "everybody" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      },
    ],
  }),
  "5.1.2": right("", "secrets", "list"),
  "5.1.3": right("", "*", "get"),
  "5.1.4": right("", "pods", "create"),
  "5.1.5": pod({}),
  "5.1.8": right("rbac.authorization.k8s.io", "roles", "escalate"),
  "5.1.9": right("", "persistentvolumes", "create"),
  "5.1.10": right("", "nodes/proxy", "get"),
  "5.1.11": right("certificates.k8s.io", "certificatesigningrequests/approval", "update"),
  "5.1.12": right("admissionregistration.k8s.io", "validatingwebhookconfigurations", "patch"),
  "5.1.13": right("", "serviceaccounts/token", "create"),
  "5.2.1": objects({ namespaces: [{ metadata: { name: "shop" }, spec: {} }] }),
  "5.2.2": pod({ containers: [{ ...container, securityContext: { privileged: true } }] }),
  "5.2.3": pod({ hostPID: true }),
  "5.2.4": pod({ hostIPC: true }),
  "5.2.5": pod({ hostNetwork: true }),
  "5.2.6": pod({ containers: [container] }),
  "5.2.7": pod({ containers: [container] }),
  "5.2.8": pod({ containers: [container] }),
  "5.2.9": pod({ containers: [{ ...safe, securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }] }),
  "5.2.11": pod({ volumes: [{ name: "root", hostPath: { path: "/" } }] }),
  "5.2.12": pod({ containers: [{ ...safe, ports: [{ containerPort: 80, hostPort: 80 }] }] }),
  "5.3.2": objects({ namespaces: [{ metadata: { name: "shop" }, spec: {} }] }),
  "5.4.1": pod({ containers: [{ ...safe, envFrom: [{ secretRef: { name: "s" } }] }] }),
  "5.6.3": pod({ containers: [container] }),
  "5.6.4": pod({}, "default"),
};

/** What people decide, and what a machine cannot see. */
const neverJudged = [
  "3.1.1",
  "3.1.2",
  "3.1.3",
  "5.1.6",
  "5.1.7",
  "5.2.10",
  "5.3.1",
  "5.4.2",
  "5.5.1",
  "5.6.1",
  "5.6.2",
];

for (const { id, title, decide } of cisChecks) {
  test(`${id}: ${title}`, () => {
    const hardened = decide(hardenedCluster());
    if (neverJudged.includes(id)) {
      assert.equal(hardened.state, "SKIP");
      return;
    }
    assert.equal(hardened.state, "PASS", JSON.stringify(hardened));
    const change = faults[id];
    assert.ok(change, "the table has no fault for this check");
    const { state, ...found } = decide(change(hardenedCluster()));
    assert.ok(state === "FAIL" || state === "WARN", `${state} ${JSON.stringify(found)}`);
    assert.ok("advice" in found && found.advice !== "", "somebody must be told what to do");
  });
}

test("every number of the benchmark occurs once", () => {
  const ids = cisChecks.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual([...neverJudged, ...Object.keys(faults)].toSorted(), ids.toSorted());
});

test("nothing is said of programs that do not run and servers that do not answer", () => {
  const view: ClusterView = { ...hardenedCluster(), processes: new Map(), files: new Map(), objects: undefined };
  for (const { id, decide } of cisChecks) assert.equal(decide(view).state, "SKIP", id);
});

test("what the benchmark assesses by machine fails, what it leaves to people warns", () => {
  const stateOf = (id: string) =>
    cisChecks.find((check) => check.id === id)?.decide(faults[id]?.(hardenedCluster()) ?? hardenedCluster()).state;
  assert.equal(stateOf("1.2.15"), "FAIL");
  assert.equal(stateOf("1.2.27"), "WARN");
});

test("health may be asked for by anybody, the rest of the server by nobody", () => {
  const check = cisChecks.find(({ id }) => id === "1.2.1");
  const decide = (authentication: unknown, anonymous?: string) =>
    check?.decide({ ...api("anonymous-auth", anonymous)(hardenedCluster()), authentication }).state;
  assert.equal(decide({ anonymous: { enabled: true, conditions: [{ path: "/livez" }] } }), "PASS");
  assert.equal(decide({ anonymous: { enabled: true } }), "WARN");
  assert.equal(decide(undefined), "WARN");
  assert.equal(decide(undefined, "false"), "PASS");
});

test("pods and roles of the system are not held against anybody", () => {
  const view = pod({ hostNetwork: true, containers: [container] }, "kube-system")(hardenedCluster());
  for (const id of ["5.2.5", "5.2.7"]) {
    assert.equal(cisChecks.find((check) => check.id === id)?.decide(view).state, "PASS");
  }
  const system = right("", "secrets", "list", "system:nodes")(hardenedCluster());
  assert.equal(cisChecks.find(({ id }) => id === "5.1.2")?.decide(system).state, "PASS");
});
