import { isAbort, withTimeout } from "@kube-ts/std/abort";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { GroupVersionName } from "../endpoints/group-version.ts";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import type { Store } from "../storage/store.ts";
import { type ClusterAuthentication, ensureAuthenticationConfigMap } from "./authentication-config-map.ts";
import type { BootstrapObjects } from "./ensure-object.ts";
import { ensureFlowControl } from "./flow-control.ts";
import { collectIdentityLeases, renewIdentityLease } from "./identity-lease.ts";
import { KubernetesService, type KubernetesServiceConfig } from "./kubernetes-service.ts";
import { DefaultServiceCidr } from "./default-service-cidr.ts";
import { ensureLegacyTokenTracking } from "./legacy-token-tracking.ts";
import { ensureLocalApiServices } from "./local-api-services.ts";
import { MasterLeases } from "./master-leases.ts";
import { ensurePriorityClasses } from "./priority-classes.ts";
import { ensureRbac } from "./rbac/ensure-rbac.ts";
import { ensureSystemNamespaces } from "./system-namespaces.ts";

/** The steps of bootstrapping by upstream's names, as `/readyz` lists them with `poststarthook/` before. */
export type BootstrapStep =
  | "start-system-namespaces-controller"
  | "rbac/bootstrap-roles"
  | "scheduling/bootstrap-system-priority-classes"
  | "priority-and-fairness-config-producer"
  | "kube-apiserver-autoregistration"
  | "bootstrap-controller"
  | "start-kubernetes-service-cidr-controller"
  | "start-cluster-authentication-info-controller"
  | "start-kube-apiserver-identity-lease-controller"
  | "start-kube-apiserver-identity-lease-garbage-collector"
  | "start-legacy-token-tracking-controller";

export interface BootstrapConfig {
  readonly kubernetesService: KubernetesServiceConfig;
  /** `--service-cluster-ip-range`: the ranges of services, the default one first. */
  readonly serviceRanges: readonly string[];
  readonly authentication: () => ClusterAuthentication;
  readonly hostName: string;
  /** What the server itself serves. */
  readonly groupVersions: readonly GroupVersionName[];
  /** Whether `--authorization-mode` has RBAC in it. */
  readonly rbac: boolean;
  readonly store: Store;
  /** What all keys in the store begin with, such as `/registry`. */
  readonly storagePrefix: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Told when a step has succeeded for the first time. */
  onStepDone?(step: BootstrapStep): void;
}

interface Step {
  readonly name: BootstrapStep;
  ensure(signal: AbortSignal): Promise<void>;
  /** How often it is done again; absent for what is done once. */
  readonly everyMs?: number;
  /** Runs when the server stops. */
  withdraw?(signal: AbortSignal): Promise<void>;
}

const retryPolicy: BackoffPolicy = { baseMs: 200, maxMs: 10_000, factor: 2, jitter: 0.2 };
const attemptTimeoutMs = 30_000;
const withdrawTimeoutMs = 3_000;

/** The steps this server takes, for readiness to wait for. */
export function bootstrapSteps(config: Pick<BootstrapConfig, "rbac">): BootstrapStep[] {
  return [
    "start-system-namespaces-controller",
    ...(config.rbac ? (["rbac/bootstrap-roles"] as const) : []),
    "scheduling/bootstrap-system-priority-classes",
    "priority-and-fairness-config-producer",
    "kube-apiserver-autoregistration",
    "bootstrap-controller",
    "start-kubernetes-service-cidr-controller",
    "start-cluster-authentication-info-controller",
    "start-kube-apiserver-identity-lease-controller",
    "start-kube-apiserver-identity-lease-garbage-collector",
    "start-legacy-token-tracking-controller",
  ];
}

/**
 * Makes the objects that every cluster has, and keeps those current that must be, until the signal aborts. Each
 * step is retried until it succeeds. Any number of servers may do this at once.
 */
