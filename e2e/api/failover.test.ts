import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { configMaps } from "@kube-ts/api/resource-types";
import { isAlreadyExists } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import type { Informer } from "@kube-ts/client/informer";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { runWhileLeading } from "@kube-ts/client/leader-election";
import { createClient } from "@kube-ts/client/rest-client";
import type { ServerChoice } from "@kube-ts/client/server-choice";
import { serverFields } from "@kube-ts/client/server-list";
import { isTransportError } from "@kube-ts/client/transport-error";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { systemRandom } from "@kube-ts/std/random";
import { freePort, type ServerUnderTest, startServer } from "../../bench/api-server-process.ts";
import { repositoryRoot } from "../../deploy/local/layout.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

/** What happens to the server in use, and how long the watches of its clients may take to go on elsewhere. */
interface Fault {
  readonly name: string;
  readonly watchLimitMs: number;
  strike(server: ServerUnderTest): Promise<void>;
  heal(server: ServerUnderTest): Promise<void>;
}

const namespace = "default";
const writers = 4;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const faults: readonly Fault[] = [
  {
    name: "killed",
    watchLimitMs: 10_000,
    strike: async ({ pid }) => void process.kill(pid, "SIGKILL"),
    heal: (server) => server.restart(),
  },
  {
    name: "paused",
    watchLimitMs: 25_000,
    strike: async ({ pid }) => void process.kill(pid, "SIGSTOP"),
    heal: async ({ pid }) => void process.kill(pid, "SIGCONT"),
  },
  {
    name: "restarted gracefully",
    watchLimitMs: 10_000,
    strike: async ({ pid }) => {
      process.kill(pid, "SIGTERM");
      await eventually("the server ends", () => !isAlive(pid));
    },
    heal: (server) => server.restart(),
  },
];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let directory: string;
let kubeconfig: string;
let etcd: EtcdProcess;
let servers: ServerUnderTest[] = [];
const daemons: { readonly name: string; readonly child: ChildProcess; readonly log: string }[] = [];

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-failover-"));
  etcd = await EtcdProcess.start();
  const shared = { etcd: [etcd], pki: join(directory, "pki") };
  servers = [await startServer([], shared), await startServer([], shared)];
  kubeconfig = join(directory, "kubeconfig");
  writeKubeconfig(kubeconfig);
  const local = [`--kubeconfig=${kubeconfig}`, "--bind-address=127.0.0.1"];
  const manager = [
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${join(directory, "pki", "sa.key")}`,
    "--use-service-account-credentials=true",
  ];
  await startDaemon("controller-manager", "kube-controller-manager", [...local, ...manager]);
  await startDaemon("scheduler", "kube-scheduler", local);
});

after(async () => {
  for (const { child } of daemons) child.kill("SIGKILL");
  for (const server of servers) {
    if (isAlive(server.pid)) process.kill(server.pid, "SIGCONT");
    await server[Symbol.asyncDispose]();
  }
  await etcd?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function writeKubeconfig(path: string): void {
  const [first] = servers;
  assert.ok(first);
  const cluster = {
    ...serverFields(
      servers.map(({ url }) => url),
      "first",
    ),
    "certificate-authority": first.ca,
  };
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { "client-certificate": first.admin.cert, "client-key": first.admin.key } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  writeFileSync(path, JSON.stringify(document));
}

async function startDaemon(folder: string, name: string, flags: readonly string[]): Promise<void> {
  const log = join(directory, `${name}.log`);
  const output = openSync(log, "a");
  const args = [...flags, `--secure-port=${await freePort()}`];
  const child = spawn(join(repositoryRoot, "packages", folder, "bin", name), args, {
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  daemons.push({ name, child, log });
}

/** What a steady load of writes came to. */
class Load {
  readonly acknowledged = new Set<string>();
  readonly unknown = new Set<string>();
  readonly repeated: string[] = [];
  readonly refused: string[] = [];
  longestGapMs = 0;
  #lastMs = performance.now();

  done(name: string): void {
    const nowMs = performance.now();
    this.acknowledged.add(name);
    this.longestGapMs = Math.max(this.longestGapMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  failed(name: string, error: unknown): void {
    if (isAlreadyExists(error)) this.repeated.push(name);
    else if (isTransportError(error)) this.unknown.add(name);
    else this.refused.push(`${name}: ${String(error)}`);
  }
}

test("clients ride through the loss of the API server they use", { timeout: 300_000 }, async () => {
  const config = await clientConfigFromFile(kubeconfig);
  assert.ok(config.servers);
  await using client = createClient(config, { userAgent: "test", qps: -1 });
  const informers = new InformerFactory(client, { clock: systemClock, random: systemRandom, log: silentLogger });
  const informer = informers.informer<ConfigMap>(configMaps, { selection: { namespace } });
  const stop = new AbortController();
  const leadership = { terms: 0, ends: [] as string[] };
  const running = [informers.run(stop.signal), keepLeading(client, leadership, stop.signal)];
  try {
    await informers.waitForSync(stop.signal);
    await eventually("leads", () => leadership.terms === 1);
    await clusterWorks("before");
    for (const fault of faults) {
      const load = await rideThrough(fault, config.servers, client, informer);
      assert.deepEqual(leadership, { terms: 1, ends: [] });
      assert.ok(load.acknowledged.size > 0);
    }
  } finally {
    stop.abort();
    await Promise.allSettled(running);
  }
});

test("kubectl asks another server when the first one is gone", async () => {
  const [first, second] = servers;
  assert.ok(first && second);
  process.kill(first.pid, "SIGKILL");
  try {
    const kubectl = join(repositoryRoot, "packages", "kubectl", "bin", "kubectl");
    const { stdout } = await promisify(execFile)(kubectl, ["get", "namespace", namespace, "-o", "name"], {
      env: { ...process.env, KUBECONFIG: kubeconfig, HOME: directory },
    });
    assert.equal(stdout, `namespace/${namespace}\n`);
  } finally {
    await first.restart();
  }
});

/** Strikes the server in use under a load of writes, and looks at what became of them, the watch and the daemons. */
async function rideThrough(
  fault: Fault,
  choice: ServerChoice,
  client: Client,
  informer: Informer<ConfigMap>,
): Promise<Load> {
  const index: number = choice.current;
  const [used, other] = [servers[index], servers[1 - index]];
  assert.ok(used && other);
  const name = fault.name.replace(/\W/g, "-");
  const listed = await listsOf(other);
  const load = new Load();
  const end = new AbortController();
  const writing = Array.from({ length: writers }, (_, writer) => write(client, load, `${name}-${writer}`, end.signal));
  await pause(1_000);
  const before = load.acknowledged.size;
  const struckMs = performance.now();
  await fault.strike(used);
  await eventually("writes go on", () => load.acknowledged.size > before + writers * 10, Boolean, 30_000);
  const marker = [...load.acknowledged].at(-1) ?? "";
  await eventually("the watch goes on", () => informer.get(objectKey(namespace, marker)), Boolean, 60_000);
  const watchMs = performance.now() - struckMs;
  await pause(2_000);
  end.abort();
  await Promise.all(writing);
  assert.equal(choice.current, 1 - index, "the other server is in use");
  const figures = {
    acknowledged: load.acknowledged.size,
    outcomeUnknown: load.unknown.size,
    refused: load.refused.length,
    repeatedByTheClient: load.repeated.length,
    longestGapOfWritesMs: Math.round(load.longestGapMs),
    watchGoesOnAfterMs: Math.round(watchMs),
  };
  process.stdout.write(`API server ${fault.name}: ${JSON.stringify(figures)}\n`);
  assert.deepEqual([load.repeated, load.refused], [[], []]);
  assert.ok(load.unknown.size <= writers, `${load.unknown.size} writes failed`);
  assert.ok(load.longestGapMs <= 10_000, `no write for ${load.longestGapMs} ms`);
  assert.ok(watchMs <= fault.watchLimitMs, `watches were dead for ${watchMs} ms`);
  assert.equal(await listsOf(other), listed, "the watch went on without a list");
  await nothingLost(load, other, informer);
  await clusterWorks(name);
  await fault.heal(used);
  await eventually("the server is back", async () => (await ready(used)) === 200);
  return load;
}

async function keepLeading(
  client: Client,
  leadership: { terms: number; ends: string[] },
  signal: AbortSignal,
): Promise<void> {
  const options = {
    client,
    namespace,
    name: "leader",
    identity: "test",
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
  };
  await runWhileLeading(options, signal, async (held) => {
    leadership.terms += 1;
    await new Promise<void>((resolve) => held.addEventListener("abort", () => resolve(), { once: true }));
  }).catch((error: unknown) => void leadership.ends.push(String(error)));
}

/** Creates one object after another, each under a name of its own. */
async function write(client: Client, load: Load, prefix: string, signal: AbortSignal): Promise<void> {
  for (let count = 0; !signal.aborted; count += 1) {
    const name = `${prefix}-${count}`;
    try {
      await client.resource(configMaps).create({ metadata: { namespace, name } });
      load.done(name);
    } catch (error) {
      load.failed(name, error);
    }
    await pause(20);
  }
}

/** Everything acknowledged is stored, and the informer has it. */
async function nothingLost(load: Load, server: ServerUnderTest, informer: Informer<ConfigMap>): Promise<void> {
  const list = await new ApiRequests(server).json<{ items: ConfigMap[] }>(
    "GET",
    `/api/v1/namespaces/${namespace}/configmaps`,
  );
  const stored = new Set(list.items.map(({ metadata }) => metadata.name ?? ""));
  assert.deepEqual(
    [...load.acknowledged].filter((name) => !stored.has(name)),
    [],
  );
  await eventually("the informer has everything", () =>
    [...stored].every((name) => informer.get(objectKey(namespace, name))),
  );
}

/** How many lists of config maps the server has answered that came from an informer. */
async function listsOf(server: ServerUnderTest): Promise<number> {
  const { text } = await new ApiRequests(server).ask("GET", "/metrics");
  const lines = text.split("\n").filter((line) => line.startsWith("apiserver_request_total"));
  return lines
    .filter((line) => line.includes('resource="configmaps"') && line.includes('verb="LIST"'))
    .filter((line) => line.includes('scope="namespace"'))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

async function ready(server: ServerUnderTest): Promise<number> {
  return (await new ApiRequests(server).ask("GET", "/readyz")).code;
}

/** Whether the controller manager and the scheduler still do their work, as the same processes and leaders. */
async function clusterWorks(name: string): Promise<void> {
  const server = servers.find(({ pid }) => isAlive(pid) && !isStopped(pid));
  assert.ok(server);
  const api = new ApiRequests(server);
  await api.ask("POST", "/api/v1/nodes", { body: node });
  await api.ask("PUT", `/api/v1/nodes/${node.metadata.name}/status`, { body: node });
  const labels = { app: name };
  await api.ask("POST", `/apis/apps/v1/namespaces/${namespace}/replicasets`, {
    body: {
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }], tolerations } },
      },
    },
  });
  await eventually(
    "the pod is created and bound",
    async () => {
      const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${name}`;
      const pods = await api.json<{ items: { spec: { nodeName?: string } }[] }>("GET", path);
      return pods.items.map(({ spec }) => spec.nodeName ?? "");
    },
    (nodeNames) => nodeNames.length === 1 && nodeNames[0] === node.metadata.name,
  ).catch((error: unknown) => {
    const logs = daemons.map((daemon) => `${daemon.name}:\n${readFileSync(daemon.log, "utf8").slice(-3_000)}`);
    throw new Error(logs.join("\n"), { cause: error });
  });
  for (const { name: daemon, child, log } of daemons) {
    assert.equal(child.exitCode, null, `${daemon} has ended: ${readFileSync(log, "utf8").slice(-2_000)}`);
    const lease = await api.json<Lease>("GET", `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${daemon}`);
    assert.equal(lease.spec.leaseTransitions, 0, `${daemon} lost its leadership`);
  }
}

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

const tolerations = [{ operator: "Exists" }];
const node = {
  metadata: { name: "node-1" },
  spec: {},
  status: {
    capacity: { cpu: "4", memory: "8Gi", pods: "110" },
    allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True" }],
  },
};
