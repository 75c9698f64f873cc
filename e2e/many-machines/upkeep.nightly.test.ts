import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import { TcpBalancer } from "../harness/tcp-balancer.ts";
import { HttpClients } from "../machines/load/http-clients.ts";
import { SteadyWrites } from "../machines/load/steady-writes.ts";
import type { Machine } from "../machines/machine.ts";
import type { Attempt } from "../machines/load/timeline.ts";
import { etcdIsHealthy, notTheSame, runningThings } from "./cluster-state.ts";
import { echoManifest } from "./echo-server.ts";
import { MachineCluster } from "./machine-cluster.ts";
import { Packages } from "./packages.ts";
import { echoPods, echoService } from "./reachability.ts";

// What operators do to a cluster that goes on serving: new versions, new certificates; and after the worst, a backup.

const workerPackages = ["kube-ts-runtime", "kube-ts-node"];
const serverPackages = [...workerPackages, "kube-ts-etcd", "kube-ts-control-plane"];
const workerDaemons = ["kubelet", "kube-proxy", "pod-network-agent", "cluster-dns"];
const serverDaemons = [...workerDaemons, "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
const backup = "/root/backup.tar";

const replicas = 5;

let cluster: MachineCluster;
let balancer: TcpBalancer;
let writes: SteadyWrites;
let web: HttpClients;

before(async () => {
  cluster = await MachineCluster.start();
  await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("web", { replicas }));
  await podsOf("web", replicas);
  const { nodePort } = await echoService(cluster.kubectl, "web");
  balancer = await TcpBalancer.start(cluster.servers);
  const servers = [`https://127.0.0.1:${balancer.port}`];
  writes = await SteadyWrites.start({ servers, access: cluster.access, timeoutMs: 10_000 });
  web = new HttpClients(
    cluster.machines.map(({ address }) => ({ host: address, port: nodePort })),
    100,
    10_000,
  );
});

after(async () => {
  await Promise.all([writes?.stop(), web?.stop()]);
  await balancer?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

function isServer(machine: Machine): boolean {
  return cluster.having("control-plane").includes(machine);
}

function podsOf(app: string, count: number): Promise<unknown> {
  return eventually(
    `${count} pods of ${app} are ready`,
    () => echoPods(cluster.kubectl, app),
    (pods) => pods.length === count,
    180_000,
  );
}

/** Does something to each machine in turn, and fails for a request that failed meanwhile. */
async function withoutFailures(work: (machine: Machine) => Promise<void>): Promise<void> {
  const from = performance.now();
  const asked = writes.acknowledged;
  for (const machine of cluster.machines) {
    await work(machine);
    await eventually("etcd is healthy", () => etcdIsHealthy(cluster.first), Boolean, 60_000);
    await eventually(
      "all API servers are ready",
      () => Promise.resolve(balancer.ready.every(Boolean)),
      Boolean,
      60_000,
    );
  }
  assert.ok(writes.acknowledged > asked + 10, "nothing was written meanwhile");
  assert.deepEqual(failuresSince(writes.attempts, from), []);
  assert.deepEqual(failuresSince(web.attempts, from), []);
}

function failuresSince(attempts: readonly Attempt[], from: number): readonly string[] {
  return attempts
    .filter(({ endedAt, error }) => endedAt >= from && error !== undefined)
    .map(({ startedAt, target, error }) => `${((startedAt - from) / 1_000).toFixed(1)} s ${target}: ${error}`);
}

test("machines are upgraded one after another, and no request fails", async () => {
  const before = await runningThings(cluster.machines);
  using packages = await Packages.build(2);
  await withoutFailures(async (machine) => {
    await packages.install(machine, isServer(machine) ? serverPackages : workerPackages);
    await machine.run("kube-ts upgrade", { timeoutMs: 600_000 });
  });
  for (const machine of cluster.machines) {
    for (const name of isServer(machine) ? serverPackages : workerPackages) {
      assert.match(await machine.run(`dpkg-query --show ${name}`), /-2$/m, machine.name);
    }
  }
  const changed = notTheSame(before, await runningThings(cluster.machines));
  const isContainer = (key: string) => key.includes("/k8s_");
  assert.deepEqual(changed.filter(isContainer), [], "containers were restarted");
  for (const machine of cluster.machines) {
    for (const daemon of isServer(machine) ? serverDaemons : workerDaemons) {
      assert.ok(changed.includes(`${machine.name}/${daemon}.service`), `${machine.name} ${daemon}`);
    }
  }
});

test("certificates are renewed on one machine after another, and no request fails", async () => {
  const ofServers = "/etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/etcd/*r.crt";
  const serials = (machine: Machine) =>
    machine.run(`sha256sum /etc/kubernetes/kube-proxy.conf ${isServer(machine) ? ofServers : ""}`);
  await withoutFailures(async (machine) => {
    const before = (await serials(machine)).trim().split("\n");
    await machine.run("kube-ts certificates renew --force", { timeoutMs: 600_000 });
    const after = (await serials(machine)).trim().split("\n");
    assert.equal(after.length, before.length);
    for (const line of after) assert.ok(!before.includes(line), `${line} is as before`);
  });
});

test("after the loss of all of etcd, a backup brings the cluster back to where it was", async () => {
  await Promise.all([writes.stop(), web.stop()]);
  await cluster.kubectl.run(["create", "configmap", "kept", "--from-literal=a=1"]);
  await cluster.first.run(`kube-ts backup ${backup}`);
  const state = await stateOf(cluster);
  await cluster.kubectl.run(["create", "configmap", "later", "--from-literal=a=1"]);
  await cluster.kubectl.run(["delete", "deployment", "web", "--wait=false"]);
  await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("late", { replicas: 2 }));
  await podsOf("late", 2);
  await podsOf("web", 0);

  const file = await cluster.first.run(`base64 -w0 ${backup}`);
  const members = cluster.having("etcd");
  for (const machine of members) {
    await machine.run("systemctl stop etcd && rm -rf /var/lib/etcd/kubernetes");
    await machine.run(`base64 -d >${backup}`, { input: file });
  }
  await Promise.all(members.map((machine) => machine.run(`kube-ts restore ${backup} --yes`, { timeoutMs: 600_000 })));
  await cluster.waitForReadyNodes(cluster.machines.length);
  assert.deepEqual(await stateOf(cluster), state);
  await podsOf("web", replicas);
  const containers = () =>
    Promise.all(cluster.machines.map((machine) => machine.run("docker ps --format '{{.Names}}' | grep k8s_ || true")));
  await eventually(
    "kubelets end what the backup does not know",
    async () => (await containers()).join("\n"),
    (names) => !names.includes("_late-"),
    120_000,
  );
});

/** What people have put into the cluster, by kind, name, identity and content. */
async function stateOf({ kubectl }: MachineCluster): Promise<readonly string[]> {
  interface Listed {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
    readonly data?: unknown;
  }
  const kinds = "configmaps,secrets,services,deployments.apps,serviceaccounts,clusterroles,namespaces";
  const { items } = await kubectl.json<{ items: Listed[] }>(["get", kinds, "-A"]);
  return items
    .filter(({ metadata }) => metadata.namespace !== "steady-writes")
    .map(({ kind, metadata: { name, namespace, uid }, data }) => JSON.stringify([kind, namespace, name, uid, data]))
    .toSorted();
}
