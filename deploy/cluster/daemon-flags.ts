import type { ClusterConfig, Machine } from "./cluster-config.ts";
import type { DaemonName } from "../units/unit-files.ts";
import { etcdMembers, machinesWith, nodeAddresses, nodeLabels, primaryAddress } from "./cluster-view.ts";
import { mayLabelItself } from "./config-problems.ts";
import type { DaemonFiles, PairFiles } from "./daemon-files.ts";
import { httpsUrl } from "./endpoint.ts";
import { pauseImage } from "../images/recipes.ts";

/** How a member of etcd starts for the first time; afterwards its data tell. */
export interface EtcdStart {
  /** `name=url,…`, this member among them. */
  readonly initialCluster: string;
  readonly state: "new" | "existing";
}

/** A machine and how it is set up: what decides the flags of its daemons. */
export interface DaemonPlan {
  readonly config: ClusterConfig;
  readonly machine: Machine;
  readonly files: DaemonFiles;
  /** The machine's own name, which its node has unless it is told otherwise. */
  readonly hostName: string;
  readonly etcd: EtcdStart;
  /** Whether etcd is for the programs of this machine alone: it listens on the loopback address only. */
  readonly etcdIsLocal: boolean;
  /** `registers`: whether each machine's daemon keeps itself among the endpoints of the DNS service. */
  readonly dns: { readonly port: number; readonly registers: boolean };
}

/** With authentication and forward secrecy, by their names in Go. Only TLS 1.2 needs to be told. */
const strongCiphers = ["ECDSA", "RSA"].flatMap((key) =>
  ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"].map(
    (cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`,
  ),
);

const loopback = "127.0.0.1";
/** Of /health and /metrics of etcd, without TLS, for this machine alone. */
export const etcdMetricsPort = 2381;

/** A daemon's flags, as `--name=value`; those of the configuration come last and have the last word. */
export function daemonFlags(daemon: DaemonName, plan: DaemonPlan): readonly string[] {
  const own = flagsOf[daemon](plan);
  const more = plan.config.flags[daemon] ?? {};
  const kept = own.filter((flag) => !Object.hasOwn(more, flag.slice(2).split("=")[0] ?? ""));
  const given = Object.entries(more).flatMap(([name, value]) => [value].flat().map((one) => `--${name}=${one}`));
  return [...kept, ...given];
}

const flagsOf: Readonly<Record<DaemonName, (plan: DaemonPlan) => readonly string[]>> = {
  etcd,
  "kube-apiserver": apiServer,
  "kube-controller-manager": controllerManager,
  "kube-scheduler": scheduler,
  kubelet,
  "kube-proxy": kubeProxy,
  "pod-network-agent": podNetworkAgent,
  "cluster-dns": clusterDns,
  "cluster-autoscaler": clusterAutoscaler,
};

/** What a machine's own programs and those of other machines ask etcd by. */
function etcdUrls({ config, machine, etcdIsLocal }: DaemonPlan): { client: string; peer: string } {
  const address = etcdIsLocal ? loopback : primaryAddress(config, machine);
  return { client: httpsUrl(address, config.ports.etcdClient), peer: httpsUrl(address, config.ports.etcdPeer) };
}

function etcd(plan: DaemonPlan): readonly string[] {
  const { config, machine, files, etcd: start, etcdIsLocal } = plan;
  const { client, peer } = etcdUrls(plan);
  const own = httpsUrl(loopback, config.ports.etcdClient);
  return [
    `--name=${machine.name}`,
    `--data-dir=${files.etcd.data}`,
    `--listen-client-urls=${[...new Set([own, client])].join(",")}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=${start.initialCluster}`,
    `--initial-cluster-state=${start.state}`,
    `--initial-cluster-token=${config.name}`,
    ...(etcdIsLocal ? [] : [`--listen-metrics-urls=http://${loopback}:${etcdMetricsPort}`]),
    "--client-cert-auth",
    `--trusted-ca-file=${files.etcdCa}`,
    ...pairFlags(files.etcd.server, "cert-file", "key-file"),
    "--peer-client-cert-auth",
    `--peer-trusted-ca-file=${files.etcdCa}`,
    ...pairFlags(files.etcd.peer, "peer-cert-file", "peer-key-file"),
    `--cipher-suites=${strongCiphers.join(",")}`,
    "--logger=zap",
  ];
}

