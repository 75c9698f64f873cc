import { join } from "node:path";
import { clusterDaemons } from "../../local/daemons.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import type { Identities } from "../../local/identities.ts";
import { localCluster } from "../../local/layout.ts";
import type { ClusterObjects, ClusterView, FileFacts, RunningProgram } from "../cluster-view.ts";

const pair = (name: string) => ({ cert: `/pki/${name}.crt`, key: `/pki/${name}.key` });

const identities: Identities = {
  clusterCa: "/pki/ca.crt",
  clusterCaKey: "/pki/ca.key",
  etcdCa: "/pki/etcd/ca.crt",
  etcdServer: pair("etcd/server"),
  etcdPeer: pair("etcd/peer"),
  etcdClient: pair("etcd/client"),
  apiServer: pair("apiserver"),
  apiServerToKubelet: pair("apiserver-kubelet-client"),
  frontProxyCa: "/pki/front-proxy-ca.crt",
  frontProxyClient: pair("front-proxy-client"),
  kubeletServer: pair("kubelet-server"),
  serviceAccounts: { key: "/pki/sa.key", publicKey: "/pki/sa.pub" },
  kubeconfigs: {
    kubelet: "/kubeconfig/kubelet",
    "kube-proxy": "/kubeconfig/kube-proxy",
    "kube-scheduler": "/kubeconfig/kube-scheduler",
    "kube-controller-manager": "/kubeconfig/kube-controller-manager",
    "cluster-dns": "/kubeconfig/cluster-dns",
  },
};

/** The programs of the local cluster, with the flags that it really gives them. */
export function localPrograms(given = identities): ReadonlyMap<DaemonName, RunningProgram> {
  const cluster = { ...localCluster(), directory: "/cluster" };
  return new Map(
    clusterDaemons(cluster, given).map(({ name, args }, index) => [
      name as DaemonName,
      { pid: index + 2, uid: 0, args },
    ]),
  );
}

const closed: FileFacts = { mode: 0o600, uid: 0, gid: 0 };
const places = {
  adminKubeconfig: "/admin.kubeconfig",
  schedulerKubeconfig: "/kubeconfig/kube-scheduler",
  controllerManagerKubeconfig: "/kubeconfig/kube-controller-manager",
  kubeletKubeconfig: "/kubeconfig/kubelet",
  proxyKubeconfig: "/kubeconfig/kube-proxy",
  kubeletConfig: "/kubelet-config.yaml",
  etcdData: "/etcd",
  pki: "/pki",
  cniConfigs: "/cni",
  manifests: "/manifests",
  kubeletUnit: "/etc/systemd/system/kubelet.service",
};

export const noObjects: ClusterObjects = {
  clusterRoles: [],
  clusterRoleBindings: [],
  roles: [],
  serviceAccounts: [],
  namespaces: [],
  pods: [],
  networkPolicies: [],
};

/** A cluster in which every recommendation that applies is followed. */
export function hardenedCluster(): ClusterView {
  const manifests = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"].map(
    (name) => `/manifests/${name}.yaml`,
  );
  const files = [...Object.values(places), ...manifests, "/cni/10-bridge.conflist", "/pki/ca.crt", "/pki/ca.key"];
  return {
    processes: withMoreAdmission(localPrograms()),
    places,
    files: new Map([
      ...files.map((path): [string, FileFacts] => [path, closed]),
      ["/etcd", { ...closed, mode: 0o700 }],
    ]),
    kubeletFile: { seccompDefault: true, podPidsLimit: 4096 },
    proxyFile: {},
    auditPolicy: { rules: [{ level: "Metadata" }] },
    authentication: { anonymous: { enabled: false } },
    encryption: { resources: [{ resources: ["secrets"], providers: [{ secretbox: {} }, { identity: {} }] }] },
    tls: new Map([
      ["kube-apiserver", { oldVersions: [], weakCiphers: [] }],
      ["kubelet", { oldVersions: [], weakCiphers: [] }],
    ]),
    objects: noObjects,
  };
}

/** What the local cluster leaves out so that whatever runs elsewhere runs there, too. */
function withMoreAdmission(programs: ReadonlyMap<DaemonName, RunningProgram>): ReadonlyMap<DaemonName, RunningProgram> {
  const view = withFlags({ processes: programs }, "kube-apiserver", {
    "enable-admission-plugins": "NodeRestriction,DenyServiceExternalIPs,EventRateLimit,AlwaysPullImages",
    "encryption-provider-config": "/encryption.yaml",
  });
  return view.processes;
}

/** The same with other flags; undefined takes one away. */
export function withFlags<V extends Pick<ClusterView, "processes">>(
  view: V,
  daemon: DaemonName,
  flags: Readonly<Record<string, string | undefined>>,
): V {
  const program = view.processes.get(daemon);
  if (!program) throw new Error(`${daemon} does not run in this view`);
  const given = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  const kept = program.args.filter((arg) => !Object.hasOwn(flags, arg.slice(2).split("=")[0] ?? ""));
  const processes = new Map(view.processes).set(daemon, { ...program, args: [...kept, ...given] });
  return { ...view, processes };
}

/** The same with one file's facts changed. */
export function withFile(view: ClusterView, path: string, facts: Partial<FileFacts>): ClusterView {
  return { ...view, files: new Map(view.files).set(path, { ...closed, ...facts }) };
}

export const scratchCluster = (directory: string) => ({
  ...localCluster(),
  directory,
  pkiDirectory: join(directory, "pki"),
  kubeconfigDirectory: join(directory, "kubeconfig"),
  adminKubeconfig: join(directory, "admin.kubeconfig"),
});
