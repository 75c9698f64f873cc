import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { Gauge } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { EtcdKv } from "./etcd-kv.ts";

export interface DatabaseSizeOptions {
  /** One for each cluster. */
  readonly kvs: readonly EtcdKv[];
  readonly registry: Registry;
  /** `--etcd-db-metric-poll-interval`; 0 turns it off. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps `apiserver_storage_size_bytes` current until the signal aborts. */
export async function watchDatabaseSize(options: DatabaseSizeOptions, signal: AbortSignal): Promise<void> {
  const { kvs, registry, intervalMs, clock, log } = options;
  if (intervalMs <= 0) return;
  const gauge = new Gauge({
    name: "apiserver_storage_size_bytes",
    help: "Size of the storage database file physically allocated in bytes.",
    labelNames: ["storage_cluster_id"],
    registers: [registry],
  });
  while (!signal.aborted) {
    for (const [index, kv] of kvs.entries()) {
      try {
        gauge.set({ storage_cluster_id: `etcd-${index}` }, (await kv.status(signal)).databaseBytes);
      } catch (error) {
        if (!signal.aborted) log.debug("size of etcd's database is unknown", { error });
      }
    }
    await clock.sleep(intervalMs, signal).catch(() => undefined);
  }
}
