import { hostname } from "node:os";
import { join } from "node:path";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import type { DaemonFiles } from "../cluster/daemon-files.ts";
import type { DaemonPlan } from "../cluster/daemon-flags.ts";
import { httpsUrl } from "../cluster/endpoint.ts";
import { apiServerFiles } from "./api-server-files.ts";
import type { Identities } from "./identities.ts";
import { kubeletConfigFile, proxyConfigFile } from "./layout.ts";
import type { LocalCluster } from "./layout.ts";

/** The one machine of a local cluster. */
function localMachine(cluster: LocalCluster): Machine {
  return {
    name: cluster.nodeName,
    roles: ["etcd", "control-plane", "worker"],
    addresses: [cluster.nodeIp],
    labels: {},
    taints: [],
  };
}

/** A local cluster as a cluster of one machine. */
function localConfig(cluster: LocalCluster): ClusterConfig {
  return {
    name: "local",
    version: kubernetesVersion.slice(1),
    controlPlaneEndpoint: undefined,
    ports: { apiServer: cluster.apiPort, etcdClient: cluster.etcdPort, etcdPeer: cluster.etcdPeerPort },
    network: {
      podCidrs: [cluster.podCidr],
      serviceCidrs: [cluster.serviceCidr],
      dnsDomain: cluster.clusterDomain,
      podNetwork: { mode: "none", mtu: 0 },
    },
    controlPlane: { mode: "systemd" },
    machines: [localMachine(cluster)],
    features: {},
    flags: {},
    // Development machines often have swap.
    kubelet: { failSwapOn: false },
    kubeProxy: {},
  };
}

/** What the flags and files of a local cluster's daemons follow from. */
export function localPlan(cluster: LocalCluster, identities: Identities): DaemonPlan {
  return {
    config: localConfig(cluster),
    machine: localMachine(cluster),
    files: localFiles(cluster, identities),
    hostName: hostname().toLowerCase(),
    etcd: { initialCluster: `${cluster.nodeName}=${httpsUrl("127.0.0.1", cluster.etcdPeerPort)}`, state: "new" },
    etcdIsLocal: true,
    dns: { port: cluster.dnsPort, registers: false },
  };
}

function localFiles(cluster: LocalCluster, identities: Identities): DaemonFiles {
  const state = (...parts: string[]) => join(cluster.directory, ...parts);
  const { kubeconfigs, serviceAccounts } = identities;
  return {
    clusterCa: identities.clusterCa,
    etcdCa: identities.etcdCa,
    frontProxyCa: identities.frontProxyCa,
    serviceAccountPublicKey: serviceAccounts.publicKey,
    etcd: { data: state("etcd"), server: identities.etcdServer, peer: identities.etcdPeer },
    apiServer: {
      serving: identities.apiServer,
      toKubelet: identities.apiServerToKubelet,
      toEtcd: identities.etcdClient,
      frontProxyClient: identities.frontProxyClient,
      serviceAccountKey: serviceAccounts.key,
      ...apiServerFiles(cluster),
    },
    controllerManager: {
      kubeconfig: kubeconfigs["kube-controller-manager"],
      authority: { cert: identities.clusterCa, key: identities.clusterCaKey },
      serviceAccountKey: serviceAccounts.key,
    },
    scheduler: { kubeconfig: kubeconfigs["kube-scheduler"] },
    autoscaler: { kubeconfig: state("kubeconfig", "cluster-autoscaler.kubeconfig") },
    kubelet: {
      kubeconfig: kubeconfigs.kubelet,
      bootstrapKubeconfig: undefined,
      config: kubeletConfigFile(cluster),
      root: state("kubelet"),
      certificates: state("kubelet", "pki"),
      serving: identities.kubeletServer,
      podLogs: state("pod-logs"),
      staticPods: undefined,
      dockerSocket: cluster.dockerSocket,
      cniConfig: state("cni", "net.d"),
      cniPlugins: ["/usr/lib/cni"],
    },
    kubeProxy: { kubeconfig: kubeconfigs["kube-proxy"], config: proxyConfigFile(cluster) },
    podNetworkAgent: { kubeconfig: state("kubeconfig", "pod-network.kubeconfig") },
    clusterDns: { kubeconfig: kubeconfigs["cluster-dns"] },
    resolvConf: "/etc/resolv.conf",
  };
}
