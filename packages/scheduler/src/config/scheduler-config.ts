import type { LeaderElectionConfig } from "@kube-ts/client/leader-election-flags";
import { loadConfigFile } from "@kube-ts/std/config-file";
import { FlagError, type ParsedFlags } from "@kube-ts/std/flags";
import { type SecureServingConfig, secureServingConfig } from "@kube-ts/std/serving-flags";
import { type ProfileFile, type SchedulerConfigFile, schedulerConfigKind } from "./config-kind.ts";
import { type ExtenderConfig, extenderConfigs } from "./extender-config.ts";
import type { schedulerFlags } from "./flags.ts";
import { argsWithoutEffect } from "./plugin-args.ts";
import { planProfile, type ProfilePlan } from "./profile-plan.ts";

/** Everything the daemon is told at start. */
export interface SchedulerConfig {
  readonly serving: SecureServingConfig;
  readonly kubeconfig: string;
  readonly qps: number;
  readonly burst: number;
  /** Undefined to work without a lease. */
  readonly leaderElection: LeaderElectionConfig | undefined;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly profiles: readonly ProfilePlan[];
  readonly extenders: readonly ExtenderConfig[];
  /** Fields of the file that have no effect here. */
  readonly withoutEffect: readonly string[];
}

/** A configuration whose fields contradict each other or upstream's rules. */
export class SchedulerConfigError extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.name = "SchedulerConfigError";
    this.path = path;
  }
}

const defaultSchedulerName = "default-scheduler";

type Flags = ParsedFlags<typeof schedulerFlags>;

/** Reads the file that the flags name, and lets flags that were given override it. */
export async function loadSchedulerConfig(flags: Flags): Promise<SchedulerConfig> {
  const { values } = flags;
  const file = values.config === "" ? {} : await loadConfigFile(values.config, schedulerConfigKind);
  return schedulerConfig(file, flags);
}

/** The configuration from the file's content and the flags. Throws an error that names the flag or the field. */
export function schedulerConfig(file: SchedulerConfigFile, flags: Flags): SchedulerConfig {
  const { values } = flags;
  const connection = file.clientConnection ?? {};
  const kubeconfig = pick(flags, "kubeconfig", connection.kubeconfig);
  if (kubeconfig === "") {
    throw new FlagError("kubeconfig", "--kubeconfig or clientConnection.kubeconfig of --config is required");
  }
  const extenders = extenderConfigs(file.extenders ?? []);
  return {
    serving: secureServingConfig(values),
    kubeconfig,
    qps: pick(flags, "kube-api-qps", connection.qps),
    burst: pick(flags, "kube-api-burst", connection.burst),
    leaderElection: leaderElection(file, flags),
    ...backoff(file),
    profiles: profiles(file, extenders),
    extenders,
    withoutEffect: withoutEffect(file),
  };
}

function backoff(file: SchedulerConfigFile): { readonly initialBackoffMs: number; readonly maxBackoffMs: number } {
  const { podInitialBackoffSeconds: initial = 1, podMaxBackoffSeconds: max = 10 } = file;
  if (initial <= 0) throw invalid("podInitialBackoffSeconds", initial, "must be greater than 0");
  if (max < initial) {
    throw invalid("podMaxBackoffSeconds", max, "must be greater than or equal to PodInitialBackoffSeconds");
  }
  return { initialBackoffMs: initial * 1_000, maxBackoffMs: max * 1_000 };
}

