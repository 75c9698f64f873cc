import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { FlagError } from "@kube-ts/std/flags";
import type { ParsedFlags } from "@kube-ts/std/flags";
import { secureServingConfig } from "@kube-ts/std/serving-flags";
import type { SecureServingConfig } from "@kube-ts/std/serving-flags";
import type { AuthorizationMode } from "../auth/authorization.ts";
import type { RemoteServersConfig } from "../aggregation/remote-servers.ts";
import type { RequestHeaderConfig } from "../bootstrap/authentication-config-map.ts";
import { parseCertificates } from "../auth/x509/trusted-chain.ts";
import { parseAuthorizationModes } from "../auth/authorization.ts";
import type { apiServerFlags } from "./flags.ts";
import { type RuntimeConfig, parseRuntimeConfig } from "./runtime-config.ts";

/** Everything the server is told at start. */
export interface ApiServerConfig {
  readonly serving: SecureServingConfig;
  /** Where other members of the cluster reach this server. */
  readonly advertiseAddress: string;
  readonly etcd: {
    readonly endpoints: readonly string[];
    readonly tls: { readonly ca: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | undefined;
    /** Prefix of all keys, without a trailing slash. */
    readonly prefix: string;
    /** 0 turns compaction off. */
    readonly compactionIntervalMs: number;
    /** 0 turns the readings off. */
    readonly databaseSizeIntervalMs: number;
  };
  readonly serviceAccounts: {
    readonly issuers: readonly string[];
    readonly signingKey: string;
    readonly verificationKeys: readonly string[];
    readonly audiences: readonly string[];
    readonly maxExpirationSeconds: number;
    readonly extendExpiration: boolean;
  };
  readonly services: {
    readonly ipRanges: readonly string[];
    readonly nodePorts: { readonly first: number; readonly last: number };
  };
  readonly authorizationModes: readonly AuthorizationMode[];
  readonly anonymousAuth: boolean;
  /** The content of the static token file; undefined without one. */
  readonly staticTokens: string | undefined;
  readonly bootstrapTokens: boolean;
  readonly admission: { readonly enable: readonly string[]; readonly disable: readonly string[] };
  readonly kubelet: {
    readonly certificate: Buffer | undefined;
    readonly key: Buffer | undefined;
    readonly certificateAuthority: Buffer | undefined;
    readonly preferredAddressTypes: readonly string[];
    readonly timeoutMs: number;
  };
  /** Bounds of the requests answered at a time. */
  readonly inFlight: { readonly readOnly: number; readonly mutating: number };
  /** The `--client-ca-file`; empty without one. */
  readonly clientCaPem: string;
  /** How front proxies name users; undefined where none are trusted. */
  readonly requestHeader: RequestHeaderConfig | undefined;
  readonly aggregation: RemoteServersConfig;
  readonly requestTimeoutMs: number;
  readonly minRequestTimeoutSeconds: number;
  readonly eventTtlSeconds: number;
  /** Which API versions are offered. */
  readonly runtimeConfig: RuntimeConfig;
  /** Processes that serve behind one port. */
  readonly workers: number;
}

const maxWorkers = 64;
const storageMediaType = "application/json";

type Flags = ParsedFlags<typeof apiServerFlags>;
type Values = Flags["values"];

/** Checks the flags against each other and reads the files they name. Throws a FlagError that names the flag. */
export async function loadServerConfig({ values }: Flags): Promise<ApiServerConfig> {
  const serving = secureServingConfig(values);
  const tokenFile = values["token-auth-file"];
  return {
    serving,
    advertiseAddress: advertiseAddress(values),
    etcd: await etcdConfig(values),
    serviceAccounts: await serviceAccountConfig(values),
    services: { ipRanges: values["service-cluster-ip-range"], nodePorts: portRange(values["service-node-port-range"]) },
    authorizationModes: authorizationModes(values),
    anonymousAuth: values["anonymous-auth"],
    staticTokens: tokenFile === "" ? undefined : (await readFlagFile("token-auth-file", tokenFile)).toString(),
    bootstrapTokens: values["enable-bootstrap-token-auth"],
    admission: { enable: values["enable-admission-plugins"], disable: values["disable-admission-plugins"] },
    kubelet: await kubeletConfig(values),
    inFlight: inFlightBounds(values),
    clientCaPem:
      serving.clientCaFile === "" ? "" : (await readFlagFile("client-ca-file", serving.clientCaFile)).toString(),
    requestHeader: await requestHeaderConfig(values),
    aggregation: await aggregationConfig(values),
    requestTimeoutMs: values["request-timeout"],
    minRequestTimeoutSeconds: values["min-request-timeout"],
    workers: workerCount(values),
    runtimeConfig: runtimeConfig(values),
    eventTtlSeconds: Math.max(1, Math.round(values["event-ttl"] / 1000)),
  };
}

function runtimeConfig(values: Values): RuntimeConfig {
  try {
    return parseRuntimeConfig(values["runtime-config"]);
  } catch (error) {
    throw new FlagError(
      "runtime-config",
      `--runtime-config: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
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

async function etcdConfig(values: Values): Promise<ApiServerConfig["etcd"]> {
  const endpoints = values["etcd-servers"];
  if (endpoints.length === 0) throw new FlagError("etcd-servers", "--etcd-servers must be specified");
  const ca = values["etcd-cafile"];
  const cert = values["etcd-certfile"];
  const key = values["etcd-keyfile"];
  if ((cert === "") !== (key === "")) {
    throw new FlagError("etcd-certfile", "--etcd-certfile and --etcd-keyfile must be given together");
  }
  if (ca === "" && cert !== "") throw new FlagError("etcd-cafile", "--etcd-certfile needs --etcd-cafile");
  const tls =
    ca === ""
      ? undefined
      : {
          ca: await readFlagFile("etcd-cafile", ca),
          ...(cert !== "" && {
            cert: await readFlagFile("etcd-certfile", cert),
            key: await readFlagFile("etcd-keyfile", key),
          }),
        };
  const prefix = values["etcd-prefix"].replace(/\/+$/, "");
  if (!prefix.startsWith("/")) throw new FlagError("etcd-prefix", `--etcd-prefix ${prefix} must start with a slash`);
  if (values["storage-media-type"] !== storageMediaType) {
    throw new FlagError(
      "storage-media-type",
      `--storage-media-type ${values["storage-media-type"]} is not supported: objects are stored as ${storageMediaType}`,
    );
  }
  return {
    endpoints,
    tls,
    prefix,
    compactionIntervalMs: values["etcd-compaction-interval"],
    databaseSizeIntervalMs: values["etcd-db-metric-poll-interval"],
  };
}

function inFlightBounds(values: Values): ApiServerConfig["inFlight"] {
  for (const flag of ["max-requests-inflight", "max-mutating-requests-inflight"] as const) {
    if (values[flag] < 0) throw new FlagError(flag, `--${flag} can not be negative value`);
  }
  return { readOnly: values["max-requests-inflight"], mutating: values["max-mutating-requests-inflight"] };
}

async function serviceAccountConfig(values: Values): Promise<ApiServerConfig["serviceAccounts"]> {
  const issuers = values["service-account-issuer"];
  if (issuers.length === 0 || issuers[0] === "") {
    throw new FlagError("service-account-issuer", "--service-account-issuer is a required flag");
  }
  const signingFile = values["service-account-signing-key-file"];
  if (signingFile === "") {
    throw new FlagError("service-account-signing-key-file", "--service-account-signing-key-file is a required flag");
  }
  const signingKey = (await readFlagFile("service-account-signing-key-file", signingFile)).toString();
  const keyFiles = values["service-account-key-file"];
  const keys = await Promise.all(keyFiles.map((file) => readFlagFile("service-account-key-file", file)));
  return {
    issuers,
    signingKey,
    verificationKeys: keys.length > 0 ? keys.map(String) : [signingKey],
    audiences: values["api-audiences"].length > 0 ? values["api-audiences"] : issuers,
    maxExpirationSeconds: Math.round(values["service-account-max-token-expiration"] / 1000),
    extendExpiration: values["service-account-extend-token-expiration"],
  };
}

async function kubeletConfig(values: Values): Promise<ApiServerConfig["kubelet"]> {
  const certificate = values["kubelet-client-certificate"];
  const key = values["kubelet-client-key"];
  if ((certificate === "") !== (key === "")) {
    const message = "--kubelet-client-certificate and --kubelet-client-key must be given together";
    throw new FlagError("kubelet-client-certificate", message);
  }
  const optional = async (flag: string, file: string) => (file === "" ? undefined : readFlagFile(flag, file));
  return {
    certificate: await optional("kubelet-client-certificate", certificate),
    key: await optional("kubelet-client-key", key),
    certificateAuthority: await optional("kubelet-certificate-authority", values["kubelet-certificate-authority"]),
    preferredAddressTypes: values["kubelet-preferred-address-types"],
    timeoutMs: values["kubelet-timeout"],
  };
}

async function requestHeaderConfig(values: Values): Promise<RequestHeaderConfig | undefined> {
  const file = values["requestheader-client-ca-file"];
  if (file === "") return undefined;
  const flag = "requestheader-client-ca-file";
  const caPem = (await readFlagFile(flag, file)).toString();
  if (parseCertificates(caPem).length === 0) throw new FlagError(flag, `--${flag}: ${file} has no certificate in it`);
  return {
    caPem,
    allowedNames: values["requestheader-allowed-names"].filter((name) => name !== ""),
    usernameHeaders: values["requestheader-username-headers"],
    uidHeaders: values["requestheader-uid-headers"],
    groupHeaders: values["requestheader-group-headers"],
    extraHeaderPrefixes: values["requestheader-extra-headers-prefix"],
  };
}

async function aggregationConfig(values: Values): Promise<RemoteServersConfig> {
  const certificate = values["proxy-client-cert-file"];
  const key = values["proxy-client-key-file"];
  if ((certificate === "") !== (key === "")) {
    const message = "--proxy-client-cert-file and --proxy-client-key-file must be given together";
    throw new FlagError("proxy-client-cert-file", message);
  }
  return {
    certificate: certificate === "" ? undefined : await readFlagFile("proxy-client-cert-file", certificate),
    key: key === "" ? undefined : await readFlagFile("proxy-client-key-file", key),
    routesToEndpoints: values["enable-aggregator-routing"],
    refusesRedirects: values["aggregator-reject-forwarding-redirect"],
  };
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

function authorizationModes(values: Values): AuthorizationMode[] {
  try {
    return parseAuthorizationModes(values["authorization-mode"]);
  } catch (error) {
    throw new FlagError(
      "authorization-mode",
      `--authorization-mode: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function readFlagFile(flag: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new FlagError(flag, `--${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
