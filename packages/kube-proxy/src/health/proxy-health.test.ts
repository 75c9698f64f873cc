import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { createProxyMetrics } from "../proxy-metrics.ts";
import { ProxyHealth } from "./proxy-health.ts";
import { serveProxyHealth } from "./proxy-health-server.ts";
import { ServiceHealthServers } from "./service-health-servers.ts";

test("a change that waits too long makes the proxy unhealthy until it is in the rules", async () => {
  const clock = new FakeClock(1_000_000);
  const health = new ProxyHealth(clock, 60_000);
  assert.equal(health.healthy, true);
  health.queued();
  await clock.advance(60_000);
  assert.equal(health.healthy, true);
  await clock.advance(1);
  assert.equal(health.healthy, false);
  health.updated(clock.monotonicMs());
  assert.equal(health.healthy, true);
});

test("a change that came during a round is not covered by it", async () => {
  const clock = new FakeClock();
  const health = new ProxyHealth(clock, 1_000);
  health.queued();
  const startedMs = clock.monotonicMs();
  await clock.advance(500);
  health.queued();
  health.updated(startedMs);
  await clock.advance(1_001);
  assert.equal(health.healthy, false);
});

test("/healthz fails for a node that is about to go, /livez does not", async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 2));
  const health = new ProxyHealth(clock, 1_000);
  const registry = new Registry();
  await using server = await serveProxyHealth("127.0.0.1", 0, health, clock, createProxyMetrics(registry));
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  health.updated(0);
  const time = '"lastUpdated": "2026-01-02T00:00:00.000Z","currentTime": "2026-01-02T00:00:00.000Z"';
  assert.deepEqual(await get("/healthz"), { status: 200, body: `{${time}, "nodeEligible": true}` });
  assert.deepEqual(await get("/livez"), { status: 200, body: `{${time}}` });
  health.observeNode({
    metadata: { name: "n1" },
    spec: { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] },
  });
  assert.equal((await get("/healthz")).status, 503);
  assert.equal((await get("/livez")).status, 200);
  health.observeNode({ metadata: { name: "n1", deletionTimestamp: "2026-01-02T00:00:00Z" }, spec: {} });
  assert.equal((await get("/healthz")).status, 503);
  health.observeNode(undefined);
  assert.equal((await get("/healthz")).status, 200);
  for (const path of ["/else", "//", "//else:port/healthz"]) assert.equal((await get(path)).status, 404, path);
  assert.match(await registry.metrics(), /kubeproxy_proxy_healthz_total\{code="503"\} 2/);
});

test("health-check ports follow the Services", async () => {
  let healthy = true;
  await using servers = new ServiceHealthServers(() => healthy, silentLogger);
  const port = await freePort();
  const check = { nodePort: port, namespace: "ns", name: "web" };
  const get = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/anything`, { headers: { connection: "close" } });
    const weight = response.headers.get("x-load-balancing-endpoint-weight");
    return { status: response.status, weight, body: await response.json() };
  };
  await servers.set([{ ...check, readyLocalEndpoints: 2 }], ["127.0.0.1"]);
  assert.deepEqual(await get(), {
    status: 200,
    weight: "2",
    body: { service: { namespace: "ns", name: "web" }, localEndpoints: 2, serviceProxyHealthy: true },
  });
  healthy = false;
  assert.equal((await get()).status, 503);
  healthy = true;
  await servers.set([{ ...check, readyLocalEndpoints: 0 }], ["127.0.0.1"]);
  assert.equal((await get()).status, 503);
  await servers.set([], ["127.0.0.1"]);
  await assert.rejects(get());
});

async function freePort(): Promise<number> {
  const clock = new FakeClock();
  const metrics = createProxyMetrics(new Registry());
  await using server = await serveProxyHealth("127.0.0.1", 0, new ProxyHealth(clock, 1), clock, metrics);
  return server.port;
}
