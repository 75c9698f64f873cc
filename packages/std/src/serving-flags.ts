import { readFile } from "node:fs/promises";
import { defineFlags, FlagError, type FlagValues } from "./flags.ts";
import type { ServingTls } from "./serving.ts";
import { type TlsProtocol, tlsProtocol, tlsProtocolFlags } from "./tls-protocol.ts";

/** Upstream's flags of a daemon that serves health and metrics over HTTPS; `securePort` is its default port. */
export function secureServingFlags<const P extends number>(securePort: P) {
  return defineFlags({
    "bind-address": { type: "string", default: "0.0.0.0", description: "address on which --secure-port listens" },
    "secure-port": {
      type: "integer",
      default: securePort,
      description: "port for HTTPS; 0 serves nothing",
    },
    "tls-cert-file": {
      type: "string",
      default: "",
      description: "PEM file of the serving certificate and its intermediates; without it one is generated in memory",
    },
    "tls-private-key-file": { type: "string", default: "", description: "PEM file of the key of --tls-cert-file" },
    ...tlsProtocolFlags,
    "client-ca-file": {
      type: "string",
      default: "",
      description: "PEM file of authorities whose client certificates authenticate requests",
    },
  });
}

interface SecureServingValues extends FlagValues<typeof tlsProtocolFlags> {
  readonly "bind-address": string;
  readonly "secure-port": number;
  readonly "tls-cert-file": string;
  readonly "tls-private-key-file": string;
  readonly "client-ca-file": string;
}

/** Where and as whom a daemon serves. */
export interface SecureServingConfig {
  readonly host: string;
  /** 0 serves nothing. */
  readonly port: number;
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string;
  readonly protocol: TlsProtocol;
}

/** Checks the serving flags against each other. Throws a FlagError. */
export function secureServingConfig(values: SecureServingValues): SecureServingConfig {
  const port = values["secure-port"];
  if (port < 0 || port > 65_535) {
    throw new FlagError(
      "secure-port",
      `--secure-port ${port} must be between 0 and 65535, inclusive. 0 for turning off secure port`,
    );
  }
  const certFile = values["tls-cert-file"];
  const keyFile = values["tls-private-key-file"];
  if ((certFile === "") !== (keyFile === "")) {
    const missing = certFile === "" ? "tls-cert-file" : "tls-private-key-file";
    throw new FlagError(
      missing,
      `--tls-cert-file and --tls-private-key-file must be given together: --${missing} is missing`,
    );
  }
  const protocol = tlsProtocol(values);
  return { host: values["bind-address"], port, certFile, keyFile, clientCaFile: values["client-ca-file"], protocol };
}

/** Reads the configured identity, or makes one when none is configured. Rejects when a file cannot be read. */
export async function loadServingTls(config: SecureServingConfig, nowMs: number): Promise<ServingTls> {
  const clientCa = config.clientCaFile === "" ? undefined : await readFile(config.clientCaFile, "utf8");
  const identity =
    config.certFile === ""
      ? await generateIdentity(config.host, nowMs)
      : { cert: await readFile(config.certFile, "utf8"), key: await readFile(config.keyFile, "utf8") };
  return { ...identity, protocol: config.protocol, ...(clientCa === undefined ? {} : { clientCa }) };
}

/** Loads the certificate library only when it is needed: it doubles a daemon's start-up time. */
async function generateIdentity(host: string, nowMs: number): Promise<ServingTls> {
  const { selfSignedTls } = await import("./self-signed.ts");
  return selfSignedTls(["localhost", "127.0.0.1", host], nowMs);
}
