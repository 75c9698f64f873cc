import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { KubeletConfiguration } from "./configuration-fields.ts";

/**
 * The fields that this kubelet does not honour, with the values that ask for what it does anyway. Zero and empty values
 * mean the default and are always taken.
 */
const supportedValues: { readonly [K in keyof KubeletConfiguration]?: readonly unknown[] } = {
  httpCheckFrequency: [20_000],
  staticPodURL: [],
  staticPodURLHeader: [],
  tlsCipherSuites: [],
  tlsCurvePreferences: [],
  tlsMinVersion: ["VersionTLS12"],
  imagePullCredentialsVerificationPolicy: ["NeverVerify"],
  preloadedImagesVerificationAllowlist: [],
  enableContentionProfiling: [false],
  kubeletCgroups: [],
  systemCgroups: [],
  cgroupRoot: ["/"],
  cgroupsPerQOS: [true],
  cpuManagerPolicy: ["none"],
  singleProcessOOMKill: [true],
  cpuManagerPolicyOptions: [],
  // Without a static policy there is nothing to reconcile.
  cpuManagerReconcilePeriod: [10_000],
  memoryManagerPolicy: ["None"],
  topologyManagerPolicy: ["none"],
  topologyManagerScope: ["container"],
  topologyManagerPolicyOptions: [],
  qosReserved: [],
  hairpinMode: ["promiscuous-bridge"],
  podCIDR: [],
  runOnce: [false],
  maxOpenFiles: [1_000_000],
  contentType: ["application/json", "application/vnd.kubernetes.protobuf"],
  enableControllerAttachDetach: [true],
  protectKernelDefaults: [false],
  makeIPTablesUtilChains: [true],
  iptablesMasqueradeBit: [14],
  iptablesDropBit: [15],
  featureGates: [],
  memorySwap: [{ swapBehavior: "" }, { swapBehavior: "NoSwap" }],
  containerLogMaxWorkers: [1],
  containerLogMonitorInterval: [10_000],
  configMapAndSecretChangeDetectionStrategy: ["Watch"],
  reservedSystemCPUs: [],
  showHiddenMetricsForVersion: [],
  systemReservedCgroup: [],
  kubeReservedCgroup: [],
  defaultPodSysctls: [],
  volumePluginDir: ["/usr/libexec/kubernetes/kubelet-plugins/volume/exec/"],
  kernelMemcgNotification: [false],
  enableSystemLogQuery: [false],
  shutdownGracePeriod: [],
  shutdownGracePeriodCriticalPods: [],
  shutdownGracePeriodByPodPriority: [],
  reservedMemory: [],
  enableProfilingHandler: [false],
  enableDebugFlagsHandler: [false],
  memoryThrottlingFactor: [0.9],
  memoryReservationPolicy: ["None"],
  tracing: [],
  localStorageCapacityIsolation: [true],
  imageServiceEndpoint: [],
  userNamespaces: [],
};

/** What is wrong with fields that cannot be honoured, a line for each. */
export function unsupportedFields(configuration: KubeletConfiguration): readonly string[] {
  const problems: string[] = [];
  for (const [field, allowed] of Object.entries(supportedValues)) {
    const value = configuration[field as keyof KubeletConfiguration];
    if (value === undefined || isZero(value) || allowed.some((one) => semanticEqual(one, value))) continue;
    problems.push(`${field}: Invalid value: ${JSON.stringify(value)}: this kubelet does not support it`);
  }
  return [...problems, ...loggingProblems(configuration.logging)];
}

/** False counts: most switches are off by default, and those that are on by default list `true`. */
function isZero(value: unknown): boolean {
  if (value === 0 || value === "") return true;
  return typeof value === "object" && semanticEqual(value, undefined);
}

/** The log is JSON lines to standard error; its verbosity comes from `-v`. */
function loggingProblems(logging: unknown): readonly string[] {
  if (logging === undefined) return [];
  if (typeof logging !== "object" || logging === null) return ["logging: Invalid value: must be an object"];
  const { format, verbosity, vmodule } = logging as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  if (format !== undefined && format !== "" && format !== "json") {
    problems.push(`logging.format: Unsupported value: ${JSON.stringify(format)}: supported values: "json"`);
  }
  if (verbosity !== undefined && verbosity !== 0) problems.push("logging.verbosity: use the flag -v");
  if (vmodule !== undefined) problems.push("logging.vmodule: this kubelet does not support it");
  return problems;
}
