import { FlagError, defineFlags } from "@kube-ts/std/flags";
import type { ParsedFlags } from "@kube-ts/std/flags";
import { readConfigFile } from "./config-file.ts";
import { defaultProxyConfig as defaults } from "./proxy-config.ts";
import type { ProxyConfig, RawProxyConfig } from "./proxy-config.ts";
import { validateConfig } from "./validate-config.ts";

/** Upstream's flags, as far as this proxy has the settings; any other is an error. */
export const proxyFlags = defineFlags({
  "bind-address": {
    type: "string",
    default: defaults.bindAddress,
    description: "the node's address where it is not to be taken from the Node object",
  },
  "bind-address-hard-fail": {
    type: "boolean",
    default: defaults.bindHardFail,
    description: "end when an address cannot be bound",
  },
  cleanup: { type: "boolean", default: false, description: "remove all rules of the proxy and end" },
  "cluster-cidr": {
    type: "string",
    default: "",
    description: "range of pods in the cluster, or one for each address family separated by a comma",
  },
  config: { type: "string", default: "", description: "file with a KubeProxyConfiguration; flags override it" },
  "conntrack-max-per-core": {
    type: "integer",
    default: defaults.conntrack.maxPerCore,
    description: "tracked connections for each CPU; 0 leaves the limit as it is",
  },
  "conntrack-min": {
    type: "integer",
    default: defaults.conntrack.min,
    description: "least number of tracked connections, whatever --conntrack-max-per-core says",
  },
  "conntrack-tcp-be-liberal": {
    type: "boolean",
    default: defaults.conntrack.tcpBeLiberal,
    description: "let packets pass that are out of a TCP connection's window",
  },
  "conntrack-tcp-timeout-close-wait": {
    type: "duration",
    default: defaults.conntrack.tcpCloseWaitTimeoutMs,
    description: "how long connections in CLOSE_WAIT are tracked; 0 leaves it as it is",
  },
  "conntrack-tcp-timeout-established": {
    type: "duration",
    default: defaults.conntrack.tcpEstablishedTimeoutMs,
    description: "how long idle connections are tracked; 0 leaves it as it is",
  },
  "conntrack-udp-timeout": {
    type: "duration",
    default: defaults.conntrack.udpTimeoutMs,
    description: "how long UDP packets without an answer are tracked; 0 leaves it as it is",
  },
  "conntrack-udp-timeout-stream": {
    type: "duration",
    default: defaults.conntrack.udpStreamTimeoutMs,
    description: "how long UDP streams are tracked; 0 leaves it as it is",
  },
  "detect-local-mode": {
    type: "string",
    default: "ClusterCIDR",
    description: "how pods' traffic is told: ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix",
  },
  "healthz-bind-address": {
    type: "string",
    default: defaults.healthzBindAddress,
    description: "address of the health server; empty turns it off",
  },
  "hostname-override": { type: "string", default: "", description: "name of the Node, if not the host's name" },
  "iptables-localhost-nodeports": {
    type: "boolean",
    default: defaults.iptables.localhostNodePorts,
    description: "serve node ports on 127.0.0.1 too",
  },
  "iptables-masquerade-bit": {
    type: "integer",
    default: defaults.iptables.masqueradeBit,
    description: "bit of the packet mark that asks for masquerading, 0 to 31",
  },
  "iptables-min-sync-period": {
    type: "duration",
    default: defaults.iptables.minSyncPeriodMs,
    description: "least time between two rounds of rule writing",
  },
  "iptables-sync-period": {
    type: "duration",
    default: defaults.iptables.syncPeriodMs,
    description: "how often rules are compared with what is in the tables and repaired",
  },
  "kube-api-burst": { type: "integer", default: defaults.client.burst, description: "requests at once" },
  "kube-api-qps": { type: "number", default: defaults.client.qps, description: "requests a second" },
  kubeconfig: {
    type: "string",
    default: "",
    description: "file that says how to reach the API server; without it the pod's service account is used",
  },
  "masquerade-all": {
    type: "boolean",
    default: defaults.iptables.masqueradeAll,
    description: "masquerade everything that goes to cluster IPs",
  },
  master: { type: "string", default: "", description: "URL of the API server, over the one in the kubeconfig" },
  "metrics-bind-address": {
    type: "string",
    default: defaults.metricsBindAddress,
    description: "address of the metrics server; empty turns it off",
  },
  "nodeport-addresses": {
    type: "stringList",
    default: [],
    description: "ranges of node addresses that accept node ports, or primary; empty for all",
  },
  "oom-score-adj": {
    type: "integer",
    default: -999,
    description: "how the kernel ranks the process when memory is short",
  },
  "pod-bridge-interface": {
    type: "string",
    default: "",
    description: "bridge that pods are attached to, for detection by BridgeInterface",
  },
  "pod-interface-name-prefix": {
    type: "string",
    default: "",
    description: "first letters of pods' interfaces, for detection by InterfaceNamePrefix",
  },
  "proxy-mode": { type: "string", default: "iptables", description: "how packets are redirected; only iptables" },
});

