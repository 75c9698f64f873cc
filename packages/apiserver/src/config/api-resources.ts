import { type featureGateFlags, featureGates } from "@kube-ts/std/feature-gates";
import { type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { parsedFlag } from "./flag-files.ts";
import { type RuntimeConfig, parseRuntimeConfig } from "./runtime-config.ts";

/** Which resources are served, and what some of them need to know. */
export const apiResourceFlags = defineFlags({
  "runtime-config": {
    type: "stringMap",
    default: {},
    description:
      "API versions to turn on or off, as key=true or key=false: GROUP/VERSION, v1 for the core group, " +
      "GROUP/VERSION/RESOURCE, api/all, api/ga, api/beta, api/alpha, and api/legacy for those that upstream has removed",
  },
  "allow-privileged": {
    type: "boolean",
    default: false,
    description: "let pods have privileged containers; the Pod Security Standards say besides in which namespaces",
  },
  "event-ttl": { type: "duration", default: 3_600_000, description: "how long events are kept" },
});

export interface ApiResourceConfig {
  /** Which API versions are offered. */
  readonly runtimeConfig: RuntimeConfig;
  readonly eventTtlSeconds: number;
  readonly allowsPrivileged: boolean;
  /** Whether stateful sets may say how many of their pods may be unavailable; a beta feature that is off by default. */
  readonly maxUnavailableStatefulSet: boolean;
}

/** Throws a FlagError. */
export function apiResourceConfig(
  values: FlagValues<typeof apiResourceFlags & typeof featureGateFlags>,
): ApiResourceConfig {
  const gates = featureGates(values);
  return {
    runtimeConfig: parsedFlag("runtime-config", () => parseRuntimeConfig(values["runtime-config"])),
    eventTtlSeconds: Math.max(1, Math.round(values["event-ttl"] / 1000)),
    allowsPrivileged: values["allow-privileged"],
    maxUnavailableStatefulSet: gates.MaxUnavailableStatefulSet,
  };
}
