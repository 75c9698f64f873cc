import assert from "node:assert/strict";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { openSpdyRemoteCommand, openWebSocketRemoteCommand } from "@kube-ts/client/streaming/open-remote-command";
import { openPortForward, openSpdyPortForward } from "@kube-ts/client/streaming/port-forward-client";
import { RemoteCommandClient } from "@kube-ts/client/streaming/remote-command";
import { UpgradeError } from "@kube-ts/client/streaming/streaming-error";
import type { UpgradeTarget } from "@kube-ts/client/streaming/upgrade-client";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { selfSignedTls } from "@kube-ts/std/self-signed";
import type { DockerRuntime } from "../runtime/docker/docker-runtime.ts";
import { startEngineFixture } from "../runtime/docker/testing/engine-fixture.ts";
import type { EngineFixture } from "../runtime/docker/testing/engine-fixture.ts";
import { createNetnsNetwork } from "../runtime/docker/testing/netns-network.ts";
import type { NetnsNetwork } from "../runtime/docker/testing/netns-network.ts";
import { containerFor, createRuntime, podNamed, sandboxFor, until } from "../runtime/docker/testing/runtime-fixture.ts";
import type { PodIdentity } from "../runtime/runtime.ts";
import { startKubeletServer } from "./kubelet-server.ts";
import { StatsProvider } from "../stats/stats-provider.ts";
import type { KubeletServer } from "./kubelet-server.ts";
import type { Summary } from "../stats/summary-api.ts";

const signal = AbortSignal.timeout(240_000);
let engine: EngineFixture;
let net: NetnsNetwork;
let runtime: DockerRuntime;
let server: KubeletServer;
let identity: PodIdentity;
let ca: string;

/** Serves a page on loopback, counts on stdout, and echoes what is typed on stdin. */
const script =
  "echo page > /tmp/page; httpd -h /tmp -p 127.0.0.1:8086; echo one; echo two >&2; cat; while true; do sleep 1; done";

before(async () => {
  engine = await startEngineFixture();
  net = createNetnsNetwork(`${engine.prefix}sv`);
  runtime = createRuntime(engine, net.network);
  identity = podNamed(engine, "served");
  const sandbox = await runtime.runPodSandbox(sandboxFor(identity), signal);
  const config = containerFor(identity, engine.image, ["sh", "-c", script], { name: "app", stdin: true });
  await runtime.startContainer(await runtime.createContainer(sandbox, config, signal), signal);
  const pod = { metadata: { ...identity }, spec: { containers: [{ name: "app" }] }, status: {} } as Pod;
  const none = { pod: () => undefined, volumes: () => new Map() };
  const stats = new StatsProvider({ runtime, nodeName: "node-1", rootDirectory: "/", clock: systemClock, ...none });
  const tls = await selfSignedTls(["127.0.0.1"], Date.now());
  ca = tls.cert;
  server = await startKubeletServer({
    address: "127.0.0.1",
    port: 0,
    tls,
    nodeName: "node-1",
    runtime,
    pods: { list: () => [pod], get: (_namespace, name) => (name === identity.name ? pod : undefined) },
    machine: { cores: 2, memoryBytes: 1024, swapBytes: 0, bootId: "b", machineId: "m", systemUuid: "s" },
    summary: (signal) => stats.summary(signal),
    access: {
      authenticate: async (request) => (request.headers.authorization === "Bearer ok" ? { username: "ok" } : undefined),
      authorize: async () => ({ allowed: true, reason: "" }),
    },
    registry: new Registry(),
    healthChecks: [],
    configz: () => ({}),
    debuggingHandlers: true,
    systemLogDirectory: undefined,
    checkpointHandler: true,
    streamIdleTimeoutMs: 60_000,
    clock: systemClock,
    log: silentLogger,
  });
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await runtime[Symbol.asyncDispose]();
  net[Symbol.dispose]();
  await engine[Symbol.asyncDispose]();
});

function target(path: string, token = "ok"): UpgradeTarget {
  const url = new URL(`https://127.0.0.1:${server.port}${path}`);
  return { url, headers: { Authorization: `Bearer ${token}` }, tls: { ca } };
}

function container(verb: string, query: string): string {
  return `/${verb}/${identity.namespace}/${identity.name}/app?${query}`;
}

const everything = { stdin: true, stdout: true, stderr: true, tty: false };
const transports = { spdy: openSpdyRemoteCommand, webSocket: openWebSocketRemoteCommand };

