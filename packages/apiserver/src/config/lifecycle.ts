import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** How the server comes and goes. */
export const lifecycleFlags = defineFlags({
  "livez-grace-period": {
    type: "duration",
    default: 0,
    description: "how long after the start /livez takes for granted that unfinished start-up steps will succeed",
  },
  "shutdown-delay-duration": {
    type: "duration",
    default: 0,
    description:
      "how long the server still serves as ever after it was told to stop, while /readyz fails already, " +
      "so that load balancers turn to others",
  },
  "shutdown-send-retry-after": {
    type: "boolean",
    default: false,
    description:
      "while the last requests are answered, refuse new ones with 429 and Retry-After instead of not listening any more",
  },
  "shutdown-watch-termination-grace-period": {
    type: "duration",
    default: 0,
    description: "how long watches may go on while the last requests are answered; they end at once if 0",
  },
});

export interface LifecycleConfig {
  readonly livezGraceMs: number;
  readonly shutdownDelayMs: number;
  readonly sendsRetryAfter: boolean;
  readonly watchGraceMs: number;
}

/** Throws a FlagError. */
export function lifecycleConfig(values: FlagValues<typeof lifecycleFlags>): LifecycleConfig {
  if (values["livez-grace-period"] < 0) {
    throw new FlagError("livez-grace-period", "--livez-grace-period can not be a negative value");
  }
  if (values["shutdown-delay-duration"] < 0) {
    throw new FlagError("shutdown-delay-duration", "--shutdown-delay-duration can not be negative value");
  }
  if (values["shutdown-watch-termination-grace-period"] < 0) {
    const message = "shutdown-watch-termination-grace-period, if provided, can not be a negative value";
    throw new FlagError("shutdown-watch-termination-grace-period", message);
  }
  return {
    livezGraceMs: values["livez-grace-period"],
    shutdownDelayMs: values["shutdown-delay-duration"],
    sendsRetryAfter: values["shutdown-send-retry-after"],
    watchGraceMs: values["shutdown-watch-termination-grace-period"],
  };
}
