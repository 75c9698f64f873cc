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
  const frontProxyCa = await Authority.open(pkiDirectory, "front-proxy-ca", "front-proxy-ca");
  const hosts = servingHosts(cluster);
  return {
    clusterCa: ca.certFile,
    clusterCaKey: ca.keyFile,
    ...(await etcdIdentities(pkiDirectory, hosts.etcd)),
    apiServer: await ca.issue("apiserver", {
      commonName: "kube-apiserver",
      hosts: hosts.apiServer,
      usages: ["server"],
    }),
    apiServerToKubelet: await ca.issue("apiserver-kubelet-client", {
      commonName: "kube-apiserver-kubelet-client",
      organizations: ["system:masters"],
      usages: ["client"],
    }),
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
    kubeconfigs: await ensureKubeconfigs(cluster, ca),
  };
}

async function etcdIdentities(
  pkiDirectory: string,
  hosts: readonly string[],
): Promise<Pick<Identities, "etcdCa" | "etcdServer" | "etcdPeer" | "etcdClient">> {
  const ca = await Authority.open(join(pkiDirectory, "etcd"), "ca", "etcd-ca");
  return {
    etcdCa: ca.certFile,
    etcdServer: await ca.issue("server", { commonName: "etcd", hosts, usages: ["server", "client"] }),
    etcdPeer: await ca.issue("peer", { commonName: "etcd", hosts, usages: ["server", "client"] }),
    etcdClient: await ca.issue("client", { commonName: "kube-apiserver", usages: ["client"] }),
  };
}

/** Whom the kubeconfig of a component makes it. */
interface Bearer {
  /** Of the certificate's files. */
  readonly name: string;
  readonly user: string;
  readonly organizations: readonly string[];
}

/** Those of the components, and the administrator's. */
async function ensureKubeconfigs(cluster: LocalCluster, ca: Authority): Promise<Identities["kubeconfigs"]> {
  const ensure = async (file: string, { name, user, organizations }: Bearer): Promise<string> => {
    const pair = await ca.issue(name, { commonName: user, organizations, usages: ["client"] });
    writeKubeconfig(cluster, file, user, ca.certFile, pair);
    return file;
  };
  const ofComponent = (component: Component, bearer: Bearer) =>
    ensure(join(cluster.kubeconfigDirectory, `${component}.kubeconfig`), bearer);
  const organizations: readonly string[] = [];
  await ensure(cluster.adminKubeconfig, {
    name: "admin",
    user: "kubernetes-admin",
    organizations: ["system:masters"],
  });
  return {
    kubelet: await ofComponent("kubelet", {
      name: "kubelet-client",
      user: `system:node:${cluster.nodeName}`,
      organizations: ["system:nodes"],
    }),
    "kube-proxy": await ofComponent("kube-proxy", { name: "kube-proxy", user: "system:kube-proxy", organizations }),
    "kube-scheduler": await ofComponent("kube-scheduler", {
      name: "kube-scheduler",
      user: "system:kube-scheduler",
      organizations,
    }),
    "kube-controller-manager": await ofComponent("kube-controller-manager", {
      name: "kube-controller-manager",
      user: "system:kube-controller-manager",
      organizations,
    }),
    "cluster-dns": await ofComponent("cluster-dns", { name: "cluster-dns", user: "system:kube-dns", organizations }),
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
