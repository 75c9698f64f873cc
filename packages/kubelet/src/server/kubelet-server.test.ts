import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Counter, Registry } from "@kube-ts/std/metrics";
import { annotations, containerLabels } from "../runtime/labels.ts";
import type { LogLine } from "../runtime/logs.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { MemoryRuntime } from "../testing/memory-runtime.ts";
import { testIdentity, testPod } from "../testing/pod-fixtures.ts";
import { containerFor, sandboxFor } from "../runtime/docker/testing/runtime-fixture.ts";
import type { Access } from "./access.ts";
import { startKubeletServer } from "./kubelet-server.ts";
import { StatsProvider } from "../stats/stats-provider.ts";
import type { KubeletServer, KubeletServerOptions } from "./kubelet-server.ts";

const signal = AbortSignal.timeout(30_000);
const pod: Pod = testPod();
/** The log of a container names its attempt. */
class NumberedLogs extends MemoryRuntime {
  override async *logs(id: string): AsyncGenerator<LogLine> {
    const attempt = this.containers().find((container) => container.id === id)?.attempt;
    yield { stream: "stdout", timestamp: "2026-01-01T00:00:00Z", content: Buffer.from(`run ${attempt}\n`) };
  }
}
const runtime = new NumberedLogs(systemClock);
const registry = new Registry();
new Counter({ name: "kubelet_test_total", help: "test", registers: [registry] }).inc();

/** The token is the user; `admin` may do everything, everybody else what the name says. */
const access: Access = {
  authenticate: async (request) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    return token === undefined ? undefined : { username: token };
  },
  authorize: async (user, { resourceAttributes: { verb, subresource } }) => ({
    allowed: user.username === "admin" || user.username === `${verb}-${subresource}`,
    reason: "",
  }),
};

const stats = statsOf(runtime);
let server: KubeletServer;

function statsOf(of: Runtime): StatsProvider {
  const none = { pod: () => undefined, volumes: () => new Map() };
  return new StatsProvider({ runtime: of, nodeName: "node-1", rootDirectory: "/", clock: systemClock, ...none });
}

function options(changes: Partial<KubeletServerOptions> = {}): KubeletServerOptions {
  return {
    address: "127.0.0.1",
    port: 0,
    nodeName: "node-1",
    runtime,
    pods: {
      list: () => [pod],
      get: (namespace, name) => (namespace === "default" && name === "web" ? pod : undefined),
    },
    machine: { cores: 2, memoryBytes: 1024, swapBytes: 0, bootId: "b", machineId: "m", systemUuid: "s" },
    summary: (signal) => stats.summary(signal),
    access,
    registry,
    healthChecks: [{ name: "syncloop", check: () => {} }],
    configz: () => ({ kind: "KubeletConfiguration" }),
    debuggingHandlers: true,
    systemLogDirectory: undefined,
    checkpointHandler: true,
    streamIdleTimeoutMs: 60_000,
    clock: systemClock,
    log: silentLogger,
    ...changes,
  };
}

before(async () => {
  server = await startKubeletServer(options());
});

after(() => server[Symbol.asyncDispose]());

async function get(
  path: string,
  user: string | undefined = "admin",
  init: RequestInit = {},
  from: KubeletServer = server,
) {
  const headers = user === undefined ? {} : { Authorization: `Bearer ${user}` };
  const response = await fetch(`http://127.0.0.1:${from.port}${path}`, { ...init, headers });
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}

test("only who may gets an answer", async () => {
  const anonymous = await fetch(`http://127.0.0.1:${server.port}/pods`);
  assert.deepEqual([anonymous.status, await anonymous.text()], [401, "Unauthorized\n"]);
  const eve = await get("/pods", "eve");
  assert.equal(eve.status, 403);
  assert.equal(eve.body, "Forbidden (user=eve, verb=get, resource=nodes, subresource(s)=[pods proxy])\n");
  assert.equal((await get("/pods", "get-pods")).status, 200);
  assert.equal((await get("/metrics", "get-pods")).status, 403);
  assert.equal((await get("/metrics", "get-metrics")).status, 200);
  assert.equal((await get("/healthz", "get-healthz")).body, "ok");
});