export async function runBootstrap(
  source: ObjectSource,
  writer: ObjectWriter,
  config: BootstrapConfig,
  signal: AbortSignal,
): Promise<void> {
  const [namespaces, ...others] = planSteps({ source, writer }, config);
  if (!namespaces) return;
  const tasks = new TaskGroup(signal);
  // Everything else lives in the system's namespaces.
  await ensureWithRetries(namespaces, config, signal).catch((error: unknown) => {
    if (!isAbort(error, signal)) throw error;
  });
  if (signal.aborted) return;
  tasks.start((inner) => repeat(namespaces, config, inner));
  for (const step of others) tasks.start((inner) => runStep(step, config, inner));
  await tasks.settled();
}

function planSteps(objects: BootstrapObjects, config: BootstrapConfig): Step[] {
  const leases = new MasterLeases(config.store, config.storagePrefix);
  const kubernetes = new KubernetesService(objects, leases, config.kubernetesService, config.log);
  const serviceCidr = new DefaultServiceCidr(objects, config.serviceRanges, config.clock, config.log);
  const { hostName, clock } = config;
  const holder = config.random.uuid();
  const all: Record<BootstrapStep, Omit<Step, "name">> = {
    "start-system-namespaces-controller": {
      ensure: (signal) => ensureSystemNamespaces(objects, signal),
      everyMs: 60_000,
    },
    "rbac/bootstrap-roles": { ensure: (signal) => ensureRbac(objects, signal) },
    "scheduling/bootstrap-system-priority-classes": { ensure: (signal) => ensurePriorityClasses(objects, signal) },
    "priority-and-fairness-config-producer": {
      ensure: (signal) => ensureFlowControl(objects, signal),
      everyMs: 60_000,
    },
    "kube-apiserver-autoregistration": {
      ensure: (signal) => ensureLocalApiServices(objects, config.groupVersions, signal),
    },
    "bootstrap-controller": {
      ensure: (signal) => kubernetes.ensure(signal),
      everyMs: 10_000,
      withdraw: (signal) => kubernetes.withdraw(signal),
    },
    "start-kubernetes-service-cidr-controller": {
      ensure: (signal) => serviceCidr.ensure(signal),
      everyMs: 10_000,
    },
    "start-cluster-authentication-info-controller": {
      ensure: (signal) => ensureAuthenticationConfigMap(objects, config.authentication(), signal),
      everyMs: 60_000,
    },
    "start-kube-apiserver-identity-lease-controller": {
      ensure: (signal) => renewIdentityLease(objects, hostName, holder, clock.now(), signal),
      everyMs: 10_000,
    },
    "start-kube-apiserver-identity-lease-garbage-collector": {
      ensure: (signal) => collectIdentityLeases(objects, clock.now(), signal),
      everyMs: 3_600_000,
    },
    "start-legacy-token-tracking-controller": {
      ensure: (signal) => ensureLegacyTokenTracking(objects, config.clock.now(), signal),
      everyMs: 3_600_000,
    },
  };
  return bootstrapSteps(config).map((name) => ({ name, ...all[name] }));
}

async function runStep(step: Step, config: BootstrapConfig, signal: AbortSignal): Promise<void> {
  try {
    await ensureWithRetries(step, config, signal);
    await repeat(step, config, signal);
  } finally {
    await withdraw(step, config);
  }
}

async function ensureWithRetries(step: Step, config: BootstrapConfig, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    if (await attemptStep(step, config, signal)) break;
    await config.clock.sleep(backoffDelayMs(retryPolicy, attempt, config.random), signal);
  }
  config.onStepDone?.(step.name);
}

async function repeat(step: Step, config: BootstrapConfig, signal: AbortSignal): Promise<void> {
  while (step.everyMs !== undefined) {
    await config.clock.sleep(step.everyMs, signal);
    await attemptStep(step, config, signal);
  }
}

async function attemptStep(step: Step, config: BootstrapConfig, signal: AbortSignal): Promise<boolean> {
  try {
    await step.ensure(withTimeout(signal, attemptTimeoutMs));
    return true;
  } catch (error) {
    signal.throwIfAborted();
    config.log.warn("bootstrap step failed, will be retried", { step: step.name, error });
    return false;
  }
}

async function withdraw(step: Step, config: BootstrapConfig): Promise<void> {
  try {
    await step.withdraw?.(AbortSignal.timeout(withdrawTimeoutMs));
  } catch (error) {
    config.log.warn("could not withdraw this server's address", { step: step.name, error });
  }
}
