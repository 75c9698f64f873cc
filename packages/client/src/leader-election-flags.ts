import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** How a daemon elects its leader. */
export interface LeaderElectionConfig {
  /** Of the lease. */
  readonly name: string;
  readonly namespace: string;
  /** How long candidates wait after the last renewal that they saw. */
  readonly leaseDurationMs: number;
  /** How long the leader tries to renew before it gives up. */
  readonly renewDeadlineMs: number;
  /** Pause between attempts. */
  readonly retryPeriodMs: number;
}

/** Upstream's flags of a daemon of which one works at a time; `name` is the lease's unless told otherwise. */
export function leaderElectionFlags<const N extends string>(name: N) {
  return defineFlags({
    "leader-elect": { type: "boolean", default: true, description: "work only while holding the leader lease" },
    "leader-elect-lease-duration": { type: "duration", default: 15_000, description: "how long a lease is honoured" },
    "leader-elect-renew-deadline": {
      type: "duration",
      default: 10_000,
      description: "how long the leader tries to renew before it gives up",
    },
    "leader-elect-retry-period": { type: "duration", default: 2_000, description: "pause between attempts" },
    "leader-elect-resource-name": { type: "string", default: name, description: "name of the lease" },
  });
}

/** Checks the flags against each other; undefined to work without a lease. Throws a FlagError. */
export function leaderElectionConfig(
  values: FlagValues<ReturnType<typeof leaderElectionFlags<string>>>,
  namespace: string,
): LeaderElectionConfig | undefined {
  if (!values["leader-elect"]) return undefined;
  const leaseDurationMs = values["leader-elect-lease-duration"];
  const renewDeadlineMs = values["leader-elect-renew-deadline"];
  const retryPeriodMs = values["leader-elect-retry-period"];
  if (leaseDurationMs <= renewDeadlineMs) {
    const message = "--leader-elect-lease-duration must be greater than --leader-elect-renew-deadline";
    throw new FlagError("leader-elect-lease-duration", message);
  }
  if (renewDeadlineMs <= retryPeriodMs) {
    const message = "--leader-elect-renew-deadline must be greater than --leader-elect-retry-period";
    throw new FlagError("leader-elect-renew-deadline", message);
  }
  return { name: values["leader-elect-resource-name"], namespace, leaseDurationMs, renewDeadlineMs, retryPeriodMs };
}
