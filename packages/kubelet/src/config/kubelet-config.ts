import { hostname } from "node:os";
import type { Taint } from "@kube-ts/api/core/v1";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import { Quantity } from "@kube-ts/api/quantity";
import { validateLabels } from "@kube-ts/api/selectors";
import { fieldPath } from "@kube-ts/api/field-path";
import { loadConfigFile } from "@kube-ts/std/config-file";
import type { ParsedFlags } from "@kube-ts/std/flags";
import { FlagError } from "@kube-ts/std/flags";
import { parseIpAddress } from "@kube-ts/std/ip-address";
import { type EvictionConfig, evictionConfig } from "../eviction/eviction-config.ts";
import { type KubeletConfiguration, kubeletConfiguration } from "./configuration-fields.ts";
import { effectiveConfiguration } from "./effective-configuration.ts";
import { withFlags } from "./flag-overrides.ts";
import type { kubeletFlags } from "./kubelet-flags.ts";
import { taintProblems } from "./taint-problems.ts";
import { unsupportedFields } from "./unsupported-configuration.ts";
import { rangeProblems } from "./value-ranges.ts";

/** Everything that is configured, checked. Times are milliseconds. */
export interface KubeletConfig {
  /** Empty for a kubelet that runs static pods only. */
  readonly kubeconfig: string;
  /** Empty for none. */
  readonly bootstrapKubeconfig: string;
  /** Whether the client certificate is renewed. */
  readonly rotateCertificates: boolean;
  readonly nodeName: string;
  readonly nodeIps: readonly string[];
  readonly rootDirectory: string;
  readonly certDirectory: string;
  /** Empty for none. */
  readonly staticPodPath: string;
  readonly fileCheckFrequencyMs: number;
  readonly syncFrequencyMs: number;
  readonly server: ServerConfig;
  readonly health: { readonly address: string; readonly port: number };
  readonly node: NodeConfig;
  readonly pods: PodsConfig;
  readonly runtime: RuntimeConfig;
  readonly images: ImagesConfig;
  readonly eviction: EvictionConfig;
  readonly events: { readonly qps: number; readonly burst: number };
  readonly api: { readonly qps: number; readonly burst: number };
  /** The configuration as a file would have it. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly failSwapOn: boolean;
  readonly failCgroupV1: boolean;
  readonly oomScoreAdj: number;
}

export interface ServerConfig {
  readonly enabled: boolean;
  readonly address: string;
  readonly port: number;
  /** 0 for none. */
  readonly readOnlyPort: number;
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string;
  /** Whether the API server's signers make the serving certificate. */
  readonly bootstrapTls: boolean;
  readonly anonymous: boolean;
  readonly tokenWebhook: boolean;
  readonly tokenCacheTtlMs: number;
  readonly authorization: "AlwaysAllow" | "Webhook";
  readonly authorizedTtlMs: number;
  readonly unauthorizedTtlMs: number;
  readonly debuggingHandlers: boolean;
  /** Whether the node's own log files are served. */
  readonly systemLogs: boolean;
  readonly streamIdleTimeoutMs: number;
}

export interface NodeConfig {
  readonly register: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly providerId: string;
  readonly statusUpdateMs: number;
  readonly statusReportMs: number;
  readonly leaseDurationSeconds: number;
  /** -1 for all. */
  readonly maxImages: number;
  readonly maxPods: number;
  /** 0 for no such limit. */
  readonly podsPerCore: number;
  readonly kubeReserved: Readonly<Record<string, string>>;
  readonly systemReserved: Readonly<Record<string, string>>;
  readonly enforceAllocatable: boolean;
}

export interface PodsConfig {
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The node's resolver configuration; empty for none. */
  readonly resolvConf: string;
  readonly cpuQuota: boolean;
  readonly cpuPeriodUs: number;
  /** -1 for no limit. */
  readonly pidsLimit: number;
  readonly seccompDefault: boolean;
  readonly allowedUnsafeSysctls: readonly string[];
  readonly logsDirectory: string;
  readonly maxRestartPeriodMs: number;
  /** How often it is measured what volumes take up; negative for never. */
  readonly volumeStatsMs: number;
}

