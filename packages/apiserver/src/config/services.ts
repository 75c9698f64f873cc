import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** What services get: addresses and ports. */
export const serviceFlags = defineFlags({
  "service-cluster-ip-range": {
    type: "stringList",
    default: ["10.0.0.0/24"],
    description: "CIDR ranges of service addresses: one, or one of each IP family",
  },
  "service-node-port-range": {
    type: "string",
    default: "30000-32767",
    description: "ports for services of type NodePort, inclusive at both ends",
  },
});

export interface ServiceConfig {
  readonly ipRanges: readonly string[];
  readonly nodePorts: { readonly first: number; readonly last: number };
}

/** Throws a FlagError. */
export function serviceConfig(values: FlagValues<typeof serviceFlags>): ServiceConfig {
  return { ipRanges: values["service-cluster-ip-range"], nodePorts: portRange(values["service-node-port-range"]) };
}

function portRange(text: string): { first: number; last: number } {
  const match = /^(\d+)-(\d+)$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  if (!match || first < 1 || last > 65_535 || first > last) {
    throw new FlagError("service-node-port-range", `--service-node-port-range ${text} is not a valid port range`);
  }
  return { first, last };
}