/** The members of etcd; the machine's own by the loopback address, so that no cable is between them. */
function etcdServers({ config, machine }: DaemonPlan): readonly string[] {
  return etcdMembers(config, machine).map(({ name, clientUrl }) =>
    name === machine.name ? httpsUrl(loopback, config.ports.etcdClient) : clientUrl,
  );
}

function apiServer(plan: DaemonPlan): readonly string[] {
  const { config, machine, files } = plan;
  const { apiServer: own } = files;
  const { network } = config;
  return [
    `--advertise-address=${primaryAddress(config, machine)}`,
    `--secure-port=${config.ports.apiServer}`,
    ...pairFlags(own.serving, "tls-cert-file", "tls-private-key-file"),
    "--tls-min-version=VersionTLS12",
    `--tls-cipher-suites=${strongCiphers.join(",")}`,
    `--client-ca-file=${files.clusterCa}`,
    `--authentication-config=${own.authentication}`,
    "--profiling=false",
    ...(own.encryption === undefined ? [] : [`--encryption-provider-config=${own.encryption}`]),
    `--audit-policy-file=${own.auditPolicy}`,
    `--audit-log-path=${own.auditLog}`,
    "--audit-log-maxage=30",
    "--audit-log-maxbackup=10",
    "--audit-log-maxsize=100",
    `--requestheader-client-ca-file=${files.frontProxyCa}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    ...pairFlags(own.frontProxyClient, "proxy-client-cert-file", "proxy-client-key-file"),
    `--etcd-servers=${etcdServers(plan).join(",")}`,
    `--etcd-cafile=${files.etcdCa}`,
    ...pairFlags(own.toEtcd, "etcd-certfile", "etcd-keyfile"),
    `--service-cluster-ip-range=${network.serviceCidrs.join(",")}`,
    "--endpoint-reconciler-type=lease",
    `--service-account-issuer=https://kubernetes.default.svc.${network.dnsDomain}`,
    `--service-account-signing-key-file=${own.serviceAccountKey}`,
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    "--service-account-extend-token-expiration=false",
    "--enable-bootstrap-token-auth=true",
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
    "--enable-admission-plugins=NodeRestriction",
    ...pairFlags(own.toKubelet, "kubelet-client-certificate", "kubelet-client-key"),
    `--kubelet-certificate-authority=${files.clusterCa}`,
    "--kubelet-preferred-address-types=InternalIP,Hostname",
    ...featureFlags(config),
    ...handoverFlags(config),
  ];
}

function featureFlags({ features }: ClusterConfig): readonly string[] {
  const gates = Object.entries(features).map(([gate, on]) => `${gate}=${on}`);
  return gates.length > 0 ? [`--feature-gates=${gates.join(",")}`] : [];
}

/** Where another API server can take over, clients and balancers get the time to turn to it before one ends. */
function handoverFlags(config: ClusterConfig): readonly string[] {
  return hasStandby(config) ? ["--shutdown-delay-duration=4s", "--shutdown-send-retry-after=true"] : [];
}

/** Whether several machines have a control plane, so that one can take over from another. */
function hasStandby(config: ClusterConfig): boolean {
  return machinesWith(config, "control-plane").length > 1;
}

/**
 * Where another machine can take over it does so within 20 s of a leader's death, even if its own requests hang for a
 * while first; and a leader outlasts ten seconds without an API server.
 */
function electionFlags(config: ClusterConfig): readonly string[] {
  const swift = ["lease-duration=14s", "renew-deadline=12s", "retry-period=1s"].map((flag) => `--leader-elect-${flag}`);
  return ["--leader-elect=true", ...(hasStandby(config) ? swift : [])];
}