export interface RuntimeConfig {
  readonly endpoint: string;
  readonly pauseImage: string;
  readonly requestTimeoutMs: number;
  /** Undefined for whatever the runtime uses. */
  readonly cgroupDriver: "cgroupfs" | "systemd" | undefined;
  /** Whether the kubelet writes the node's network itself where nobody else does. */
  readonly networkPlugin: "kubenet" | "cni";
  readonly cniConfDirectory: string;
  readonly cniBinDirectories: readonly string[];
  readonly logMaxSizeBytes: number;
  readonly logMaxFiles: number;
}

export interface ImagesConfig {
  /** Pulls at a time; Infinity for no limit. */
  readonly maxParallelPulls: number;
  /** 0 for no limit. */
  readonly pullQps: number;
  readonly pullBurst: number;
  readonly minimumAgeMs: number;
  /** 0 for no limit. */
  readonly maximumAgeMs: number;
  readonly highThresholdPercent: number;
  readonly lowThresholdPercent: number;
}

/** Reads and checks flags and config file. Throws an Error that names what is wrong. */
export async function configureKubelet(flags: ParsedFlags<typeof kubeletFlags>): Promise<KubeletConfig> {
  const path = flags.values.config;
  const file = path === "" ? {} : await loadConfigFile(path, kubeletConfiguration);
  return kubeletConfig(withFlags(file, flags), flags);
}

/** The configuration with defaults; throws an Error that lists every fault. */
export function kubeletConfig(
  configuration: KubeletConfiguration,
  { values }: ParsedFlags<typeof kubeletFlags>,
): KubeletConfig {
  const problems = [
    ...unsupportedFields(configuration),
    ...rangeProblems(configuration),
    ...taintProblems(configuration.registerWithTaints),
  ];
  const check = (ok: boolean, problem: string) => void (ok || problems.push(problem));
  const nodeName = (values["hostname-override"] || hostname()).trim().toLowerCase();
  checkFlags(nodeName, values["node-ip"], values["node-labels"]);
  checkIdentity(configuration, values);
  const config: KubeletConfig = {
    kubeconfig: values.kubeconfig,
    bootstrapKubeconfig: values["bootstrap-kubeconfig"],
    rotateCertificates: configuration.rotateCertificates ?? false,
    nodeName,
    nodeIps: values["node-ip"],
    rootDirectory: values["root-dir"],
    certDirectory: values["cert-dir"],
    staticPodPath: configuration.staticPodPath ?? "",
    fileCheckFrequencyMs: configuration.fileCheckFrequency || 20_000,
    syncFrequencyMs: configuration.syncFrequency || 60_000,
    server: serverConfig(configuration, check),
    health: {
      address: ipAddress("healthzBindAddress", configuration.healthzBindAddress || "127.0.0.1", check),
      port: configuration.healthzPort ?? 10_248,
    },
    node: nodeConfig(configuration, values["node-labels"], check),
    pods: podsConfig(configuration, check),
    runtime: runtimeConfig(configuration, values, check),
    images: imagesConfig(configuration, check),
    eviction: evictionConfig(configuration, problems),
    events: { qps: configuration.eventRecordQPS ?? 50, burst: configuration.eventBurst || 100 },
    // Negative is no limit.
    api: { qps: configuration.kubeAPIQPS || 50, burst: configuration.kubeAPIBurst || 100 },
    document: effectiveConfiguration(configuration),
    failSwapOn: configuration.failSwapOn ?? true,
    failCgroupV1: configuration.failCgroupV1 ?? false,
    oomScoreAdj: configuration.oomScoreAdj ?? -999,
  };
  if (problems.length > 0) throw new Error(`invalid kubelet configuration: ${problems.join("; ")}`);
  return config;
}

type Check = (ok: boolean, problem: string) => void;

function ipAddress(field: string, text: string, check: Check): string {
  check(
    parseIpAddress(text) !== undefined,
    `${field}: Invalid value: ${JSON.stringify(text)}: must be a valid IP address`,
  );
  return text;
}

