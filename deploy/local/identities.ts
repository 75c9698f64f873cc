import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Authority, signingKeyFiles } from "../pki/authority.ts";
import type { KeyPairFiles } from "../pki/authority.ts";
import type { LocalCluster } from "./layout.ts";

/** The files with which the programs of the cluster know and trust each other. */
export interface Identities {
  readonly clusterCa: string;
  /** For the program that signs what the certificates API has approved. */
  readonly clusterCaKey: string;
  readonly etcdCa: string;
  readonly etcdServer: KeyPairFiles;
  /** Of a member of etcd among members. */
  readonly etcdPeer: KeyPairFiles;
  readonly etcdClient: KeyPairFiles;
  readonly apiServer: KeyPairFiles;
  readonly apiServerToKubelet: KeyPairFiles;
  /** Of the API server where it passes requests on to aggregated servers, and of those who may do so to it. */
  readonly frontProxyCa: string;
  readonly frontProxyClient: KeyPairFiles;
  readonly kubeletServer: KeyPairFiles;
  readonly serviceAccounts: { readonly key: string; readonly publicKey: string };
  /** Kubeconfig files by component. */
  readonly kubeconfigs: Readonly<Record<Component, string>>;
}

type Component = "kubelet" | "kube-proxy" | "kube-scheduler" | "kube-controller-manager" | "cluster-dns";

/** Makes the certificates, keys and kubeconfig files that do not exist yet. */
export async function ensureIdentities(cluster: LocalCluster): Promise<Identities> {
  mkdirSync(cluster.kubeconfigDirectory, { recursive: true, mode: 0o700 });
  const { pkiDirectory } = cluster;
  const ca = await Authority.open(pkiDirectory, "ca", "kubernetes");
  const etcdCa = await Authority.open(join(pkiDirectory, "etcd"), "ca", "etcd-ca");
  const frontProxyCa = await Authority.open(pkiDirectory, "front-proxy-ca", "front-proxy-ca");
  const client = async (name: string, commonName: string, organizations: readonly string[] = []) =>
    ca.issue(name, { commonName, organizations, usages: ["client"] });

  const kubeconfigs = {
    kubelet: ["kubelet-client", `system:node:${cluster.nodeName}`, ["system:nodes"]],
    "kube-proxy": ["kube-proxy", "system:kube-proxy", []],
    "kube-scheduler": ["kube-scheduler", "system:kube-scheduler", []],
    "kube-controller-manager": ["kube-controller-manager", "system:kube-controller-manager", []],
    "cluster-dns": ["cluster-dns", "system:kube-dns", []],
  } as const;
  const written: Partial<Record<Component, string>> = {};
  for (const [component, [name, commonName, organizations]] of Object.entries(kubeconfigs)) {
    const pair = await client(name, commonName, organizations);
    const file = join(cluster.kubeconfigDirectory, `${component}.kubeconfig`);
    writeKubeconfig(cluster, file, commonName, ca.certFile, pair);
    written[component as Component] = file;
  }
  const admin = await client("admin", "kubernetes-admin", ["system:masters"]);
  writeKubeconfig(cluster, cluster.adminKubeconfig, "kubernetes-admin", ca.certFile, admin);

  const hosts = servingHosts(cluster);
  return {
    clusterCa: ca.certFile,
    clusterCaKey: ca.keyFile,
    etcdCa: etcdCa.certFile,
    etcdServer: await etcdCa.issue("server", { commonName: "etcd", hosts: hosts.etcd, usages: ["server", "client"] }),
    etcdPeer: await etcdCa.issue("peer", { commonName: "etcd", hosts: hosts.etcd, usages: ["server", "client"] }),
    etcdClient: await etcdCa.issue("client", { commonName: "kube-apiserver", usages: ["client"] }),
    apiServer: await ca.issue("apiserver", {
      commonName: "kube-apiserver",
      hosts: hosts.apiServer,
      usages: ["server"],
    }),
    apiServerToKubelet: await client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", ["system:masters"]),
    frontProxyCa: frontProxyCa.certFile,
    frontProxyClient: await frontProxyCa.issue("front-proxy-client", {
      commonName: "front-proxy-client",
      usages: ["client"],
    }),
    kubeletServer: await ca.issue("kubelet-server", {
      commonName: `system:node:${cluster.nodeName}`,
      organizations: ["system:nodes"],
      hosts: hosts.kubelet,
      usages: ["server"],
    }),
    serviceAccounts: await signingKeyFiles(pkiDirectory, "sa"),
    kubeconfigs: written as Record<Component, string>,
  };
}

/** The names and addresses by which servers of the cluster are asked for. */
export function servingHosts(cluster: LocalCluster): Readonly<Record<"etcd" | "apiServer" | "kubelet", string[]>> {
  const loopback = ["localhost", "127.0.0.1", "::1"];
  const service = "kubernetes.default.svc";
  return {
    etcd: loopback,
    apiServer: [
      "kubernetes",
      "kubernetes.default",
      service,
      `${service}.${cluster.clusterDomain}`,
      cluster.nodeName,
      ...loopback,
      cluster.kubernetesServiceIp,
      cluster.nodeIp,
    ],
    kubelet: [...new Set([cluster.nodeName, cluster.nodeIp, "localhost", "127.0.0.1"])],
  };
}

function writeKubeconfig(
  cluster: LocalCluster,
  file: string,
  user: string,
  caFile: string,
  { cert, key }: KeyPairFiles,
): void {
  const base64 = (path: string) => readFileSync(path).toString("base64");
  const text = `apiVersion: v1
kind: Config
clusters:
- name: kube-ts
  cluster:
    server: https://127.0.0.1:${cluster.apiPort}
    certificate-authority-data: ${base64(caFile)}
contexts:
- name: kube-ts
  context:
    cluster: kube-ts
    user: ${user}
current-context: kube-ts
users:
- name: ${user}
  user:
    client-certificate-data: ${base64(cert)}
    client-key-data: ${base64(key)}
`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(file, text, { mode: 0o600 });
}
