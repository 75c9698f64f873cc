import { monitorEventLoopDelay } from "node:perf_hooks";
import { createRegistry } from "@kube-ts/std/metrics";
import { CacheMetrics } from "../cache/cache-metrics.ts";
import { ResourceCache } from "../cache/resource-cache.ts";
import { EtcdMetrics } from "../etcd/etcd-metrics.ts";
import { EtcdStore } from "../etcd/etcd-store.ts";
import { MemoryStore } from "../memory/memory-store.ts";
import type { Revision } from "../store.ts";
import type { CacheEvent, WatchScope, WatchSink } from "../watch-cache.ts";
import { attributesOf, podJson } from "./cache-harness.ts";
import { EtcdProcess } from "./etcd-process.ts";

/**
 * Prints the CPU time of this process per operation of the store and of the cache. Run it by hand on a quiet
 * machine; `OBJECTS` is the size of the large listing, `FILL_ONLY=1` measures nothing else.
 */
const fillOnly = process.env["FILL_ONLY"] === "1";
const objects = Number(process.env["OBJECTS"] ?? 20_000);
const payload = "x".repeat(1_200);
const signal = AbortSignal.timeout(600_000);

async function measure(name: string, count: number, concurrency: number, run: (index: number) => Promise<unknown>) {
  const pass = async (from: number, to: number) => {
    let index = from;
    const worker = async () => {
      while (index < to) {
        index += 1;
        await run(index - 1);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  };
  await pass(0, Math.ceil(count / 4));
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await pass(Math.ceil(count / 4), Math.ceil(count / 4) + count);
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMicros = ((user + system) / count).toFixed(1).padStart(9);
  const rate = ((count / elapsedMs) * 1000).toFixed(0).padStart(8);
  console.log(`${name.padEnd(52)} ${cpuMicros} µs CPU  ${rate}/s`);
}

class CountingSink implements WatchSink {
  count = 0;
  bytes = 0;

  event(event: CacheEvent): boolean {
    this.count += 1;
    this.bytes += event.frame(event.type, event.object).length;
    return true;
  }

  progress(): void {}

  closed(): void {}
}

async function measureStore(store: EtcdStore): Promise<void> {
  const bytes = podJson("default", "pod", "node-1", payload);
  const revisions: Revision[] = [];
  await measure("create, 16 at a time", 8_000, 16, async (index) => {
    const outcome = await store.create(`/registry/pods/default/p${index}`, bytes, signal);
    revisions[index] = outcome.done ? outcome.revision : 0n;
  });
  await measure("update, 16 at a time", 6_000, 16, async (index) => {
    await store.update(`/registry/pods/default/p${index}`, bytes, revisions[index] ?? 0n, signal);
  });
  await measure("get, 16 at a time", 6_000, 16, (index) => store.get(`/registry/pods/default/p${index}`, signal));
  await measure("current revision, alone", 4_000, 1, () => store.currentRevision(signal));
  await measure("current revision, 64 callers", 40_000, 64, () => store.currentRevision(signal));
  await measure("list of 500", 60, 1, () => store.list({ prefix: "/registry/pods/", limit: 500 }, signal));
}

async function measureCache(store: EtcdStore, metrics: CacheMetrics): Promise<void> {
  const bytes = podJson("default", "pod", "node-1", payload);
  const fill = Array.from({ length: 32 }, async (_, worker) => {
    for (let index = worker; index < objects; index += 32) {
      await store.create(`/registry/filled/ns-${index % 50}/p${index}`, bytes, signal);
    }
  });
  await Promise.all(fill);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage();
  const cpu = process.cpuUsage();
  const stop = new AbortController();
  const cache = new ResourceCache({ store, prefix: "/registry/filled/", attributesOf, metrics, resource: "filled" });
  const running = cache.run(stop.signal);
  const delays = monitorEventLoopDelay({ resolution: 2 });
  delays.enable();
  await cache.waitFor(0n, signal);
  delays.disable();
  const longestMs = delays.max / 1e6;
  const { user, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  const memory = process.memoryUsage();
  const perObject = (memory.heapUsed + memory.external - heapBefore.heapUsed - heapBefore.external) / objects;
  const micros = ((user + system) / objects).toFixed(1);
  console.log(
    `fill with ${objects}: ${micros} µs CPU an object (${bytes.length} B), longest turn ${longestMs.toFixed(1)} ms, ` +
      `${perObject.toFixed(0)} B each, RSS ${(memory.rss / 1e6).toFixed(0)} MB`,
  );
  stop.abort(new Error("done"));
  await running;
}

/** What ingesting and delivering costs without a store that does work. */
async function measureEvents(name: string, scopes: readonly WatchScope[], snapshots: boolean): Promise<void> {
  await using store = new MemoryStore();
  const stop = new AbortController();
  const cache = new ResourceCache({ store, prefix: "/registry/pods/", attributesOf });
  const running = cache.run(stop.signal);
  await cache.waitFor(0n, signal);
  const sinks = scopes.map((scope) => {
    const sink = new CountingSink();
    cache.watch(cache.revision, sink, scope);
    return sink;
  });
  const bytes = podJson("default", "pod", "node-1", payload);
  await measure(`store in memory and cache: ${name}`, 20_000, 4, async (index) => {
    await store.create(`/registry/pods/ns-${index % 50}/p${index}`, bytes, signal);
    if (snapshots) cache.snapshot();
  });
  const handed = sinks.reduce((sum, sink) => sum + sink.count, 0);
  console.log(`    ${handed} events handed to ${sinks.length} watchers`);
  stop.abort(new Error("done"));
  await running;
}

async function measureDelivery(): Promise<void> {
  await measureEvents("no watcher", [], false);
  await measureEvents("no watcher, a snapshot after each write", [], true);
  const wide = Array.from({ length: 200 }, () => ({}));
  await measureEvents("200 watchers of everything", wide, false);
  const narrow = Array.from({ length: 1000 }, (_, index) => ({ fields: { "spec.nodeName": `node-x${index}` } }));
  await measureEvents("1000 watchers of other nodes", narrow, false);
}

async function main(): Promise<void> {
  if (!fillOnly) await measureDelivery();
  await using etcd = await EtcdProcess.start();
  const registry = createRegistry();
  await using store = new EtcdStore({
    endpoints: [etcd.endpoint],
    metrics: new EtcdMetrics(registry, "/registry/"),
  });
  if (!fillOnly) await measureStore(store);
  await measureCache(store, new CacheMetrics(registry));
}

await main();
