import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import type { InFlightBounds } from "../server/in-flight-limits.ts";

/** Bounds of requests: how many at a time, and how long. */
export const requestFlags = defineFlags({
  "request-timeout": {
    type: "duration",
    default: 60_000,
    description: "how long a request may take before it is given up; watches and streams excepted",
  },
  "min-request-timeout": {
    type: "integer",
    default: 1800,
    description: "least number of seconds that a watch stays open when the client sets no timeout",
  },
  "max-requests-inflight": {
    type: "integer",
    default: 400,
    description: "requests that only read, answered at a time; more are refused with 429. 0 for no bound",
  },
  "max-mutating-requests-inflight": {
    type: "integer",
    default: 200,
    description: "requests that write, answered at a time; more are refused with 429. 0 for no bound",
  },
});

export interface RequestConfig {
  readonly timeoutMs: number;
  readonly minTimeoutSeconds: number;
  /** Bounds of the requests answered at a time. */
  readonly inFlight: InFlightBounds;
}

type Values = FlagValues<typeof requestFlags>;

/** Throws a FlagError. */
export function requestConfig(values: Values): RequestConfig {
  return {
    timeoutMs: values["request-timeout"],
    minTimeoutSeconds: values["min-request-timeout"],
    inFlight: inFlightBounds(values),
  };
}

function inFlightBounds(values: Values): InFlightBounds {
  for (const flag of ["max-requests-inflight", "max-mutating-requests-inflight"] as const) {
    if (values[flag] < 0) throw new FlagError(flag, `--${flag} can not be negative value`);
  }
  return { readOnly: values["max-requests-inflight"], mutating: values["max-mutating-requests-inflight"] };
}
