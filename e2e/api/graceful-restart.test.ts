import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ServerUnderTest, startServer } from "../../bench/api-server-process.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { TcpBalancer } from "../harness/tcp-balancer.ts";

const configMapsPath = "/api/v1/namespaces/default/configmaps";
const clients = 8;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let directory: string;
let etcd: EtcdProcess;
let servers: ServerUnderTest[] = [];
let balancer: TcpBalancer;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-graceful-"));
  etcd = await EtcdProcess.start();
  const shared = { etcd: [etcd], pki: join(directory, "pki") };
  const flags = ["--shutdown-delay-duration=4s", "--shutdown-send-retry-after=true"];
  servers = [await startServer(flags, shared), await startServer(flags, shared)];
  balancer = await TcpBalancer.start(servers.map(({ url }) => url));
});

after(async () => {
  await balancer?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
  await etcd?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** One exchange on a kept-alive connection; answers the status code. */
function exchange(agent: Agent, method: string, path: string, body?: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const payload = body && JSON.stringify(body);
    const options = {
      host: "127.0.0.1",
      port: balancer.port,
      method,
      path,
      agent,
      headers: payload ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) } : {},
    };
    const outgoing = request(options, (answer) => {
      answer.on("error", reject);
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

/** Reads and writes without end on kept-alive connections; what did not succeed goes into `failures`. */
async function keepAsking(client: number, failures: string[], signal: AbortSignal): Promise<number> {
  const [server] = servers;
  assert.ok(server);
  // Half of the clients pause so long that their connections are idle most of the time.
  const pauseMs = client % 2 === 0 ? 5 : 700;
  const agent = new Agent({ ...adminTls(server), keepAlive: true, maxSockets: 1 });
  let count = 0;
  while (!signal.aborted) {
    count += 1;
    const name = `graceful-${client}-${count}`;
    const isWrite = count % 2 === 0;
    const code = await (
      isWrite
        ? exchange(agent, "POST", configMapsPath, { metadata: { name } })
        : exchange(agent, "GET", `${configMapsPath}?limit=1`)
    ).catch((error: unknown) => String(error));
    if (code !== (isWrite ? 201 : 200)) failures.push(`${isWrite ? "POST" : "GET"}: ${code}`);
    await pause(pauseMs);
  }
  agent.destroy();
  return count;
}

test("servers restart one by one behind a balancer without one failed request", { timeout: 120_000 }, async () => {
  const stop = new AbortController();
  const failures: string[] = [];
  const asking = Array.from({ length: clients }, (_, client) => keepAsking(client, failures, stop.signal));
  for (const [index, server] of servers.entries()) {
    await pause(1_000);
    const { pid } = server;
    const begin = performance.now();
    process.kill(pid, "SIGTERM");
    await eventually("the balancer turns away", () => !balancer.ready[index]);
    await eventually("the server ends", () => !existsSync(`/proc/${pid}`));
    await server.restart();
    process.stdout.write(`server ${index + 1} restarted in ${Math.round(performance.now() - begin)} ms\n`);
    await eventually("the balancer comes back", () => balancer.ready[index]);
  }
  await pause(1_000);
  stop.abort();
  const counts = await Promise.all(asking);
  process.stdout.write(`${counts.reduce((sum, count) => sum + count, 0)} requests, ${failures.length} failed\n`);
  assert.deepEqual(failures, []);
});