for (const [name, open] of Object.entries(transports)) {
  test(`exec over ${name}: streams and exit code`, async () => {
    const path = container(
      "exec",
      "command=sh&command=-c&command=cat;echo%20bad%20%3E%262;exit%206&input=1&output=1&error=1",
    );
    const session = new RemoteCommandClient(await open(target(path), everything, signal));
    const payload = "some input\n".repeat(20_000);
    session.stdin?.end(payload);
    assert.ok(session.stdout && session.stderr);
    const [out, err] = await Promise.all([text(session.stdout), text(session.stderr)]);
    assert.equal(out, payload);
    assert.equal(err, "bad\n");
    assert.deepEqual(await session.outcome, { kind: "exit", code: 6 });
  });

  test(`exec over ${name}: a command that is not there`, async () => {
    const selection = { ...everything, stdin: false };
    const path = container("exec", "command=/nonexistent&output=1&error=1");
    const session = new RemoteCommandClient(await open(target(path), selection, signal));
    assert.notEqual((await session.outcome).kind, "success");
  });

  test(`exec over ${name}: a terminal`, async () => {
    const selection = { stdin: true, stdout: true, stderr: false, tty: true };
    const path = container("exec", "command=sh&input=1&output=1&tty=1");
    const session = new RemoteCommandClient(await open(target(path), selection, signal));
    session.resize({ width: 77, height: 33 });
    assert.ok(session.stdout);
    session.stdin?.write("sleep 1; /bin/busybox stty size; exit 0\n");
    assert.match(await text(session.stdout), /33 77\r\n/);
    assert.deepEqual(await session.outcome, { kind: "success" });
  });

  test(`exec over ${name}: a client that goes away ends its command`, async () => {
    const selection = { stdin: false, stdout: true, stderr: false, tty: false };
    const seconds = name === "spdy" ? "98765" : "98766";
    const channels = await open(
      target(container("exec", `command=sleep&command=${seconds}&output=1`)),
      selection,
      signal,
    );
    const runs = async () => {
      const [found] = await runtime.listContainers({ labels: { "io.kubernetes.pod.uid": identity.uid } }, signal);
      const { Processes } = (await engine.docker.getContainer(found?.id ?? "").top()) as { Processes: string[][] };
      return Processes.some((fields) => fields.at(-1)?.includes(seconds));
    };
    await until(async () => ((await runs()) ? true : undefined));
    channels.destroy();
    await until(async () => ((await runs()) ? undefined : true));
  });

  test(`${name}: refusals say why`, async () => {
    const cases: readonly (readonly [UpgradeTarget, number, RegExp])[] = [
      [target(container("exec", "command=ls&output=1"), "wrong"), 401, /Unauthorized/],
      [target("/exec/default/none/app?command=ls&output=1"), 404, /pod does not exist/],
      [target(`/exec/default/${identity.name}/none?command=ls&output=1`), 500, /container not found \("none"\)/],
      [target(container("exec", "output=1")), 400, /you must specify the command/],
      [target("/pods"), 404, /404 page not found/],
    ];
    for (const [at, status, message] of cases) {
      await assert.rejects(open(at, { ...everything, stdin: false }, signal), (error: unknown) => {
        assert.ok(error instanceof UpgradeError, String(error));
        assert.equal(error.statusCode, status);
        assert.match(error.message, message);
        return true;
      });
    }
  });
}

for (const [name, open] of Object.entries({ spdy: openSpdyPortForward, webSocket: openPortForward })) {
  test(`port forwarding over ${name}`, async () => {
    const client = await open(target(`/portForward/${identity.namespace}/${identity.name}`), signal);
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { data, error } = await client.open(8086, signal);
        data.end("GET /page HTTP/1.0\r\n\r\n");
        return [await text(data), await error];
      }),
    );
    for (const [body, error] of answers) {
      assert.match(body ?? "", /page\n$/);
      assert.equal(error, "");
    }
    const refused = await client.open(8087, signal);
    assert.match(await refused.error, /^error forwarding port 8087 to pod .*: connect ECONNREFUSED 127\.0\.0\.1:8087$/);
    await client.close();
  });
}

function get(path: string, method = "GET"): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { url, headers } = target(path);
    const request = httpsRequest(url, { method, headers, ca }, (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.on("error", reject);
    request.end();
  });
}

test("logs, also while they are written", async () => {
  const logs = `/containerLogs/${identity.namespace}/${identity.name}/app`;
  assert.deepEqual((await get(logs)).body.split("\n").sort(), ["", "one", "two"]);
  assert.equal((await get(`${logs}?stream=Stderr`)).body, "two\n");
  const following = new Promise<string>((resolve, reject) => {
    const { url, headers } = target(`${logs}?follow=true&tailLines=0`);
    const request = httpsRequest(url, { headers, ca }, (response) => {
      response.once("data", (chunk: Buffer) => {
        resolve(chunk.toString());
        request.destroy();
      });
      void attachAndType("typed in\n").catch(reject);
    });
    request.on("error", reject);
    request.end();
  });
  assert.equal(await following, "typed in\n");
});

async function attachAndType(input: string): Promise<void> {
  const selection = { stdin: true, stdout: true, stderr: true, tty: false };
  const path = container("attach", "input=1&output=1&error=1");
  const session = new RemoteCommandClient(await openSpdyRemoteCommand(target(path), selection, signal));
  assert.ok(session.stdout);
  const echoed = new Promise<string>((resolve) =>
    session.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString())),
  );
  session.stdin?.write(input);
  assert.equal(await echoed, input);
  session.destroy();
}

test("usage of the pod and its container", async () => {
  const summary = JSON.parse((await get("/stats/summary")).body) as Summary;
  const pod = summary.pods.find((each) => each.podRef.uid === identity.uid);
  assert.equal(pod?.containers[0]?.name, "app");
  assert.ok((pod?.containers[0]?.memory?.usageBytes ?? 0) > 0);
  assert.equal(pod?.network?.name, "eth0");
  const labels = `container="app",namespace="default",pod="${identity.name}"`;
  assert.match(
    (await get("/metrics/resource")).body,
    new RegExp(`^container_memory_working_set_bytes\\{${labels}\\} \\d+ \\d+$`, "m"),
  );
  assert.match(
    (await get("/metrics/cadvisor")).body,
    new RegExp(`^container_network_receive_bytes_total\\{.*pod="${identity.name}",interface="eth0"\\} \\d+`, "m"),
  );
  assert.match((await get("/runningpods/")).body, new RegExp(identity.uid));
});

test("a command whose output is the response", async () => {
  assert.deepEqual(await get(`/run/default/${identity.name}/app?cmd=echo%20hello`, "POST"), {
    status: 200,
    body: "hello\n",
  });
});
