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
  "enable-priority-and-fairness": {
    type: "boolean",
    default: true,
    description:
      "queue requests and divide the sum of --max-requests-inflight and --max-mutating-requests-inflight fairly among " +
      "them, instead of counting reading and writing requests apart",
  },
  "goaway-chance": {
    type: "number",
    default: 0,
    description:
      "part of the requests after which the connection is closed, so that clients spread over several servers: " +
      "0 (none) to 0.02. In HTTP/1.1, which this server speaks, the answer says Connection: close instead of a GOAWAY",
  },
});

export interface RequestConfig {
  readonly timeoutMs: number;
  readonly minTimeoutSeconds: number;
  /** Bounds of the requests answered at a time. */
  readonly inFlight: InFlightBounds;
  /** Whether the sum of the bounds is divided by priority and fairness. */
  readonly priorityAndFairness: boolean;
  /** Part of the requests after which the connection is closed; 0 for none. */
  readonly closeChance: number;
}

const maxCloseChance = 0.02;

type Values = FlagValues<typeof requestFlags>;

/** Throws a FlagError. */
export function requestConfig(values: Values): RequestConfig {
  for (const flag of ["request-timeout", "min-request-timeout"] as const) {
    if (values[flag] < 0) throw new FlagError(flag, `--${flag} can not be negative value`);
  }
  const closeChance = values["goaway-chance"];
  if (closeChance < 0 || closeChance > maxCloseChance) {
    const message = `--goaway-chance can not be less than 0 or greater than ${maxCloseChance}`;
    throw new FlagError("goaway-chance", message);
  }
  return {
    timeoutMs: values["request-timeout"],
    minTimeoutSeconds: values["min-request-timeout"],
    inFlight: inFlightBounds(values),
    priorityAndFairness: values["enable-priority-and-fairness"],
    closeChance,
  };
}

function inFlightBounds(values: Values): InFlightBounds {
  for (const flag of ["max-requests-inflight", "max-mutating-requests-inflight"] as const) {
    if (values[flag] < 0) throw new FlagError(flag, `--${flag} can not be negative value`);
  }
  const readOnly = values["max-requests-inflight"];
  const mutating = values["max-mutating-requests-inflight"];
  if (values["enable-priority-and-fairness"] && readOnly + mutating === 0) {
    const given = `MaxRequestsInFlight=${readOnly} and MaxMutatingRequestsInFlight=${mutating}`;
    const message = `invalid configuration: ${given}; they must add up to something positive`;
    throw new FlagError("max-requests-inflight", message);
  }
  return { readOnly, mutating };
}