test("pods, configuration, health and metrics", async () => {
  const pods = await get("/pods");
  assert.equal(pods.type, "application/json");
  const list = JSON.parse(pods.body) as { kind: string; items: Pod[] };
  assert.deepEqual([list.kind, list.items[0]?.metadata.name], ["PodList", "web"]);
  assert.deepEqual(JSON.parse((await get("/configz")).body), { kubeletconfig: { kind: "KubeletConfiguration" } });
  assert.equal((await get("/healthz/syncloop")).body, "ok");
  assert.equal((await get("/healthz/nothing")).status, 404);
  assert.match((await get("/metrics")).body, /kubelet_test_total 1/);
  assert.match((await get("/metrics/resource")).body, /^node_cpu_usage_seconds_total \d/m);
  assert.match((await get("/metrics/cadvisor")).body, /^machine_cpu_cores\{.*\} 2$/m);
  const summary = JSON.parse((await get("/stats/summary")).body) as { node: Record<string, Record<string, number>> };
  assert.ok((summary.node["memory"]?.["workingSetBytes"] ?? 0) > 0);
  assert.ok((summary.node["fs"]?.["capacityBytes"] ?? 0) > 0);
  const small = JSON.parse((await get("/stats/summary?only_cpu_and_memory=true")).body) as { node: object };
  assert.equal("fs" in small.node, false);
});

test("what is not there or not meant so is refused", async () => {
  const cases = [
    ["GET", "/nothing", 404],
    ["GET", "//pods", 404],
    ["GET", "/stats/../exec/default/web/app", 400],
    ["POST", "/pods", 405],
    ["GET", "/run/default/web/app?cmd=ls", 405],
    ["POST", "/run/default/web/app?cmd=ls", 500],
    ["POST", "/run/default/web/app", 400],
    ["GET", "/logs/syslog", 405],
    ["GET", "/exec/default/web/app?command=ls&output=1", 400],
    ["GET", "/containerLogs/default/none/app", 404],
    ["GET", "/containerLogs/default/web/none", 404],
    ["GET", "/containerLogs/default/web/app", 400],
    ["GET", "/containerLogs/default/web/app?previous=true", 400],
    ["GET", "/containerLogs/default/web/app?tailLines=x", 400],
  ] as const;
  for (const [method, path, status] of cases) {
    assert.equal((await get(path, "admin", { method })).status, status, `${method} ${path}`);
  }
});

test("logs are those of the newest container, or of the one before", async () => {
  const identity = testIdentity;
  const sandbox = await runtime.runPodSandbox(sandboxFor(identity), signal);
  const start = async (attempt: number) => {
    const config = containerFor(identity, "demo:v1", ["x"], {
      name: "app",
      attempt,
      labels: containerLabels(identity, "app"),
      annotations: { [annotations.containerHash]: "1" },
    });
    await runtime.startContainer(await runtime.createContainer(sandbox, config, signal), signal);
  };
  await runtime.images.pull("demo:v1");
  await start(0);
  await start(1);
  assert.deepEqual(await get("/containerLogs/default/web/app"), { status: 200, type: "text/plain", body: "run 1\n" });
  assert.equal((await get("/containerLogs/default/web/app?previous=true")).body, "run 0\n");
  assert.equal((await get("/containerLogs/default/web/app?limitBytes=3")).body, "run");
  assert.match((await get("/containerLogs/default/web/app?timestamps=true")).body, /^2026-01-01T00:00:00Z run 1\n$/);
});

test("without debugging handlers nothing reaches into pods", async () => {
  const closed = await startKubeletServer(options({ debuggingHandlers: false }));
  try {
    for (const path of ["/containerLogs/default/web/app", "/runningpods/", "/exec/default/web/app", "/configz"]) {
      assert.deepEqual(await get(path, "admin", {}, closed), {
        status: 405,
        type: "text/plain; charset=utf-8",
        body: "Debug endpoints are disabled.\n",
      });
    }
    assert.equal((await get("/pods", "admin", {}, closed)).status, 200);
  } finally {
    await closed[Symbol.asyncDispose]();
  }
});