function nodeIpProblems(nodeIps: readonly string[]): readonly string[] {
  const addresses = nodeIps.map(parseIpAddress);
  if (addresses.includes(undefined)) return [""];
  const families = new Set(addresses.map((address) => address?.family));
  if (nodeIps.length > 2 || families.size < nodeIps.length) {
    return [": must contain either a single IP or a dual-stack pair of IPs"];
  }
  const unspecified = addresses.some((address) => address?.value === 0n);
  return nodeIps.length === 2 && unspecified ? [": dual-stack node IP cannot include '0.0.0.0' or '::'"] : [];
}

function checkFlags(nodeName: string, nodeIps: readonly string[], labels: Readonly<Record<string, string>>): void {
  const [nameError] = dns1123SubdomainErrors(nodeName);
  if (nameError)
    throw new FlagError(
      "hostname-override",
      `--hostname-override: invalid node name ${JSON.stringify(nodeName)}: ${nameError}`,
    );
  const [nodeIpProblem] = nodeIpProblems(nodeIps);
  if (nodeIpProblem !== undefined) {
    throw new FlagError("node-ip", `--node-ip: bad --node-ip ${JSON.stringify(nodeIps.join(","))}${nodeIpProblem}`);
  }
  const [labelError] = validateLabels(labels, fieldPath("node-labels"));
  if (labelError) throw new FlagError("node-labels", `--node-labels: ${labelError.detail}`);
  const forbidden = Object.keys(labels).filter((key) => !isOwnLabel(key));
  if (forbidden.length > 0) {
    throw new FlagError(
      "node-labels",
      `--node-labels: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${forbidden.join(" ")}]`,
    );
  }
}

/** Nobody can be asked for certificates without an API server. */
function checkIdentity(
  { serverTLSBootstrap = false }: KubeletConfiguration,
  { kubeconfig, "bootstrap-kubeconfig": bootstrap }: ParsedFlags<typeof kubeletFlags>["values"],
): void {
  if (kubeconfig !== "") return;
  if (bootstrap !== "") {
    throw new FlagError(
      "bootstrap-kubeconfig",
      "--bootstrap-kubeconfig: --kubeconfig must say where to write the identity",
    );
  }
  if (serverTLSBootstrap) throw new Error("serverTLSBootstrap: needs an API server: use --kubeconfig");
}

const ownLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/arch",
  "kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
]);

/** A kubelet may set labels of its own about itself, and of Kubernetes only those that say what it is. */
function isOwnLabel(key: string): boolean {
  const prefix = key.includes("/") ? (key.split("/")[0] ?? "") : "";
  if (!/(^|\.)(kubernetes|k8s)\.io$/.test(prefix) || ownLabels.has(key)) return true;
  return /(^|\.)(kubelet|node)\.kubernetes\.io$/.test(prefix);
}

function serverConfig(configuration: KubeletConfiguration, check: Check): ServerConfig {
  const { authentication = {}, authorization = {} } = configuration;
  const certFile = configuration.tlsCertFile ?? "";
  const keyFile = configuration.tlsPrivateKeyFile ?? "";
  check((certFile === "") === (keyFile === ""), "tlsCertFile and tlsPrivateKeyFile must be given together");
  const mode = authorization.mode || "Webhook";
  check(
    mode === "AlwaysAllow" || mode === "Webhook",
    `authorization.mode: Unsupported value: ${JSON.stringify(mode)}: supported values: "AlwaysAllow", "Webhook"`,
  );
  const port = configuration.port || 10_250;
  const readOnlyPort = configuration.readOnlyPort ?? 0;
  check(port > 0 && port < 65_536, `port: Invalid value: ${port}: must be between 1 and 65535, inclusive`);
  check(readOnlyPort === 0 || readOnlyPort !== port, "readOnlyPort: must not be the same as port");
  return {
    enabled: configuration.enableServer ?? true,
    address: ipAddress("address", configuration.address || "0.0.0.0", check),
    port,
    readOnlyPort,
    certFile,
    keyFile,
    bootstrapTls: configuration.serverTLSBootstrap ?? false,
    clientCaFile: authentication.x509?.clientCAFile ?? "",
    anonymous: authentication.anonymous?.enabled ?? false,
    tokenWebhook: authentication.webhook?.enabled ?? true,
    tokenCacheTtlMs: authentication.webhook?.cacheTTL || 120_000,
    authorization: mode === "AlwaysAllow" ? "AlwaysAllow" : "Webhook",
    authorizedTtlMs: authorization.webhook?.cacheAuthorizedTTL || 300_000,
    unauthorizedTtlMs: authorization.webhook?.cacheUnauthorizedTTL || 30_000,
    debuggingHandlers: configuration.enableDebuggingHandlers ?? true,
    systemLogs: configuration.enableSystemLogHandler ?? true,
    streamIdleTimeoutMs: configuration.streamingConnectionIdleTimeout || 14_400_000,
  };
}

