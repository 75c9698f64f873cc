import { type LeaderElectionConfig, leaderElectionConfig } from "@kube-ts/client/leader-election-flags";
import { FlagError, type ParsedFlags } from "@kube-ts/std/flags";
import { type SecureServingConfig, secureServingConfig } from "@kube-ts/std/serving-flags";
import type { ExecProviderConfig } from "../provider/exec-provider.ts";
import type { autoscalerFlags } from "./flags.ts";
import { loadProviderConfig } from "./provider-config.ts";

/** Ways to choose among groups. */
const expanderNames = ["random", "most-pods", "least-waste", "least-nodes", "priority"] as const;
export type ExpanderName = (typeof expanderNames)[number];

export interface GroupLimits {
  readonly minSize: number;
  readonly maxSize: number;
}

export interface ScaleUpOptions {
  readonly expanders: readonly ExpanderName[];
  readonly maxNodeProvisionMs: number;
  /** Infinity for no limit. */
  readonly maxNodesTotal: number;
  readonly newPodDelayMs: number;
  readonly expendablePriorityCutoff: number;
  readonly balanceSimilarGroups: boolean;
  readonly balancingIgnoreLabels: readonly string[];
  readonly enforceMinSize: boolean;
  readonly startupTaints: readonly string[];
  readonly statusTaints: readonly string[];
}

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly resetAfterMs: number;
}

export interface ScaleDownOptions {
  readonly enabled: boolean;
  readonly delayAfterAddMs: number;
  readonly delayAfterDeleteMs: number;
  readonly delayAfterFailureMs: number;
  readonly unneededMs: number;
  readonly unreadyEnabled: boolean;
  readonly unreadyMs: number;
  readonly utilizationThreshold: number;
  readonly ignoreDaemonSets: boolean;
  readonly ignoreMirrorPods: boolean;
  readonly maxEmptyAtOnce: number;
  readonly maxAtOnce: number;
  readonly maxDrainedAtOnce: number;
  readonly unremovableRecheckMs: number;
  readonly maxSoftTaintChanges: number;
}

export interface DrainOptions {
  readonly skipSystemPods: boolean;
  readonly skipLocalStorage: boolean;
  readonly skipCustomControllers: boolean;
}

export interface RemovalOptions {
  readonly maxGracefulTerminationSeconds: number;
  readonly maxPodEvictionMs: number;
  readonly delayAfterTaintMs: number;
  readonly cordon: boolean;
  readonly evictDaemonSetsOfEmpty: boolean;
  readonly evictDaemonSetsOfOccupied: boolean;
}

export interface HealthLimits {
  readonly maxUnreadyPercentage: number;
  readonly okUnreadyCount: number;
  readonly maxInactivityMs: number;
  readonly maxFailingMs: number;
}

/** Everything the daemon is told at start. */
export interface AutoscalerConfig {
  readonly serving: SecureServingConfig;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly clusterName: string;
  readonly provider: ExecProviderConfig;
  /** By group, in place of what the provider says. */
  readonly groupLimits: Readonly<Record<string, GroupLimits>>;
  readonly scanIntervalMs: number;
  readonly scaleUp: ScaleUpOptions;
  readonly backoff: BackoffOptions;
  readonly scaleDown: ScaleDownOptions;
  readonly drain: DrainOptions;
  readonly removal: RemovalOptions;
  readonly health: HealthLimits;
  /** Undefined when the state is not told. */
  readonly statusConfigMap: string | undefined;
  readonly qps: number;
  readonly burst: number;
  /** Undefined to work without a lease. */
  readonly leaderElection: LeaderElectionConfig | undefined;
}

type Values = ParsedFlags<typeof autoscalerFlags>["values"];

/** Checks the flags and reads the provider's file. Throws a FlagError or ConfigFileError. */
export async function loadAutoscalerConfig({ values }: ParsedFlags<typeof autoscalerFlags>): Promise<AutoscalerConfig> {
  for (const flag of ["kubeconfig", "cloud-config"] as const) {
    if (values[flag] === "") throw new FlagError(flag, `--${flag} is required`);
  }
  if (values["cloud-provider"] !== "exec") {
    const given = values["cloud-provider"];
    throw new FlagError("cloud-provider", `--cloud-provider ${JSON.stringify(given)} is not supported: only "exec" is`);
  }
  checkPositive(values);
  return {
    serving: secureServingConfig(values),
    kubeconfig: values.kubeconfig,
    namespace: values.namespace,
    clusterName: values["cluster-name"],
    provider: await loadProviderConfig(values["cloud-config"]),
    groupLimits: groupLimits(values.nodes),
    scanIntervalMs: values["scan-interval"],
    scaleUp: scaleUp(values),
    backoff: {
      initialMs: values["initial-node-group-backoff-duration"],
      maxMs: values["max-node-group-backoff-duration"],
      resetAfterMs: values["node-group-backoff-reset-timeout"],
    },
    scaleDown: scaleDown(values),
    drain: {
      skipSystemPods: values["skip-nodes-with-system-pods"],
      skipLocalStorage: values["skip-nodes-with-local-storage"],
      skipCustomControllers: values["skip-nodes-with-custom-controller-pods"],
    },
    removal: {
      maxGracefulTerminationSeconds: values["max-graceful-termination-sec"],
      maxPodEvictionMs: values["max-pod-eviction-time"],
      delayAfterTaintMs: values["node-delete-delay-after-taint"],
      cordon: values["cordon-node-before-terminating"],
      evictDaemonSetsOfEmpty: values["daemonset-eviction-for-empty-nodes"],
      evictDaemonSetsOfOccupied: values["daemonset-eviction-for-occupied-nodes"],
    },
    health: {
      maxUnreadyPercentage: values["max-total-unready-percentage"],
      okUnreadyCount: values["ok-total-unready-count"],
      maxInactivityMs: values["max-inactivity"],
      maxFailingMs: values["max-failing-time"],
    },
    statusConfigMap: values["write-status-configmap"] ? values["status-config-map-name"] : undefined,
    qps: values["kube-client-qps"],
    burst: values["kube-client-burst"],
    leaderElection: leaderElectionConfig(values, values.namespace),
  };
}

