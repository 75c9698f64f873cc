import { loadConfigFile } from "@kube-ts/std/config-file";
import {
  booleanField,
  durationField,
  integerField,
  jsonField,
  listField,
  numberField,
  objectField,
  stringField,
  wordField,
} from "@kube-ts/std/config-schema";
import type { DecodedObject } from "@kube-ts/std/config-schema";
import { defaultProxyConfig } from "./proxy-config.ts";
import type { RawProxyConfig } from "./proxy-config.ts";
import { ProxyConfigError } from "./validate-config.ts";

const fields = {
  bindAddress: stringField(),
  bindAddressHardFail: booleanField(),
  clientConnection: objectField({
    kubeconfig: stringField(),
    acceptContentTypes: jsonField(),
    contentType: stringField(),
    qps: numberField(),
    burst: integerField(),
  }),
  clusterCIDR: stringField(),
  configSyncPeriod: jsonField(),
  conntrack: objectField({
    maxPerCore: integerField(),
    min: integerField(),
    tcpEstablishedTimeout: durationField(),
    tcpCloseWaitTimeout: durationField(),
    tcpBeLiberal: booleanField(),
    udpTimeout: durationField(),
    udpStreamTimeout: durationField(),
  }),
  detectLocal: objectField({ bridgeInterface: stringField(), interfaceNamePrefix: stringField() }),
  detectLocalMode: wordField("ClusterCIDR", "NodeCIDR", "BridgeInterface", "InterfaceNamePrefix", ""),
  enableProfiling: jsonField(),
  featureGates: jsonField(),
  healthzBindAddress: stringField(),
  hostnameOverride: stringField(),
  iptables: objectField({
    masqueradeBit: integerField(),
    masqueradeAll: booleanField(),
    localhostNodePorts: booleanField(),
    syncPeriod: durationField(),
    minSyncPeriod: durationField(),
  }),
  ipvs: jsonField(),
  logging: jsonField(),
  metricsBindAddress: stringField(),
  mode: stringField(),
  nftables: jsonField(),
  nodePortAddresses: listField(stringField()),
  oomScoreAdj: integerField(),
  portRange: jsonField(),
  showHiddenMetricsForVersion: jsonField(),
  winkernel: jsonField(),
};

type FileConfig = DecodedObject<typeof fields>;

/** Fields of the kind that this proxy has no use for: they must be absent or hold their zero value. */
const unsupported = [
  "configSyncPeriod",
  "enableProfiling",
  "featureGates",
  "ipvs",
  "logging",
  "nftables",
  "portRange",
  "showHiddenMetricsForVersion",
  "winkernel",
] as const;

/**
 * Reads a KubeProxyConfiguration over upstream's defaults. Throws a `ConfigFileError` for what is not one, a
 * `ProxyConfigError` for settings that this proxy does not have.
 */
export async function readConfigFile(path: string): Promise<RawProxyConfig> {
  const file = await loadConfigFile(path, {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    fields,
  });
  const problems = unsupportedProblems(file);
  if (problems.length > 0) throw new ProxyConfigError(problems);
  return mergeFile(file);
}

function unsupportedProblems(file: FileConfig): readonly string[] {
  const problems: string[] = unsupported
    .filter((name) => !isZero(file[name]))
    .map((name) => `${name}: Forbidden: this proxy does not support the field; leave it out`);
  const { contentType = "", acceptContentTypes } = file.clientConnection ?? {};
  if (contentType !== "" && contentType !== "application/json") {
    problems.push('clientConnection.contentType: Forbidden: this proxy speaks "application/json" only');
  }
  if (!isZero(acceptContentTypes)) {
    problems.push(
      "clientConnection.acceptContentTypes: Forbidden: this proxy does not support the field; leave it out",
    );
  }
  return problems;
}

/** Whether nothing is set in the value; generated files spell out zero values of every field. */
function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  if (value === "" || value === "0" || value === "0s") return true;
  return typeof value === "object" && Object.values(value).every(isZero);
}

function mergeFile(file: FileConfig): RawProxyConfig {
  const base = defaultProxyConfig;
  const { clientConnection, iptables, conntrack, detectLocal } = file;
  return {
    ...base,
    client: {
      ...base.client,
      kubeconfig: clientConnection?.kubeconfig ?? "",
      // Generated files write 0 for what is left to the default.
      qps: clientConnection?.qps || base.client.qps,
      burst: clientConnection?.burst || base.client.burst,
    },
    hostnameOverride: file.hostnameOverride ?? "",
    bindAddress: file.bindAddress || base.bindAddress,
    bindHardFail: file.bindAddressHardFail ?? base.bindHardFail,
    healthzBindAddress: file.healthzBindAddress || base.healthzBindAddress,
    metricsBindAddress: file.metricsBindAddress || base.metricsBindAddress,
    mode: file.mode ?? base.mode,
    iptables: {
      masqueradeAll: iptables?.masqueradeAll ?? base.iptables.masqueradeAll,
      masqueradeBit: iptables?.masqueradeBit ?? base.iptables.masqueradeBit,
      localhostNodePorts: iptables?.localhostNodePorts ?? base.iptables.localhostNodePorts,
      syncPeriodMs: iptables?.syncPeriod || base.iptables.syncPeriodMs,
      minSyncPeriodMs: iptables?.minSyncPeriod || base.iptables.minSyncPeriodMs,
    },
    detectLocalMode: file.detectLocalMode || base.detectLocalMode,
    bridgeInterface: detectLocal?.bridgeInterface ?? "",
    interfaceNamePrefix: detectLocal?.interfaceNamePrefix ?? "",
    clusterCidr: file.clusterCIDR ?? "",
    nodePortAddresses: file.nodePortAddresses ?? [],
    conntrack: {
      maxPerCore: conntrack?.maxPerCore ?? base.conntrack.maxPerCore,
      min: conntrack?.min ?? base.conntrack.min,
      tcpEstablishedTimeoutMs: conntrack?.tcpEstablishedTimeout ?? base.conntrack.tcpEstablishedTimeoutMs,
      tcpCloseWaitTimeoutMs: conntrack?.tcpCloseWaitTimeout ?? base.conntrack.tcpCloseWaitTimeoutMs,
      tcpBeLiberal: conntrack?.tcpBeLiberal ?? base.conntrack.tcpBeLiberal,
      udpTimeoutMs: conntrack?.udpTimeout ?? base.conntrack.udpTimeoutMs,
      udpStreamTimeoutMs: conntrack?.udpStreamTimeout ?? base.conntrack.udpStreamTimeoutMs,
    },
    oomScoreAdj: file.oomScoreAdj ?? base.oomScoreAdj,
  };
}