function controllerManager({ config, files }: DaemonPlan): readonly string[] {
  const { controllerManager: own } = files;
  return [
    `--kubeconfig=${own.kubeconfig}`,
    `--bind-address=${loopback}`,
    "--controllers=*,bootstrapsigner,tokencleaner,node-certificate-approving-controller",
    // So that the death of a machine is known within 50 s, heartbeats and the look at them included.
    "--node-monitor-grace-period=40s",
    `--root-ca-file=${files.clusterCa}`,
    ...pairFlags(own.authority, "cluster-signing-cert-file", "cluster-signing-key-file"),
    `--service-account-private-key-file=${own.serviceAccountKey}`,
    "--use-service-account-credentials=true",
    "--allocate-node-cidrs=true",
    `--cluster-cidr=${config.network.podCidrs.join(",")}`,
    `--service-cluster-ip-range=${config.network.serviceCidrs.join(",")}`,
    ...featureFlags(config),
    ...electionFlags(config),
  ];
}

function scheduler({ config, files }: DaemonPlan): readonly string[] {
  return [`--kubeconfig=${files.scheduler.kubeconfig}`, `--bind-address=${loopback}`, ...electionFlags(config)];
}

function kubelet({ config, machine, files, hostName }: DaemonPlan): readonly string[] {
  const { kubelet: own } = files;
  const labels = Object.entries(nodeLabels(machine)).filter(([key]) => mayLabelItself(key));
  return [
    `--kubeconfig=${own.kubeconfig}`,
    ...(own.bootstrapKubeconfig === undefined ? [] : [`--bootstrap-kubeconfig=${own.bootstrapKubeconfig}`]),
    `--config=${own.config}`,
    ...(hostName === machine.name ? [] : [`--hostname-override=${machine.name}`]),
    `--node-ip=${nodeAddresses(config, machine).join(",")}`,
    ...(labels.length > 0 ? [`--node-labels=${labels.map(([key, value]) => `${key}=${value}`).join(",")}`] : []),
    `--root-dir=${own.root}`,
    `--cert-dir=${own.certificates}`,
    ...(own.serving ? pairFlags(own.serving, "tls-cert-file", "tls-private-key-file") : []),
    `--client-ca-file=${files.clusterCa}`,
    `--pod-infra-container-image=${pauseImage.tag}`,
    ...(config.network.podNetwork.mode === "none" ? [] : ["--network-plugin=cni"]),
    `--cni-conf-dir=${own.cniConfig}`,
    `--cni-bin-dir=${own.cniPlugins.join(",")}`,
  ];
}

function kubeProxy({ files }: DaemonPlan): readonly string[] {
  return [`--config=${files.kubeProxy.config}`];
}

function podNetworkAgent({ config, machine, files }: DaemonPlan): readonly string[] {
  const { network } = config;
  return [
    `--kubeconfig=${files.podNetworkAgent.kubeconfig}`,
    `--hostname-override=${machine.name}`,
    `--mode=${network.podNetwork.mode}`,
    `--mtu=${network.podNetwork.mtu}`,
    `--cluster-cidr=${network.podCidrs.join(",")}`,
    `--cni-conf-dir=${files.kubelet.cniConfig}`,
  ];
}

function clusterDns({ config, machine, files, dns }: DaemonPlan): readonly string[] {
  return [
    `--kubeconfig=${files.clusterDns.kubeconfig}`,
    `--cluster-domain=${config.network.dnsDomain}`,
    `--bind-address=${nodeAddresses(config, machine).join(",")}`,
    `--port=${dns.port}`,
    `--resolv-conf=${files.resolvConf}`,
    ...(dns.registers ? ["--register-endpoint-slice", `--hostname-override=${machine.name}`] : []),
  ];
}

function clusterAutoscaler({ config, files }: DaemonPlan): readonly string[] {
  return [
    `--kubeconfig=${files.autoscaler.kubeconfig}`,
    `--bind-address=${loopback}`,
    `--cluster-name=${config.name}`,
    ...electionFlags(config),
  ];
}

function pairFlags({ cert, key }: PairFiles, certFlag: string, keyFlag: string): readonly string[] {
  return [`--${certFlag}=${cert}`, `--${keyFlag}=${key}`];
}
