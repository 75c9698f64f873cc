import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { events, leases, nodes, pods, serviceAccounts } from "@kube-ts/api/resource-types";
import { formatMicroTime, formatTime } from "@kube-ts/api/rfc3339";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { systemClock } from "@kube-ts/std/clock";
import { TaskGroup } from "@kube-ts/std/task-group";
import { type ServerUnderTest, startServer } from "../../../../bench/api-server-process.ts";
import { ControllerManagerProcess } from "../testing/controller-manager-process.ts";

const slowMs = 60_000;
const namespace = "default";
const leaseNamespace = "kube-node-lease";

const resources = new AsyncDisposableStack();
const alive = new Set(["alive-1", "alive-2", "silent"]);
let client: Client;
let daemon: ControllerManagerProcess;
let directory: string;

before(async () => {
  const server = resources.use(await startServer());
  ({ directory } = server);
  const kubeconfig = writeKubeconfig(server);
  client = resources.use(
    createClient(await clientConfigFromFile(kubeconfig), { userAgent: "test", qps: 1e3, burst: 1e3 }),
  );
  const program = join(directory, "fence");
  writeFileSync(
    program,
    `#!/bin/sh\necho "$1 $NODE_NAME $PROVIDER_ID" >> ${directory}/calls\n[ ! -e ${directory}/stuck ] || { echo "no answer" >&2; exit 1; }\n`,
  );
  chmodSync(program, 0o755);
  writeFileSync(join(directory, "stuck"), "");
  daemon = resources.use(
    new ControllerManagerProcess(directory, [
      `--kubeconfig=${kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--use-service-account-credentials",
      "--node-monitor-period=500ms",
      "--node-monitor-grace-period=4s",
      "--node-eviction-rate=10",
      `--node-fencing-program=${program}`,
      "--node-fencing-delay=2s",
      "--kube-api-qps=200",
      "--kube-api-burst=300",
    ]),
  );
  for (const name of alive) await register(name);
  const tasks = new TaskGroup(new AbortController().signal);
  tasks.start((signal) => renewLeases(signal));
  resources.defer(() => tasks.stop());
  await eventually(
    () =>
      client
        .resource(serviceAccounts)
        .get({ namespace, name: "default" })
        .then(() => {}),
    slowMs,
  );
});

after(async () => {
  try {
    assert.doesNotMatch(daemon.log, /is forbidden/, "the rights of the node controller are enough");
  } finally {
    await resources.disposeAsync();
  }
});

function writeKubeconfig({ url, ca, admin }: ServerUnderTest): string {
  const path = join(directory, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "k", cluster: { server: url, "certificate-authority": ca } }],
    users: [{ name: "u", user: { "client-certificate": admin.cert, "client-key": admin.key } }],
    contexts: [{ name: "k", context: { cluster: "k", user: "u" } }],
    "current-context": "k",
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

async function register(name: string): Promise<void> {
  await client.resource<Node>(nodes).create({ metadata: { name }, spec: { providerID: `rack://${name}` } });
  await report(name);
  await client
    .resource(leases)
    .create({ metadata: { namespace: leaseNamespace, name }, spec: { holderIdentity: name } });
}

/** Says that the node is ready, as its kubelet does. */
async function report(name: string): Promise<void> {
  const now = formatTime(Date.now());
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  await client
    .resource(nodes)
    .patch({ name }, "strategic", { status: { conditions: [ready] } }, { subresource: "status" });
}

async function renewLeases(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const renewTime = formatMicroTime(Date.now());
    for (const name of alive) {
      await client.resource(leases).patch({ namespace: leaseNamespace, name }, "merge", { spec: { renewTime } });
    }
    await systemClock.sleep(500, signal);
  }
}

async function createPod(name: string, nodeName: string): Promise<void> {
  const tolerations = [{ key: "node.kubernetes.io/unreachable", operator: "Exists" as const }];
  const spec = { nodeName, tolerations, containers: [{ name: "c", image: "i" }] };
  await client.resource<Pod>(pods).create({ metadata: { namespace, name }, spec });
}

async function podNames(): Promise<string[]> {
  const { items } = await client.resource<Pod>(pods).list({ namespace });
  return items.map(({ metadata }) => `${metadata.name}${metadata.deletionTimestamp ? " ending" : ""}`).toSorted();
}

async function taints(name: string): Promise<string[]> {
  const { spec } = await client.resource<Node>(nodes).get({ name });
  return (spec.taints ?? []).map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`).toSorted();
}

function calls(): string[] {
  const path = join(directory, "calls");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

async function reasons(): Promise<Set<string | undefined>> {
  const { items } = await client.resource(events).list();
  return new Set(items.filter(({ involvedObject }) => involvedObject.name === "silent").map(({ reason }) => reason));
}

describe("a machine that falls silent", { timeout: 300_000 }, () => {
  it("keeps its pods while nobody can say that it is off", async () => {
    await createPod("db-0", "silent");
    await createPod("db-1", "silent");
    await createPod("web", "alive-1");
    await eventually(async () => assert.deepEqual(await taints("silent"), []), slowMs);
    alive.delete("silent");
    await eventually(async () => assert.ok((await taints("silent")).includes("unreachable:NoExecute")), slowMs);
    await client.resource<Pod>(pods).delete({ namespace, name: "db-0" });
    // One round of the pod garbage collector takes 20 s.
    await eventually(() => assert.ok(calls().length > 10, `${calls().length} attempts`), slowMs);
    assert.deepEqual(new Set(calls()), new Set(["fence silent rack://silent"]));
    assert.deepEqual(await podNames(), ["db-0 ending", "db-1", "web"]);
    await eventually(async () => assert.ok((await reasons()).has("FencingFailed")), slowMs);
    assert.equal((await taints("silent")).includes("out-of-service:NoExecute"), false);
  });

  it("loses them when it is off", async () => {
    rmSync(join(directory, "stuck"));
    await eventually(async () => assert.ok((await taints("silent")).includes("out-of-service:NoExecute")), slowMs);
    await eventually(async () => assert.deepEqual(await podNames(), ["web"]), slowMs);
    await eventually(async () => assert.ok((await reasons()).has("NodeFenced")), slowMs);
    const count = calls().length;
    assert.deepEqual(await taints("alive-1"), []);
    assert.equal(calls().length, count, "it is turned off once");
  });

  it("is taken back when it is well", async () => {
    alive.add("silent");
    await report("silent");
    await eventually(async () => assert.deepEqual(await taints("silent"), []), slowMs);
    await eventually(async () => assert.ok((await reasons()).has("NodeUnfenced")), slowMs);
    assert.deepEqual(await podNames(), ["web"]);
  });
});
