import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { configMaps, secrets } from "@kube-ts/api/resource-types";
import { resourceExpired } from "@kube-ts/api/status-error";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { InformerFactory } from "./informer-factory.ts";
import { createClient } from "./rest-client.ts";
import { eventually } from "./testing/eventually.ts";
import { sendJson, type TinyRequest, TinyServer } from "./testing/tiny-server.ts";

/** Real time, but back-off pauses are twenty times shorter. */
const hastyClock = {
  ...systemClock,
  sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(ms / 20, signal),
};

interface Change {
  readonly type: string;
  readonly object: ConfigMap;
}

/** Config maps with a history, served by list and watch; the server can be killed and started again. */
class ConfigMapServer implements AsyncDisposable {
  readonly #changes: Change[] = [];
  readonly #objects = new Map<string, ConfigMap>();
  readonly #watchers = new Set<ServerResponse>();
  #server: TinyServer | undefined;
  #port = 0;
  #oldestVersion = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get requests(): readonly TinyRequest[] {
    return this.#server?.requests ?? [];
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  async start(): Promise<void> {
    const answer = (request: TinyRequest, response: ServerResponse) => this.#answer(request, response);
    this.#server = await TinyServer.start(answer, { port: this.#port });
    this.#port = this.#server.port;
  }

  async kill(): Promise<void> {
    this.#watchers.clear();
    await this.#server?.[Symbol.asyncDispose]();
  }

  /** Forgets the history, as compaction does. */
  compact(): void {
    this.#oldestVersion = this.#changes.length;
  }

