import type { EtcdConfig } from "../config/etcd.ts";
import { runCompactor } from "../storage/etcd/compactor.ts";
import { watchDatabaseSize } from "../storage/etcd/database-size.ts";
import { EtcdMetrics } from "../storage/etcd/etcd-metrics.ts";
import { EtcdStore } from "../storage/etcd/etcd-store.ts";
import type { ServerEnvironment } from "./environment.ts";

/** The connection to etcd; whoever opens it disposes of it, after everything that uses it has ended. */
export function openStore(config: EtcdConfig, { clock, random, log, metrics }: ServerEnvironment): EtcdStore {
  return new EtcdStore({
    endpoints: config.endpoints,
    ...(config.tls && { tls: config.tls }),
    clock,
    random,
    log,
    metrics: new EtcdMetrics(metrics, config.prefix),
  });
}

/** Starts what has to be done for etcd from time to time. */
export function maintainStore(store: EtcdStore, config: EtcdConfig, environment: ServerEnvironment): void {
  const { clock, log, metrics, background } = environment;
  if (config.compactionIntervalMs > 0) {
    background.start((signal) => runCompactor(store, config.compactionIntervalMs, clock, log, signal));
  }
  const databaseSize = { kv: store.kv, registry: metrics, intervalMs: config.databaseSizeIntervalMs, clock, log };
  background.start((signal) => watchDatabaseSize(databaseSize, signal));
}
