import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";

/** Where the server listens, and how others reach it. */
export const servingFlags = defineFlags({
  "bind-address": { type: "string", default: "0.0.0.0", description: "address on which --secure-port listens" },
  "secure-port": { type: "integer", default: 6443, description: "port for HTTPS; it cannot be turned off with 0" },
  "advertise-address": {
    type: "string",
    default: "",
    description: "IP address under which other members of the cluster reach this server; the bind address if unset",
  },
  "external-hostname": {
    type: "string",
    default: "",
    description: "host, or host and port, in URLs of this server that clients get; the advertised address if unset",
  },
  "permit-port-sharing": {
    type: "boolean",
    default: false,
    description: "let other processes listen on the same address and port (SO_REUSEPORT)",
  },
  "permit-address-sharing": {
    type: "boolean",
    default: false,
    description: "do not wait for connections of the past (SO_REUSEADDR); that is always so, as it is in Go",
  },
  "max-connection-bytes-per-sec": {
    type: "integer",
    default: 0,
    description:
      "bytes that a connection to a container, pod, service or node may carry a second, each way; 0 for no bound",
  },
  workers: {
    type: "integer",
    default: 1,
    description: "processes that serve behind one port, each with its caches; for machines with cores to spare",
  },
});

export interface ServingConfig {
  readonly host: string;
  readonly port: number;
  /** Where other members of the cluster reach this server. */
  readonly advertiseAddress: string;
  /** Host and port in URLs of this server. */
  readonly externalAddress: string;
  /** Whether other processes may listen at the same place. */
  readonly sharesPort: boolean;
  /** Of each upgraded connection, each way; 0 for no bound. */
  readonly maxConnectionBytesPerSecond: number;
  /** Processes that serve behind one port. */
  readonly workers: number;
}

type Values = FlagValues<typeof servingFlags>;

const maxWorkers = 64;

/** Throws a FlagError. */
export function servingConfig(values: Values): ServingConfig {
  const port = values["secure-port"];
  if (port < 1 || port > 65_535) {
    const message = `--secure-port ${port} must be between 1 and 65535, inclusive. It cannot be turned off with 0`;
    throw new FlagError("secure-port", message);
  }
  const advertised = advertiseAddress(values);
  return {
    host: boundAddress(values),
    port,
    advertiseAddress: advertised,
    externalAddress: withPort(values["external-hostname"] === "" ? advertised : values["external-hostname"], port),
    sharesPort: values["permit-port-sharing"],
    maxConnectionBytesPerSecond: connectionBound(values),
    workers: workerCount(values),
  };
}

function connectionBound(values: Values): number {
  const bound = values["max-connection-bytes-per-sec"];
  if (bound >= 0) return bound;
  throw new FlagError("max-connection-bytes-per-sec", "--max-connection-bytes-per-sec can not be negative value");
}

function workerCount({ workers }: Values): number {
  if (workers < 1 || workers > maxWorkers) {
    throw new FlagError("workers", `--workers ${workers} must be from 1 to ${maxWorkers}`);
  }
  return workers;
}

function boundAddress(values: Values): string {
  const bound = values["bind-address"];
  if (bound === "") return "0.0.0.0";
  if (isIP(bound) === 0) throw invalidAddress("bind-address", bound);
  return bound;
}

function advertiseAddress(values: Values): string {
  const given = values["advertise-address"];
  if (given !== "" && isIP(given) === 0) throw invalidAddress("advertise-address", given);
  if (given !== "" && !isUnspecified(given)) return given;
  const bound = boundAddress(values);
  const own = isUnspecified(bound) || isLoopback(bound) ? firstOwnAddress() : bound;
  if (own !== undefined) return own;
  throw new FlagError("advertise-address", "--advertise-address must be set: this machine has no address to guess");
}

function invalidAddress(flag: string, text: string): FlagError {
  return new FlagError(
    flag,
    `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: failed to parse IP: ${JSON.stringify(text)}`,
  );
}

function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function firstOwnAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

/** The host with a port, unless it has one already. */
function withPort(host: string, port: number): string {
  if (isIP(host) === 6) return `[${host}]:${port}`;
  return /:\d+$/.test(host) ? host : `${host}:${port}`;
}
