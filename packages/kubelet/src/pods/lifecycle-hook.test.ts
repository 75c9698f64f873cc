import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { Registry } from "@kube-ts/std/metrics";
import { HookMetrics } from "./hook-metrics.ts";
import { LifecycleHooks } from "./lifecycle-hook.ts";

const signal = new AbortController().signal;

function setUp() {
  const clock = new FakeClock();
  const registry = new Registry();
  const runtime = { execSync: () => Promise.reject(new Error("not asked for")) };
  let fallbacks = 0;
  const target = {
    container: { name: "app" },
    containerId: "1",
    podIp: "127.0.0.1",
    onFallback: () => {
      fallbacks += 1;
    },
  };
  const hooks = new LifecycleHooks(runtime, clock, "kube-lifecycle/1.36", new HookMetrics(registry));
  return { clock, registry, hooks, target, fallbacks: () => fallbacks };
}

test("a server that answers HTTPS with HTTP is asked again, without credentials", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? "-"} ${String(request.headers["x-kept"])}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { hooks, target, registry, fallbacks } = setUp();
    const { port } = server.address() as AddressInfo;
    const httpHeaders = [
      { name: "Authorization", value: "secret" },
      { name: "X-Kept", value: "yes" },
    ];
    await hooks.run({ httpGet: { port, path: "bye?x=1", scheme: "HTTPS", httpHeaders } }, target, 10_000, signal);
    assert.deepEqual(seen, ["/bye?x=1 - yes"]);
    assert.equal(fallbacks(), 1);
    assert.match(await registry.metrics(), /^kubelet_lifecycle_handler_http_fallbacks_total 1$/m);
  } finally {
    server.close();
  }
});

test("nobody there is a failure, by whatever protocol", async () => {
  const { hooks, target, registry, fallbacks } = setUp();
  const handler = { httpGet: { port: 1, scheme: "HTTPS" as const } };
  await assert.rejects(hooks.run(handler, target, 10_000, signal), /connection refused/);
  assert.equal(fallbacks(), 0);
  assert.match(await registry.metrics(), /^kubelet_lifecycle_handler_http_fallbacks_total 0$/m);
});

test("a sleep that is cut short is counted", async () => {
  const { hooks, target, registry, clock } = setUp();
  const whole = hooks.run({ sleep: { seconds: 2 } }, target, 5_000, signal);
  await clock.advance(2_000);
  await whole;
  const cut = hooks.run({ sleep: { seconds: 20 } }, target, 5_000, signal);
  await clock.advance(5_000);
  await cut;
  const stop = new AbortController();
  const aborted = hooks.run({ sleep: { seconds: 20 } }, target, 50_000, stop.signal);
  stop.abort(new Error("over"));
  await assert.rejects(aborted, /over/);
  assert.match(await registry.metrics(), /^kubelet_sleep_action_terminated_early_total 2$/m);
});
