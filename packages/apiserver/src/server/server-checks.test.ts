import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { createRegistry } from "@kube-ts/std/metrics";
import { systemRandom } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { HealthCheck } from "./health-checks.ts";
import { serverEnvironment } from "./environment.ts";
import { type CheckedParts, serverChecks } from "./server-checks.ts";

/** The names of the checks that fail. */
async function failing(checks: readonly HealthCheck[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, check } of checks) {
    try {
      await check(new AbortController().signal);
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

test("a start that takes its time is unhealthy at once, but alive for the grace period", async () => {
  const stop = new AbortController();
  const clock = new FakeClock();
  const context = { clock, random: systemRandom, log: silentLogger, registry: createRegistry(), signal: stop.signal };
  const environment = serverEnvironment(context, new TaskGroup(stop.signal));
  environment.startup.expect("rbac/bootstrap-roles", "bootstrap-controller");
  environment.startup.finish("bootstrap-controller");
  const caches = [{ ready: false, resource: "pods" }];
  const parts = {
    stores: { all: [{ checkHealth: () => Promise.resolve() }] },
    caches,
    catalog: { resources: [], subresources: [], virtuals: [] },
    aggregation: { table: { all: [] } },
  } as unknown as CheckedParts;
  const config = {
    etcd: { liveTimeoutMs: 1, readyTimeoutMs: 1 } as never,
    lifecycle: { livezGraceMs: 10_000, shutdownDelayMs: 0, sendsRetryAfter: false, watchGraceMs: 0 },
  };
  const { healthz, livez, readyz } = serverChecks(config, parts, environment);
  const roles = "poststarthook/rbac/bootstrap-roles";
  assert.deepEqual(await failing(healthz), [roles]);
  assert.deepEqual(await failing(livez), []);
  assert.deepEqual(await failing(readyz), ["informer-sync", roles]);
  await clock.advance(10_000);
  assert.deepEqual(await failing(livez), [roles]);
  environment.startup.finish("rbac/bootstrap-roles");
  caches[0] = { ready: true, resource: "pods" };
  assert.deepEqual(await failing([...healthz, ...livez, ...readyz]), []);
  stop.abort();
  assert.deepEqual(await failing([...healthz, ...livez, ...readyz]), ["shutdown"]);
});
