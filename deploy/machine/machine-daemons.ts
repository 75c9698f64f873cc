import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import type { DaemonName } from "../units/unit-files.ts";

/**
 * The daemons of a control-plane machine, in the order in which they start. The autoscaler needs to be told who provides
 * machines.
 */
export function controlPlaneDaemons({ flags }: ClusterConfig): readonly DaemonName[] {
  const hasProvider = Object.hasOwn(flags["cluster-autoscaler"] ?? {}, "cloud-config");
  return [
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    ...(hasProvider ? (["cluster-autoscaler"] as const) : []),
  ];
}

/** The daemons of a machine that runs pods. A cluster with a network of its own has no agent. */
export function workerDaemons({ network }: ClusterConfig): readonly DaemonName[] {
  const agent: readonly DaemonName[] = network.podNetwork.mode === "none" ? [] : ["pod-network-agent"];
  return ["kubelet", "kube-proxy", ...agent, "cluster-dns"];
}

/** The daemons that the kubelet runs from manifests where the control plane is made of static pods. */
export const staticPodDaemons: readonly DaemonName[] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/** Whether a daemon of this cluster is a static pod, and no unit. */
export function isStaticPod({ controlPlane }: ClusterConfig, daemon: DaemonName): boolean {
  return controlPlane.mode === "static-pods" && staticPodDaemons.includes(daemon);
}

/** The daemons that a machine has by its roles, in units or in pods, in the order in which they start. */
export function allDaemons(config: ClusterConfig, machine: Machine): readonly DaemonName[] {
  return [
    ...(hasRole(machine, "etcd") ? (["etcd"] as const) : []),
    ...(hasRole(machine, "control-plane") ? controlPlaneDaemons(config) : []),
    ...(hasRole(machine, "worker") ? workerDaemons(config) : []),
  ];
}

/** Those of them that are units. */
export function machineDaemons(config: ClusterConfig, machine: Machine): readonly DaemonName[] {
  return allDaemons(config, machine).filter((daemon) => !isStaticPod(config, daemon));
}
