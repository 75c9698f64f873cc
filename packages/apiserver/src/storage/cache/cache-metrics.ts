import { Counter, Gauge, Histogram } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { ResourceCache } from "./resource-cache.ts";

const labelNames = ["group", "resource"] as const;
type Label = (typeof labelNames)[number];

const waitBuckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3];

/** Metrics of all watch caches. Counts are read when the metrics are, so that an event costs nothing. */
export class CacheMetrics {
  readonly #caches = new Set<ResourceCache>();
  readonly #registry: Registry;
  readonly #waitSeconds: Histogram<Label>;

  /** `countsObjects` says whether the numbers of stored objects are among the metrics. */
  constructor(registry: Registry, countsObjects = true) {
    this.#registry = registry;
    this.#waitSeconds = new Histogram({
      name: "apiserver_watch_cache_read_wait_seconds",
      help: "Time that reads waited for the watch cache to become fresh.",
      labelNames,
      buckets: waitBuckets,
      registers: [registry],
    });
    this.#counter("events_received_total", "Events received from the store.", (cache) => cache.received);
    this.#counter("events_dispatched_total", "Events handed to watchers.", (cache) => cache.watchers.dispatched);
    this.#counter("initializations_total", "Times that the cache was filled.", (cache) => cache.initializations);
    this.#gauge("apiserver_watch_cache_capacity", "Events kept for watchers to resume from.", (cache) => {
      return cache.historySize;
    });
    this.#gauge("apiserver_watch_cache_resource_version", "Revision that the cache has reached.", (cache) => {
      return Number(cache.revision);
    });
    if (countsObjects) this.#countObjects();
    this.#counterNamed("apiserver_terminated_watchers_total", "Watchers closed because they were slow.", (cache) => {
      return cache.watchers.terminated;
    });
    this.#counterNamed("apiserver_storage_decode_errors_total", "Stored objects that cannot be decoded.", (cache) => {
      return cache.undecodable;
    });
  }

  #countObjects(): void {
    this.#gauge("apiserver_resource_objects", "Stored objects.", (cache) => cache.objectCount);
    const byName: Gauge<"resource"> = new Gauge({
      name: "apiserver_storage_objects",
      help: "Stored objects, by resource and group in one; apiserver_resource_objects has them apart.",
      labelNames: ["resource"],
      registers: [this.#registry],
      collect: () => {
        byName.reset();
        for (const { group, resource, objectCount } of this.#caches) {
          byName.set({ resource: group === "" ? resource : `${resource}.${group}` }, objectCount);
        }
      },
    });
  }

  register(cache: ResourceCache): void {
    this.#caches.add(cache);
  }

  /** Forgets a cache that has ended. */
  unregister(cache: ResourceCache): void {
    this.#caches.delete(cache);
  }

  observeWait({ group, resource }: ResourceCache, waitMs: number): void {
    this.#waitSeconds.observe({ group, resource }, waitMs / 1000);
  }

  #counter(name: string, help: string, read: (cache: ResourceCache) => number): void {
    this.#counterNamed(`apiserver_watch_cache_${name}`, help, read);
  }

  #counterNamed(name: string, help: string, read: (cache: ResourceCache) => number): void {
    const counter: Counter<Label> = new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const cache of this.#caches) counter.inc({ group: cache.group, resource: cache.resource }, read(cache));
      },
    });
  }

  #gauge(name: string, help: string, read: (cache: ResourceCache) => number): void {
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const cache of this.#caches) gauge.set({ group: cache.group, resource: cache.resource }, read(cache));
      },
    });
  }
}
