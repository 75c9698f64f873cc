import { hostname, networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where a local cluster keeps everything, and how it is laid out on the network. */
export interface LocalCluster {
  readonly directory: string;
  readonly pkiDirectory: string;
  readonly kubeconfigDirectory: string;
  readonly adminKubeconfig: string;
  readonly nodeName: string;
  /** The address by which pods and other machines reach this one. */
  readonly nodeIp: string;
  readonly serviceCidr: string;
  /** The first service address, of the API server itself. */
  readonly kubernetesServiceIp: string;
  readonly dnsServiceIp: string;
  readonly podCidr: string;
  readonly clusterDomain: string;
  readonly apiPort: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly dnsPort: number;
  readonly dockerSocket: string;
}

/** The local cluster of this checkout on this machine. */
export function localCluster(): LocalCluster {
  const directory = join(repositoryRoot, ".cluster");
  return {
    directory,
    pkiDirectory: join(directory, "pki"),
    kubeconfigDirectory: join(directory, "kubeconfig"),
    adminKubeconfig: join(directory, "admin.kubeconfig"),
    nodeName: hostname().toLowerCase(),
    nodeIp: primaryAddress(),
    serviceCidr: "10.96.0.0/16",
    kubernetesServiceIp: "10.96.0.1",
    dnsServiceIp: "10.96.0.10",
    podCidr: "10.244.0.0/16",
    clusterDomain: "cluster.local",
    apiPort: 6443,
    etcdPort: 2379,
    etcdPeerPort: 2380,
    dnsPort: 10053,
    dockerSocket: dockerSocket(),
  };
}

export function kubeletConfigFile(cluster: LocalCluster): string {
  return join(cluster.directory, "kubelet-config.yaml");
}

export function proxyConfigFile(cluster: LocalCluster): string {
  return join(cluster.directory, "kube-proxy-config.yaml");
}

/** Where Docker's own tools look for the engine: `DOCKER_HOST`, as far as it names a socket. */
function dockerSocket(): string {
  const match = /^unix:\/\/(\/.+)$/.exec(process.env["DOCKER_HOST"] ?? "");
  return match?.[1] ?? "/var/run/docker.sock";
}

const ownInterfaces = /^(lo|docker|cni|veth|br-)/;

/** The first IPv4 address of a real interface; the loopback address on a machine without one. */
function primaryAddress(): string {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (ownInterfaces.test(name)) continue;
    const found = addresses?.find(({ family, internal }) => family === "IPv4" && !internal);
    if (found) return found.address;
  }
  return "127.0.0.1";
}