const reservable = new Set(["cpu", "memory", "ephemeral-storage", "pid"]);

function nodeConfig(
  configuration: KubeletConfiguration,
  labels: Readonly<Record<string, string>>,
  check: Check,
): NodeConfig {
  for (const field of ["kubeReserved", "systemReserved"] as const) {
    for (const [name, text] of Object.entries(configuration[field] ?? {})) {
      check(reservable.has(name), `${field}: cannot reserve "${name}" resource`);
      check(
        isAmount(text),
        `${field}[${name}]: Invalid value: ${JSON.stringify(text)}: must be a quantity that is not negative`,
      );
    }
  }
  const enforced = configuration.enforceNodeAllocatable ?? ["pods"];
  for (const what of enforced) {
    check(
      what === "pods" || what === "none" || what === "",
      `enforceNodeAllocatable: Invalid value: ${JSON.stringify(what)}: this kubelet supports "pods" and "none"`,
    );
  }
  check(!(enforced.includes("none") && enforced.length > 1), 'enforceNodeAllocatable: "none" excludes all others');
  return {
    register: configuration.registerNode ?? true,
    labels,
    taints: (configuration.registerWithTaints ?? []).map(({ key = "", value, effect, timeAdded }) => ({
      key,
      ...(value ? { value } : {}),
      effect: (effect ?? "NoSchedule") as Taint["effect"],
      ...(timeAdded ? { timeAdded } : {}),
    })),
    providerId: configuration.providerID ?? "",
    statusUpdateMs: configuration.nodeStatusUpdateFrequency || 10_000,
    // Who says how often the status is computed wants it that often, unless told otherwise.
    statusReportMs: configuration.nodeStatusReportFrequency || configuration.nodeStatusUpdateFrequency || 300_000,
    leaseDurationSeconds: configuration.nodeLeaseDurationSeconds || 40,
    maxImages: configuration.nodeStatusMaxImages ?? 50,
    maxPods: configuration.maxPods ?? 110,
    podsPerCore: configuration.podsPerCore ?? 0,
    kubeReserved: configuration.kubeReserved ?? {},
    systemReserved: configuration.systemReserved ?? {},
    enforceAllocatable: enforced.includes("pods"),
  };
}

function podsConfig(configuration: KubeletConfiguration, check: Check): PodsConfig {
  const clusterDns = configuration.clusterDNS ?? [];
  for (const address of clusterDns) {
    check(
      parseIpAddress(address) !== undefined,
      `clusterDNS: Invalid value: ${JSON.stringify(address)}: must be an IP address`,
    );
  }
  const periodMs = configuration.cpuCFSQuotaPeriod || 100;
  check(
    periodMs >= 1 && periodMs <= 1000,
    `cpuCFSQuotaPeriod: Invalid value: ${periodMs}ms: must be between 1ms and 1sec, inclusive`,
  );
  const maxRestartPeriodMs = configuration.crashLoopBackOff?.maxContainerRestartPeriod ?? 300_000;
  check(
    maxRestartPeriodMs >= 1000 && maxRestartPeriodMs <= 300_000,
    `crashLoopBackOff.maxContainerRestartPeriod: Invalid value: ${maxRestartPeriodMs}ms: must be between 1s and 300s`,
  );
  return {
    clusterDns,
    clusterDomain: configuration.clusterDomain ?? "",
    resolvConf: configuration.resolvConf ?? "/etc/resolv.conf",
    cpuQuota: configuration.cpuCFSQuota ?? true,
    cpuPeriodUs: periodMs * 1000,
    pidsLimit: configuration.podPidsLimit ?? -1,
    seccompDefault: configuration.seccompDefault ?? false,
    allowedUnsafeSysctls: configuration.allowedUnsafeSysctls ?? [],
    logsDirectory: configuration.podLogsDir || "/var/log/pods",
    maxRestartPeriodMs,
    volumeStatsMs: configuration.volumeStatsAggPeriod || 60_000,
  };
}

