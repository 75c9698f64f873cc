/** The programs of a cluster whose flags the configuration may add to. */
export const flaggedDaemons = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "pod-network-agent",
  "cluster-dns",
  "cluster-autoscaler",
] as const;

export type FlaggedDaemon = (typeof flaggedDaemons)[number];
