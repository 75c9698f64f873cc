import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { type SecureServingConfig, secureServingConfig } from "@kube-ts/std/serving-flags";

/** Where the server listens, and as whom. */
export const servingFlags = defineFlags({
  "bind-address": { type: "string", default: "0.0.0.0", description: "address on which --secure-port listens" },
  "secure-port": { type: "integer", default: 6443, description: "port for HTTPS" },
  "tls-cert-file": {
    type: "string",
    default: "",
    description: "PEM file of the serving certificate and its intermediates; without it one is generated in memory",
  },
  "tls-private-key-file": { type: "string", default: "", description: "PEM file of the key of --tls-cert-file" },
  "advertise-address": {
    type: "string",
    default: "",
    description: "IP address under which other members of the cluster reach this server; the bind address if unset",
  },
  workers: {
    type: "integer",
    default: 1,
    description: "processes that serve behind one port, each with its caches; for machines with cores to spare",
  },
});

export interface ServingConfig extends SecureServingConfig {
  /** Where other members of the cluster reach this server. */
  readonly advertiseAddress: string;
  /** Processes that serve behind one port. */
  readonly workers: number;
}

type Values = FlagValues<typeof servingFlags>;

const maxWorkers = 64;

/** Throws a FlagError. */
export function servingConfig(values: Values): ServingConfig {
  return {
    ...secureServingConfig({ ...values, "client-ca-file": "" }),
    advertiseAddress: advertiseAddress(values),
    workers: workerCount(values),
  };
}

function workerCount({ workers }: Values): number {
  if (workers < 1 || workers > maxWorkers) {
    throw new FlagError("workers", `--workers ${workers} must be from 1 to ${maxWorkers}`);
  }
  return workers;
}

function advertiseAddress(values: Values): string {
  const given = values["advertise-address"];
  if (given !== "") {
    if (isIP(given) === 0)
      throw new FlagError("advertise-address", `--advertise-address ${given} is not an IP address`);
    return given;
  }
  const bound = values["bind-address"];
  if (isIP(bound) === 0) throw new FlagError("bind-address", `--bind-address ${bound} is not an IP address`);
  const own = isReachable(bound) ? bound : firstOwnAddress();
  if (own !== undefined) return own;
  throw new FlagError("advertise-address", "--advertise-address must be set: this machine has no address to guess");
}

/** Whether others can reach a server that listens on this address under the same address. */
function isReachable(address: string): boolean {
  return address !== "0.0.0.0" && address !== "::" && address !== "::1" && !address.startsWith("127.");
}

function firstOwnAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