  set(name: string, value: string): void {
    const version = String(this.#changes.length + 1);
    const metadata = { namespace: "ns", name, uid: `uid-${name}`, resourceVersion: version };
    const object: ConfigMap = { metadata, data: { value } };
    this.#publish({ type: this.#objects.has(name) ? "MODIFIED" : "ADDED", object });
    this.#objects.set(name, object);
  }

  delete(name: string): void {
    const version = String(this.#changes.length + 1);
    const metadata = { namespace: "ns", name, uid: `uid-${name}`, resourceVersion: version };
    this.#objects.delete(name);
    this.#publish({ type: "DELETED", object: { metadata } });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #publish(change: Change): void {
    this.#changes.push(change);
    for (const watcher of this.#watchers) watcher.write(`${JSON.stringify(change)}\n`);
  }

  #answer(request: TinyRequest, response: ServerResponse): void {
    const { searchParams } = new URL(request.url, "http://localhost");
    if (searchParams.get("watch") !== "true") {
      const metadata = { resourceVersion: String(this.#changes.length) };
      sendJson(response, 200, { metadata, items: [...this.#objects.values()] });
      return;
    }
    const from = Number(searchParams.get("resourceVersion"));
    if (from < this.#oldestVersion) {
      sendJson(response, 410, resourceExpired("too old resource version").status);
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const change of this.#changes.slice(from)) response.write(`${JSON.stringify(change)}\n`);
    this.#watchers.add(response);
    response.on("close", () => this.#watchers.delete(response));
  }
}

function clientOf({ url }: ConfigMapServer) {
  return createClient(
    { server: url, namespace: "default", tls: {}, auth: { kind: "none" } },
    { userAgent: "test", qps: -1 },
  );
}

test("a restarted or compacted server neither loses nor repeats a change", async () => {
  await using server = new ConfigMapServer();
  await server.start();
  server.set("a", "1");
  await using client = clientOf(server);
  const factory = new InformerFactory(client, { clock: hastyClock, random: seededRandom(1), log: silentLogger });
  const informer = factory.informer(configMaps);
  const told: string[] = [];
  informer.subscribe({
    added: ({ metadata, data }) => void told.push(`+${metadata.name}=${data?.["value"]}`),
    updated: (_old, { metadata, data }) => void told.push(`~${metadata.name}=${data?.["value"]}`),
    deleted: ({ metadata }) => void told.push(`-${metadata.name}`),
  });
  const controller = new AbortController();
  const running = factory.run(controller.signal);
  await factory.waitForSync(AbortSignal.timeout(5_000));
  await eventually(() => assert.equal(server.watchers, 1));
  server.set("b", "1");
  await eventually(() => assert.deepEqual(told, ["+a=1", "+b=1"]));

  await server.kill();
  server.set("a", "2");
  server.delete("b");
  server.set("c", "1");
  await server.start();
  await eventually(() => assert.deepEqual(told.slice(2), ["~a=2", "-b", "+c=1"]));

  await server.kill();
  server.delete("a");
  server.set("c", "2");
  server.set("c", "3");
  server.compact();
  await server.start();
  await eventually(() => assert.deepEqual(told.slice(5), ["-a", "~c=3"]));
  await eventually(() => assert.equal(server.watchers, 1));
  assert.deepEqual(
    informer.list().map(({ metadata }) => metadata.name),
    ["c"],
  );
  controller.abort();
  await running;
});

test("one informer serves all who ask for the same selection, also when the factory already runs", async () => {
  await using server = new ConfigMapServer();
  await server.start();
  server.set("a", "1");
  await using client = clientOf(server);
  const factory = new InformerFactory(client, { clock: hastyClock, random: seededRandom(1), log: silentLogger });
  const transform = ({ metadata }: ConfigMap): ConfigMap => ({ metadata });
  const selection = { namespace: "ns" };
  const informer = factory.informer(configMaps, { selection, transform });
  assert.equal(factory.informer(configMaps, { selection: { ...selection }, transform }), informer);
  assert.notEqual(factory.informer(configMaps), informer);
  assert.notEqual(factory.informer(secrets) as unknown, informer);
  assert.throws(() => factory.informer(configMaps, { selection }), /another transform/);
  const controller = new AbortController();
  const running = factory.run(controller.signal);
  await factory.waitForSync(AbortSignal.timeout(5_000));
  assert.equal(informer.list()[0]?.data, undefined);
  const late = factory.informer(configMaps, { selection: { labelSelector: "a=b" } });
  await late.waitForSync(AbortSignal.timeout(5_000));
  assert.ok(server.requests.some(({ url }) => url.includes("labelSelector=a%3Db")));
  await assert.rejects(informer.run(controller.signal), /already running/);
  controller.abort();
  await running;
});

test("a handler that throws ends the factory's run with its error", async () => {
  await using server = new ConfigMapServer();
  await server.start();
  server.set("a", "1");
  await using client = clientOf(server);
  const factory = new InformerFactory(client, { clock: hastyClock, random: seededRandom(1), log: silentLogger });
  factory.informer(configMaps).subscribe({
    added: () => {
      throw new Error("handler is broken");
    },
  });
  await assert.rejects(factory.run(AbortSignal.timeout(5_000)), /handler is broken/);
});

test("a factory's transform is that of informers without one of their own, which others find", async () => {
  await using server = new ConfigMapServer();
  await server.start();
  server.set("a", "1");
  await using client = clientOf(server);
  const transform = <T extends KubeObject>(object: T): T => ({ ...object, metadata: { name: "all" } });
  const environment = { clock: hastyClock, random: seededRandom(1), log: silentLogger, transform };
  const factory = new InformerFactory(client, environment);
  assert.equal(factory.existing(configMaps), undefined);
  const selected = factory.informer(configMaps, { selection: { namespace: "ns" }, transform: (object) => object });
  assert.equal(factory.existing(configMaps), undefined);
  const informer = factory.informer(configMaps);
  assert.equal(factory.informer(configMaps, { transform }), informer);
  assert.equal(factory.existing(configMaps), informer);
  factory.informer(secrets, { transform: (object) => object });
  assert.equal(factory.existing(secrets), undefined);
  const controller = new AbortController();
  const running = factory.run(controller.signal);
  await informer.waitForSync(AbortSignal.timeout(5_000));
  await selected.waitForSync(AbortSignal.timeout(5_000));
  assert.equal(informer.list()[0]?.metadata.name, "all");
  assert.equal(selected.list()[0]?.metadata.name, "a");
  controller.abort();
  await running;
});
