import { join } from "node:path";
import { hasRole } from "../cluster/cluster-view.ts";
import type { ControlPlaneMode, Machine } from "../cluster/cluster-config.ts";
import type { DaemonFiles, PairFiles } from "../cluster/daemon-files.ts";
import type { AuthorityName } from "../pki/certificate-plan.ts";
import { credentialPath, extraCredentialPath, extraCredentialSource } from "../units/unit-files.ts";
import type { DaemonName } from "../units/unit-files.ts";

/** Where everything is on a machine of a cluster, as kubeadm has it where that has it, too. */
export const configurationDirectory = "/etc/kubernetes";
export const pkiDirectory = join(configurationDirectory, "pki");
export const clusterConfigFile = join(configurationDirectory, "cluster.yaml");
/** What the machine is called in its cluster, and what of the cluster it has seen. */
export const machineRecordFile = join(configurationDirectory, "machine.yaml");
export const adminKubeconfig = join(configurationDirectory, "admin.conf");
export const superAdminKubeconfig = join(configurationDirectory, "super-admin.conf");
export const bootstrapKubeconfig = join(configurationDirectory, "bootstrap-kubelet.conf");
export const staticPodDirectory = join(configurationDirectory, "manifests");
export const etcdDirectory = "/var/lib/etcd";
export const etcdData = join(etcdDirectory, "kubernetes");
export const kubeletDirectory = "/var/lib/kubelet";
export const proxyDirectory = "/var/lib/kube-proxy";
export const podLogs = "/var/log/pods";
export const auditDirectory = "/var/log/kubernetes/audit";
export const cniConfigDirectory = "/etc/cni/net.d";
const cniPluginDirectories = ["/opt/cni/bin", "/usr/lib/cni"];
/** How secrets are encrypted in etcd; every control-plane machine of a cluster has the same one, or none has one. */
export const encryptionFile = extraCredentialSource("kube-apiserver", "encryption.yaml");
export const dockerSocket = "/var/run/docker.sock";
/** Above what programs choose for themselves, and nobody's by standard; the port of the DNS service is 53. */
export const dnsPort = 10_053;

/** Path of a kubeconfig of a machine. */
export function kubeconfigPath(file: string): string {
  return join(configurationDirectory, file);
}

/** What of a machine decides where its daemons find their files. */
interface Situation {
  readonly machine: Machine;
  readonly resolvConf: string;
  readonly controlPlane: ControlPlaneMode;
  /** The machine has the `encryptionFile`. */
  readonly isEncrypting: boolean;
  /** Files of the authorities that are trusted. */
  readonly trusted: Readonly<Record<AuthorityName, string>>;
}

/** Where the daemons of an installed machine find their files: units get credentials, pods read the files themselves. */
export function machineFiles({ machine, resolvConf, controlPlane, isEncrypting, trusted }: Situation): DaemonFiles {
  const pki = (name: string) => join(pkiDirectory, name);
  const isServer = hasRole(machine, "control-plane");
  return {
    clusterCa: trusted.ca,
    etcdCa: trusted["etcd/ca"],
    frontProxyCa: trusted["front-proxy-ca"],
    serviceAccountPublicKey: pki("sa.pub"),
    etcd: { data: etcdData, server: credentialPair("etcd", "server"), peer: credentialPair("etcd", "peer") },
    ...controlPlaneFiles(controlPlane === "static-pods", isEncrypting),
    autoscaler: { kubeconfig: credentialPath("cluster-autoscaler", "kubeconfig") },
    kubelet: {
      kubeconfig: kubeconfigPath("kubelet.conf"),
      bootstrapKubeconfig: isServer ? undefined : bootstrapKubeconfig,
      config: join(kubeletDirectory, "config.yaml"),
      root: kubeletDirectory,
      certificates: join(kubeletDirectory, "pki"),
      serving: isServer ? { cert: pki("kubelet-server.crt"), key: pki("kubelet-server.key") } : undefined,
      podLogs,
      staticPods: staticPodDirectory,
      dockerSocket,
      cniConfig: cniConfigDirectory,
      cniPlugins: cniPluginDirectories,
    },
    kubeProxy: {
      kubeconfig: credentialPath("kube-proxy", "kubeconfig"),
      config: join(proxyDirectory, "config.yaml"),
    },
    podNetworkAgent: { kubeconfig: credentialPath("pod-network-agent", "kubeconfig") },
    clusterDns: { kubeconfig: credentialPath("cluster-dns", "kubeconfig") },
    resolvConf,
  };
}

function controlPlaneFiles(
  inPods: boolean,
  isEncrypting: boolean,
): Pick<DaemonFiles, "apiServer" | "controllerManager" | "scheduler"> {
  const pki = (name: string) => join(pkiDirectory, name);
  const credential = (daemon: DaemonName, id: string, file: string) => (inPods ? file : credentialPath(daemon, id));
  const pair = (daemon: DaemonName, name: string): PairFiles =>
    inPods ? { cert: pki(`${name}.crt`), key: pki(`${name}.key`) } : credentialPair(daemon, name);
  const encryption = inPods ? encryptionFile : extraCredentialPath("kube-apiserver", "encryption.yaml");
  return {
    apiServer: {
      serving: pair("kube-apiserver", "apiserver"),
      toKubelet: pair("kube-apiserver", "apiserver-kubelet-client"),
      toEtcd: pair("kube-apiserver", "apiserver-etcd-client"),
      frontProxyClient: pair("kube-apiserver", "front-proxy-client"),
      serviceAccountKey: credential("kube-apiserver", "sa.key", pki("sa.key")),
      authentication: join(configurationDirectory, "apiserver", "authentication.yaml"),
      auditPolicy: join(configurationDirectory, "apiserver", "audit-policy.yaml"),
      encryption: isEncrypting ? encryption : undefined,
      auditLog: join(auditDirectory, "audit.log"),
    },
    controllerManager: {
      kubeconfig: credential("kube-controller-manager", "kubeconfig", kubeconfigPath("controller-manager.conf")),
      authority: pair("kube-controller-manager", "ca"),
      serviceAccountKey: credential("kube-controller-manager", "sa.key", pki("sa.key")),
    },
    scheduler: { kubeconfig: credential("kube-scheduler", "kubeconfig", kubeconfigPath("scheduler.conf")) },
  };
}

function credentialPair(daemon: DaemonName, name: string): PairFiles {
  return { cert: credentialPath(daemon, `${name}.crt`), key: credentialPath(daemon, `${name}.key`) };
}
