import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { readFlagFile, requirePair } from "./flag-files.ts";

/** Where objects are stored, and how. */
export const etcdFlags = defineFlags({
  "etcd-servers": {
    type: "stringList",
    default: [],
    description: "etcd endpoints as scheme://host:port, comma separated; required",
  },
  "etcd-cafile": { type: "string", default: "", description: "PEM file of the authorities of etcd's certificates" },
  "etcd-certfile": { type: "string", default: "", description: "PEM file of the client certificate for etcd" },
  "etcd-keyfile": { type: "string", default: "", description: "PEM file of the key of --etcd-certfile" },
  "etcd-prefix": { type: "string", default: "/registry", description: "prefix of all keys in etcd" },
  "etcd-compaction-interval": {
    type: "duration",
    default: 300_000,
    description: "time between compactions of etcd's history; 0 turns compaction off",
  },
  "etcd-db-metric-poll-interval": {
    type: "duration",
    default: 30_000,
    description: "time between readings of the size of etcd's database for the metrics; 0 turns them off",
  },
  "storage-media-type": {
    type: "string",
    default: "application/json",
    description: "how objects are stored: application/json is the only way",
  },
});

export interface EtcdConfig {
  readonly endpoints: readonly string[];
  readonly tls: { readonly ca: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | undefined;
  /** Prefix of all keys, without a trailing slash. */
  readonly prefix: string;
  /** 0 turns compaction off. */
  readonly compactionIntervalMs: number;
  /** 0 turns the readings off. */
  readonly databaseSizeIntervalMs: number;
}

type Values = FlagValues<typeof etcdFlags>;

const storageMediaType = "application/json";

/** Throws a FlagError. */
export async function etcdConfig(values: Values): Promise<EtcdConfig> {
  const endpoints = values["etcd-servers"];
  if (endpoints.length === 0) throw new FlagError("etcd-servers", "--etcd-servers must be specified");
  if (values["storage-media-type"] !== storageMediaType) {
    throw new FlagError(
      "storage-media-type",
      `--storage-media-type ${values["storage-media-type"]} is not supported: objects are stored as ${storageMediaType}`,
    );
  }
  return {
    endpoints,
    tls: await etcdTls(values),
    prefix: keyPrefix(values),
    compactionIntervalMs: values["etcd-compaction-interval"],
    databaseSizeIntervalMs: values["etcd-db-metric-poll-interval"],
  };
}

async function etcdTls(values: Values): Promise<EtcdConfig["tls"]> {
  const ca = values["etcd-cafile"];
  const cert = values["etcd-certfile"];
  const key = values["etcd-keyfile"];
  requirePair(["etcd-certfile", cert], ["etcd-keyfile", key]);
  if (ca === "" && cert !== "") throw new FlagError("etcd-cafile", "--etcd-certfile needs --etcd-cafile");
  if (ca === "") return undefined;
  return {
    ca: await readFlagFile("etcd-cafile", ca),
    ...(cert !== "" && {
      cert: await readFlagFile("etcd-certfile", cert),
      key: await readFlagFile("etcd-keyfile", key),
    }),
  };
}

function keyPrefix(values: Values): string {
  const prefix = values["etcd-prefix"].replace(/\/+$/, "");
  if (!prefix.startsWith("/")) throw new FlagError("etcd-prefix", `--etcd-prefix ${prefix} must start with a slash`);
  return prefix;
}
