import { type LeaderElectionConfig, leaderElectionConfig } from "@kube-ts/client/leader-election-flags";
import { readFile } from "node:fs/promises";
import { featureGates } from "@kube-ts/std/feature-gates";
import { FlagError } from "@kube-ts/std/flags";
import type { ParsedFlags } from "@kube-ts/std/flags";
import { secureServingConfig } from "@kube-ts/std/serving-flags";
import type { SecureServingConfig } from "@kube-ts/std/serving-flags";
import type { FencingLimits } from "../fencing/plan.ts";
import type { EvictionLimits } from "../node-lifecycle/zone-health.ts";
import { type CertificateSigningConfig, certificateSigningConfig } from "./certificate-signing.ts";
import type { controllerManagerFlags } from "./flags.ts";
import { nodeCidrs } from "./node-cidrs.ts";
import type { NodeCidrs } from "./node-cidrs.ts";

/** Everything the daemon is told at start. */
export interface ControllerManagerConfig {
  readonly serving: SecureServingConfig;
  readonly kubeconfig: string;
  /** Kubeconfig files for the questions whose token it is and who may see the daemon's own endpoints. */
  readonly authenticationKubeconfig: string;
  readonly authorizationKubeconfig: string;
  /** As given to `--controllers`. */
  readonly controllers: readonly string[];
  readonly useServiceAccountCredentials: boolean;
  /** PEM; undefined when tokens are not kept in secrets. */
  readonly serviceAccountKey: string | undefined;
  /** PEM of the authority that is published in every namespace; undefined for that of the kubeconfig file. */
  readonly rootCa: string | undefined;
  readonly certificateSigning: CertificateSigningConfig;
  /** How long a token in a secret is unused before it is marked as invalid, and marked before it is deleted. */
  readonly legacyTokenCleanUpPeriodMs: number;
  readonly nodeCidrs: NodeCidrs | undefined;
  readonly nodeMonitorPeriodMs: number;
  readonly nodeMonitorGracePeriodMs: number;
  readonly nodeLifecycle: { readonly startupGraceMs: number; readonly evictionLimits: EvictionLimits };
  /** Undefined when nobody can turn machines off. */
  readonly fencing: (FencingLimits & { readonly program: string; readonly timeoutMs: number }) | undefined;
  readonly terminatedPodThreshold: number;
  readonly enableGarbageCollector: boolean;
  /** Between two counts of all quotas; 0 for none. */
  readonly resourceQuotaSyncPeriodMs: number;
  /** Whether `maxUnavailable` of stateful sets counts; a beta feature that is off by default. */
  readonly maxUnavailableStatefulSet: boolean;
  /** More addresses of one subset are not mirrored to endpoint slices. */
  readonly mirroringMaxEndpointsPerSubset: number;
  readonly workers: {
    readonly deployments: number;
    readonly replicaSets: number;
    readonly statefulSets: number;
    readonly replicationControllers: number;
    readonly endpoints: number;
    readonly endpointSlices: number;
    readonly mirroredServices: number;
    readonly garbageCollector: number;
    readonly namespaces: number;
    readonly resourceQuotas: number;
    readonly serviceAccountTokens: number;
    readonly ttlAfterFinished: number;
  };
  readonly qps: number;
  readonly burst: number;
  /** Undefined to work without a lease. */
  readonly leaderElection: LeaderElectionConfig | undefined;
}

type Values = ParsedFlags<typeof controllerManagerFlags>["values"];