function scaleUp(values: Values): ScaleUpOptions {
  const limit = values["max-nodes-total"];
  return {
    expanders: expanders(values.expander),
    maxNodeProvisionMs: values["max-node-provision-time"],
    maxNodesTotal: limit > 0 ? limit : Infinity,
    newPodDelayMs: values["new-pod-scale-up-delay"],
    expendablePriorityCutoff: values["expendable-pods-priority-cutoff"],
    balanceSimilarGroups: values["balance-similar-node-groups"],
    balancingIgnoreLabels: values["balancing-ignore-label"],
    enforceMinSize: values["enforce-node-group-min-size"],
    startupTaints: values["startup-taint"],
    statusTaints: values["status-taint"],
  };
}

function scaleDown(values: Values): ScaleDownOptions {
  return {
    enabled: values["scale-down-enabled"],
    delayAfterAddMs: values["scale-down-delay-after-add"],
    delayAfterDeleteMs: values["scale-down-delay-after-delete"] || values["scan-interval"],
    delayAfterFailureMs: values["scale-down-delay-after-failure"],
    unneededMs: values["scale-down-unneeded-time"],
    unreadyEnabled: values["scale-down-unready-enabled"],
    unreadyMs: values["scale-down-unready-time"],
    utilizationThreshold: values["scale-down-utilization-threshold"],
    ignoreDaemonSets: values["ignore-daemonsets-utilization"],
    ignoreMirrorPods: values["ignore-mirror-pods-utilization"],
    maxEmptyAtOnce: values["max-empty-bulk-delete"],
    maxAtOnce: values["max-scale-down-parallelism"],
    maxDrainedAtOnce: values["max-drain-parallelism"],
    unremovableRecheckMs: values["unremovable-node-recheck-timeout"],
    maxSoftTaintChanges: values["max-bulk-soft-taint-count"],
  };
}

function checkPositive(values: Values): void {
  const positive = [
    "scan-interval",
    "max-node-provision-time",
    "initial-node-group-backoff-duration",
    "max-empty-bulk-delete",
    "max-scale-down-parallelism",
    "max-drain-parallelism",
    "max-pod-eviction-time",
  ] as const;
  for (const flag of positive) {
    if (values[flag] <= 0) throw new FlagError(flag, `--${flag} must be greater than 0`);
  }
  if (values["max-drain-parallelism"] > values["max-scale-down-parallelism"]) {
    const message = "--max-drain-parallelism must not be greater than --max-scale-down-parallelism";
    throw new FlagError("max-drain-parallelism", message);
  }
}

function expanders(text: string): readonly ExpanderName[] {
  const names = text.split(",").map((name) => name.trim());
  return names.map((name, index) => {
    const known = expanderNames.find((candidate) => candidate === name);
    if (known === undefined) throw new FlagError("expander", `--expander: Expander ${name} not supported`);
    if (names.indexOf(name) !== index)
      throw new FlagError("expander", `--expander: ${name} was specified multiple times`);
    return known;
  });
}

/** Reads `min:max:group`; a group's name may have colons. */
function groupLimits(specs: readonly string[]): Readonly<Record<string, GroupLimits>> {
  const limits: [string, GroupLimits][] = [];
  for (const spec of specs) {
    const [, min, max, name = ""] = /^(\d+):(\d+):(.+)$/.exec(spec) ?? [];
    const [minSize, maxSize] = [Number(min), Number(max)];
    if (min === undefined || max === undefined) {
      throw new FlagError("nodes", `--nodes: wrong nodes configuration: ${spec}: it must be min:max:group`);
    }
    if (maxSize < minSize)
      throw new FlagError("nodes", `--nodes: ${spec}: max size must be greater or equal to min size`);
    limits.push([name, { minSize, maxSize }]);
  }
  return Object.fromEntries(limits);
}