type Flags = ParsedFlags<typeof proxyFlags>;

/** The configuration that file and flags give. Throws an error that names what is wrong. */
export async function configureProxy(flags: Flags): Promise<ProxyConfig> {
  const path = flags.values.config;
  return validateConfig(overrideWithFlags(path === "" ? defaults : await readConfigFile(path), flags));
}

function overrideWithFlags(file: RawProxyConfig, flags: Flags): RawProxyConfig {
  const { values } = flags;
  const pick = <N extends keyof typeof values, T>(name: N, fromFile: T): T | (typeof values)[N] =>
    flags.explicit(name) ? values[name] : fromFile;
  return {
    cleanup: values.cleanup,
    client: {
      kubeconfig: pick("kubeconfig", file.client.kubeconfig),
      master: pick("master", file.client.master),
      qps: pick("kube-api-qps", file.client.qps),
      burst: pick("kube-api-burst", file.client.burst),
    },
    hostnameOverride: pick("hostname-override", file.hostnameOverride),
    bindAddress: pick("bind-address", file.bindAddress),
    bindHardFail: pick("bind-address-hard-fail", file.bindHardFail),
    healthzBindAddress: pick("healthz-bind-address", file.healthzBindAddress),
    metricsBindAddress: pick("metrics-bind-address", file.metricsBindAddress),
    mode: pick("proxy-mode", file.mode),
    iptables: {
      masqueradeAll: pick("masquerade-all", file.iptables.masqueradeAll),
      masqueradeBit: pick("iptables-masquerade-bit", file.iptables.masqueradeBit),
      localhostNodePorts: pick("iptables-localhost-nodeports", file.iptables.localhostNodePorts),
      syncPeriodMs: pick("iptables-sync-period", file.iptables.syncPeriodMs),
      minSyncPeriodMs: pick("iptables-min-sync-period", file.iptables.minSyncPeriodMs),
    },
    detectLocalMode: flags.explicit("detect-local-mode")
      ? readDetectLocalMode(values["detect-local-mode"])
      : file.detectLocalMode,
    bridgeInterface: pick("pod-bridge-interface", file.bridgeInterface),
    interfaceNamePrefix: pick("pod-interface-name-prefix", file.interfaceNamePrefix),
    clusterCidr: pick("cluster-cidr", file.clusterCidr),
    nodePortAddresses: pick("nodeport-addresses", file.nodePortAddresses),
    conntrack: {
      maxPerCore: pick("conntrack-max-per-core", file.conntrack.maxPerCore),
      min: pick("conntrack-min", file.conntrack.min),
      tcpEstablishedTimeoutMs: pick("conntrack-tcp-timeout-established", file.conntrack.tcpEstablishedTimeoutMs),
      tcpCloseWaitTimeoutMs: pick("conntrack-tcp-timeout-close-wait", file.conntrack.tcpCloseWaitTimeoutMs),
      tcpBeLiberal: pick("conntrack-tcp-be-liberal", file.conntrack.tcpBeLiberal),
      udpTimeoutMs: pick("conntrack-udp-timeout", file.conntrack.udpTimeoutMs),
      udpStreamTimeoutMs: pick("conntrack-udp-timeout-stream", file.conntrack.udpStreamTimeoutMs),
    },
    oomScoreAdj: pick("oom-score-adj", file.oomScoreAdj),
  };
}

function readDetectLocalMode(text: string): RawProxyConfig["detectLocalMode"] {
  switch (text) {
    case "":
    case "ClusterCIDR":
    case "NodeCIDR":
    case "BridgeInterface":
    case "InterfaceNamePrefix":
      return text;
    default:
      throw new FlagError(
        "detect-local-mode",
        `invalid argument ${JSON.stringify(text)} for "--detect-local-mode" flag: ` +
          "must be ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix",
      );
  }
}
