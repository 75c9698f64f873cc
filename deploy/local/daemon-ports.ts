import type { LocalCluster } from "./layout.ts";

export type DaemonName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubelet"
  | "kube-proxy"
  | "cluster-dns";

/** The TCP ports on which each program of the cluster listens. */
export function daemonPorts(cluster: LocalCluster): Readonly<Record<DaemonName, readonly number[]>> {
  return {
    etcd: [cluster.etcdPort, cluster.etcdPeerPort],
    "kube-apiserver": [cluster.apiPort],
    "kube-controller-manager": [10_257],
    "kube-scheduler": [10_259],
    kubelet: [10_250, 10_248],
    "kube-proxy": [10_256, 10_249],
    "cluster-dns": [cluster.dnsPort],
  };
}
