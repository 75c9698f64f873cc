import type { EtcdConfig } from "../config/etcd.ts";
import { runCompactor } from "../storage/etcd/compactor.ts";
import { watchDatabaseSize } from "../storage/etcd/database-size.ts";
import { EtcdMetrics } from "../storage/etcd/etcd-metrics.ts";
import { EtcdStore } from "../storage/etcd/etcd-store.ts";
import type { Encryption } from "../storage/encryption/encryption.ts";
import type { EncryptionConfig } from "../config/encryption.ts";
import type { Store } from "../storage/store.ts";
import type { ServerEnvironment } from "./environment.ts";

/** The connections to etcd. */
export interface Stores extends AsyncDisposable {
  /** Where everything is that is not kept elsewhere. */
  readonly main: EtcdStore;
  readonly all: readonly EtcdStore[];
  /** Where the objects of a resource are. */
  of(group: string, plural: string): Store;
  /** Undefined where nothing is encrypted. */
  readonly encryption: Encryption | undefined;
}

/** What encrypts values is loaded only where they are encrypted. */
export async function startEncryption(
  config: EncryptionConfig | undefined,
  environment: ServerEnvironment,
): Promise<Encryption | undefined> {
  if (!config) return undefined;
  const { openEncryption } = await import("../storage/encryption/open-encryption.ts");
  return openEncryption(config, environment);
}

/** Connects; whoever calls this disposes of the result, after everything that uses it has ended. */
export function openStores(
  config: EtcdConfig,
  { clock, random, log, metrics }: ServerEnvironment,
  encryption: Encryption | undefined,
): Stores {
  const shared = {
    ...(config.tls && { tls: config.tls }),
    leaseReuseSeconds: config.leaseReuseSeconds,
    clock,
    random,
    log,
    metrics: new EtcdMetrics(metrics, config.prefix),
  };
  const byEndpoints = new Map<string, EtcdStore>();
  const storeAt = (endpoints: readonly string[]): EtcdStore => {
    const key = endpoints.join(",");
    const store = byEndpoints.get(key) ?? new EtcdStore({ ...shared, endpoints });
    byEndpoints.set(key, store);
    return store;
  };
  const main = storeAt(config.endpoints);
  const elsewhere = new Map(
    config.overrides.map(({ group, plural, endpoints }) => [`${group}/${plural}`, storeAt(endpoints)]),
  );
  const all = [...byEndpoints.values()];
  return {
    main,
    all,
    of: (group, plural) => {
      const store = elsewhere.get(`${group}/${plural}`) ?? main;
      return encryption ? encryption.storeOf(group, plural, store) : store;
    },
    encryption,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((store) => store[Symbol.asyncDispose]()));
    },
  };
}

/** Starts what has to be done for etcd from time to time. */
export function maintainStores({ all }: Stores, config: EtcdConfig, environment: ServerEnvironment): void {
  const { clock, log, metrics, background } = environment;
  if (config.compactionIntervalMs > 0) {
    for (const store of all) {
      background.start((signal) => runCompactor(store, config.compactionIntervalMs, clock, log, signal));
    }
  }
  const kvs = all.map(({ kv }) => kv);
  const databaseSize = { kvs, registry: metrics, intervalMs: config.databaseSizeIntervalMs, clock, log };
  background.start((signal) => watchDatabaseSize(databaseSize, signal));
}
