import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeObject } from "@kube-ts/api/object";
import { ResourceCache } from "../cache/resource-cache.ts";
import type { ResourceCacheOptions } from "../cache/resource-cache.ts";
import type { Revision, Store } from "../store.ts";
import type { CacheEvent, ObjectAttributes, WatchSink } from "../watch-cache.ts";

/** How long anything may take before a test fails. */
const deadlineMs = 30_000;

let cacheNumber = 0;

export function signal(): AbortSignal {
  return AbortSignal.timeout(deadlineMs);
}

export function attributesOf(object: KubeObject): ObjectAttributes {
  const { name = "", namespace = "", labels = {} } = object.metadata;
  const { spec } = object as KubeObject & { spec?: { nodeName?: string } };
  const fields = { "metadata.name": name, "metadata.namespace": namespace, "spec.nodeName": spec?.nodeName ?? "" };
  return { labels, fields };
}

/** A pod as the server stores it. */
export function podJson(namespace: string, name: string, nodeName: string, payload = ""): Buffer {
  const metadata = { name, namespace, labels: { app: name.slice(0, 1) } };
  return Buffer.from(JSON.stringify({ kind: "Pod", apiVersion: "v1", metadata, spec: { nodeName }, data: payload }));
}

/** A running cache over a prefix of its own. */
export class CacheHarness implements AsyncDisposable {
  readonly store: Store;
  readonly prefix: string;
  readonly cache: ResourceCache;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(store: Store, options: Partial<ResourceCacheOptions> = {}) {
    cacheNumber += 1;
    this.store = store;
    this.prefix = options.prefix ?? `/registry/cached-${process.pid}-${cacheNumber}/`;
    this.cache = new ResourceCache({ store, attributesOf, ...options, prefix: this.prefix });
    this.#running = this.cache.run(this.#stop.signal);
  }

  async ready(): Promise<void> {
    await this.cache.waitFor(0n, signal());
  }

  /** Waits until the cache shows everything that was written so far. */
  async current(): Promise<Revision> {
    const revision = await this.store.currentRevision(signal());
    await this.cache.waitFor(revision, signal());
    return revision;
  }

  async put(namespace: string, name: string, nodeName = "", payload = ""): Promise<Revision> {
    const key = `${this.prefix}${namespace}/${name}`;
    const bytes = podJson(namespace, name, nodeName, payload);
    let expected = 0n;
    for (;;) {
      const outcome =
        expected === 0n
          ? await this.store.create(key, bytes, signal())
          : await this.store.update(key, bytes, expected, signal());
      if (outcome.done) return outcome.revision;
      expected = outcome.current?.revision ?? 0n;
    }
  }

  async remove(namespace: string, name: string): Promise<Revision | undefined> {
    const key = `${this.prefix}${namespace}/${name}`;
    for (;;) {
      const { value } = await this.store.get(key, signal());
      if (!value) return undefined;
      const outcome = await this.store.delete(key, value.revision, signal());
      if (outcome.done) return outcome.revision;
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("stopped"));
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** A sink that keeps what it is told, in words. */
export class RecordingSink implements WatchSink {
  readonly events: CacheEvent[] = [];
  readonly words: string[] = [];
  /** How many events it takes before it calls itself full. */
  readonly #bound: number;
  progressed: Revision = 0n;
  ended: string | undefined;

  constructor(bound = Infinity) {
    this.#bound = bound;
  }

  event(event: CacheEvent): boolean {
    assert.equal(this.ended, undefined, "an event after the end");
    assert.ok(event.revision > this.progressed, "an event that was reported as seen");
    this.events.push(event);
    this.words.push(`${event.type} ${event.object.key}`);
    return this.events.length <= this.#bound;
  }

  progress(revision: Revision): void {
    assert.equal(this.ended, undefined, "progress after the end");
    assert.ok(revision >= (this.events.at(-1)?.revision ?? 0n), "progress behind the last event");
    this.progressed = revision;
  }

  closed(reason: string): void {
    assert.equal(this.ended, undefined, "closed twice");
    this.ended = reason;
  }
}

export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const endMs = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > endMs) assert.fail(`still not: ${what}`);
    await delay(2);
  }
}