/** Checks the flags and reads the files they name. Throws a FlagError that names the flag. */
export async function loadControllerManagerConfig({
  values,
}: ParsedFlags<typeof controllerManagerFlags>): Promise<ControllerManagerConfig> {
  if (values.kubeconfig === "") throw new FlagError("kubeconfig", "--kubeconfig is required");
  const gates = featureGates(values);
  return {
    serving: secureServingConfig(values),
    kubeconfig: values.kubeconfig,
    authenticationKubeconfig: values["authentication-kubeconfig"] || values.kubeconfig,
    authorizationKubeconfig: values["authorization-kubeconfig"] || values.kubeconfig,
    controllers: values.controllers,
    useServiceAccountCredentials: values["use-service-account-credentials"],
    serviceAccountKey: await optionalFile(values, "service-account-private-key-file"),
    rootCa: await optionalFile(values, "root-ca-file"),
    certificateSigning: certificateSigningConfig(values),
    legacyTokenCleanUpPeriodMs: cleanUpPeriodMs(values),
    nodeCidrs: nodeCidrs(values),
    nodeMonitorPeriodMs: values["node-monitor-period"],
    nodeMonitorGracePeriodMs: values["node-monitor-grace-period"],
    nodeLifecycle: nodeLifecycle(values),
    fencing: fencing(values),
    terminatedPodThreshold: values["terminated-pod-gc-threshold"],
    enableGarbageCollector: values["enable-garbage-collector"],
    resourceQuotaSyncPeriodMs: values["resource-quota-sync-period"],
    maxUnavailableStatefulSet: gates.MaxUnavailableStatefulSet,
    mirroringMaxEndpointsPerSubset: mirroredAddresses(values),
    workers: {
      deployments: workerCount(values, "concurrent-deployment-syncs"),
      replicaSets: workerCount(values, "concurrent-replicaset-syncs"),
      statefulSets: workerCount(values, "concurrent-statefulset-syncs"),
      replicationControllers: workerCount(values, "concurrent-rc-syncs"),
      endpoints: workerCount(values, "concurrent-endpoint-syncs"),
      endpointSlices: workerCount(values, "concurrent-service-endpoint-syncs"),
      mirroredServices: workerCount(values, "mirroring-concurrent-service-endpoint-syncs"),
      garbageCollector: workerCount(values, "concurrent-gc-syncs"),
      namespaces: workerCount(values, "concurrent-namespace-syncs"),
      resourceQuotas: workerCount(values, "concurrent-resource-quota-syncs"),
      serviceAccountTokens: workerCount(values, "concurrent-serviceaccount-token-syncs"),
      ttlAfterFinished: workerCount(values, "concurrent-ttl-after-finished-syncs"),
    },
    qps: values["kube-api-qps"],
    burst: values["kube-api-burst"],
    leaderElection: leaderElectionConfig(values, values["leader-elect-resource-namespace"]),
  };
}

function cleanUpPeriodMs(values: Values): number {
  const flag = "legacy-service-account-token-clean-up-period";
  const periodMs = values[flag];
  if (periodMs <= 0) throw new FlagError(flag, `--${flag} must be greater than 0`);
  return periodMs;
}

function nodeLifecycle(values: Values): ControllerManagerConfig["nodeLifecycle"] {
  return {
    startupGraceMs: values["node-startup-grace-period"],
    evictionLimits: {
      rate: values["node-eviction-rate"],
      secondaryRate: values["secondary-node-eviction-rate"],
      unhealthyZoneThreshold: values["unhealthy-zone-threshold"],
      largeClusterSize: values["large-cluster-size-threshold"],
    },
  };
}

function fencing(values: Values): ControllerManagerConfig["fencing"] {
  const program = values["node-fencing-program"];
  if (program === "") return undefined;
  if (!program.startsWith("/")) {
    throw new FlagError("node-fencing-program", `--node-fencing-program ${program} must be an absolute path`);
  }
  for (const flag of ["node-fencing-delay", "node-fencing-timeout"] as const) {
    if (values[flag] <= 0) throw new FlagError(flag, `--${flag} must be greater than 0`);
  }
  return {
    program,
    unreachableMs: values["node-fencing-delay"],
    notReadyMs: values["node-fencing-not-ready-delay"],
    timeoutMs: values["node-fencing-timeout"],
  };
}

function mirroredAddresses(values: Values): number {
  const flag = "mirroring-max-endpoints-per-subset";
  const count = values[flag];
  if (count < 1 || count > maxEndpointsPerSlice) {
    throw new FlagError(flag, `--${flag} ${count} must be between 1 and ${maxEndpointsPerSlice}`);
  }
  return count;
}

/** The API server takes no slice with more. */
const maxEndpointsPerSlice = 1000;

type NumberFlag = { [N in keyof Values]: Values[N] extends number ? N : never }[keyof Values];

function workerCount(values: Values, flag: NumberFlag): number {
  const count = values[flag];
  if (count < 1) throw new FlagError(flag, `--${flag} ${count} must be at least 1`);
  return count;
}

async function optionalFile(
  values: Values,
  flag: "root-ca-file" | "service-account-private-key-file",
): Promise<string | undefined> {
  const path = values[flag];
  if (path === "") return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new FlagError(flag, `--${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
