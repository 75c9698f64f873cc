/** A daemon that runs beside the kubelet of each machine, as a client of the API server. */
export interface NodeDaemon {
  readonly name: "kube-proxy" | "pod-network-agent" | "cluster-dns";
  /** Whom the API server takes it for, on every machine. */
  readonly user: string;
  /** Its kubeconfig, in the directory of the cluster's files. */
  readonly kubeconfig: string;
}

/**
 * The daemons with an identity of their own. A machine may ask for their certificates, and gets them with a group that
 * names the machine; `system:nodes` may ask for these names and no others.
 */
export const nodeDaemons: readonly NodeDaemon[] = [
  { name: "kube-proxy", user: "system:kube-proxy", kubeconfig: "kube-proxy.conf" },
  { name: "pod-network-agent", user: "system:pod-network-agent", kubeconfig: "pod-network.conf" },
  { name: "cluster-dns", user: "system:kube-dns", kubeconfig: "cluster-dns.conf" },
];

/** The organization of a machine's daemons. */
export function daemonGroup(machine: string): string {
  return `kube-ts:node:${machine}`;
}
