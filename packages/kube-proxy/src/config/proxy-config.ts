import type { DetectLocalMode, DetectLocalSettings } from "../model/local-traffic.ts";
import type { BindAddress } from "@kube-ts/std/bind-address";

/** What the proxy runs with, validated. Durations are milliseconds. */
export interface ProxyConfig {
  /** Remove all rules and end. */
  readonly cleanup: boolean;
  readonly client: ClientSettings;
  /** Empty for the host's name. */
  readonly hostnameOverride: string;
  /** The node's own address where it is not to be taken from the Node object; the unspecified address for that. */
  readonly bindAddress: string;
  /** An address that cannot be bound ends the proxy. */
  readonly bindHardFail: boolean;
  readonly healthzBind: BindAddress | undefined;
  readonly metricsBind: BindAddress | undefined;
  readonly iptables: IptablesSettings;
  readonly detectLocal: DetectLocalSettings;
  readonly nodePortRanges: readonly string[];
  readonly conntrack: ConntrackSettings;
  /** Undefined leaves the process as it is. */
  readonly oomScoreAdj: number | undefined;
}

export interface ClientSettings {
  /** Empty in a pod, which uses its service account. */
  readonly kubeconfig: string;
  /** URL of the API server that replaces the one in the kubeconfig; empty for none. */
  readonly master: string;
  readonly qps: number;
  readonly burst: number;
}

export interface IptablesSettings {
  readonly masqueradeAll: boolean;
  readonly masqueradeBit: number;
  readonly localhostNodePorts: boolean;
  readonly syncPeriodMs: number;
  readonly minSyncPeriodMs: number;
}

/** Settings of connection tracking; 0 leaves the kernel's value as it is. */
export interface ConntrackSettings {
  readonly maxPerCore: number;
  readonly min: number;
  readonly tcpEstablishedTimeoutMs: number;
  readonly tcpCloseWaitTimeoutMs: number;
  readonly tcpBeLiberal: boolean;
  readonly udpTimeoutMs: number;
  readonly udpStreamTimeoutMs: number;
}

/** As the file and the flags give it, before it is validated. */
export interface RawProxyConfig {
  readonly cleanup: boolean;
  readonly client: ClientSettings;
  readonly hostnameOverride: string;
  readonly bindAddress: string;
  readonly bindHardFail: boolean;
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
  readonly mode: string;
  readonly iptables: IptablesSettings;
  readonly detectLocalMode: DetectLocalMode | "";
  readonly bridgeInterface: string;
  readonly interfaceNamePrefix: string;
  readonly clusterCidr: string;
  readonly nodePortAddresses: readonly string[];
  readonly conntrack: ConntrackSettings;
  readonly oomScoreAdj: number | undefined;
}

export const defaultHealthzPort = 10256;
export const defaultMetricsPort = 10249;

/** Upstream's defaults. */
export const defaultProxyConfig: RawProxyConfig = {
  cleanup: false,
  client: { kubeconfig: "", master: "", qps: 5, burst: 10 },
  hostnameOverride: "",
  bindAddress: "0.0.0.0",
  bindHardFail: false,
  healthzBindAddress: `0.0.0.0:${defaultHealthzPort}`,
  metricsBindAddress: `127.0.0.1:${defaultMetricsPort}`,
  mode: "iptables",
  iptables: {
    masqueradeAll: false,
    masqueradeBit: 14,
    localhostNodePorts: true,
    syncPeriodMs: 30_000,
    minSyncPeriodMs: 1_000,
  },
  detectLocalMode: "ClusterCIDR",
  bridgeInterface: "",
  interfaceNamePrefix: "",
  clusterCidr: "",
  nodePortAddresses: [],
  conntrack: {
    maxPerCore: 32_768,
    min: 131_072,
    tcpEstablishedTimeoutMs: 24 * 3_600_000,
    tcpCloseWaitTimeoutMs: 3_600_000,
    tcpBeLiberal: false,
    udpTimeoutMs: 0,
    udpStreamTimeoutMs: 0,
  },
  oomScoreAdj: -999,
};
