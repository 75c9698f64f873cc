import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { Registry } from "@kube-ts/std/metrics";
import { HttpMetrics, countRequest } from "./http-metrics.ts";

test("requests are counted by the first segment of their path, from a bounded set", async () => {
  const registry = new Registry();
  const clock = new FakeClock();
  const server = { requests: new HttpMetrics(registry), tls: { cert: "c", key: "k" }, clock };
  const done = countRequest(server, { method: "GET" }, "/metrics/cadvisor");
  const exec = countRequest(server, { method: "POST" }, "/exec/default/web/app");
  for (const path of ["/a", "/b", "/"]) countRequest({ requests: server.requests, clock }, { method: "BREW" }, path)();
  await clock.advance(30);
  done();
  const labels = (method: string, path: string, type: string, long: boolean) =>
    `method="${method}",path="${path}",server_type="${type}",long_running="${long}"`;
  const scrape = labels("GET", "metrics", "readwrite", false);
  const stream = labels("POST", "exec", "readwrite", true);
  const text = await registry.metrics();
  const lines = [
    `kubelet_http_requests_total{${scrape}} 1`,
    `kubelet_http_inflight_requests{${scrape}} 0`,
    `kubelet_http_inflight_requests{${stream}} 1`,
    `kubelet_http_requests_duration_seconds_sum{${scrape}} 0.03`,
    `kubelet_http_requests_total{${labels("other", "invalid path", "readonly", false)}} 3`,
  ];
  for (const line of lines) assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
  assert.doesNotMatch(text, /duration_seconds_count\{method="POST"/);
  exec();
});
