import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Node } from "@kube-ts/api/core/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { eventually } from "../harness/eventually.ts";
import { FaultReport, seconds } from "../machines/load/fault-report.ts";
import { HttpClients } from "../machines/load/http-clients.ts";
import { SteadyWrites } from "../machines/load/steady-writes.ts";
import type { Machine } from "../machines/machine.ts";
import { AnyApiServer, etcdLeader } from "./cluster-state.ts";
import { echoManifest } from "./echo-server.ts";
import { FaultRun } from "./fault-run.ts";
import type { FaultOutcome } from "./fault-run.ts";
import { isReady, MachineCluster } from "./machine-cluster.ts";
import { echoPods, echoService } from "./reachability.ts";

const longestOutageMs = 10_000;
const longestElectionMs = 20_000;

let cluster: MachineCluster;
let writes: SteadyWrites;
let web: HttpClients;
let faults: FaultRun;
let nodePort = 0;
const report = new FaultReport();

before(async () => {
  cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane", "worker"] },
      { name: "cp-2", roles: ["etcd", "control-plane", "worker"] },
      { name: "cp-3", roles: ["etcd", "control-plane"] },
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  const workers = cluster.having("worker");
  await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("web", { replicas: 4 }));
  await eventually(
    "four pods are ready",
    () => echoPods(cluster.kubectl, "web"),
    (pods) => pods.length === 4,
    120_000,
  );
  nodePort = (await echoService(cluster.kubectl, "web")).nodePort;
  writes = await SteadyWrites.start({ servers: cluster.servers, access: cluster.access, everyMs: 200 });
  web = new HttpClients(
    workers.map(({ address }) => ({ host: address, port: nodePort })),
    100,
  );
  faults = new FaultRun(cluster, { writes, web }, report);
});

after(async () => {
  await Promise.all([writes?.stop(), web?.stop()]);
  await cluster?.[Symbol.asyncDispose]();
  process.stdout.write(`\n${report.format()}\n`);
});

/** What holds for every fault. */
function assertHarmless({ apiOutageMs, leaderMovedMs, restarted }: FaultOutcome): void {
  assert.ok(apiOutageMs <= longestOutageMs, `no write was taken for ${seconds(apiOutageMs)}`);
  for (const ms of leaderMovedMs) assert.ok(ms <= longestElectionMs, `leadership moved after ${seconds(ms)}`);
  assert.deepEqual(restarted, []);
}

/** The machine whose process leads. */
async function leaderOf(daemon: "kube-controller-manager" | "kube-scheduler"): Promise<Machine> {
  using api = new AnyApiServer(cluster.servers, cluster.access);
  return cluster.lab.machine((await api.holder(daemon)).split("_")[0] ?? "");
}

async function leadingMember(): Promise<Machine> {
  const found = await eventually("etcd has a leader", () => etcdLeader(cluster.having("etcd")));
  if (found === undefined) throw new Error("etcd has no leader");
  return found;
}

describe("kill -9", () => {
  const killed = async (machine: Machine, unit: string, more: Partial<Parameters<FaultRun["run"]>[0]> = {}) => {
    const act = async () => void (await machine.kill(unit));
    const name = `kill -9 ${unit.replace(".service", "")}`;
    return faults.run({ name, act, dies: [`${machine.name}/${unit}`], ...more });
  };

  test("the leader of etcd", async () => {
    assertHarmless(await killed(await leadingMember(), "etcd.service"));
  });

  test("an API server", async () => {
    assertHarmless(await killed(cluster.first, "kube-apiserver.service"));
  });

  for (const daemon of ["kube-controller-manager", "kube-scheduler"] as const) {
    test(`the active ${daemon}`, async () => {
      assertHarmless(await killed(await leaderOf(daemon), `${daemon}.service`, { elects: [daemon] }));
    });
  }

  for (const unit of ["kubelet.service", "kube-proxy.service", "docker.service"]) {
    test(`${unit}: no container is restarted and nobody notices`, async () => {
      const outcome = await killed(cluster.lab.machine("worker-1"), unit);
      assertHarmless(outcome);
      assert.equal(outcome.webTroubleMs, 0);
    });
  }
});

test("systemctl restart docker: no container is restarted and nobody notices", async () => {
  const worker = cluster.lab.machine("worker-1");
  const outcome = await faults.run({
    name: "restart docker",
    act: async () => void (await worker.run("systemctl restart docker.service")),
    dies: ["worker-1/docker.service"],
  });
  assertHarmless(outcome);
  assert.equal(outcome.webTroubleMs, 0);
});

test("a machine of the control plane, with etcd's leader, loses its power for a moment", async () => {
  const machine = await leadingMember();
  const outcome = await faults.run({
    name: `power-cycle ${machine.name} (etcd's leader)`,
    act: () => machine.powerCycle(),
    dies: [`${machine.name}/`],
    deadTargets: [`${machine.address}:${nodePort}`],
  });
  assertHarmless(outcome);
});

test("the power of a worker fails: its pods run elsewhere, and it comes back", async () => {
  const worker = cluster.lab.machine("worker-1");
  using api = new AnyApiServer(cluster.servers, cluster.access);
  const node = () => api.json<Node>(`/api/v1/nodes/${worker.name}`);
  const pods = async () => {
    const { items } = await api.json<{ items: Pod[] }>("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb");
    return items.filter(
      ({ spec, status, metadata }) =>
        metadata.deletionTimestamp === undefined &&
        spec.nodeName !== worker.name &&
        status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
  };
  let noticedMs = 0;
  const outcome = await faults.run({
    name: "power off worker-1",
    act: () => worker.powerOff(),
    dies: ["worker-1/"],
    deadTargets: [`${worker.address}:${nodePort}`],
    settle: async (since) => {
      await eventually("its death is noticed", node, (node) => !isReady(node), 120_000);
      noticedMs = performance.now() - since;
      await eventually("its pods run elsewhere", pods, (ready) => ready.length === 4, 120_000);
      const replaced = performance.now() - since;
      return { "noticed after": seconds(noticedMs), "pods elsewhere after": seconds(replaced) };
    },
  });
  assertHarmless(outcome);
  assert.ok(noticedMs <= 50_000, `its death was noticed after ${seconds(noticedMs)}`);
  await worker.powerOn();
  await eventually("its node is Ready", node, (node) => isReady(node), 60_000);
});

test("no acknowledged write was lost, and all API servers agree", async () => {
  await faults.steady([]);
  await writes.stop();
  for (const server of cluster.servers) assert.deepEqual(await writes.lostWrites(server), [], server);
  assert.ok(writes.acknowledged > 500, String(writes.acknowledged));
});