function profiles(file: SchedulerConfigFile, extenders: readonly ExtenderConfig[]): ProfilePlan[] {
  const ignored = extenders.flatMap(({ ignoredResources }) => ignoredResources);
  const written: readonly ProfileFile[] = file.profiles ?? [{}];
  if (written.length === 0) throw new SchedulerConfigError("profiles", "Required value");
  const percentage = checkedPercentage("percentageOfNodesToScore", file.percentageOfNodesToScore);
  const names = new Set<string>();
  return written.map((profile, index) => {
    const path = `profiles[${index}]`;
    const schedulerName = profile.schedulerName ?? (written.length === 1 ? defaultSchedulerName : "");
    if (schedulerName === "") throw new SchedulerConfigError(`${path}.schedulerName`, "Required value");
    if (names.has(schedulerName)) {
      throw new SchedulerConfigError(`${path}.schedulerName`, `Duplicate value: ${JSON.stringify(schedulerName)}`);
    }
    names.add(schedulerName);
    const own = checkedPercentage(`${path}.percentageOfNodesToScore`, profile.percentageOfNodesToScore);
    return ignoring(ignored, planProfile(schedulerName, profile, own ?? percentage, path));
  });
}

/** The plan without the resources that extenders count. */
function ignoring(resources: readonly string[], plan: ProfilePlan): ProfilePlan {
  const { nodeResourcesFit } = plan.args;
  const ignoredResources = [...nodeResourcesFit.ignoredResources, ...resources];
  return { ...plan, args: { ...plan.args, nodeResourcesFit: { ...nodeResourcesFit, ignoredResources } } };
}

function checkedPercentage(path: string, value: number | undefined): number | undefined {
  if (value !== undefined && (value < 0 || value > 100)) throw invalid(path, value, "not in valid range [0-100]");
  return value === 0 ? undefined : value;
}

function leaderElection(file: SchedulerConfigFile, flags: Flags): LeaderElectionConfig | undefined {
  const written = file.leaderElection ?? {};
  if (!pick(flags, "leader-elect", written.leaderElect)) return undefined;
  const leaseDurationMs = pick(flags, "leader-elect-lease-duration", written.leaseDuration);
  const renewDeadlineMs = pick(flags, "leader-elect-renew-deadline", written.renewDeadline);
  const retryPeriodMs = pick(flags, "leader-elect-retry-period", written.retryPeriod);
  if (leaseDurationMs <= renewDeadlineMs) {
    throw new SchedulerConfigError("leaderElection.leaseDuration", "must be greater than renewDeadline");
  }
  if (renewDeadlineMs <= retryPeriodMs) {
    throw new SchedulerConfigError("leaderElection.renewDeadline", "must be greater than retryPeriod");
  }
  return {
    name: pick(flags, "leader-elect-resource-name", written.resourceName),
    namespace: pick(flags, "leader-elect-resource-namespace", written.resourceNamespace),
    leaseDurationMs,
    renewDeadlineMs,
    retryPeriodMs,
  };
}

/** A flag that was given, else the file's value, else the flag's default. */
function pick<N extends keyof Flags["values"] & string>(
  flags: Flags,
  name: N,
  written: Flags["values"][N] | undefined,
): Flags["values"][N] {
  return flags.explicit(name) || written === undefined ? flags.values[name] : written;
}

function withoutEffect(file: SchedulerConfigFile): string[] {
  const { parallelism, enableProfiling, enableContentionProfiling, delayCacheUntilActive, clientConnection } = file;
  if (parallelism !== undefined && parallelism <= 0)
    throw invalid("parallelism", parallelism, "must be greater than 0");
  const args = (file.profiles ?? []).flatMap(({ pluginConfig = [] }, index) =>
    pluginConfig.flatMap(({ name = "" }) =>
      argsWithoutEffect.has(name) ? [`profiles[${index}].pluginConfig of ${name}`] : [],
    ),
  );
  const given = Object.entries({
    parallelism,
    enableProfiling: enableProfiling || undefined,
    enableContentionProfiling: enableContentionProfiling || undefined,
    delayCacheUntilActive: delayCacheUntilActive || undefined,
    "clientConnection.contentType": clientConnection?.contentType,
    "clientConnection.acceptContentTypes": clientConnection?.acceptContentTypes,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  return [...given, ...args];
}

function invalid(path: string, value: unknown, reason: string): SchedulerConfigError {
  return new SchedulerConfigError(path, `Invalid value: ${JSON.stringify(value)}: ${reason}`);
}
