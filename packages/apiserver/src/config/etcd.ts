import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { readFlagFile, requirePair } from "./flag-files.ts";

/** Where objects are stored, and how. */
export const etcdFlags = defineFlags({
  "etcd-servers": {
    type: "stringList",
    default: [],
    description: "etcd endpoints as scheme://host:port, comma separated; required",
  },
  "etcd-servers-overrides": {
    type: "stringList",
    default: [],
    description:
      "other etcd servers for single resources, as group/resource#servers, where the group may be empty and " +
      "the servers are separated by semicolons",
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
  "etcd-count-metric-poll-period": {
    type: "duration",
    default: 60_000,
    description:
      "how old the numbers of stored objects in the metrics may be; they are always current here. 0 leaves them out",
  },
  "etcd-healthcheck-timeout": { type: "duration", default: 2_000, description: "how long /livez waits for etcd" },
  "etcd-readycheck-timeout": { type: "duration", default: 2_000, description: "how long /readyz waits for etcd" },
  "lease-reuse-duration-seconds": {
    type: "integer",
    default: 60,
    description: "how long keys that expire may share a lease of etcd, at most",
  },
  "enable-garbage-collector": {
    type: "boolean",
    default: true,
    description: "must be true: deletions always say what is to become of dependents",
  },
  "storage-backend": { type: "string", default: "", description: "how objects are kept: etcd3 is the only way" },
  "storage-media-type": {
    type: "string",
    default: "application/json",
    description: "how objects are stored: application/json is the only way",
  },
});

export interface EtcdOverride {
  readonly group: string;
  readonly plural: string;
  readonly endpoints: readonly string[];
}

export interface EtcdConfig {
  readonly endpoints: readonly string[];
  /** Resources that are kept elsewhere. */
  readonly overrides: readonly EtcdOverride[];
  /** Undefined where nothing is said of it. */
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | undefined;
  /** Prefix of all keys, without a trailing slash. */
  readonly prefix: string;
  /** 0 turns compaction off. */
  readonly compactionIntervalMs: number;
  /** 0 turns the readings off. */
  readonly databaseSizeIntervalMs: number;
  /** Whether the metrics tell how many objects are stored. */
  readonly countsObjects: boolean;
  readonly liveTimeoutMs: number;
  readonly readyTimeoutMs: number;
  readonly leaseReuseSeconds: number;
}

type Values = FlagValues<typeof etcdFlags>;

/** Throws a FlagError. */
export async function etcdConfig(values: Values): Promise<EtcdConfig> {
  const endpoints = checkEndpoints("etcd-servers", values["etcd-servers"]);
  if (endpoints.length === 0) throw new FlagError("etcd-servers", "--etcd-servers must be specified");
  checkStorage(values);
  return {
    endpoints,
    overrides: values["etcd-servers-overrides"].map(overrideOf),
    tls: await etcdTls(values),
    prefix: keyPrefix(values),
    compactionIntervalMs: values["etcd-compaction-interval"],
    databaseSizeIntervalMs: values["etcd-db-metric-poll-interval"],
    countsObjects: values["etcd-count-metric-poll-period"] > 0,
    liveTimeoutMs: values["etcd-healthcheck-timeout"],
    readyTimeoutMs: values["etcd-readycheck-timeout"],
    leaseReuseSeconds: values["lease-reuse-duration-seconds"],
  };
}

async function etcdTls(values: Values): Promise<EtcdConfig["tls"]> {
  const ca = values["etcd-cafile"];
  const cert = values["etcd-certfile"];
  const key = values["etcd-keyfile"];
  requirePair(["etcd-certfile", cert], ["etcd-keyfile", key]);
  if (ca === "" && cert === "") return undefined;
  return {
    ...(ca !== "" && { ca: await readFlagFile("etcd-cafile", ca) }),
    ...(cert !== "" && {
      cert: await readFlagFile("etcd-certfile", cert),
      key: await readFlagFile("etcd-keyfile", key),
    }),
  };
}

/** With one slash in front and none behind. */
function keyPrefix(values: Values): string {
  const parts = values["etcd-prefix"].split("/").filter((part) => part !== "");
  if (parts.length === 0) throw new FlagError("etcd-prefix", "--etcd-prefix must not be empty");
  return `/${parts.join("/")}`;
}

function checkEndpoints(flag: string, endpoints: readonly string[]): readonly string[] {
  for (const endpoint of endpoints) {
    const protocol = URL.canParse(endpoint) ? new URL(endpoint).protocol : "";
    if (protocol === "http:" || protocol === "https:") continue;
    throw new FlagError(flag, `--${flag}: ${JSON.stringify(endpoint)} is not an http or https URL`);
  }
  return endpoints;
}

const storageMediaType = "application/json";

/** Refuses what the server cannot do. */
function checkStorage(values: Values): void {
  const backend = values["storage-backend"];
  if (backend !== "" && backend !== "etcd3") {
    const message = "--storage-backend invalid, allowed values: etcd3. If not specified, it will default to 'etcd3'";
    throw new FlagError("storage-backend", message);
  }
  const mediaType = values["storage-media-type"];
  if (mediaType !== storageMediaType) {
    const message = `--storage-media-type ${JSON.stringify(mediaType)} invalid, allowed values: ${storageMediaType}`;
    throw new FlagError("storage-media-type", message);
  }
  if (!values["enable-garbage-collector"]) {
    const message = "--enable-garbage-collector=false cannot be honoured: deletions always look after dependents";
    throw new FlagError("enable-garbage-collector", message);
  }
  if (values["lease-reuse-duration-seconds"] < 0) {
    throw new FlagError("lease-reuse-duration-seconds", "--lease-reuse-duration-seconds can not be negative value");
  }
}

function overrideOf(text: string): EtcdOverride {
  const [resource = "", servers, ...more] = text.split("#");
  const [group, plural, ...rest] = resource.split("/");
  if (servers === undefined || more.length > 0 || group === undefined || plural === undefined || rest.length > 0) {
    throw new FlagError(
      "etcd-servers-overrides",
      "--etcd-servers-overrides invalid, must be of format: group/resource#servers, " +
        "where servers are URLs, semicolon separated",
    );
  }
  return { group, plural, endpoints: checkEndpoints("etcd-servers-overrides", servers.split(";")) };
}