function runtimeConfig(
  configuration: KubeletConfiguration,
  values: ParsedFlags<typeof kubeletFlags>["values"],
  check: Check,
): RuntimeConfig {
  const endpoint = configuration.containerRuntimeEndpoint || "unix:///var/run/docker.sock";
  check(
    endpoint.startsWith("unix:///"),
    `containerRuntimeEndpoint: Invalid value: ${JSON.stringify(endpoint)}: must be unix:///<path>`,
  );
  const { cgroupDriver = "" } = configuration;
  check(
    cgroupDriver === "" || cgroupDriver === "cgroupfs" || cgroupDriver === "systemd",
    `cgroupDriver: Unsupported value: ${JSON.stringify(cgroupDriver)}: supported values: "cgroupfs", "systemd"`,
  );
  const logMaxSize = configuration.containerLogMaxSize || "10Mi";
  const logMaxSizeBytes = isAmount(logMaxSize) ? Quantity.parse(logMaxSize).value() : 0;
  check(
    logMaxSizeBytes > 0,
    `containerLogMaxSize: Invalid value: ${JSON.stringify(logMaxSize)}: must be a positive quantity`,
  );
  return {
    endpoint,
    pauseImage: values["pod-infra-container-image"],
    requestTimeoutMs: configuration.runtimeRequestTimeout || 120_000,
    cgroupDriver: cgroupDriver === "systemd" || cgroupDriver === "cgroupfs" ? cgroupDriver : undefined,
    networkPlugin: networkPluginOf(values["network-plugin"]),
    cniConfDirectory: values["cni-conf-dir"],
    cniBinDirectories: values["cni-bin-dir"],
    logMaxSizeBytes,
    logMaxFiles: configuration.containerLogMaxFiles ?? 5,
  };
}

function networkPluginOf(text: string): RuntimeConfig["networkPlugin"] {
  if (text === "kubenet" || text === "cni") return text;
  throw new FlagError("network-plugin", `--network-plugin: ${JSON.stringify(text)} is not kubenet or cni`);
}

function imagesConfig(configuration: KubeletConfiguration, check: Check): ImagesConfig {
  const highThresholdPercent = configuration.imageGCHighThresholdPercent ?? 85;
  const lowThresholdPercent = configuration.imageGCLowThresholdPercent ?? 80;
  check(
    lowThresholdPercent < highThresholdPercent,
    "imageGCLowThresholdPercent must be less than imageGCHighThresholdPercent",
  );
  const serialize = configuration.serializeImagePulls ?? configuration.maxParallelImagePulls === undefined;
  const parallel = configuration.maxParallelImagePulls;
  check(
    !serialize || parallel === undefined || parallel === 1,
    "maxParallelImagePulls cannot be larger than 1 unless serializeImagePulls is set to false",
  );
  const minimumAgeMs = configuration.imageMinimumGCAge || 120_000;
  const maximumAgeMs = configuration.imageMaximumGCAge ?? 0;
  check(maximumAgeMs === 0 || maximumAgeMs > minimumAgeMs, "imageMaximumGCAge must be greater than imageMinimumGCAge");
  return {
    maxParallelPulls: serialize ? 1 : (parallel ?? Number.POSITIVE_INFINITY),
    pullQps: configuration.registryPullQPS ?? 5,
    pullBurst: configuration.registryBurst || 10,
    minimumAgeMs,
    maximumAgeMs,
    highThresholdPercent,
    lowThresholdPercent,
  };
}

/** Whether the text is an amount of at least nothing. */
function isAmount(text: string): boolean {
  try {
    return Quantity.parse(text).sign() >= 0;
  } catch {
    return false;
  }
}
